"""Where a follow-up is said when the customer has several chats, and what becomes of it when none reaches him."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.cases.tables import Case
from desk.conversations.service import open_conversation, receive_message
from desk.conversations.tables import Conversation, Message
from desk.customers.identities import end_identity, meet
from desk.db.engine import Database
from desk.followups.delivery import deliver_due_followups
from desk.followups.tables import Followup
from desk.settings import Settings
from desk.words import load_words
from tests.conftest import NOW
from tests.desk.cast import Cast, gather, smelling_tv, verify

SETTINGS = Settings(secret="s")  # type: ignore[arg-type]


def in_telegram(session: Session, cast: Cast) -> Conversation:
    """Erik writes in Telegram too, an hour later, and shows who he is."""
    identity = meet(session, "telegram", "7", "Erik", NOW)
    conversation, _ = open_conversation(session, "telegram", "en", NOW, identity.id)
    message = receive_message(session, conversation.id, "telegram:1", NOW + timedelta(hours=1), text="Hello")
    message.state, conversation.waiting = "answered", 0
    return verify(session, conversation, cast)


def deliver(session: Session, case: Case) -> Followup:
    due = session.scalars(select(Followup).where(Followup.case_id == case.id, Followup.state == "pending")).one()
    deliver_due_followups(session, due.due_at + timedelta(hours=20), load_words(), SETTINGS)
    if due.state == "pending":  # it may have been moved out of the quiet hours
        deliver_due_followups(session, due.due_at, load_words(), SETTINGS)
    return due


def said_in(session: Session, conversation: Conversation, text: str) -> list[Message]:
    found = select(Message).where(Message.conversation_id == conversation.id, Message.author == "bot", Message.text.contains(text))
    return list(session.scalars(found))


def test_it_is_said_where_he_wrote_last_if_he_has_shown_there_who_he_is(database: Database) -> None:
    with database.writing() as session:
        cast = gather(session)
        case = smelling_tv(session, cast, arranged=True)
        app = in_telegram(session, cast)
        deliver(session, case)
        assert len(said_in(session, app, case.number)) == 1
        assert app.asked_case_id == case.id


def test_it_is_not_said_where_he_has_not_shown_who_he_is(database: Database) -> None:
    with database.writing() as session:
        cast = gather(session)
        case = smelling_tv(session, cast, arranged=True)
        app = in_telegram(session, cast)
        app.verified_at = None
        deliver(session, case)
        assert said_in(session, app, case.number) == []
        assert len(said_in(session, session.get_one(Conversation, case.conversation_id), case.number)) == 1


def test_when_no_chat_reaches_him_a_person_does(database: Database) -> None:
    with database.writing() as session:
        cast = gather(session)
        case = smelling_tv(session, cast, arranged=True)
        app = in_telegram(session, cast)
        case.conversation_id = app.id
        session.get_one(Conversation, case.conversation_id)
        for other in session.scalars(select(Conversation).where(Conversation.id != app.id)):
            other.verified_at = None
        end_identity(session, "telegram", "7", "blocked", NOW)
        deliver(session, case)
        step = session.scalars(select(Followup).where(Followup.case_id == case.id, Followup.state == "pending")).one()
        assert (step.kind, step.owner) == ("task", "team")
        assert said_in(session, app, case.number) == []
