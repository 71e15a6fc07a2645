"""A turn that is tried again, because Rasa died after an action and before it stored the turn, goes as it went first."""

from sqlalchemy import func, select

from actions.case_form import FinishCase, ValidateCaseForm
from actions.outcome import ConfirmSolved
from actions.trouble import RecordCase, SafetyAdvice
from desk.cases.service import attach_order, current_case
from desk.cases.tables import Case, CaseEvent, Remedy
from desk.conversations.outcomes import forget_outcomes
from desk.conversations.service import lock_conversation
from desk.conversations.tables import ActionOutcome
from tests.actions.conftest import Caller
from tests.conftest import NOW
from tests.desk.cast import SMELL, verify

SMELLS = {"topic": "report_fault", "mood": "furious", "hazard": True}


def slot(name: str, value: object) -> dict[str, object]:
    return {"event": "slot", "name": name, "value": value, "timestamp": None}


def complain(caller: Caller) -> None:
    """His TV smells; he is verified and the case has his order."""
    said = caller.hear(SMELL, **SMELLS)
    caller.call(SafetyAdvice, said)
    caller.call(RecordCase, said, {"event": "action", "name": "action_safety_advice"}, slot("product", "Aurora P50"))
    with caller.database.writing() as session:
        conversation = verify(session, lock_conversation(session, caller.conversation), caller.cast)
        case = current_case(session, conversation)
        assert case is not None
        attach_order(session, case, caller.cast.order, NOW, said["message_id"])
    caller.slots |= {"order_number": "10023847", "email": "known", "open_case": "F-100001"}
    caller.loop = "case_form"


def test_accepting_a_remedy_again_says_again_that_it_is_arranged(caller: Caller) -> None:
    complain(caller)
    turn = (caller.hear("a new one please", "replace_product"), slot("remedy", "replacement"))
    first = caller.call(ValidateCaseForm, *turn)
    assert [said["response"] for said in first[0]] == ["utter_arranged_replacement"]
    assert caller.call(ValidateCaseForm, *turn) == first
    with caller.database.reading() as session:
        assert sorted(session.scalars(select(Remedy.kind).where(Remedy.state == "arranged"))) == ["replacement", "return"]
        accepted = select(func.count()).select_from(CaseEvent).where(CaseEvent.what == "remedy_accepted")
        assert session.scalar(accepted) == 1


def test_solved_again_still_thanks_although_the_case_is_closed_by_now(caller: Caller) -> None:
    complain(caller)
    caller.loop = None
    turn = (caller.hear("it works, thank you, all is well now", "confirm_solved"),)
    first = caller.call(ConfirmSolved, *turn)
    assert first[0]
    assert caller.call(ConfirmSolved, *turn) == first
    with caller.database.reading() as session:
        assert session.scalars(select(Case.state)).all() == ["satisfied"]


def test_another_step_of_the_turn_is_not_taken_for_a_repetition(caller: Caller) -> None:
    complain(caller)
    said = caller.hear("what now", "ask_case_status")
    first = caller.call(FinishCase, said)
    second = caller.call(FinishCase, said, {"event": "action", "name": "case_form"}, slot("remedy", "none"))
    assert first[0] == second[0]
    with caller.database.reading() as session:
        steps = session.scalars(select(ActionOutcome.step).where(ActionOutcome.message_id == said["message_id"])).all()
        assert sorted(steps) == ["action_finish_case@0", "action_finish_case@2"]


def test_outcomes_are_forgotten_once_the_turn_is_settled(caller: Caller) -> None:
    said = caller.hear(SMELL, **SMELLS)
    caller.call(SafetyAdvice, said)
    with caller.database.writing() as session:
        forget_outcomes(session, said["message_id"])
        assert session.scalar(select(func.count()).select_from(ActionOutcome)) == 0


def test_a_danger_that_is_still_there_after_the_replacement_goes_to_a_person(caller: Caller) -> None:
    complain(caller)
    with caller.database.writing() as session:
        session.scalars(select(Case)).one().state = "delivered"
    said, events = caller.call(SafetyAdvice, caller.hear("it still smells", **SMELLS))
    assert [one["response"] for one in said] == ["utter_safety_reminder"]
    assert [event["name"] for event in events if event["event"] == "followup"] == ["action_not_solved"]
