"""The life of hand-offs in any order: people, customers, the bot, time, and processes killed at any commit.

There are never two holders or none, no bot word after a take-over, no customer who waits without an owner and a time, no
agent with two furious customers in a row while another is free. FUBB_TEST_SEQUENCES plays more than the usual ones.
"""

import asyncio
import os
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.agents.presence import note_seen, set_presence, skip_pause
from desk.agents.tables import Agent
from desk.cases.service import close_unconfirmed, current_case
from desk.conversations.access import hand_back_as_agent, say_as_agent, take_as_agent, transfer_as_agent
from desk.conversations.people import give_as_lead, swap_as_agent, take_back_as_agent, transfer_to_language
from desk.conversations.service import lock_conversation
from desk.conversations.tables import Conversation, Message
from desk.db.engine import Database
from desk.errors import DeskError
from desk.handoffs.service import request_handoff
from desk.handoffs.tables import Handoff
from desk.words import Said, load_words
from desk.worker.bot import Reply, Turn
from tests.conftest import NOW
from tests.desk.cast import WITHIN, add_agent, heard_last
from tests.desk.handoffs.watching import Care, Killed, Killer
from tests.desk.test_invariants import empty
from tests.desk.worker.conftest import Bench, HandClock
from tests.desk.worker.scripted import ScriptedBot

