"""Surveys: asking, taking the answer, and what a bad one sets going."""

import json
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.alerts.service import tell
from desk.cases.history import record
from desk.cases.rules import priority_of, step_after_not_solved
from desk.cases.service import Heard, reopen
from desk.cases.tables import Case
from desk.conversations.tables import Conversation, Message
from desk.db.base import new_id
from desk.errors import Conflict, WrongInput
from desk.handoffs.service import request_handoff
from desk.handoffs.tables import Handoff
from desk.surveys.rules import OPEN_FOR, WORDS_WITHIN, is_low, may_ask_to_recommend
from desk.surveys.tables import Survey

ASKS_WHY = "survey_why"
"""What a conversation has been asked when his own words about a rating are expected."""


def ask_about_case(session: Session, case: Case, conversation: Conversation, now: datetime) -> Survey:
    """The survey of a solved case is being asked: open for two weeks."""
    survey = Survey(
        id=new_id(), case_id=case.id, customer_id=case.customer_id, conversation_id=conversation.id, state="asked",
        due_at=now, asked_at=now, expires_at=now + OPEN_FOR, created_at=now,
    )  # fmt: skip
    session.add(survey)
    return survey


def open_survey(session: Session, conversation: Conversation, survey_id: str, now: datetime) -> Survey:
    """The survey asked in this conversation, locked; raises Conflict when it is over or was never asked here."""
    survey = session.scalar(select(Survey).where(Survey.id == survey_id).with_for_update())
    if survey is None or survey.conversation_id != conversation.id or survey.state not in ("asked", "rated"):
        raise Conflict("This question is over.")
    if survey.state == "asked" and survey.expires_at is not None and survey.expires_at <= now:
        raise Conflict("This question is over.")
    return survey


def rate(
    session: Session, conversation: Conversation, survey: Survey, rating: int, heard: Heard, now: datetime, within: timedelta
) -> Handoff | None:
    """Take the rating; the first one counts. A 1 or 2 opens the case again, to a person within the hour: the hand-off."""
    if not 1 <= rating <= 5:
        raise WrongInput("A rating is from 1 to 5.")
    if survey.state == "rated":
        return None
    survey.state, survey.rating, survey.rated_at = "rated", rating, now
    conversation.asked, conversation.asked_case_id = ASKS_WHY, survey.case_id
    case = session.get(Case, survey.case_id) if survey.case_id else None
    if case is not None:
        record(session, case, now, "customer", "rated", {"rating": rating}, heard.message_id)
    if not is_low(rating):
        return None
    if case is not None:
        case.priority = priority_of("furious", case.hazard, case.priority)
        if not case.is_open:
            reopen(session, case, step_after_not_solved(now), now, keep_survey=survey.id)
    handoff = request_handoff(session, conversation, "low_rating", heard, now, min(within, timedelta(hours=1)))
    detail = {"rating": rating, "case": case.number if case else ""}
    tell(session, f"rating:{survey.id}", "low_rating", now, detail, case_id=case.id if case else handoff.case_id)
    return handoff


def survey_that_asks_why(session: Session, conversation: Conversation, now: datetime) -> Survey | None:
    """The survey whose rating was just given here and waits for his own words."""
    if conversation.asked != ASKS_WHY:
        return None
    return session.scalar(
        select(Survey)
        .where(Survey.conversation_id == conversation.id, Survey.state == "rated", Survey.words == "")
        .where(Survey.rated_at > now - WORDS_WITHIN)
        .order_by(Survey.rated_at.desc())
        .limit(1)
        .with_for_update()
    )


def keep_words(session: Session, conversation: Conversation, survey: Survey, text: str, now: datetime) -> bool:
    """Keep why, in his own words; whether the 0-10 question may follow."""
    survey.words, survey.words_at = text, now
    conversation.asked = conversation.asked_case_id = None
    if survey.case_id:
        record(session, session.get_one(Case, survey.case_id), now, "customer", "said_why", {"text": text}, None)
    assert survey.rating is not None
    if not may_ask_to_recommend(survey.rating, _asked_to_recommend(session, survey), now):
        return False
    survey.recommend_asked_at = now
    return True


def recommend(survey: Survey, value: int) -> None:
    """Take the answer to the 0-10 question; the first one counts."""
    if not 0 <= value <= 10:
        raise WrongInput("This answer is from 0 to 10.")
    if survey.recommend is None and survey.recommend_asked_at is not None:
        survey.recommend = value


def read_payload(message: Message) -> tuple[str, str, int] | None:
    """What a pressed button of a survey says: which question ("rating" or "recommend"), of which survey, its value."""
    if not (message.payload or "").startswith("/rate{"):
        return None
    try:
        said = json.loads((message.payload or "").removeprefix("/rate"))
        question = "rating" if "rating" in said else "recommend"
        return question, str(said["survey"]), int(said[question])
    except (ValueError, KeyError, TypeError):
        return None


def _asked_to_recommend(session: Session, survey: Survey) -> datetime | None:
    """When he was asked the 0-10 question last."""
    his = Survey.customer_id == survey.customer_id if survey.customer_id else Survey.conversation_id == survey.conversation_id
    asked = select(Survey.recommend_asked_at).where(his, Survey.recommend_asked_at.is_not(None))
    return session.scalars(asked.order_by(Survey.recommend_asked_at.desc()).limit(1)).first()
