"""What a form asks and takes: nothing that changes nothing, the order that he means, times that can be kept."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from actions.advice import ValidateAdviceForm, read_amount
from actions.answers import Answer
from actions.case_form import AskOrderNumber, ValidateCaseForm
from actions.trouble import RecordCase
from desk.cases.tables import Case
from desk.conversations.service import lock_conversation
from desk.followups.promises import promise_as_told
from desk.followups.tables import Followup
from desk.settings import Settings
from tests.actions.conftest import Caller
from tests.actions.test_tried_again import slot
from tests.conftest import NOW
from tests.desk.cast import verify


def known(caller: Caller) -> None:
    with caller.database.writing() as session:
        verify(session, lock_conversation(session, caller.conversation), caller.cast)


def broken(caller: Caller, **slots: object) -> None:
    caller.call(RecordCase, caller.hear("it is broken", "report_fault"))
    caller.loop = "case_form"
    caller.slots |= slots


def test_a_form_that_learns_nothing_returns_no_slot_so_that_another_question_is_answered(caller: Caller) -> None:
    broken(caller, order_number="unknown", email="unknown", remedy="none")
    said, events = caller.call(ValidateCaseForm, caller.hear("what is happening with my case?", "ask_case_status"))
    assert (said, events) == ([], [])


def test_the_order_with_the_thing_that_he_names_is_meant(caller: Caller) -> None:
    known(caller)
    broken(caller, product_kind="coffee_maker")
    _, events = caller.call(ValidateCaseForm, caller.hear("my coffee maker leaks", "report_fault"))
    assert slot("order_number", "10019312") in events


def test_the_order_that_we_have_just_talked_about_is_meant(caller: Caller) -> None:
    known(caller)
    broken(caller, shown_order="10019312")
    _, events = caller.call(ValidateCaseForm, caller.hear("I want to send it back", "return_product"))
    assert slot("order_number", "10019312") in events


def test_a_known_customer_chooses_among_his_orders_and_a_stranger_is_asked_for_the_number(caller: Caller) -> None:
    broken(caller)
    said, _ = caller.call(AskOrderNumber, caller.hear("it is broken", "report_fault"))
    assert [one["response"] for one in said] == ["utter_ask_case_form_order_number"]
    known(caller)
    said, _ = caller.call(AskOrderNumber, caller.hear("well", "greet"))
    assert [one["response"] for one in said] == ["utter_which_order_is_it"]
    assert [button["title"].partition(":")[0] for button in said[0]["buttons"]] == ["10023847", "10019312", "Something else"]


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("looking for a plasma TV", "plasma_tv"),
        ("plasmatelkkaria etsin", "plasma_tv"),
        ("en LED-tv, tack", "led_tv"),
        ("ledtv", "led_tv"),
    ],
)
def test_who_asks_for_plasma_is_not_shown_others(caller: Caller, said: str, kind: str) -> None:
    caller.loop, caller.slots = "advice_form", {"product_kind": "tv"}
    _, events = caller.call(ValidateAdviceForm, caller.hear(said, "ask_product_advice"))
    assert slot("product_kind", kind) in events


def test_a_word_that_only_has_the_letters_asks_for_no_panel(caller: Caller) -> None:
    caller.loop, caller.slots = "advice_form", {"product_kind": "tv"}
    _, events = caller.call(ValidateAdviceForm, caller.hear("I called about a tv, my old one failed", "ask_product_advice"))
    assert events == []


def test_an_answer_that_cannot_be_read_is_owned_up_to_in_a_form(caller: Caller) -> None:
    caller.loop = "advice_form"
    said, _ = caller.call(Answer, caller.hear("purple", "out_of_scope"))
    assert [one.get("response") for one in said] == ["utter_did_not_get_that"]


@pytest.mark.parametrize(
    ("said", "amount"),
    [("9000", "9000"), ("9 000 kr", "9000"), ("9 tusen", "9000"), ("10k kr", "10000"), ("8,5 tusen", "8500"), ("€500", "500"),
     ("500,50 kr", "500.50"), ("1 200 000 kr", "1200000"), ("12 kr", "12"), ("any", "None"), ("lots", "None")],
)  # fmt: skip
def test_a_sum_is_read_as_people_write_it(said: str, amount: str) -> None:
    read = read_amount(said)
    assert str(read) == amount or f"{read:.0f}" == amount


@pytest.mark.parametrize(
    ("kind", "due", "kept"),
    [
        ("check_in", NOW.replace(hour=12), NOW.replace(hour=12)),
        (
            "check_in",
            NOW.replace(hour=22),
            NOW.replace(hour=7) + timedelta(days=1),
        ),  # 23:00 in Stockholm; he may be written to at 8
    ],
)
def test_a_time_is_told_that_the_customers_quiet_hours_allow(caller: Caller, kind: str, due: datetime, kept: datetime) -> None:
    broken(caller)
    with caller.database.writing() as session:
        conversation = lock_conversation(session, caller.conversation)
        case = session.scalars(select(Case)).one()
        followup = session.get_one(Followup, case.next_followup_id)
        followup.kind, followup.due_at = kind, due
        session.flush()
        promise_as_told(session, followup, conversation, Settings(secret="s" * 40))  # type: ignore[arg-type]
        assert followup.due_at == kept
