"""The customer takes something back: from the beginning, the other order, another remedy."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from actions.calls import PrepareCall
from actions.case_form import ValidateCaseForm
from actions.corrections import HearWish, OtherOrder, StartOver
from actions.people import RequestHandoff
from actions.trouble import RecordCase
from desk.cases.remedies import accept_remedy, change_remedy
from desk.cases.service import attach_order, current_case
from desk.cases.tables import Case, Remedy
from desk.conversations.service import lock_conversation
from tests.actions.conftest import Caller
from tests.actions.test_tried_again import complain, slot
from tests.conftest import NOW
from tests.desk.cast import verify


def said(answer: tuple[list[dict[str, Any]], list[dict[str, Any]]]) -> list[str]:
    return [message["response"] for message in answer[0]]


def followups(events: list[dict[str, Any]]) -> list[str]:
    return [event["name"] for event in events if event["event"] == "followup"]


def verified(caller: Caller) -> None:
    with caller.database.writing() as session:
        verify(session, lock_conversation(session, caller.conversation), caller.cast)


def test_starting_over_forgets_what_was_said_and_leaves_the_form_but_not_the_case(caller: Caller) -> None:
    complain(caller)
    caller.slots |= {"later": {"text": "x", "topic": "get_invoice"}}
    answer = caller.call(StartOver, caller.hear("never mind", "start_over"))
    assert said(answer) == ["utter_start_over_case"]
    assert {"event": "active_loop", "timestamp": None, "name": None} in answer[1]
    assert {e["name"] for e in answer[1] if e["event"] == "slot" and e["value"] is None} >= {"order_number", "later", "remedy"}
    with caller.database.reading() as session:
        assert session.scalars(select(Case)).one().is_open


def test_the_other_order_of_a_stranger_is_asked_for(caller: Caller) -> None:
    caller.loop = "order_form"
    _, events = caller.call(OtherOrder, caller.hear("no, the other order", "other_order"))
    assert followups(events) == ["order_form"]
    assert slot("order_number", None) in events


def test_his_other_order_is_shown_to_a_verified_customer(caller: Caller) -> None:
    verified(caller)
    caller.slots = {"shown_order": "10023847"}
    answer = caller.call(OtherOrder, caller.hear("no, the other order", "other_order"))
    assert answer[0][0]["number"] == "10019312"
    assert slot("shown_order", "10019312") in answer[1]


def test_the_other_order_is_put_into_the_case_that_is_open_in_the_form(caller: Caller) -> None:
    complain(caller)
    answer = caller.call(OtherOrder, caller.hear("no, the other order", "other_order"))
    assert said(answer) == ["utter_other_order_taken"]
    assert followups(answer[1]) == ["case_form"]
    with caller.database.reading() as session:
        assert session.scalars(select(Case)).one().order_number == "10019312"


def test_an_order_number_typed_later_corrects_the_case(caller: Caller) -> None:
    complain(caller)
    answer = caller.call(ValidateCaseForm, caller.hear("sorry, it is 10019312", "deny"), slot("order_number", "10019312"))
    assert said(answer)[0] == "utter_verified"
    with caller.database.reading() as session:
        assert session.scalars(select(Case)).one().order_number == "10019312"


def test_there_is_no_other_order_to_show(caller: Caller) -> None:
    verified(caller)
    with caller.database.writing() as session:
        from desk.shop.tables import Order, OrderLine

        for line in session.scalars(select(OrderLine).where(OrderLine.order_number == "10019312")):
            session.delete(line)
        session.flush()
        session.delete(session.get_one(Order, "10019312"))
    caller.slots = {"shown_order": "10023847"}
    assert said(caller.call(OtherOrder, caller.hear("the other order", "other_order"))) == ["utter_only_order"]


@pytest.mark.parametrize(("loop", "on"), [("order_form", "case_form"), ("advice_form", "case_form"), ("case_form", "case_form")])
def test_trouble_in_the_middle_of_another_form_goes_on_with_the_trouble(caller: Caller, loop: str, on: str) -> None:
    caller.loop = loop
    _, events = caller.call(RecordCase, caller.hear("my TV broke", "report_fault"))
    assert followups(events) == [on]


@pytest.mark.parametrize(("topic", "on"), [("cancel_order", "order_form"), ("ask_product_advice", "advice_form")])
def test_another_wish_in_the_middle_of_a_form_goes_on_with_it(caller: Caller, topic: str, on: str) -> None:
    caller.loop = "order_form"
    assert followups(caller.call(HearWish, caller.hear("something else", topic))[1]) == [on]
    caller.loop = None
    assert caller.call(HearWish, caller.hear("something else", topic))[1] == []


def test_a_call_wanted_in_the_middle_of_an_order_is_agreed_on(caller: Caller) -> None:
    caller.loop = "order_form"
    assert followups(caller.call(PrepareCall, caller.hear("just call me", "request_callback"))[1]) == ["call_form"]


def test_what_waited_is_left_to_the_person_who_comes(caller: Caller) -> None:
    caller.slots = {"later": {"text": "x", "topic": "get_invoice"}, "interrupted": "case_form"}
    _, events = caller.call(RequestHandoff, caller.hear("a person please", "ask_human"))
    assert slot("later", None) in events
    assert slot("interrupted", None) in events


def arranged(caller: Caller) -> None:
    complain(caller)
    with caller.database.writing() as session:
        case = current_case(session, lock_conversation(session, caller.conversation))
        assert case is not None
        attach_order(session, case, caller.cast.order, NOW, "x")
        accept_remedy(session, case, "replacement", NOW, "y", 3)


def test_another_remedy_soon_after_is_changed_by_the_bot(caller: Caller) -> None:
    arranged(caller)
    answer = caller.call(ValidateCaseForm, caller.hear("rather the money", "get_refund"), slot("remedy", "refund"))
    assert said(answer)[:2] == ["utter_remedy_changed", "utter_arranged_refund"]
    with caller.database.reading() as session:
        states = {r.kind: r.state for r in session.scalars(select(Remedy))}
        assert (states["refund"], states["return"], states["replacement"]) == ("arranged", "arranged", "declined")


def test_the_same_remedy_again_changes_nothing(caller: Caller) -> None:
    arranged(caller)
    answer = caller.call(ValidateCaseForm, caller.hear("a new one", "replace_product"), slot("remedy", "replacement"))
    assert "utter_remedy_changed" not in said(answer)


def test_another_remedy_later_is_for_a_person(caller: Caller) -> None:
    arranged(caller)
    with caller.database.writing() as session:
        case = current_case(session, lock_conversation(session, caller.conversation))
        assert case is not None
        assert change_remedy(session, case, "refund", NOW + timedelta(hours=2), "z") == "needs_human"
        states = {r.kind: r.state for r in session.scalars(select(Remedy))}
        assert (states["refund"], states["replacement"]) == ("needs_human", "arranged")
