"""In a group others read along: a question for everybody is answered, what is about one customer is declined."""

import importlib
import pkgutil

import pytest
from sqlalchemy import func, select

import actions
from actions.answers import Answer
from actions.corrections import HearWish
from actions.door import Door
from actions.misses import NoneOfThese, NotUnderstood
from actions.orders import ShowOrder
from actions.people import RequestHandoff
from actions.trouble import RecordCase, SafetyAdvice
from desk.cases.tables import Case
from desk.channels.telegram.deep_link import remember_bot
from desk.conversations.service import open_conversation
from desk.customers.identities import meet
from desk.customers.service import verify_by_order
from desk.db.base import Base
from desk.handoffs.tables import Handoff
from desk.settings import Settings
from tests.actions.conftest import Caller
from tests.conftest import NOW

ABOUT_NOBODY = {
    "action_answer", "action_tell_price", "action_tell_stock", "action_recommend_products", "validate_advice_form",
    "action_not_understood", "action_none_of_these", "action_change_language", "action_start_over", "action_safety_advice",
}  # fmt: skip


@pytest.fixture
def in_group(caller: Caller) -> Caller:
    """The same caller in a group of Telegram's."""
    Door.desk = Door.desk.__class__(
        caller.database, Settings(secret="s" * 40, telegram_token="4711:x"), Door.desk.clock, Door.desk.words  # type: ignore[arg-type]
    )  # fmt: skip
    with caller.database.writing() as session:
        remember_bot(session, 4711, "fubb_bot")
        identity = meet(session, "telegram", "-100", "", NOW)
        caller.conversation = open_conversation(session, "telegram", "en", NOW, identity.id)[0].id
    return caller


def all_doors() -> list[type[Door]]:
    for module in pkgutil.iter_modules(actions.__path__):
        if module.name != "server":
            importlib.import_module(f"actions.{module.name}")
    found, ahead = [], [Door]
    while ahead:
        ahead += (children := ahead.pop().__subclasses__())
        found += [door for door in children if "action_name" in vars(door)]
    return found


def rows(caller: Caller, table: type[Base]) -> int:
    with caller.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_only_actions_that_say_nothing_about_anybody_are_done_in_groups() -> None:
    assert {door.action_name for door in all_doors() if door.in_groups} == ABOUT_NOBODY


def test_every_other_action_declines_and_leaves_no_trace(in_group: Caller) -> None:
    for door in all_doors():
        if door.action_name in ABOUT_NOBODY:
            continue
        heard = in_group.hear("10023847, erik.lund@example.com", "track_order")
        said, events = in_group.call(door, heard)
        assert [m["response"] for m in said] == ["utter_in_private"], door.action_name
        assert said[0]["link"] == "https://t.me/fubb_bot?start=private"
        assert [e["name"] for e in events if e["event"] == "followup"] == ["action_listen"], "no form asks for anything"
    assert (rows(in_group, Case), rows(in_group, Handoff)) == (0, 0)


def test_a_question_for_everybody_is_answered(in_group: Caller) -> None:
    said, _ = in_group.call(Answer, in_group.hear("When do you open?", "ask_opening_hours"))
    assert "utter_in_private" not in [m.get("response") for m in said]


def test_advice_is_for_everybody_and_an_order_is_not(in_group: Caller) -> None:
    assert in_group.call(HearWish, in_group.hear("I need a TV", "ask_product_advice")) == ([], [])
    said, _ = in_group.call(HearWish, in_group.hear("Where is my order?", "track_order"))
    assert [m["response"] for m in said] == ["utter_in_private"]


def test_danger_is_answered_first_and_goes_on_in_private(in_group: Caller) -> None:
    said, events = in_group.call(SafetyAdvice, in_group.hear("My TV is smoking", "report_fault", hazard=True))
    assert [m["response"] for m in said] == ["utter_safety_advice", "utter_in_private"]
    assert [e["name"] for e in events if e["event"] == "followup"] == ["action_listen"]
    assert rows(in_group, Case) == 0


def test_whoever_is_not_understood_twice_is_not_given_a_case_in_a_group(in_group: Caller) -> None:
    in_group.slots = {"misses": 1}
    for door in (NotUnderstood, NoneOfThese):
        said, _ = in_group.call(door, in_group.hear("blrgh", "nlu_fallback"))
        assert [m["response"] for m in said] == ["utter_in_private"]
    assert rows(in_group, Handoff) == 0


def test_an_order_number_with_its_email_opens_nothing_in_a_group(in_group: Caller) -> None:
    with in_group.database.writing() as session:
        answer = verify_by_order(session, in_group.conversation, "10023847", "erik.lund@example.com", NOW, attempts=5)
    assert answer.order is None


@pytest.mark.parametrize("door", [ShowOrder, RecordCase, RequestHandoff])
def test_in_a_chat_of_two_nothing_is_declined(caller: Caller, door: type[Door]) -> None:
    said, _ = caller.call(door, caller.hear("Where is my order?", "track_order"))
    assert "utter_in_private" not in [m.get("response") for m in said]
