"""Telling the customer who answers him, and by when at the latest (I10)."""

from datetime import datetime

from sqlalchemy.orm import Session

from desk.cases.tables import Case
from desk.conversations.service import append_message
from desk.conversations.tables import Conversation
from desk.handoffs.tables import Handoff
from desk.times import say_day_time
from desk.words import Words, load_words


def tell_who_answers(
    session: Session,
    conversation: Conversation,
    handoff: Handoff,
    response: str,
    timezone: str,
    now: datetime,
    **values: object,
) -> None:
    """Say a response about a hand-off in a locked conversation: who, by when, the case number."""
    words, language = load_words(), conversation.language
    said = words.say(
        response,
        language,
        who=handoff.answered_by or _our_team(words, language),
        time=say_day_time(handoff.answer_by, language, timezone, now),
        case=session.get_one(Case, handoff.case_id).number,
        **values,
    )
    append_message(session, conversation, "system", said.text, now, buttons=said.buttons)


def tell_who_is_here(
    session: Session, conversation: Conversation, response: str, name: str, now: datetime, **values: object
) -> None:
    """Say that a person has come, or gone, in a locked conversation."""
    said = load_words().say(response, conversation.language, name=name, **values)
    append_message(session, conversation, "system", said.text, now)


def _our_team(words: Words, language: str) -> str:
    return words.say("utter_our_team", language).text
