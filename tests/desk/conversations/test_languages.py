"""The name of a language in a customer's words."""

import pytest

from desk.conversations.languages import language_named


@pytest.mark.parametrize(
    ("text", "spoken", "meant"),
    [
        ("can we speak Swedish instead", "en", "sv"),
        ("in finnish please", "sv", "fi"),
        ("kan du snacka engelska?", "sv", "en"),
        ("jag förstår inte finska, kan vi ta det på svenska", "fi", "sv"),
        ("kan vi ta det på norsk?", "sv", "nb"),
        ("puhutaanko suomea", "en", "fi"),
        ("haluaisin asioida ruotsiksi", "fi", "sv"),
        ("English please, not Swedish", "sv", "en"),
        ("let us keep english", "en", "en"),
        ("do you speak Swedish or Finnish?", "en", None),
        ("another language please", "en", None),
    ],
)
def test_the_language_meant(text: str, spoken: str, meant: str | None) -> None:
    assert language_named(text, spoken) == meant
