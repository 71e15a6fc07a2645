"""What in a message speaks for danger, and what against it."""

import pytest

from bot.nlu.concepts import concept_signs
from bot.nlu.danger import evidence_of_danger
from bot.nlu.text import normalise


def evidence(text: str, language: str) -> set[str]:
    return set(evidence_of_danger(concept_signs(normalise(text), language)))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "there is smoke from the kettle"),
        ("en", "the plug of the dryer has gone soft"),
        ("sv", "det slår gnistor ur dammsugaren"),
        ("sv", "plattan är tjock på mitten"),
        ("nb", "jeg fikk støt av vaskemaskinen"),
        ("nb", "laderen er glovarm"),
        ("fi", "puhelimen akku on turvonnut"),
        ("fi", "pistorasia sihisee kun tv on päällä"),
    ],
)
def test_a_hazardous_state_of_a_thing_is_clear(language: str, text: str) -> None:
    assert {"state", "clear_of_a_thing"} <= evidence(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "it smells burnt"), ("sv", "det luktar bränt"), ("nb", "det lukter svidd"), ("fi", "haisee palaneelle")],
)
def test_a_smell_counts_where_it_is_odd(language: str, text: str) -> None:
    assert "odd_smell" in evidence(text, language)


@pytest.mark.parametrize(
    ("language", "text", "doubt"),
    [
        ("en", "your staff are on fire this week", "figure_of_speech"),
        ("sv", "jag är så arg att det ryker ur öronen", "figure_of_speech"),
        ("nb", "naboen griller så det lukter brent", "elsewhere"),
        ("fi", "naapurin grilli haisee palaneelle", "elsewhere"),
        ("en", "it beeps and there is no smoke", "denied"),
        ("sv", "den piper men ingen rök", "denied"),
    ],
)
def test_what_only_sounds_like_danger_is_doubted(language: str, text: str, doubt: str) -> None:
    found = evidence(text, language)
    assert doubt in found
    assert "clear" not in found


@pytest.mark.parametrize(
    ("language", "text"), [("en", "where is my parcel"), ("sv", "var är mitt paket"), ("fi", "missä pakettini on")]
)
def test_other_messages_tell_of_no_state(language: str, text: str) -> None:
    assert evidence(text, language) == {"no_state"}
