"""After the hand-back the bot knows what was agreed: it says it, does not ask again, and does not loop back to people."""

from datetime import timedelta

from actions.answers import Answer
from actions.case_form import ValidateCaseForm
from actions.outcome import CaseStatus, NotSolved
from actions.trouble import RecordCase
from desk.cases.service import close_unconfirmed, current_case
from desk.conversations.access import hand_back_as_agent, say_as_agent, take_as_agent
from desk.conversations.people import own_free_slots, schedule_call_as_agent
from desk.conversations.service import lock_conversation
from desk.handoffs.service import open_handoff
from tests.actions.conftest import Caller
from tests.actions.test_corrections import said, verified
from tests.actions.test_tried_again import slot
from tests.conftest import NOW

FRIDAY = "We collect it on Friday"


def agree(caller: Caller, agreed: str = FRIDAY, call: bool = False) -> None:
    """A stranger complains, Anna takes over, agrees something with him and hands back; the bot begins afresh."""
    caller.call(RecordCase, caller.hear("My TV makes noises", "report_fault"))
    with caller.database.writing() as session:
        anna = caller.cast.anna
        take_as_agent(session, anna, caller.conversation, NOW)
        say_as_agent(session, anna, caller.conversation, "a", "Hello, Anna here.", NOW)
        if call:
            start = own_free_slots(session, anna, NOW)[0].start
            schedule_call_as_agent(session, anna, caller.conversation, start, "Europe/Stockholm", NOW)
        hand_back_as_agent(session, anna, caller.conversation, NOW, agreed)
    caller.slots, caller.loop = {}, None


def is_handed_off(caller: Caller) -> bool:
    with caller.database.reading() as session:
        return open_handoff(session, caller.conversation) is not None


def complain_again(caller: Caller, text: str = "It still makes noises"):  # type: ignore[no-untyped-def]
    """As the rule goes: recorded, then the form."""
    heard = caller.hear(text, "report_fault")
    caller.call(RecordCase, heard)
    caller.loop = "case_form"
    return caller.call(ValidateCaseForm, heard, {"event": "action", "name": "action_record_case"})


def test_same_trouble_again_is_not_asked_about_again(caller: Caller) -> None:
    agree(caller)
    answer = complain_again(caller)
    assert said(answer) == ["utter_agreed_holds"]
    assert (answer[0][0]["who"], answer[0][0]["agreed"]) == ("Anna Berg", "We collect it on Friday.")
    filled = {e["name"] for e in answer[1] if e["event"] == "slot" and e["value"] is not None}
    assert filled >= {"order_number", "email", "remedy", "call_time"}  # nothing is left for the form to ask
    assert not is_handed_off(caller)


def test_without_an_agreement_the_form_asks(caller: Caller) -> None:
    agree(caller, "")
    assert complain_again(caller)[0] == []


def test_a_new_wish_is_taken_up_all_the_same(caller: Caller) -> None:
    verified(caller)
    agree(caller)
    caller.slots, caller.loop = {"remedy": "refund", "product": "Aurora P50"}, "case_form"
    answer = caller.call(ValidateCaseForm, caller.hear("I want my money back", "get_refund"), slot("remedy", "refund"))
    assert "utter_agreed_holds" not in said(answer)


def test_not_solved_is_held_against_the_agreement_once_then_a_person_comes(caller: Caller) -> None:
    agree(caller)
    assert said(caller.call(NotSolved, caller.hear("that did not help", "not_solved"))) == ["utter_agreed_holds"]
    assert not is_handed_off(caller)
    assert said(caller.call(NotSolved, caller.hear("no, really not", "not_solved")))[0] == "utter_not_solved"
    assert is_handed_off(caller)


def test_a_furious_or_endangered_customer_gets_a_person_at_once(caller: Caller) -> None:
    agree(caller)
    caller.call(NotSolved, caller.hear("NOT SOLVED!!!", "not_solved", mood="furious"))
    assert is_handed_off(caller)


def test_no_after_the_check_in_brings_a_person_whatever_was_agreed(caller: Caller) -> None:
    agree(caller)
    with caller.database.writing() as session:
        lock_conversation(session, caller.conversation).asked = "check_in"
    caller.call(NotSolved, caller.hear("no", "deny"))
    assert is_handed_off(caller)


def test_his_case_and_his_delivery_are_told_with_what_was_agreed(caller: Caller) -> None:
    agree(caller)
    assert said(caller.call(CaseStatus, caller.hear("how is my case?", "ask_case_status"))) == [
        "utter_case_status", "utter_agreed", "utter_case_page",
    ]  # fmt: skip
    assert said(caller.call(Answer, caller.hear("when do you come?", "ask_delivery_time"))) == ["utter_agreed"]


def test_a_call_that_the_agent_promised_is_not_offered_again(caller: Caller) -> None:
    verified(caller)
    agree(caller, "", call=True)
    answer = complain_again(caller)
    assert "utter_next_call" not in said(answer)  # the order and the remedy come first
    caller.slots = {"order_number": "10023847", "email": "known", "remedy": "none"}
    answer = caller.call(ValidateCaseForm, caller.hear("hm", "affirm"))
    assert said(answer)[-1] == "utter_next_call"
    assert slot("call_time", "none") in answer[1]


def test_an_agreement_ends_with_its_case(caller: Caller) -> None:
    agree(caller)
    with caller.database.writing() as session:
        case = current_case(session, lock_conversation(session, caller.conversation))
        assert case is not None
        close_unconfirmed(session, case, caller.cast.anna, "He moved away", NOW + timedelta(minutes=30))
        lock_conversation(session, caller.conversation).agreed_at = NOW - timedelta(
            minutes=1
        )  # before the next case; the clock stands
    assert complain_again(caller, "The new one is broken")[0] == []
