"""Answers: an article, the catalogue, or a response; and the list when nobody has written one."""

from typing import Any

import pytest
from sqlalchemy import select

from actions.advice import RecommendProducts, ValidateAdviceForm
from actions.answers import Answer
from actions.misses import NotUnderstood
from desk.unanswered.tables import Unanswered
from tests.actions.conftest import Caller


def about(event: dict[str, Any], product: str) -> dict[str, Any]:
    event["parse_data"]["entities"] = [{"entity": "product", "value": product}]
    return event


@pytest.mark.parametrize(
    ("language", "text", "part"),
    [
        ("en", "when are you open?", "Monday to Friday 10-19"),
        ("sv", "när har ni öppet?", "måndag till fredag kl. 10-19"),
        ("nb", "når åpner dere?", "mandag til fredag kl. 10-19"),
        ("fi", "milloin olette auki?", "maanantai–perjantai klo 10-19"),
    ],
)
def test_a_question_is_answered_by_the_article_on_its_topic(caller: Caller, language: str, text: str, part: str) -> None:
    caller.slots = {"language": language}
    said, _ = caller.call(Answer, caller.hear(text, "ask_opening_hours"))
    assert part in said[0]["text"]
    assert [b["payload"] for b in said[0]["buttons"]] == ["/ask_contact"]


def test_a_topic_without_article_has_its_response(caller: Caller) -> None:
    said, _ = caller.call(Answer, caller.hear("are you a robot?", "ask_bot"))
    assert [m["response"] for m in said] == ["utter_ask_bot"]


def test_the_catalogue_knows_what_no_article_says(caller: Caller) -> None:
    said, _ = caller.call(Answer, about(caller.hear("how many hdmi ports has the P50?", "ask_product_help"), "Aurora P50"))
    assert said[0]["response"] == "utter_product_facts"
    assert (said[0]["name"], said[0]["facts"]) == ("Aurora P50", "HDMI ports 4")


def test_a_product_asked_about_by_name_is_told_about_without_a_form(caller: Caller) -> None:
    caller.loop = "advice_form"
    asked = about(caller.hear("tell me about the P50", "ask_product_advice"), "Aurora P50")
    said, events = caller.call(ValidateAdviceForm, asked)
    assert said[0]["text"].startswith("Aurora P50, SEK\u00a08,990.")
    assert {"event": "slot", "timestamp": None, "name": "requested_slot", "value": None} in events
    said, _ = caller.call(RecommendProducts, asked, {"event": "action", "name": "advice_form"})
    assert said == []


def test_beyond_the_shop_goes_on_the_list(caller: Caller) -> None:
    said, _ = caller.call(Answer, caller.hear("will it rain on sunday?", "out_of_scope"))
    assert [m["response"] for m in said] == ["utter_out_of_scope"]
    with caller.database.reading() as session:
        kept = session.scalars(select(Unanswered)).one()
        assert (kept.why, kept.outcome) == ("out_of_scope", "told")


def test_an_article_that_fits_the_words_is_offered_when_no_topic_was_understood(caller: Caller) -> None:
    said, events = caller.call(NotUnderstood, caller.hear("transport bolts of the washing machine?", "nlu_fallback"))
    assert said[0]["response"] == "utter_found_article"
    assert "Take out the transport bolts" in said[1]["text"]
    assert said[1]["buttons"][-1]["payload"].startswith("/none_of_these")
    with caller.database.reading() as session:
        assert session.scalars(select(Unanswered)).one().outcome == "article"
    assert [e["value"] for e in events if e["event"] == "slot"] == [1]
