"""After a rating we ask why: what he writes then is thanked, unless it needs care."""

import pytest
from sqlalchemy import func, select

from actions.answers import Answer
from actions.calls import PrepareCall
from actions.door import Door
from actions.trouble import RecordCase, SafetyAdvice
from desk.cases.tables import Case
from desk.conversations.tables import Conversation
from desk.surveys.rules import Say, what_to_say
from desk.surveys.service import ASKS_WHY
from desk.surveys.tables import Survey, SurveyRound
from tests.actions.conftest import Caller
from tests.conftest import NOW


@pytest.fixture
def asked_why(caller: Caller) -> Caller:
    """He has just rated us."""
    with caller.database.writing() as session:
        session.get_one(Conversation, caller.conversation).asked = ASKS_WHY
        asked = SurveyRound(about="left", days=30, made_at=NOW, made_by_id=caller.cast.siv.id)
        session.add(asked)
        session.flush()
        session.add(
            Survey(
                round_id=asked.id, conversation_id=caller.conversation, customer_id=caller.cast.erik.id, state="rated", rating=3,
                due_at=NOW, asked_at=NOW, rated_at=NOW, created_at=NOW,
            )
        )  # fmt: skip
    return caller


def rows(caller: Caller, table: type[Case]) -> int:
    with caller.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def words_kept(caller: Caller) -> str:
    with caller.database.reading() as session:
        return session.scalars(select(Survey)).one().words


@pytest.mark.parametrize(("door", "topic"), [(Answer, "praise"), (RecordCase, "complain"), (RecordCase, "report_late_delivery")])
def test_words_are_thanked_and_open_no_case(asked_why: Caller, door: type[Door], topic: str) -> None:
    said, events = asked_why.call(door, asked_why.hear("It took a while", topic, ranking={topic: 0.9}))
    assert said[0]["text"].startswith("Thank you")
    assert [e["name"] for e in events if e["event"] == "followup"] == ["action_listen"]
    assert rows(asked_why, Case) == 0
    assert words_kept(asked_why) == "It took a while"


@pytest.mark.parametrize(
    "words",
    [
        "You called at once", "Anna called me the same day", "I spoke to a real person right away",
        "Ni ringde direkt", "Ni hörde av er på en gång och jag fick en ny",
        "Dere ringte med en gang", "Jeg fikk snakke med et menneske",
        "Soititte heti", "Soitit heti", "Sain uuden tilalle heti",
    ],
)  # fmt: skip
@pytest.mark.parametrize("topic", ["request_callback", "ask_human", "replace_product"])
def test_what_was_done_is_no_wish(asked_why: Caller, words: str, topic: str) -> None:
    said, _ = asked_why.call(PrepareCall, asked_why.hear(words, topic, ranking={topic: 0.95}))
    assert said[0]["text"].startswith("Thank you")
    assert words_kept(asked_why) == words


@pytest.mark.parametrize(
    "words",
    [
        "It was ok, but call me, please", "human!", "I want to talk to a person", "ring mig, tack", "Jag vill prata med någon",
        "ring meg i morgen", "Jeg vil snakke med et menneske", "soittakaa minulle", "Haluan puhua ihmiselle",
    ],
)  # fmt: skip
@pytest.mark.parametrize("topic", ["request_callback", "ask_human"])
def test_a_wish_put_as_one_is_heard(words: str, topic: str) -> None:
    assert what_to_say(topic, 0.95, hazard=False, text=words) is Say.BOT


def test_danger_is_answered_first(asked_why: Caller) -> None:
    said, _ = asked_why.call(SafetyAdvice, asked_why.hear("Good, but it smokes", "praise", hazard=True, ranking={"praise": 0.9}))
    assert [m["response"] for m in said] == ["utter_safety_advice"]
    assert words_kept(asked_why) == "Good, but it smokes"


def test_a_fresh_problem_is_recorded(asked_why: Caller) -> None:
    asked_why.call(RecordCase, asked_why.hear("The new one is broken", "report_fault", ranking={"report_fault": 0.8}))
    assert rows(asked_why, Case) == 1


def test_tried_again_the_thanks_are_the_same(asked_why: Caller) -> None:
    heard = asked_why.hear("You were quick", "praise", ranking={"praise": 0.9})
    first, again = asked_why.call(Answer, heard), asked_why.call(Answer, heard)
    assert [m["text"] for m in first[0]] == [m["text"] for m in again[0]]
