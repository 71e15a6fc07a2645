"""Simulated agents: they come at their hours, take what waits, make their calls (mostly), see to tasks and to the goods."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from desk.agents.duty import hours_of
from desk.agents.editing import DAYS, AgentChange, change_agent
from desk.agents.presence import note_seen
from desk.agents.service import add_agent
from desk.agents.tables import Agent
from desk.cases.decisions import decide_remedy
from desk.cases.life import mark_collected, mark_delivered
from desk.cases.remedies import remedies_of
from desk.cases.service import close_unconfirmed
from desk.cases.tables import Case
from desk.conversations.access import hand_back_as_agent, say_as_agent, take_as_agent
from desk.conversations.people import own_free_slots, schedule_call_as_agent
from desk.conversations.tables import Conversation
from desk.errors import DeskError
from desk.followups.service import mark_done
from desk.followups.slots import is_open
from desk.followups.tables import Followup
from desk.handoffs.tables import Handoff
from tests.simulation import words

if TYPE_CHECKING:
    from tests.simulation.shop import SimulatedShop

PASSWORD = "simulated shop"
LEAD = "siv"
STAFF = [
    # login, name, role, languages, time zone, country, hours, share of promised calls that he misses
    ("siv", "Siv Holm", "lead", ["sv", "nb", "en"], "Europe/Stockholm", "SE", "08:00-16:30", 0.02),
    ("anna", "Anna Berg", "agent", ["en", "sv"], "Europe/Stockholm", "SE", "08:00-17:00", 0.03),
    ("mikko", "Mikko Laine", "agent", ["fi", "en"], "Europe/Helsinki", "FI", "09:00-17:30", 0.04),
    ("ida", "Ida Moen", "agent", ["nb", "sv", "en"], "Europe/Oslo", "NO", "09:00-18:00", 0.05),
    ("omar", "Omar Sund", "agent", ["sv", "en", "fi"], "Europe/Stockholm", "SE", "10:00-19:00", 0.16),
]


@dataclass
class Staff:
    """All who answer."""

    shop: SimulatedShop
    dice: random.Random

    def __post_init__(self) -> None:
        self.misses = {login: share for login, *_, share in STAFF}
        self.taken: set[str] = set()  # hand-offs somebody is on his way to
        self.planned: set[str] = set()  # follow-ups somebody will see to
        self.seen_at: datetime | None = None
        self.agents: list[Agent] = []

    def hire(self, session: Session, days_off: dict[str, list[date]]) -> None:
        now = self.shop.now
        for login, name, role, languages, *_ in STAFF:
            add_agent(session, login, name, languages, role, now, PASSWORD)
        lead = session.scalars(select(Agent).where(Agent.login == LEAD)).one()
        for login, name, role, languages, zone, country, hours, _ in STAFF:
            days = dict.fromkeys(DAYS[:5], hours) | ({"sat": "10:00-14:00"} if login == "omar" else {})
            off = " ".join(day.isoformat() for day in days_off.get(login, []))
            change_agent(session, lead, login, AgentChange(name, role, languages, zone, country, days, off, "", True), now)
        self.agents = list(session.scalars(select(Agent).order_by(Agent.id)))

    def at_work(self, language: str | None = None) -> list[Agent]:
        here = [a for a in self.agents if is_open(self.shop.now, [hours_of(a)])]
        return [a for a in here if language in a.languages] or here if language else here

    def show_that_they_are_there(self) -> None:
        """Their pages are open."""
        now = self.shop.now
        if self.seen_at is not None and now - self.seen_at < timedelta(minutes=1):
            return
        self.seen_at = now
        if here := self.at_work():
            with self.shop.database.writing() as session:
                for agent in here:
                    note_seen(session, agent.id, now)

    def look_around(self) -> None:
        """Who waits, and what is due before long."""
        with self.shop.database.reading() as session:
            queued = session.execute(
                select(Handoff, Conversation)
                .join(Conversation, Conversation.id == Handoff.conversation_id)
                .where(Handoff.state == "queued", Conversation.holder == "queue")
                .order_by(Handoff.answer_by, Handoff.case_id)
            ).all()
            for handoff, conversation in queued:
                if handoff.id not in self.taken and (here := self.at_work(conversation.language)):
                    who = next((a for a in here if a.id == handoff.assigned_to_id), None) or self.dice.choice(here)
                    self.taken.add(handoff.id)
                    wait = self.dice.lognormvariate(1.1, 0.8)
                    self.shop.agenda.in_(lambda h=handoff.id, c=conversation.id, a=who.id: self.take(h, c, a), minutes=wait)
            soon = self.shop.now + timedelta(hours=3)
            for followup in session.scalars(
                select(Followup)
                .where(Followup.state == "pending", Followup.due_at <= soon)
                .where(or_(Followup.owner != "bot", Followup.promise == "open"))
                .order_by(Followup.due_at, Followup.case_id)
            ):
                self._plan(session, followup)

    def _plan(self, session: Session, followup: Followup) -> None:
        if followup.id in self.planned:
            return
        here = self.at_work()
        if followup.owner == "bot":  # the real watch looks twice a second: this one at least when something was promised
            self.planned.add(followup.id)
            self.shop.agenda.at(followup.due_at, self.shop.look)
        elif followup.kind == "call" and followup.promise == "open":
            owner = session.get(Agent, followup.owner_agent_id) if followup.owner_agent_id else None
            self.planned.add(followup.id)
            if owner is not None and self.dice.random() < self.misses[owner.login]:
                return  # forgotten: the desk will have to own up to it
            at = max(self.shop.now, followup.due_at) + timedelta(minutes=self.dice.uniform(1, 24))
            who = owner or (self.dice.choice(here) if here else None)
            if who is not None:
                self.shop.agenda.at(at, lambda: self.do(followup.id, who.id))
        elif here:
            self.planned.add(followup.id)
            who = next((a for a in here if a.id == followup.owner_agent_id), None) or self.dice.choice(here)
            slow = self.dice.random() < 0.04
            wait = self.dice.uniform(20, 40) if slow else self.dice.uniform(0.1, 1.6)
            self.shop.agenda.in_(lambda: self.do(followup.id, who.id), hours=wait)

    def take(self, handoff_id: str, conversation_id: str, agent_id: int) -> None:
        """He takes the conversation over, and sees it through."""
        self.taken.discard(handoff_id)
        with self.shop.database.writing() as session:
            agent = session.get_one(Agent, agent_id)
            handoff = session.get(Handoff, handoff_id)
            if handoff is None or handoff.state != "queued" or not is_open(self.shop.now, [hours_of(agent)]):
                return
            try:
                take_as_agent(session, agent, conversation_id, self.shop.now)
            except DeskError:
                return
            case_id = handoff.case_id
        first = self.dice.uniform(15, 120)
        lines = words.AGENT_LINES
        self.shop.agenda.in_(lambda: self.say(agent_id, conversation_id, lines, 0), seconds=first)
        if self.dice.random() < 0.8:
            self.shop.agenda.in_(lambda: self.help_with(agent_id, conversation_id, case_id), seconds=first + 150)
        more = self.dice.randrange(1, 4)
        for n in range(more):
            self.shop.agenda.in_(lambda: self.say(agent_id, conversation_id, lines, 1), seconds=first + 200 + 90 * n)
        self.shop.agenda.in_(lambda: self.give_back(agent_id, conversation_id), seconds=first + 260 + 90 * more)

    def say(self, agent_id: int, conversation_id: str, lines: dict[str, list[str]], which: int) -> None:
        self.shop.written += 1
        with self.shop.database.writing() as session:
            conversation, agent = session.get_one(Conversation, conversation_id), session.get_one(Agent, agent_id)
            if conversation.agent_id == agent_id:
                text = lines[conversation.language][which]
                say_as_agent(session, agent, conversation_id, f"a{self.shop.written}", text, self.shop.now)

    def help_with(self, agent_id: int, conversation_id: str, case_id: int) -> None:
        """Arrange what was wished for, or promise a call of his own."""
        with self.shop.database.writing() as session:
            agent, case = session.get_one(Agent, agent_id), session.get_one(Case, case_id)
            if session.get_one(Conversation, conversation_id).agent_id != agent_id or not case.is_open:
                return
            if self.dice.random() < 0.3 and (slots := own_free_slots(session, agent, self.shop.now)):
                start = slots[min(len(slots) - 1, self.dice.randrange(8))].start
                schedule_call_as_agent(session, agent, conversation_id, start, self.shop.settings.shop_timezone, self.shop.now)
            else:
                self._arrange(session, agent, case)
        if (customer := self.shop.whose.get(conversation_id)) is not None:
            customer.is_helped_by_a_person()

    def _arrange(self, session: Session, agent: Agent, case: Case) -> None:
        wished = [r.kind for r in remedies_of(session, case) if r.state == "needs_human" and r.kind != "return"]
        if case.kind not in ("fault", "wrong_item") or case.order_number is None:
            return
        try:
            kind = wished[0] if wished else self.dice.choice(("replacement", "refund", "repair"))
            if decide_remedy(session, agent, case, kind, "arrange", self.shop.now, 1).state == "arranged":
                self.shop.goods_are_on_their_way(case.id)
        except DeskError:
            return

    def give_back(self, agent_id: int, conversation_id: str) -> None:
        with self.shop.database.writing() as session:
            if session.get_one(Conversation, conversation_id).agent_id == agent_id:
                hand_back_as_agent(session, session.get_one(Agent, agent_id), conversation_id, self.shop.now)
        self.shop.someone_wrote()  # the bot sees to what came last, if anything did

    def do(self, followup_id: str, agent_id: int) -> None:
        """A call or a task."""
        with self.shop.database.writing() as session:
            followup, agent = session.get_one(Followup, followup_id), session.get_one(Agent, agent_id)
            if followup.state != "pending":
                return
            promised = followup.kind == "call" and followup.promise == "open"
            if not promised and not is_open(self.shop.now, [hours_of(agent)]):
                self.planned.discard(followup_id)  # not today any more
                return
            case = session.get_one(Case, followup.case_id)
            if followup.purpose == "decide" and self.dice.random() < 0.7:
                reason = "Neither messages nor calls reached him, and what was agreed is done."
                close_unconfirmed(session, case, agent, reason, self.shop.now)
                return
            reached = followup.kind != "call" or self.dice.random() < 0.85
            if reached and followup.purpose in ("decide_remedy", "declined", "not_solved", "new"):
                self._arrange(session, session.scalars(select(Agent).where(Agent.login == LEAD)).one(), case)
            if followup.state != "pending":
                return  # what was arranged has its own next step
            said = "Talked with him." if reached else "Nobody answered."
            mark_done(session, agent, followup.id, said, self.shop.now, 1, reached=reached)
            customer = self.shop.whose.get(case.conversation_id)
        if reached and customer is not None:
            customer.is_helped_by_a_person()

    def move_goods(self, case_id: int, what: str) -> None:
        with self.shop.database.writing() as session:
            case = session.get_one(Case, case_id)
            if not case.is_open:
                return
            try:
                if what == "collected":
                    mark_collected(session, case, "anna", self.shop.now)
                else:
                    mark_delivered(session, case, "anna", self.shop.now, self.shop.settings.shop_timezone)
            except DeskError:
                return
            customer = self.shop.whose.get(case.conversation_id)
        if what == "delivered" and customer is not None:
            customer.gets_goods()