ZONE = "Europe/Stockholm"
TEAM = {"anna": ["en", "sv"], "mikko": ["en", "fi"], "siv": ["en", "sv"]}
WHO, MOOD = st.sampled_from(sorted(TEAM)), st.sampled_from(["calm", "furious", "furious"])
HOLDER = st.sampled_from(["the holder", "the holder", *sorted(TEAM)])
DIES = st.sampled_from(["", "", "", "before", "after"])
ALWAYS = {day: [["00:00", "23:59"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
JOINED = load_words().say("utter_agent_joined", "en").text.partition("{name}")[2]


class HandoffLife(RuleBasedStateMachine):
    """Two agents and a lead, some customers, a bot that brings people, and time."""

    database: Database
    conversations: Bundle[str] = Bundle("conversations")

    def __init__(self) -> None:
        super().__init__()
        empty(self.database)
        self.ends = ExitStack()
        self.killer, self.care = Killer(), Care()
        self.bot = ScriptedBot(self.answer)
        self.bench = Bench(self.database, clock=HandClock(NOW), bot=self.bot)
        self.written, self.wish, self.mood = 0, "chat", "calm"
        with self.database.writing() as session:
            for login, languages in TEAM.items():
                one = add_agent(session, login, login.title(), languages, role="lead" if login == "siv" else "agent")
                one.hours, one.seen_at = ALWAYS, NOW
        self.ends.enter_context(self.care.installed())
        self.ends.enter_context(self.killer.installed(self.database))

    def teardown(self) -> None:
        self.ends.close()

    def answer(self, turn: Turn) -> Reply:
        """What the dialogue does with a message, in a transaction of its own."""
        with self.database.writing() as session:
            conversation = lock_conversation(session, turn.conversation_id)
            if self.wish == "person":
                request_handoff(
                    session, conversation, "asked_for_human", heard_last(session, conversation, self.mood), self.now, WITHIN
                )
        return Reply([Said("answered", [])], {"topic": "x", "mood": self.mood, "hazard": False})

    @property
    def now(self):  # type: ignore[no-untyped-def]
        return self.bench.clock.now()

    def attempt(self, do: Callable[[Session], object], dies: str = "") -> None:
        """One request: allowed or not, and perhaps cut short, before or after its commit."""
        if dies:
            self.killer.arm(1, after=dies == "after")
        try:
            with self.database.writing() as session:
                do(session)
        except (DeskError, Killed):
            return

    # --- customers and the bot

    @rule(target=conversations, language=st.sampled_from(["en", "en", "sv"]), mood=MOOD)
    def customer_asks_for_a_person(self, language: str, mood: str) -> str:
        self.killer.disarm()
        conversation = self.bench.open(language)
        self.customer_writes(conversation)
        self.worker_answers("person", mood)
        return conversation

    @rule(target=conversations)
    def customer_chats(self) -> str:
        self.killer.disarm()
        conversation = self.bench.open()
        self.customer_writes(conversation)
        self.worker_answers("chat", "calm")
        return conversation

    @rule(conversation=conversations)
    def customer_writes(self, conversation: str) -> None:
        self.written += 1
        try:
            self.bench.write(conversation, f"message {self.written}")
        except Killed:
            return

    @rule(wish=st.sampled_from(["chat", "person"]), mood=MOOD)
    def worker_answers(self, wish: str, mood: str) -> None:
        self.wish, self.mood = wish, mood
        try:
            asyncio.run(self.bench.worker().answer_one())
        except Killed:
            return

    @rule(conversation=conversations, who=WHO)
    def agent_takes_over_while_the_bot_thinks(self, conversation: str, who: str) -> None:
        async def race() -> None:
            self.bot.gate, self.bot.reached = asyncio.Event(), asyncio.Event()
            turn = asyncio.create_task(self.bench.worker().answer_one())
            reached = asyncio.create_task(self.bot.reached.wait())
            await asyncio.wait({turn, reached}, return_when=asyncio.FIRST_COMPLETED)
            self.attempt(lambda s: take_as_agent(s, agent(s, who), conversation, self.now))
            self.bot.gate.set()
            reached.cancel()
            await turn

        self.killer.disarm()
        for _ in range(5):  # whatever else waits is answered first
            self.worker_answers("chat", "calm")
        self.customer_writes(conversation)
        try:
            asyncio.run(race())
        except Killed:
            return
        finally:
            self.bot.gate = None

    # --- people

    @rule(conversation=conversations, who=WHO, dies=DIES)
    def agent_takes(self, conversation: str, who: str, dies: str) -> None:
        self.attempt(lambda s: take_as_agent(s, agent(s, who), conversation, self.now), dies)

    @rule(conversation=conversations, who=HOLDER, dies=DIES)
    def agent_answers(self, conversation: str, who: str, dies: str) -> None:
        self.written += 1
        self.attempt(
            lambda s: say_as_agent(s, actor(s, who, conversation), conversation, f"a{self.written}", "Here I am.", self.now), dies
        )

    @rule(conversation=conversations, who=HOLDER, agreed=st.sampled_from(["", "We come on Friday."]), dies=DIES)
    def agent_hands_back(self, conversation: str, who: str, agreed: str, dies: str) -> None:
        self.attempt(lambda s: hand_back_as_agent(s, actor(s, who, conversation), conversation, self.now, agreed), dies)

    @rule(conversation=conversations, who=HOLDER, to=st.sampled_from(["anna", "mikko", None, "language:sv"]), dies=DIES)
    def agent_transfers(self, conversation: str, who: str, to: str | None, dies: str) -> None:
        if to == "language:sv":
            self.attempt(
                lambda s: transfer_to_language(s, actor(s, who, conversation), conversation, "sv", self.now, WITHIN, ZONE), dies
            )
        else:
            self.attempt(
                lambda s: transfer_as_agent(s, actor(s, who, conversation), conversation, to, self.now, WITHIN, ZONE), dies
            )

    @rule(conversation=conversations, who=HOLDER, dies=DIES)
    def agent_lets_it_pass(self, conversation: str, who: str, dies: str) -> None:
        self.attempt(lambda s: swap_as_agent(s, actor(s, who, conversation), conversation, ZONE, self.now), dies)

    @rule(conversation=conversations, who=WHO, dies=DIES)
    def agent_takes_back_what_he_did(self, conversation: str, who: str, dies: str) -> None:
        def undo(session: Session) -> None:
            version = session.get_one(Conversation, conversation).version
            take_back_as_agent(session, agent(session, who), conversation, version, self.now)

        self.attempt(undo, dies)

    @rule(conversation=conversations, to=WHO, dies=DIES)
    def lead_gives(self, conversation: str, to: str, dies: str) -> None:
        self.attempt(lambda s: give_as_lead(s, agent(s, "siv"), conversation, agent(s, to), ZONE, self.now), dies)

    @rule(conversation=conversations, who=WHO, dies=DIES)
    def agent_closes_the_case(self, conversation: str, who: str, dies: str) -> None:
        def close(session: Session) -> None:
            case = current_case(session, lock_conversation(session, conversation))
            if case is not None:
                close_unconfirmed(session, case, agent(session, who), "no answer", self.now)

        self.attempt(close, dies)

    @rule(who=WHO, presence=st.sampled_from(["online", "online", "busy", "away"]), dies=DIES)
    def agent_says_whether_he_is_there(self, who: str, presence: str, dies: str) -> None:
        self.attempt(lambda s: set_presence(s, agent(s, who), presence, self.now), dies)

    @rule(presence=st.sampled_from(["online", "away"]))
    def all_come_or_go(self, presence: str) -> None:
        for who in TEAM:
            self.agent_says_whether_he_is_there(who, presence, "")

    @rule(who=WHO, to=WHO)
    def agent_takes_one_and_gives_it_to_a_colleague(self, who: str, to: str) -> None:
        conversation = self.customer_asks_for_a_person("en", "calm")
        self.agent_takes(conversation, who, "")
        self.agent_transfers(conversation, who, to, "")

    @rule(who=WHO)
    def customer_asks_while_all_are_away_and_one_comes(self, who: str) -> None:
        self.all_come_or_go("away")
        self.customer_asks_for_a_person("en", "calm")
        self.agent_says_whether_he_is_there(who, "online", "")
        self.time_passes(1, set())

    @rule(who=WHO, dies=DIES)
    def agent_brings_a_hard_one_to_an_end(self, who: str, dies: str) -> None:
        """And needs no pause: he would take the next one at once."""
        conversation = self.customer_asks_for_a_person("en", "furious")
        self.agent_takes(conversation, who, dies)
        self.there_is_one_holder()
        self.agent_hands_back(conversation, who, "", "")
        self.agent_needs_no_pause(who)

    @rule(who=WHO)
    def agent_needs_no_pause(self, who: str) -> None:
        self.attempt(lambda s: skip_pause(s, agent(s, who)))

    # --- time, and processes that end

    @rule(target=conversations, mood=MOOD, commits=st.integers(1, 3), after=st.booleans())
    def worker_dies_while_it_brings_a_person(self, mood: str, commits: int, after: bool) -> str:
        """After its claim, after the dialogue has asked for a person, or at the end; then the turn is taken once more."""
        self.killer.disarm()
        conversation = self.bench.open()
        self.customer_writes(conversation)
        self.killer.arm(commits, after)
        self.worker_answers("person", mood)
        self.killer.disarm()
        self.time_passes(1, set())
        self.worker_answers("person", mood)
        return conversation

    @rule(commits=st.integers(1, 4), after=st.booleans())
    def process_is_about_to_be_killed(self, commits: int, after: bool) -> None:
        self.killer.arm(commits, after)

    @rule()
    def worker_dies_with_a_claim(self) -> None:
        try:
            asyncio.run(self.bench.worker().settle_and_claim([], 1))
        except Killed:
            return

    @rule(minutes=st.sampled_from([1, 2, 4, 11, 25, 300]), silent=st.sets(WHO))
    def time_passes(self, minutes: int, silent: set[str]) -> None:
        """Some are heard of all the while, the others fall silent."""
        self.bench.clock.pass_(minutes=minutes)
        self.attempt(lambda s: [note_seen(s, agent(s, who).id, self.now) for who in TEAM if who not in silent])
        try:
            self.bench.watch().step(self.now)
        except Killed:  # another worker goes on
            self.bench.watch().step(self.now)
        self.killer.disarm()
        self.nobody_waits_in_vain()

    def nobody_waits_in_vain(self) -> None:
        """After every look at the time: each who waits has a time that lies ahead, and an owner if anybody is free."""
        with self.database.reading() as session:
            for handoff, conversation in session.execute(
                select(Handoff, Conversation)
                .join(Conversation, Conversation.id == Handoff.conversation_id)
                .where(Conversation.holder == "queue")
            ):
                assert handoff.answer_by > self.now
                free = [a.login for a in self.care.free(session, handoff, conversation, self.now) if a.id != handoff.assigned_to_id]
                owner = session.get(Agent, handoff.assigned_to_id) if handoff.assigned_to_id else None
                comes = owner is not None and owner.presence != "away" and self.care.is_heard_of(owner, self.now)
                assert comes or free == [], f"it is {owner and owner.login}'s, who does not come, while {free} could take it"
            ignored = select(Conversation.id).where(
                Conversation.holder == "agent", Conversation.awaiting_since <= self.now - 2 * WITHIN - timedelta(minutes=25)
            )
            taken = ignored.outerjoin(Handoff, (Handoff.conversation_id == Conversation.id) & (Handoff.state == "taken")).where(
                Handoff.answered_at.is_not(None) | (Handoff.answer_by <= self.now - WITHIN) | Handoff.id.is_(None)
            )
            assert session.scalars(taken).all() == []

    @invariant()
    def there_is_one_holder(self) -> None:
        """The conversation and its hand-off say the same: who holds it, or that it waits, with a time."""
        with self.database.reading() as session:
            for conversation in session.scalars(select(Conversation)):
                opened = session.scalars(
                    select(Handoff).where(Handoff.conversation_id == conversation.id, Handoff.state != "ended")
                ).all()
                assert len(opened) <= 1
                handoff = opened[0] if opened else None
                assert (conversation.holder == "agent") == (conversation.agent_id is not None)
                if conversation.holder == "queue":
                    assert handoff is not None
                    assert (handoff.state, handoff.answer_by is not None) == ("queued", True)
                elif conversation.holder == "agent" and handoff is not None:
                    assert (handoff.state, handoff.taken_by_id) == ("taken", conversation.agent_id)
                elif conversation.holder == "bot" and handoff is not None:
                    assert handoff.state == "requested"  # its turn has not settled yet

    @invariant()
    def the_bot_is_silent_while_a_person_is_there(self) -> None:
        with self.database.reading() as session:
            for conversation in session.scalars(select(Conversation)):
                said = session.scalars(select(Message).where(Message.conversation_id == conversation.id).order_by(Message.seq))
                person = False
                for message in said.all():
                    if message.author == "system":
                        person = (person or JOINED in message.text or " är här " in message.text) and not ended(message.text)
                    assert not (person and message.author == "bot"), "a bot's word after a take-over"
                assert not person or conversation.holder != "bot"


def ended(text: str) -> bool:
    return "has left the chat" in text or "har lämnat chatten" in text


def agent(session: Session, login: str) -> Agent:
    return session.scalars(select(Agent).where(Agent.login == login)).one()


def actor(session: Session, who: str, conversation: str) -> Agent:
    """The one who holds it, or another who tries."""
    holder = session.get_one(Conversation, conversation).agent_id
    return (
        session.get_one(Agent, holder) if who == "the holder" and holder else agent(session, "anna" if who == "the holder" else who)
    )


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_hand_offs_whatever_happens(database: Database) -> None:
    HandoffLife.database = database
    sequences = os.environ.get("FUBB_TEST_SEQUENCES")
    usual = settings(
        max_examples=int(sequences or 15), stateful_step_count=30, deadline=None, derandomize=sequences is None,
        suppress_health_check=list(HealthCheck), print_blob=True,
    )  # fmt: skip
    run_state_machine_as_test(HandoffLife, settings=usual)
