"""What always holds, whatever customers, agents, bot, worker and clock do, in whatever order (I1, I2, I4, I6, I8, I10)."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, precondition, rule, run_state_machine_as_test
from sqlalchemy import func, or_, select, text
from sqlalchemy.orm import Session

from desk.agents.presence import set_presence
from desk.agents.tables import Agent
from desk.cases.remedies import accept_remedy
from desk.cases.service import close_unconfirmed, confirm_solved, current_case, not_solved, record_case
from desk.cases.tables import Case, CaseEvent
from desk.conversations.access import transfer_as_agent
from desk.conversations.people import swap_as_agent
from desk.conversations.service import append_message, lock_conversation
from desk.conversations.tables import Conversation, Message
from desk.db.engine import Database
from desk.db.tables import Base
from desk.errors import DeskError
from desk.followups.calls import offered_slots, promise_call
from desk.followups.service import mark_done
from desk.followups.tables import Followup
from desk.handoffs import assigning
from desk.handoffs.assignment import Candidate, Need, can_take, choose
from desk.handoffs.service import hand_back, request_handoff, take_over
from desk.handoffs.tables import Handoff
from desk.words import Said
from desk.worker.bot import Reply, Turn
from tests.conftest import NOW
from tests.desk.cast import WITHIN, add_agent, heard_last
from tests.desk.worker.conftest import Bench, HandClock
from tests.desk.worker.scripted import ScriptedBot

WHO = st.sampled_from(["anna", "mikko"])


class DeskLife(RuleBasedStateMachine):
    """Two agents, a few customers, a bot that now and then fails, a worker, and time."""

    database: Database
    conversations: Bundle[str] = Bundle("conversations")

    def __init__(self) -> None:
        super().__init__()
        empty(self.database)
        self.bot = ScriptedBot(self.answer)
        self.bench = Bench(self.database, clock=HandClock(NOW), bot=self.bot)
        self.written = 0
        self.wish = "chat"
        with self.database.writing() as session:
            add_agent(session, "anna", "Anna Berg", ["en"])
            add_agent(session, "mikko", "Mikko Laine", ["en"])

    @property
    def now(self):  # type: ignore[no-untyped-def]
        return self.bench.clock.now()

    def answer(self, turn: Turn) -> Reply:
        """What the dialogue does with a message, as the actions do it: in a transaction of its own."""
        with self.database.writing() as session:
            conversation = lock_conversation(session, turn.conversation_id)
            heard = heard_last(session, conversation, "furious", turn.text.startswith("danger"))
            case = current_case(session, conversation)
            if self.wish == "trouble":
                record_case(session, conversation, "fault", heard, self.now)
            elif self.wish == "person":
                request_handoff(session, conversation, "asked_for_human", heard, self.now, WITHIN)
            elif case is not None and self.wish == "remedy":
                accept_remedy(session, case, "replacement", self.now, heard.message_id, 1)
            elif case is not None and self.wish == "call":
                slots = offered_slots(session, self.now, "en")
                if slots:
                    promise_call(session, case, slots[0], self.now, heard.message_id)
            elif case is not None and self.wish == "solved":
                confirm_solved(session, case, heard, self.now)
            elif case is not None and self.wish == "not solved":
                not_solved(session, case, heard, self.now)
        return Reply([Said("answered", [])], {"topic": "x", "mood": "calm", "hazard": False})

    @rule(target=conversations)
    def open_conversation(self) -> object:
        return multiple(self.bench.open())

    @rule(conversation=conversations, danger=st.booleans())
    def customer_writes(self, conversation: str, danger: bool) -> None:
        self.written += 1
        self.bench.write(conversation, f"{'danger ' if danger else ''}message {self.written}")

    @rule(wish=st.sampled_from(["chat", "trouble", "person", "remedy", "call", "solved", "not solved"]), fails=st.booleans())
    def worker_answers(self, wish: str, fails: bool) -> None:
        self.wish = wish
        self.bot.failures = int(fails)
        asyncio.run(self.bench.worker().answer_one())
        self.bot.failures = 0

    @rule()
    def worker_dies_with_a_claim(self) -> None:
        asyncio.run(self.bench.worker().settle_and_claim([], 1))

    @rule(conversation=conversations, who=WHO, during_a_turn=st.booleans())
    def agent_takes_over(self, conversation: str, who: str, during_a_turn: bool) -> None:
        async def race() -> None:
            self.bot.gate, self.bot.reached = asyncio.Event(), asyncio.Event()
            turn = asyncio.create_task(self.bench.worker().answer_one())
            await asyncio.wait({turn, asyncio.create_task(self.bot.reached.wait())}, return_when=asyncio.FIRST_COMPLETED)
            self.take(conversation, who)
            self.bot.gate.set()
            await turn
            self.bot.gate = None

        asyncio.run(race()) if during_a_turn else self.take(conversation, who)

    def take(self, conversation: str, who: str) -> None:
        with self.database.writing() as session:
            try:
                take_over(session, lock_conversation(session, conversation), agent(session, who), self.now)
            except DeskError:
                return
            append_message(
                session, lock_conversation(session, conversation), "agent", "Here I am.", self.now, agent_id=agent(session, who).id
            )

    @rule(conversation=conversations)
    def agent_hands_back(self, conversation: str) -> None:
        with self.database.writing() as session:
            locked = lock_conversation(session, conversation)
            if locked.holder == "agent":
                append_message(session, locked, "agent", "Bye.", self.now, agent_id=locked.agent_id)
                hand_back(session, locked, self.now)

    @rule(who=WHO, presence=st.sampled_from(["online", "busy", "away"]))
    def agent_says_whether_he_is_there(self, who: str, presence: str) -> None:
        with self.database.writing() as session:
            set_presence(session, agent(session, who), presence, self.now)

    @rule(conversation=conversations, who=WHO, to=st.sampled_from(["anna", "mikko", None]))
    def agent_transfers(self, conversation: str, who: str, to: str | None) -> None:
        with suppress(DeskError), self.database.writing() as session:
            transfer_as_agent(session, agent(session, who), conversation, to, self.now, WITHIN, "Europe/Stockholm")

    @rule(conversation=conversations, who=WHO)
    def agent_lets_it_pass(self, conversation: str, who: str) -> None:
        with suppress(DeskError), self.database.writing() as session:
            swap_as_agent(session, agent(session, who), conversation, "Europe/Stockholm", self.now)

    @rule(who=WHO)
    def agent_does_what_is_due(self, who: str) -> None:
        with self.database.writing() as session:
            due = session.scalars(select(Followup).where(Followup.state == "pending", Followup.due_at <= self.now)).first()
            if due is not None:
                mark_done(session, agent(session, who), due.id, "talked", self.now)

    @rule(who=WHO)
    def agent_closes(self, who: str) -> None:
        with self.database.writing() as session:
            case = session.scalars(select(Case).order_by(Case.id)).first()
            if case is not None:
                try:
                    close_unconfirmed(session, case, agent(session, who), "no answer", self.now)
                except DeskError:
                    return

    @rule(hours=st.sampled_from([0.001, 0.2, 1, 7, 24, 100]))
    @precondition(lambda self: self.written > 0)
    def time_passes(self, hours: float) -> None:
        self.bench.clock.pass_(hours=hours)
        self.bench.watch().step(self.now)
        self.nobody_waits_for_a_silent_holder()

    def nobody_waits_for_a_silent_holder(self) -> None:
        """Whatever the holder does or does not: after twice the promised time somebody else is asked."""
        with self.database.reading() as session:
            forgotten = select(Conversation.id).where(
                Conversation.holder == "agent", Conversation.awaiting_since <= self.now - 2 * WITHIN
            )
            unanswered = forgotten.outerjoin(
                Handoff, (Handoff.conversation_id == Conversation.id) & (Handoff.state == "taken")
            ).where(or_(Handoff.id.is_(None), Handoff.answered_at.is_not(None), Handoff.answer_by <= self.now - WITHIN))
            assert session.scalars(unanswered).all() == []
            late = select(Handoff.id).where(Handoff.state == "queued", Handoff.answer_by <= self.now)
            assert session.scalars(late).all() == []

    @invariant()
    def what_is_given_to_an_agent_waits_in_the_queue(self) -> None:
        with self.database.reading() as session:
            given = select(Handoff).where(Handoff.state == "queued", Handoff.assigned_to_id.is_not(None))
            for handoff in session.scalars(given):
                assert handoff.assigned_to_id not in handoff.passed
                assert handoff.assigned_at is not None

    @invariant()
    def every_open_case_has_one_next_step_with_an_owner(self) -> None:
        with self.database.reading() as session:
            for case in session.scalars(select(Case)):
                pending = session.scalars(select(Followup).where(Followup.case_id == case.id, Followup.state == "pending")).all()
                assert [f.id for f in pending] == ([case.next_followup_id] if case.is_open else [])

    @invariant()
    def a_case_is_satisfied_only_by_its_customers_message(self) -> None:
        with self.database.reading() as session:
            for case in session.scalars(select(Case).where(Case.state == "satisfied")):
                message = session.get_one(Message, case.satisfied_by_message_id)
                assert (message.author, message.conversation_id) == ("customer", case.conversation_id)

    @invariant()
    def one_apology_for_a_case(self) -> None:
        with self.database.reading() as session:
            apologies = select(func.count()).where(CaseEvent.what == "apologised").group_by(CaseEvent.case_id)
            assert all(n == 1 for n in session.scalars(apologies))

    @invariant()
    def the_bot_says_nothing_between_an_agents_first_and_last_word(self) -> None:
        with self.database.reading() as session:
            for conversation in session.scalars(select(Conversation)):
                held = False
                for message in session.scalars(
                    select(Message).where(Message.conversation_id == conversation.id).order_by(Message.seq)
                ):
                    assert not (held and message.author == "bot")
                    if message.author == "agent":
                        held = message.text != "Bye."
                # Who falls silent, transfers or lets it pass leaves it to the queue: never to the bot.
                assert conversation.holder in (("agent", "queue") if held else ("bot", "queue"))

    @invariant()
    def a_waiting_customer_has_a_hand_off_with_a_time(self) -> None:
        with self.database.reading() as session:
            for conversation in session.scalars(select(Conversation).where(Conversation.holder == "queue")):
                handoff = session.scalars(
                    select(Handoff).where(Handoff.conversation_id == conversation.id, Handoff.state != "ended")
                ).one()
                assert handoff.state == "queued"
                assert handoff.answer_by is not None

    @invariant()
    def seqs_have_no_gaps_and_waiting_is_counted(self) -> None:
        with self.database.reading() as session:
            for conversation in session.scalars(select(Conversation)):
                messages = session.scalars(
                    select(Message).where(Message.conversation_id == conversation.id).order_by(Message.seq)
                ).all()
                assert [m.seq for m in messages] == list(range(1, conversation.last_seq + 1))
                assert sum(m.state == "waiting" for m in messages) == conversation.waiting

    @invariant()
    def no_promise_is_missed_in_silence(self) -> None:
        with self.database.reading() as session:
            old = self.now - timedelta(days=5)
            missed = select(Followup).where(
                Followup.state == "pending", Followup.promise == "open", func.coalesce(Followup.ends_at, Followup.due_at) < old
            )
            assert self.written == 0 or session.scalars(missed).first() is None

    def teardown(self) -> None:
        """In the end every message is processed, once."""
        self.wish = "chat"
        for _ in range(self.written + 20):
            self.bench.clock.pass_(seconds=10)
            if not asyncio.run(self.bench.worker().answer_one()):
                break
        with self.database.reading() as session:
            assert session.scalar(select(func.count()).where(Message.state == "waiting")) == 0
            replies = select(func.count()).where(Message.reply_to.is_not(None)).group_by(Message.reply_to)
            assert all(n == 1 for n in session.scalars(replies))


def agent(session: Session, login: str) -> Agent:
    return session.scalars(select(Agent).where(Agent.login == login)).one()


def empty(database: Database) -> None:
    """An empty database for the next example; the history's triggers stand in the way on SQLite for good reason."""
    with database.engine.connect() as connection:
        if database.is_sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            raw = connection.connection.driver_connection
            assert raw is not None
            raw.execute("ROLLBACK")
            raw.execute("PRAGMA foreign_keys=OFF")
            for trigger in ("UPDATE", "DELETE"):
                raw.execute(f"DROP TRIGGER IF EXISTS case_events_{trigger}")
                raw.execute(f"DROP TRIGGER IF EXISTS audit_entries_{trigger}")
            for table in Base.metadata.tables.values():
                raw.execute(f'DELETE FROM "{table.name}"')
            raw.execute("PRAGMA foreign_keys=ON")
            raw.execute("BEGIN")
        else:
            names = ", ".join(f'"{name}"' for name in Base.metadata.tables)
            connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
        connection.commit()


def choose_with_care(need: Need, team: Sequence[Candidate], now: datetime) -> Candidate | None:
    """The rule itself, watched: no second furious customer in a row while another can take him."""
    found = choose(need, team, now)
    if found is not None and need.is_hard and found.given_hard:
        assert not any(can_take(c, need, now) and not c.given_hard for c in team)
    return found


@pytest.mark.long
@pytest.mark.timeout(600)
def test_what_always_holds(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    DeskLife.database = database
    monkeypatch.setattr(assigning, "choose", choose_with_care)
    run_state_machine_as_test(
        DeskLife,
        settings=settings(
            max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
        ),
    )
