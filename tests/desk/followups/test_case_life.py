"""A case's life in every order of events that Hypothesis thinks of: I1, I2, I6, I7 and I8 hold in every state it reaches.

Customers in several zones, agents, deliveries, restarts in the middle of a delivery, and a clock that crosses nights,
holidays, leap days and both moves of summer time. FUBB_TEST_SEQUENCES says how many sequences are played.
"""

import os
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from desk.agents.tables import Agent
from desk.cases.life import mark_collected, mark_delivered
from desk.cases.remedies import accept_remedy, decline_remedies, offer_remedies
from desk.cases.service import Heard, attach_order, close_unconfirmed, confirm_solved, not_solved, record_case
from desk.cases.tables import Case, CaseEvent
from desk.conversations.service import append_message, lock_conversation, open_conversation
from desk.conversations.tables import Conversation, Message
from desk.customers.tables import Customer
from desk.db.engine import Database
from desk.db.tables import Base
from desk.errors import DeskError
from desk.followups.calls import call_off, offered_slots, promise_call
from desk.followups.contact_rules import WEEK, ContactRules, may_speak
from desk.followups.delivery import deliver_due_followups
from desk.followups.promises import promise_as_told
from desk.followups.rules import GRACE
from desk.followups.service import mark_done
from desk.followups.tables import Contact, Followup
from desk.handoffs.service import hand_back, take_over
from desk.handoffs.tables import Handoff
from desk.settings import Settings
from desk.shop.tables import Order
from desk.words import load_words
from tests.desk.cast import add_agent, stock_demo_shop
from tests.desk.test_invariants import empty
from tests.desk.worker.conftest import Bench, HandClock

USUAL = 60
"""Sequences of a usual run: always the same ones; a longer run plays new ones each time."""
SEQUENCES = int(os.environ.get("FUBB_TEST_SEQUENCES", USUAL))
STARTS = ["2026-11-18T09:00", "2027-03-26T15:00", "2026-10-23T15:00", "2028-02-27T15:00", "2026-12-22T15:00", "2027-06-24T06:00"]
ZONES = ["Europe/Stockholm", "America/New_York", "Australia/Lord_Howe"]
WHO = st.sampled_from(["anna", "siv"])
TALK = st.integers(0, 3)
STANDS = st.sampled_from(["nothing", "reported", "arranged", "arranged", "delivered"])
RULES = ContactRules(per_week=2)


