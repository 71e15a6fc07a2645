"""The words of the customer's page (data/pages/case.yml), in his language."""

from desk import pages


def say(name: str, language: str, **values: object) -> str:
    """The text of that name, filled."""
    return pages.say("case", name, language, **values)
