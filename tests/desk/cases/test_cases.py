"""Cases: recorded once, apologised for once, closed by the customer's word or an agent's name."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from desk.cases.history import history_of
from desk.cases.remedies import accept_remedy, choices_among, decline_remedies, offer_remedies, remedies_of
from desk.cases.service import Heard, case_by_number, close_unconfirmed, confirm_solved, not_solved, record_case
from desk.cases.tables import Case, CaseEvent
from desk.db.engine import Database
from desk.errors import Conflict, NotFound, WrongInput
from desk.followups.calls import find_slot, offered_slots, promise_call
from desk.followups.tables import Followup
from tests.conftest import NOW
from tests.desk.cast import SMELL, gather, heard_last, smelling_tv, talk


def test_a_repeated_message_opens_no_second_case(database: Database) -> None:
    with database.writing() as session:
        conversation = talk(session, "it is broken")
        heard = heard_last(session, conversation)
        first, again = (record_case(session, conversation, "fault", heard, NOW) for _ in range(2))
        assert first.case.id == again.case.id
        assert (first.apologise, again.apologise) == (True, True)  # a repeated turn says what it said
        assert session.scalar(select(func.count()).select_from(Case)) == 1


def test_more_trouble_in_the_same_conversation_is_added_without_another_apology(database: Database) -> None:
    with database.writing() as session:
        conversation = talk(session, "it is broken", "and it smells! I am furious")
        first = session.scalars(select(Case)).first()
        assert first is None
        opened = record_case(session, conversation, "fault", Heard(_message(session, conversation, 1), "it is broken"), NOW)
        added = record_case(session, conversation, "complaint", heard_last(session, conversation, "furious", True), NOW)
        assert added.case.id == opened.case.id
        assert (added.is_new, added.apologise) == (False, False)
        assert (added.case.priority, added.case.mood, added.case.hazard) == ("urgent", "furious", True)


def _message(session, conversation, seq):  # type: ignore[no-untyped-def]
    from desk.conversations.tables import Message

    return session.scalars(select(Message.id).where(Message.conversation_id == conversation.id, Message.seq == seq)).one()


def test_an_open_case_has_one_next_step_with_owner_and_time(database: Database) -> None:
    with database.writing() as session:
        case = smelling_tv(session, gather(session))
        step = session.get_one(Followup, case.next_followup_id)
        assert (step.case_id, step.state, step.owner) == (case.id, "pending", "team")
        assert step.due_at == NOW + timedelta(hours=1)  # danger


def test_the_plasma_tv_may_be_replaced_or_refunded_and_the_old_one_goes_back(database: Database) -> None:
    with database.writing() as session:
        case = smelling_tv(session, gather(session))
        offers = choices_among(offer_remedies(session, case, NOW, case.source_message_id or ""))
        assert [o.kind for o in offers] == ["replacement", "refund"]
        done = accept_remedy(session, case, "replacement", NOW, case.source_message_id or "", 1)
        assert not done.needs_human
        states = {r.kind: r.state for r in remedies_of(session, case)}
        assert states == {"return": "arranged", "replacement": "arranged", "refund": "declined"}
        assert case.state == "arranged"
        assert session.get_one(Followup, case.next_followup_id).kind == "check_in"


def test_accepting_twice_arranges_once(database: Database) -> None:
    with database.writing() as session:
        case = smelling_tv(session, gather(session))
        for _ in range(2):
            accept_remedy(session, case, "replacement", NOW, case.source_message_id or "", 1)
        events = [e.what for e in history_of(session, case)]
        assert events.count("remedy_accepted") == 1
        assert len(remedies_of(session, case)) == 3


def test_what_goes_beyond_the_rules_waits_for_a_person(database: Database) -> None:
    with database.writing() as session:
        case = smelling_tv(session, gather(session))
        assert accept_remedy(session, case, "repair", NOW, "m", 1).needs_human
        assert {r.kind: r.state for r in remedies_of(session, case)}["repair"] == "needs_human"
        assert case.state != "arranged"


def test_declined_remedies_stay_declined(database: Database) -> None:
    with database.writing() as session:
        case = smelling_tv(session, gather(session))
        decline_remedies(session, case, NOW, "m")
        assert {r.state for r in remedies_of(session, case)} == {"declined"}


def test_the_customers_word_closes_a_case_and_is_its_proof(database: Database) -> None:
    with database.writing() as session:
        case = smelling_tv(session, gather(session), arranged=True)
        heard = Heard(case.source_message_id or "", "all is well")
        assert confirm_solved(session, case, heard, NOW)
        assert (case.state, case.satisfied_by_message_id, case.next_followup_id) == ("satisfied", heard.message_id, None)
        assert confirm_solved(session, case, heard, NOW)  # the same word again changes nothing
        assert [e.what for e in history_of(session, case)].count("satisfied") == 1


def test_a_case_is_opened_again_by_the_customers_word(database: Database) -> None:
    with database.writing() as session:
        case = smelling_tv(session, gather(session), arranged=True)
        heard = Heard(case.source_message_id or "", "all is well")
        confirm_solved(session, case, heard, NOW)
    with database.writing() as session:
        case = session.get_one(Case, case.id)
        not_solved(session, case, Heard(case.source_message_id or "", "it smells again"), NOW)
        assert case.is_open
        assert case.satisfied_by_message_id is None
        assert session.get_one(Followup, case.next_followup_id).kind == "task"


def test_an_agent_closes_only_with_a_reason_and_his_name(database: Database) -> None:
    with database.writing() as session:
        cast = gather(session)
        case = smelling_tv(session, cast, arranged=True)
        with pytest.raises(WrongInput):
            close_unconfirmed(session, case, cast.anna, "  ", NOW)
        close_unconfirmed(session, case, cast.anna, "called three times, no answer", NOW)
        assert (case.state, case.closed_by_id) == ("closed_unconfirmed", cast.anna.id)
        with pytest.raises(Conflict):
            close_unconfirmed(session, case, cast.anna, "again", NOW)


def test_a_promised_time_must_be_kept_before_a_case_is_closed(database: Database) -> None:
    with database.writing() as session:
        cast = gather(session)
        case = smelling_tv(session, cast, arranged=True)
        promise_call(session, case, offered_slots(session, NOW, "en")[0], NOW, case.source_message_id or "")
        with pytest.raises(Conflict):
            close_unconfirmed(session, case, cast.anna, "no time for that", NOW)


def test_a_call_is_promised_once_per_message_and_moved_by_another(database: Database) -> None:
    with database.writing() as session:
        case = smelling_tv(session, gather(session), arranged=True)
        slots = offered_slots(session, NOW, "en")
        first = promise_call(session, case, slots[0], NOW, "m1")
        assert promise_call(session, case, slots[1], NOW, "m1").id == first.id
        second = promise_call(session, case, slots[1], NOW, "m2")
        assert (first.state, first.promise) == ("cancelled", "moved")
        assert case.next_followup_id == second.id


def test_a_promised_slot_is_offered_to_nobody_else(database: Database) -> None:
    with database.writing() as session:
        case = smelling_tv(session, gather(session), arranged=True)
        slot, _ = find_slot(session, "i morgon kl 10", "sv", "Europe/Stockholm", NOW)
        assert slot is not None
        promise_call(session, case, slot, NOW, "m1")
        for _ in range(5):  # until nobody is free then
            again, near = find_slot(session, "i morgon kl 10", "sv", "Europe/Stockholm", NOW)
            assert again is None or again.agent_id != slot.agent_id
            if again is None:
                assert near
                break
            promise_call(session, smelling_tv(session, _cast(session), arranged=True), again, NOW, f"m{again.agent_id}")


def _cast(session):  # type: ignore[no-untyped-def]
    from desk.agents.tables import Agent
    from desk.customers.tables import Customer
    from desk.shop.tables import Order
    from tests.desk.cast import Cast

    agents = {a.login: a for a in session.scalars(select(Agent))}
    erik = session.scalars(select(Customer).where(Customer.email == "erik.lund@example.com")).one()
    return Cast(agents["anna"], agents["mikko"], agents["siv"], erik, session.get_one(Order, "10023847"))


@pytest.mark.parametrize("number", ["F-100001", "f100001", " F-100001 "])
def test_a_case_is_found_by_its_number_as_people_write_it(database: Database, number: str) -> None:
    with database.writing() as session:
        assert case_by_number(session, number) if smelling_tv(session, gather(session)) else None


@pytest.mark.parametrize("number", ["F-100099", "100001; --", "F-1", ""])
def test_an_unknown_number_is_not_found(database: Database, number: str) -> None:
    with database.writing() as session, pytest.raises(NotFound):
        case_by_number(session, number)


def test_the_history_tells_the_case(database: Database) -> None:
    with database.writing() as session:
        case = smelling_tv(session, gather(session), arranged=True)
        told = [(e.who, e.what) for e in history_of(session, case)]
        assert told[:3] == [("customer", "opened"), ("bot", "apologised"), ("customer", "order_named")]
        assert session.scalars(select(CaseEvent.detail).where(CaseEvent.what == "opened")).one()["text"] == SMELL