class CaseLife(RuleBasedStateMachine):
    """Four conversations of three customers (one has two channels), two agents, and time."""

    database: Database

    @initialize(start=st.sampled_from(STARTS), stands=st.lists(STANDS, min_size=4, max_size=4))
    def begin(self, start: str, stands: list[str]) -> None:
        wipe(self.database)
        self.bench = Bench(
            self.database,
            clock=HandClock(datetime.fromisoformat(start).replace(tzinfo=UTC)),
            settings=Settings(secret="s", contacts_per_week=2),
        )
        self.opted_out: dict[int, datetime] = {}
        self.looked = False
        with self.database.writing() as session:
            for login in ("anna", "siv"):
                add_agent(session, login, login.title(), ["en"], role="lead" if login == "siv" else "agent", now=self.now)
            stock_demo_shop(session)
            orders = session.scalars(select(Order).where(Order.delivered_at.is_not(None)).order_by(Order.number).limit(3)).all()
            self.talks, self.orders = [], [orders[n % 3].number for n in range(4)]
            for number in range(4):
                conversation, _ = open_conversation(session, "website" if number < 3 else "telegram", "en", self.now)
                customer = session.get_one(Customer, orders[number % 3].customer_id)
                customer.timezone = ZONES[number % 3]
                conversation.customer_id, conversation.verified_at = customer.id, self.now
                self.talks.append(conversation.id)
        for talk, stand in enumerate(stands):
            if stand != "nothing":
                self.customer_reports(talk, "fault", False)
            if stand in ("arranged", "delivered"):
                self.customer_says(talk, "accepts")
            if stand == "delivered":
                self.agent_says_of_a_case("anna", talk, "delivered")

    @property
    def now(self) -> datetime:
        return self.bench.clock.now()

    def hear(self, session: Session, talk: int, hazard: bool = False) -> tuple[Conversation, Heard]:
        conversation = lock_conversation(session, self.talks[talk])
        message = append_message(session, conversation, "customer", "words of his", self.now, state="answered")
        return conversation, Heard(message.id, message.text, "furious" if hazard else "calm", hazard)

    @rule(talk=TALK, kind=st.sampled_from(["fault", "complaint", "late_delivery", "suggestion", "request"]), hazard=st.booleans())
    def customer_reports(self, talk: int, kind: str, hazard: bool) -> None:
        with self.database.writing() as session:
            conversation, heard = self.hear(session, talk, hazard)
            case = record_case(session, conversation, kind, heard, self.now).case
            attach_order(session, case, session.get_one(Order, self.orders[talk]), self.now, heard.message_id)
            offer_remedies(session, case, self.now, heard.message_id)

    @rule(talk=TALK, what=st.sampled_from(["accepts", "declines", "satisfied", "not right", "call", "no call", "status", "thanks"]))
    def customer_says(self, talk: int, what: str) -> None:
        with self.database.writing() as session:
            conversation, heard = self.hear(session, talk)
            case = session.scalars(select(Case).where(Case.conversation_id == conversation.id).order_by(Case.id.desc())).first()
            if case is None:
                return
            if what == "not right":
                not_solved(session, case, heard, self.now)
            elif what == "satisfied":
                confirm_solved(session, case, heard, self.now)
            elif case.is_open:
                self.of_open_case(session, case, heard, what)

    def of_open_case(self, session: Session, case: Case, heard: Heard, what: str) -> None:
        if what == "accepts":
            accept_remedy(session, case, "replacement", self.now, heard.message_id, 1)
        elif what == "declines":
            decline_remedies(session, case, self.now, heard.message_id)
        elif what == "call" and (slots := offered_slots(session, self.now, "en")):
            promise_call(session, case, slots[0], self.now, heard.message_id)
        elif what == "no call":
            call_off(session, case, self.now, heard.message_id, 1)
        elif what == "status":
            promise_as_told(session, session.get_one(Followup, case.next_followup_id))

    @rule(talk=TALK)
    def customer_wants_no_messages(self, talk: int) -> None:
        with self.database.writing() as session:
            conversation, _ = self.hear(session, talk)
            customer = session.get_one(Customer, conversation.customer_id)
            customer.no_messages_since = customer.no_messages_since or self.now
            self.opted_out.setdefault(customer.id, self.now)

    @rule(who=WHO, talk=TALK, takes=st.booleans())
    def agent_comes_or_goes(self, who: str, talk: int, takes: bool) -> None:
        with self.database.writing() as session:
            conversation = lock_conversation(session, self.talks[talk])
            if takes and conversation.holder == "bot":
                take_over(session, conversation, agent(session, who), self.now)
            elif conversation.holder == "agent":
                hand_back(session, conversation, self.now)

    @rule(who=WHO, reached=st.booleans(), early=st.booleans())
    def agent_does_a_followup(self, who: str, reached: bool, early: bool) -> None:
        with self.database.writing() as session:
            until = self.now + timedelta(days=2 if early else 0)
            mine = select(Followup).where(Followup.state == "pending", Followup.due_at <= until, Followup.owner != "bot")
            if (due := session.scalars(mine.order_by(Followup.due_at)).first()) is not None:
                mark_done(session, agent(session, who), due.id, "talked", self.now, reached=reached)

    @rule(who=WHO, talk=TALK, what=st.sampled_from(["collected", "delivered", "closes"]))
    def agent_says_of_a_case(self, who: str, talk: int, what: str) -> None:
        with self.database.writing() as session:
            case = session.scalars(select(Case).where(Case.conversation_id == self.talks[talk]).order_by(Case.id.desc())).first()
            if case is None:
                return
            try:
                if what == "collected":
                    mark_collected(session, case, who, self.now)
                elif what == "delivered":
                    mark_delivered(session, case, who, self.now, "Europe/Stockholm")
                else:
                    close_unconfirmed(session, case, agent(session, who), "no answer", self.now)
            except DeskError:
                return

    @rule(hours=st.sampled_from([0.3, 3, 11, 24, 75, 200]))
    def time_passes_while_the_worker_is_away(self, hours: float) -> None:
        self.bench.clock.pass_(hours=hours)
        self.look()

    @rule(every=st.sampled_from([1, 5, 7, 26]), times=st.integers(2, 8))
    def time_passes(self, every: int, times: int) -> None:
        for _ in range(times):
            self.bench.clock.pass_(hours=every)
            self.look()

    @rule()
    @precondition(lambda self: self.looked)
    def worker_dies_in_the_middle_of_a_delivery(self) -> None:
        self.bench.clock.pass_(hours=20)
        with pytest.raises(InterruptedError), self.database.writing() as session:  # noqa: PT012
            deliver_due_followups(session, self.now, load_words(), self.bench.settings)
            raise InterruptedError
        self.look()

    def look(self) -> None:
        """The worker is there, and looks until nothing is left to do."""
        for _ in range(20):
            if not self.bench.watch().step(self.now):
                break
        self.looked = True
        with self.database.reading() as session:
            ends = func.coalesce(Followup.ends_at, Followup.due_at)
            missed = select(Followup).where(Followup.state == "pending", Followup.promise == "open", ends <= self.now - GRACE)
            assert session.scalars(missed).first() is None  # I8: nothing promised is missed in silence
            late = select(Followup).where(
                Followup.state == "pending", Followup.owner == "bot", Followup.due_at <= self.now, Followup.delivered_at.is_(None)
            )
            assert session.scalars(late).first() is None  # nothing due is forgotten

    @invariant()
    def every_open_case_has_one_next_step_with_an_owner_and_a_time(self) -> None:
        if not hasattr(self, "bench"):
            return
        with self.database.reading() as session:
            for case in session.scalars(select(Case)):
                pending = session.scalars(select(Followup).where(Followup.case_id == case.id, Followup.state == "pending")).all()
                if case.is_open:
                    assert [f.id for f in pending] == [case.next_followup_id]
                else:  # what comes after the end is the bot's, and asks no more than how it was
                    assert all(f.purpose in ("survey", "last_word") for f in pending)
                assert all(f.owner in ("bot", "team") or f.owner_agent_id for f in pending)

    @invariant()
    def only_his_word_or_an_agent_who_answers_for_it_closes_a_case(self) -> None:
        if not hasattr(self, "bench"):
            return
        with self.database.reading() as session:
            for case in session.scalars(select(Case)):
                if case.state == "satisfied":
                    message = session.get_one(Message, case.satisfied_by_message_id)
                    assert message.author == "customer"
                    assert session.get_one(Conversation, message.conversation_id).customer_id == case.customer_id
                if case.state == "closed_unconfirmed":
                    assert case.closed_reason
                    assert session.get_one(Agent, case.closed_by_id)

    @invariant()
    def one_apology_for_a_case(self) -> None:
        if not hasattr(self, "bench"):
            return
        with self.database.reading() as session:
            apologies = select(func.count()).where(CaseEvent.what == "apologised").group_by(CaseEvent.case_id)
            assert all(n == 1 for n in session.scalars(apologies))

    @invariant()
    def nobody_is_pestered(self) -> None:
        """I7, from the messages themselves: everything said by bot or desk here was said first."""
        if not hasattr(self, "bench"):
            return
        with self.database.reading() as session:
            contacts = {c.message_id: c for c in session.scalars(select(Contact).where(Contact.held_because.is_(None)))}
            customers = {c.id: c for c in session.scalars(select(Customer))}
            talks = {c.id: customers[c.customer_id] for c in session.scalars(select(Conversation)) if c.customer_id}
            handed_off = set(session.scalars(select(Handoff.conversation_id)))
            by_bot: dict[int, list[datetime]] = {}
            for message in session.scalars(select(Message).where(Message.author.in_(("bot", "system"))).order_by(Message.at)):
                if message.id not in contacts and message.author == "system" and message.conversation_id in handed_off:
                    continue  # who answers now: news of a person whom he was promised
                contact, customer = contacts[message.id], talks[message.conversation_id]
                case = session.get_one(Case, contact.case_id)
                urgent = contact.what == "promise_broken" and case.hazard
                out = self.opted_out.get(customer.id)
                assert urgent or out is None or message.at <= out
                assert urgent or may_speak(message.at, customer.timezone, [], RULES).allowed
                followup = session.get_one(Followup, contact.followup_id)
                owed = contact.what == "promise_broken" or followup.promise != "none"
                by_bot.setdefault(customer.id, []).append(message.at)
                earlier = self.contacts_before(session, customer.id, contact)
                assert owed or earlier <= RULES.per_week
                assert time(8) <= message.at.astimezone(ZoneInfo(customer.timezone)).time() or urgent

    @staticmethod
    def contacts_before(session: Session, customer_id: int, last: Contact) -> int:
        """How often he was written to or called in the week that ends with this one (a call at the same moment comes after)."""
        his = select(func.count()).where(Contact.customer_id == customer_id, Contact.held_because.is_(None))
        return session.scalar(his.where(Contact.at > last.at - WEEK, Contact.id <= last.id)) or 0

    @invariant()
    def every_broken_promise_is_on_record(self) -> None:
        if not hasattr(self, "bench"):
            return
        with self.database.reading() as session:
            broken = session.scalar(select(func.count()).where(Followup.promise == "broken"))
            assert broken == session.scalar(select(func.count()).where(CaseEvent.what == "promise_broken"))


def wipe(database: Database) -> None:
    """An empty database for the next sequence; a TRUNCATE of so many small tables takes PostgreSQL half a second."""
    if database.is_sqlite:
        empty(database)
        return
    with database.writing() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))  # no triggers, no foreign keys
        for table in Base.metadata.tables:
            session.execute(text(f'DELETE FROM "{table}"'))


def agent(session: Session, login: str) -> Agent:
    return session.scalars(select(Agent).where(Agent.login == login)).one()


@pytest.mark.timeout(1800)
def test_a_cases_life(database: Database) -> None:
    CaseLife.database = database
    run_state_machine_as_test(
        CaseLife,
        settings=settings(
            max_examples=SEQUENCES,
            derandomize=SEQUENCES == USUAL,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
