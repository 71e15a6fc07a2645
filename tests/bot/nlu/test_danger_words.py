"""What is danger, what only sounds like it, and what is denied."""

import pytest

from bot.nlu.danger_words import danger_words, named_dangers


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "the plug smells of burning plastic"), ("en", "there was smoke behind the telly"), ("en", "it gave me an electric shock"),
        ("en", "sparks!!"), ("en", "my phone battery is bulging"), ("en", "the charger is too hot to touch"), ("en", "the dryer caught fire"),
        ("sv", "det luktar bränt om tumlaren"), ("sv", "DET BRINNER"), ("sv", "fick en stöt av kylen"), ("sv", "batteriet har svällt"), ("sv", "det ryker från tvn"),
        ("nb", "det lukter svidd av støpselet"), ("nb", "røyk fra baksiden"), ("nb", "jeg fikk støt"), ("nb", "batteriet er svulmet opp"), ("nb", "den tok fyr"),
        ("fi", "telkkarista tulee savua"), ("fi", "haisee palaneelta"), ("fi", "sain sähköiskun"), ("fi", "akku on turvonnut"), ("fi", "kone syttyi tuleen"),
    ],
)  # fmt: skip
def test_plain_danger_is_named(language: str, text: str) -> None:
    assert named_dangers(danger_words(text, language))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "a smoke alarm for the hall"), ("en", "do you have the Fire TV stick"), ("en", "burning through my patience"), ("en", "no smoke, just noise"),
        ("en", "what a hot deal"), ("en", "shocked by the price"), ("en", "the fire-red one"), ("en", "coffee tastes burnt"), ("en", "smoke is coming out of my ears"),
        ("sv", "har ni brandvarnare"), ("sv", "den luktar inte bränt"), ("sv", "språk: svenska"), ("sv", "kan ni laga den"), ("sv", "är det garanti på batteriet"),
        ("nb", "fire uker siden"), ("nb", "røykvarsleren piper"), ("nb", "du er søt"), ("nb", "verken varm eller lukter"), ("nb", "garantien ryker"),
        ("fi", "paketti tuli eilen"), ("fi", "palovaroitin piippaa"), ("fi", "savua ei oo"), ("fi", "haluan palauttaa"), ("fi", "valo palaa"),
    ],
)  # fmt: skip
def test_what_only_sounds_like_danger_is_not(language: str, text: str) -> None:
    assert not named_dangers(danger_words(text, language))
