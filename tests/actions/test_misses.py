"""A message that was not understood: asked about, then a person; the list of them; the language of the answer."""

import pytest
from sqlalchemy import select

from actions.language import ChangeLanguage
from actions.misses import NoneOfThese, NotUnderstood
from actions.trouble import RecordCase
from desk.cases.tables import Case
from desk.conversations.tables import Conversation
from desk.handoffs.tables import Handoff
from desk.unanswered.tables import Unanswered
from tests.actions.conftest import Caller

CLOSE = {"nlu_fallback": 0.3, "report_fault": 0.24, "out_of_scope": 0.2, "ask_warranty": 0.21, "complain": 0.07, "greet": 0.06}


def slot_of(events: list[dict], name: str) -> object:  # type: ignore[type-arg]
    return next((e["value"] for e in reversed(events) if e["event"] == "slot" and e["name"] == name), None)


@pytest.mark.parametrize(("language", "title"), [("en", "Something is broken"), ("fi", "Jokin on rikki")])
def test_the_likeliest_topics_are_asked_about_in_the_customers_words(caller: Caller, language: str, title: str) -> None:
    caller.slots = {"language": language}
    said, events = caller.call(NotUnderstood, caller.hear("it went pop, warranty??", "nlu_fallback", ranking=CLOSE))
    assert [m["response"] for m in said] == ["utter_did_you_mean"]
    assert [b["payload"].partition("{")[0] for b in said[0]["buttons"]] == [
        "/report_fault", "/ask_warranty", "/none_of_these",
    ]  # fmt: skip
    assert said[0]["buttons"][0]["title"] == title
    assert slot_of(events, "misses") == 1


def test_where_nothing_is_likely_he_is_asked_to_put_it_another_way(caller: Caller) -> None:
    said, _ = caller.call(NotUnderstood, caller.hear("blrgh", "nlu_fallback", ranking={"nlu_fallback": 0.3, "praise": 0.02}))
    assert [m["response"] for m in said] == ["utter_not_understood"]


def test_the_form_asks_again_when_a_message_in_it_is_unclear(caller: Caller) -> None:
    caller.loop = "order_form"
    said, events = caller.call(NotUnderstood, caller.hear("the one from last week", "nlu_fallback", ranking={"track_order": 0.15}))
    assert [m["response"] for m in said] == ["utter_not_understood"]
    assert [e["name"] for e in events if e["event"] == "followup"] == ["order_form"]


def test_the_second_miss_brings_a_person(caller: Caller) -> None:
    caller.slots = {"misses": 1}
    said, events = caller.call(NotUnderstood, caller.hear("it went pop", "nlu_fallback", ranking=CLOSE))
    assert said[0]["response"] == "utter_person_instead"
    assert slot_of(events, "misses") == 0
    with caller.database.reading() as session:
        assert session.scalars(select(Handoff.reason)).all() == ["not_understood"]


def test_none_of_these_brings_a_person_and_stays_on_the_list_under_the_message_itself(caller: Caller) -> None:
    unclear = caller.hear("it went pop", "nlu_fallback", ranking=CLOSE)
    said, _ = caller.call(NotUnderstood, unclear)
    caller.slots = {"misses": 1}
    caller.call(NoneOfThese, caller.press(said[0]["buttons"][-1]))
    with caller.database.reading() as session:
        kept = session.scalars(select(Unanswered)).one()
        assert (kept.message_id, kept.why, kept.outcome) == (unclear["message_id"], "none_of_these", "person")
        assert kept.tried["topics"][1] == {"topic": "report_fault", "confidence": 0.24}
        assert session.scalars(select(Handoff)).one()


def test_what_he_meant_is_noted_and_his_own_words_go_into_the_case(caller: Caller) -> None:
    unclear = caller.hear("it went POP and now nothing", "nlu_fallback", mood="annoyed", ranking=CLOSE)
    said, _ = caller.call(NotUnderstood, unclear)
    caller.slots = {"misses": 1}
    _, events = caller.call(RecordCase, caller.press(said[0]["buttons"][0]))
    assert slot_of(events, "misses") == 0
    with caller.database.reading() as session:
        case = session.scalars(select(Case)).one()
        assert (case.kind, case.summary, case.mood) == ("fault", "it went POP and now nothing", "annoyed")
        assert session.get_one(Unanswered, unclear["message_id"]).chosen_topic == "report_fault"


def test_an_action_speaks_the_language_that_this_very_message_changed_to(caller: Caller) -> None:
    caller.slots = {"language": "nb"}
    caller.call(RecordCase, caller.hear("tv-en er ødelagt", "report_fault"))
    with caller.database.reading() as session:
        assert session.get_one(Conversation, caller.conversation).language == "nb"


def test_a_language_asked_for_by_name_is_spoken_from_now_on(caller: Caller) -> None:
    caller.slots = {"language": "en"}
    said, events = caller.call(ChangeLanguage, caller.hear("can we speak swedish instead?", "change_language"))
    assert [m["text"] for m in said] == ["Då fortsätter vi på svenska."]
    assert slot_of(events, "language") == "sv"


def test_without_a_name_the_four_languages_are_offered(caller: Caller) -> None:
    said, _ = caller.call(ChangeLanguage, caller.hear("can we use another language", "change_language"))
    assert [m["response"] for m in said] == ["utter_change_language"]
