"""What the property test of hand-offs watches with its own eyes: who is free, who got a furious customer last; and kills."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session, object_session

from desk.agents.tables import Agent
from desk.conversations.tables import Conversation
from desk.db import engine
from desk.handoffs import assigning
from desk.handoffs import service as handoffs
from desk.handoffs.tables import Handoff

PAUSE, SILENT, FULL = timedelta(minutes=5), timedelta(minutes=2), 12
WEIGHTS = {"calm": 2, "annoyed": 3, "furious": 5}


class Killed(BaseException):
    """The process is gone; its transaction with it, unless it had committed."""


class Killer:
    """Kills the process at the n-th commit from now: just before it, or just after (then the news of it are lost)."""

    def __init__(self) -> None:
        self.commits_left: int | None = None
        self.after = False

    def arm(self, commits: int, after: bool) -> None:
        self.commits_left, self.after = commits, after

    def disarm(self) -> None:
        self.commits_left = None

    def at_commit(self, when: str) -> None:
        if self.commits_left is None or (when == "after") != self.after:
            return
        self.commits_left -= 1
        if self.commits_left <= 0:
            self.disarm()
            raise Killed

    @contextmanager
    def installed(self, database: engine.Database) -> Iterator[None]:
        send, publish = engine.send_announcements, database.hub.publish_all

        def send_or_die(session: Session) -> None:
            send(session)
            self.at_commit("before")

        def publish_or_die(news: Any) -> None:
            self.at_commit("after")
            publish(news)

        engine.send_announcements, database.hub.publish_all = send_or_die, publish_or_die  # type: ignore[method-assign]
        try:
            yield
        finally:
            engine.send_announcements, database.hub.publish_all = send, publish  # type: ignore[method-assign]


class Care:
    """Sees every hand-off that is given, and says who was free to take it, by rules written here a second time."""

    def __init__(self) -> None:
        self.last: dict[int, str] = {}
        """The mood of the customer whom an agent got last."""

    @contextmanager
    def installed(self) -> Iterator[None]:
        given, taken = assigning.assign, assigning.note_taken

        def assign(session: Session, handoff: Handoff, conversation: Conversation, now: datetime) -> Agent | None:
            agent = given(session, handoff, conversation, now)
            if agent is not None:
                if handoff.mood == "furious" and self.last.get(agent.id) == "furious":
                    free = [a.login for a in self.free(session, handoff, conversation, now) if self.last.get(a.id) != "furious"]
                    assert free == [], f"{agent.login} got two furious customers in a row while {free} could take one"
                self.remember(session, agent, handoff)
            return agent

        def note_taken(agent: Agent, handoff: Handoff, now: datetime) -> None:
            if handoff.assigned_to_id != agent.id:
                self.remember(object_session(agent), agent, handoff)
            taken(agent, handoff, now)

        places = [(m, n, getattr(m, n)) for m in (assigning, handoffs) for n in ("assign", "note_taken") if hasattr(m, n)]
        for module, name, _ in places:
            setattr(module, name, {"assign": assign, "note_taken": note_taken}[name])
        try:
            yield
        finally:
            for module, name, before in places:
                setattr(module, name, before)

    def remember(self, session: Session | None, agent: Agent, handoff: Handoff) -> None:
        """He got this customer, unless the transaction comes to nothing."""
        before = dict(self.last)
        assert session is not None
        event.listen(session, "after_rollback", lambda _: setattr(self, "last", before), insert=True, once=True)
        self.last[agent.id] = handoff.mood

    @staticmethod
    def is_heard_of(agent: Agent, now: datetime) -> bool:
        return agent.seen_at is not None and now - agent.seen_at <= SILENT

    @classmethod
    def free(cls, session: Session, handoff: Handoff, conversation: Conversation, now: datetime) -> list[Agent]:
        """Who is there, rested, speaks the language, has not let it pass; not counting this very hand-off."""
        found = []
        for agent in session.scalars(select(Agent).where(Agent.active)):
            held = session.execute(
                select(Conversation.mood, Handoff.mood)
                .outerjoin(Handoff, (Handoff.conversation_id == Conversation.id) & (Handoff.state != "ended"))
                .where(Conversation.holder == "agent", Conversation.agent_id == agent.id)
            ).all()
            given = session.scalars(
                select(Handoff.mood).where(Handoff.state == "queued", Handoff.assigned_to_id == agent.id, Handoff.id != handoff.id)
            ).all()
            load = sum(WEIGHTS[own or theirs] for theirs, own in held) + sum(WEIGHTS[mood] for mood in given)
            is_there = agent.presence == "online" and cls.is_heard_of(agent, now)
            rested = load < FULL and (agent.breathes_until is None or agent.breathes_until <= now)
            if is_there and rested and conversation.language in agent.languages and agent.id not in handoff.passed:
                found.append(agent)
        return found
