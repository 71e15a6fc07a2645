"""A case's life as a state machine: customers in several zones, agents, deliveries, restarts in the middle of a delivery.

The clock crosses nights, holidays, leap days and both moves of summer time. What must hold is in `life_checks`.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.agents.tables import Agent
from desk.cases.life import mark_collected, mark_delivered
from desk.cases.remedies import accept_remedy, decline_remedies, offer_remedies
from desk.cases.service import Heard, attach_order, close_unconfirmed, confirm_solved, not_solved, record_case
from desk.cases.tables import Case
from desk.conversations.service import append_message, lock_conversation, open_conversation
from desk.conversations.tables import Conversation
from desk.customers.service import stop_messages
from desk.customers.tables import Customer
from desk.db.engine import Database
from desk.errors import DeskError
from desk.followups.calls import call_off, offered_slots, promise_call
from desk.followups.delivery import deliver_due_followups
from desk.followups.promises import promise_as_told
from desk.followups.service import mark_done
from desk.followups.tables import Followup
from desk.handoffs.service import hand_back, take_over
from desk.settings import Settings
from desk.shop.tables import Order
from desk.surveys.service import rate
from desk.surveys.tables import Survey
from desk.words import load_words
from desk.worker.watch import Watch
from tests.desk.cast import add_agent, stock_demo_shop
from tests.desk.followups.life_checks import Known, check, nothing_is_left_to_do
from tests.desk.followups.snapshots import Snapshots

STARTS = (
    ("2026-11-18T09:00", "America/New_York"),  # an ordinary week
    ("2027-03-26T15:00", "Australia/Lord_Howe"),  # before summer time begins (and ends, there), and Easter
    ("2026-10-23T15:00", "America/New_York"),  # before it ends
    ("2028-02-27T15:00", "Australia/Lord_Howe"),  # before a leap day
    ("2026-12-22T15:00", "America/New_York"),  # before Christmas
    ("2027-06-24T06:00", "Australia/Lord_Howe"),  # before Midsummer
)
"""When it begins, and where the second customer lives; the first one is in Stockholm, with a second chat in Telegram."""
SITUATIONS = (
    (("nothing", "nothing", "nothing"), 0, 1),
    (("reported", "nothing", "arranged"), 0, 2),
    (("arranged", "arranged", "arranged"), 2, 1),
    (("arranged", "delivered", "arranged"), 6, 1),
    (("delivered", "delivered", "arranged"), 1, 2),
    (("satisfied", "arranged", "delivered"), 2, 2),
    (("promised", "promised", "satisfied"), 0, 1),
    (("promised", "arranged", "satisfied"), 4, 2),
)
"""How the three conversations stand, how many days have passed since, and the weekly budget."""
SETTINGS = {n: Settings(secret="s", contacts_per_week=n) for n in (1, 2)}  # type: ignore[arg-type]
WHO = st.sampled_from(["anna", "siv"])
TALK = st.integers(0, 2)
TALKS = ("talk0", "talk1", "talk2")
LOOKS = 20


@dataclass(frozen=True)
class Made:
    """A beginning that is kept: whose orders the three conversations are about, and what was apologised for."""

    now: datetime
    orders: Sequence[str]
    apologies: Counter[int]


class CaseLife(RuleBasedStateMachine):
    """Three conversations of two customers (one has two channels), two agents, and time."""

    database: Database
    snapshots: Snapshots
    made: ClassVar[dict[tuple[object, ...], Made]]

    @initialize(start=st.sampled_from(STARTS), situation=st.sampled_from(SITUATIONS))
    def begin(self, start: tuple[str, str], situation: tuple[tuple[str, ...], int, int]) -> None:
        stands, days, per_week = situation
        self.now = datetime.fromisoformat(start[0]).replace(tzinfo=UTC)
        self.settings = SETTINGS[per_week]
        self.known = Known(per_week)
        name = (start, situation)
        if name not in self.made:
            self.make(start[1], stands, days)
            self.snapshots.keep(name)
            self.made[name] = Made(self.now, tuple(self.orders), self.known.apologies)
        else:
            self.snapshots.put_back(name)
        self.now = self.made[name].now
        self.orders = self.made[name].orders
        self.known.apologies = self.made[name].apologies.copy()

    def make(self, zone: str, stands: Sequence[str], days: int) -> None:
        """Make a beginning by what the desk itself does."""
        self.snapshots.put_back("the shop")
        with self.database.writing() as session:
            orders = session.scalars(select(Order).where(Order.delivered_at.is_not(None)).order_by(Order.number).limit(2)).all()
            self.orders = [orders[n].number for n in (0, 1, 0)]
            session.get_one(Customer, orders[1].customer_id).timezone = zone
            for order in orders:  # so new that the shop's rules give him another one at once
                order.delivered_at = self.now - timedelta(days=1)
            for number, order in enumerate((orders[0], orders[1], orders[0])):
                conversation, _ = open_conversation(session, "telegram" if number == 2 else "website", "en", self.now)
                conversation.customer_id, conversation.verified_at = order.customer_id, self.now
                conversation.id = TALKS[number]
        for talk, stand in enumerate(stands):
            if stand != "nothing":
                self.customer_reports(talk, "fault", False)
            if stand in ("arranged", "delivered", "satisfied", "promised"):
                self.customer_says(talk, "accepts")
            if stand == "delivered":
                self.agent_says_of_a_case("anna", talk, "delivered")
            if stand == "promised":
                self.customer_says(talk, "call")
            if stand == "satisfied":
                self.customer_says(talk, "satisfied")
        for _ in range(days):
            self.now += timedelta(hours=24)
            self.look()

    def hear(self, session: Session, talk: int, hazard: bool = False) -> tuple[Conversation, Heard]:
        conversation = lock_conversation(session, TALKS[talk])
        message = append_message(session, conversation, "customer", "words of his", self.now, state="answered")
        return conversation, Heard(message.id, message.text, "furious" if hazard else "calm", hazard)

    @rule(talk=TALK, kind=st.sampled_from(["fault", "complaint", "late_delivery", "suggestion", "request"]), hazard=st.booleans())
    def customer_reports(self, talk: int, kind: str, hazard: bool) -> None:
        with self.database.writing() as session:
            conversation, heard = self.hear(session, talk, hazard)
            recorded = record_case(session, conversation, kind, heard, self.now)
            attach_order(session, recorded.case, session.get_one(Order, self.orders[talk]), self.now, heard.message_id)
            offer_remedies(session, recorded.case, self.now, heard.message_id)
            self.known.apologies[recorded.case.id] += recorded.apologise

    @rule(talk=TALK, what=st.sampled_from(["accepts", "declines", "satisfied", "not right", "call", "no call", "status", "thanks"]))
    def customer_says(self, talk: int, what: str) -> None:
        with self.database.writing() as session:
            _, heard = self.hear(session, talk)
            case = self.case_of(session, talk)
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
            where = session.get_one(Conversation, case.conversation_id)
            promise_as_told(session, session.get_one(Followup, case.next_followup_id), where, self.settings)

    @rule(rating=st.integers(1, 5))
    def customer_rates(self, rating: int) -> None:
        with self.database.writing() as session:
            survey = session.scalars(select(Survey).where(Survey.state == "asked").order_by(Survey.asked_at)).first()
            if survey is None:
                return
            conversation, heard = self.hear(session, TALKS.index(survey.conversation_id))
            rate(session, conversation, survey, rating, heard, self.now, timedelta(minutes=10))

    @rule(talk=TALK)
    def customer_wants_no_messages(self, talk: int) -> None:
        with self.database.writing() as session:
            conversation, _ = self.hear(session, talk)
            stop_messages(session, conversation, self.now)
            assert conversation.customer_id is not None
            self.known.opted_out.setdefault(conversation.customer_id, self.now)

    @rule(who=WHO, talk=TALK, takes=st.booleans())
    def agent_comes_or_goes(self, who: str, talk: int, takes: bool) -> None:
        with self.database.writing() as session:
            conversation = lock_conversation(session, TALKS[talk])
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
            case = self.case_of(session, talk)
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
        self.now += timedelta(hours=hours)
        self.look()

    @rule(every=st.sampled_from([5, 23, 26]), times=st.integers(2, 4))
    def time_passes(self, every: int, times: int) -> None:
        for _ in range(times):
            self.now += timedelta(hours=every)
            self.look()

    @rule()
    def worker_dies_in_the_middle_of_a_delivery(self) -> None:
        self.now += timedelta(hours=20)
        with pytest.raises(InterruptedError), self.database.writing() as session:  # noqa: PT012
            deliver_due_followups(session, self.now, load_words(), self.settings, limit=3)
            raise InterruptedError
        self.look()

    def look(self) -> None:
        """The worker is there, and looks until nothing is left to do."""
        watch = Watch(self.database, self.settings, load_words())
        for _ in range(LOOKS):
            if not watch.step(self.now):
                break
        with self.database.reading() as session:
            nothing_is_left_to_do(session, self.now)

    def case_of(self, session: Session, talk: int) -> Case | None:
        return session.scalars(select(Case).where(Case.conversation_id == TALKS[talk]).order_by(Case.id.desc())).first()

    @invariant()
    def what_must_hold_holds(self) -> None:
        if hasattr(self, "known"):
            with self.database.reading() as session:
                check(session, self.known)


def prepare(database: Database) -> Snapshots:
    """Two agents and the demo shop, from which every beginning is made."""
    with database.writing() as session:
        for login in ("anna", "siv"):
            add_agent(session, login, login.title(), ["en"], role="lead" if login == "siv" else "agent")
        stock_demo_shop(session)
    snapshots = Snapshots(database)
    snapshots.keep("the shop")
    return snapshots


def agent(session: Session, login: str) -> Agent:
    return session.scalars(select(Agent).where(Agent.login == login)).one()
