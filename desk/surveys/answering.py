"""The replies to a survey's buttons, which need no Rasa, and to the words after them, which it reads first."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from desk.cases.service import Heard
from desk.cases.tables import Case
from desk.conversations.tables import Conversation, Message
from desk.errors import DeskError
from desk.handoffs.tables import Handoff
from desk.settings import Settings
from desk.surveys.rules import Say, what_to_say
from desk.surveys.service import keep_words, open_survey, rate, read_payload, recommend, survey_that_asks_why
from desk.times import say_day_time
from desk.words import Said, Words


def answer_survey(
    session: Session, conversation: Conversation, message: Message, now: datetime, words: Words, settings: Settings
) -> list[Said] | None:
    """What the desk says to this message if it is a press of a survey's button; None when it is for the bot (or a person)."""
    pressed = read_payload(message)
    return None if pressed is None else _pressed(session, conversation, message, pressed, now, words, settings)


def answer_words(
    session: Session, conversation: Conversation, text: str, understood: tuple[str, float, bool], now: datetime, words: Words
) -> tuple[Say, list[Said]]:
    """Keep the words that tell why, if a survey has just asked for them: who answers them, and our thanks.

    `understood`: the topic that the bot read, how sure it is, and whether it read danger.
    """
    survey = survey_that_asks_why(session, conversation, now)
    if survey is None:
        return Say.BOT, []
    ask_to_recommend = keep_words(session, conversation, survey, text, now)
    say = what_to_say(*understood, text)
    thanks = [] if say is Say.BOT else [words.say("utter_survey_thanks", conversation.language)]
    if say is Say.THANKS and ask_to_recommend:
        thanks.append(words.say("utter_recommend_us", conversation.language, survey=survey.id))
    return say, thanks


def keep_words_for_people(session: Session, conversation: Conversation, message_id: str, now: datetime) -> None:
    """A person answers him by now: why he rated so is kept all the same."""
    message = session.get_one(Message, message_id)
    survey = survey_that_asks_why(session, conversation, now) if message.payload is None and message.text else None
    if survey is not None:
        keep_words(session, conversation, survey, message.text, now)


def _pressed(
    session: Session,
    conversation: Conversation,
    message: Message,
    pressed: tuple[str, str, int],
    now: datetime,
    words: Words,
    settings: Settings,
) -> list[Said]:
    question, survey_id, value = pressed
    language = conversation.language
    try:
        survey = open_survey(session, conversation, survey_id, now)
        if question == "recommend":
            recommend(survey, value)
            return [words.say("utter_survey_thanks", language)]
        known = survey.state == "rated"
        heard = Heard(message.id, message.text)
        handoff = rate(session, conversation, survey, value, heard, now, timedelta(minutes=settings.answer_within_minutes))
    except DeskError:
        return [words.say("utter_survey_over", language)]
    if handoff is not None:
        return [words.say("utter_survey_low", language), _who_answers(session, handoff, language, now, words, settings)]
    return [words.say("utter_survey_thanks" if known else "utter_survey_why", language)]


def _who_answers(session: Session, handoff: Handoff, language: str, now: datetime, words: Words, settings: Settings) -> Said:
    """Who answers, by when at the latest, and the case number (I10)."""
    return words.say(
        "utter_handoff" if handoff.answered_by else "utter_handoff_closed",
        language,
        who=handoff.answered_by or words.say("utter_our_team", language).text,
        time=say_day_time(handoff.answer_by, language, settings.shop_timezone, now),
        case=session.get_one(Case, handoff.case_id).number,
    )
