"""Pictures belong to one conversation and one message."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from desk.attachments.pictures import clean_picture
from desk.attachments.service import KEPT_UNSENT, forget_unsent_pictures, keep_picture, picture_of
from desk.attachments.tables import Attachment, AttachmentContent
from desk.conversations.access import say_as_agent, take_as_agent
from desk.conversations.service import receive_message
from desk.db.engine import Database
from desk.errors import Conflict, NotFound, TooMany, WrongInput
from tests.conftest import NOW
from tests.desk.attachments.drawing import jpeg
from tests.desk.cast import gather, talk
from tests.desk.worker.conftest import Bench

PICTURE = clean_picture(jpeg())


def test_message_names_its_pictures_and_needs_no_words(database: Database) -> None:
    with database.writing() as session:
        conversation = talk(session, "Hello")
        kept = keep_picture(session, conversation.id, PICTURE, NOW)
        message = receive_message(session, conversation.id, "p1", NOW, attachments=[kept.id])
        again = receive_message(session, conversation.id, "p1", NOW, attachments=[kept.id])
    assert again.id == message.id
    assert message.text == ""
    assert message.attachments == [{"id": kept.id, "type": "image/jpeg", "width": 640, "height": 480, "size": len(PICTURE.content)}]
    with database.reading() as session:
        found, content = picture_of(session, conversation.id, kept.id)
        assert (found.message_id, content) == (message.id, PICTURE.content)


def test_same_id_with_another_picture_is_a_conflict(database: Database) -> None:
    with database.writing() as session:
        conversation = talk(session, "Hello")
        one = keep_picture(session, conversation.id, PICTURE, NOW)
        other = keep_picture(session, conversation.id, clean_picture(jpeg(color="red")), NOW)
        receive_message(session, conversation.id, "p1", NOW, attachments=[one.id])
        with pytest.raises(Conflict):
            receive_message(session, conversation.id, "p1", NOW, attachments=[other.id])


def test_picture_sent_again_before_its_message_is_kept_once(database: Database) -> None:
    with database.writing() as session:
        conversation = talk(session, "Hello")
        assert keep_picture(session, conversation.id, PICTURE, NOW).id == keep_picture(session, conversation.id, PICTURE, NOW).id
        assert session.scalar(select(func.count()).select_from(AttachmentContent)) == 1


def test_picture_of_another_conversation_or_message_cannot_be_named(database: Database) -> None:
    with database.writing() as session:
        mine, his = talk(session, "Hello"), talk(session, "Hello")
        kept = keep_picture(session, mine.id, PICTURE, NOW)
        for wrong in ([kept.id], ["f" * 26], ["a\x00b"], [kept.id, kept.id]):
            with pytest.raises(WrongInput):
                receive_message(session, his.id, "p1", NOW, attachments=wrong)
        receive_message(session, mine.id, "p1", NOW, attachments=[kept.id])
        with pytest.raises(WrongInput):
            receive_message(session, mine.id, "p2", NOW, attachments=[kept.id])
        with pytest.raises(NotFound):
            picture_of(session, his.id, kept.id)


def test_agent_and_customer_cannot_send_each_others_pictures(database: Database) -> None:
    with database.writing() as session:
        cast = gather(session)
        conversation = talk(session, "Hello")
        take_as_agent(session, cast.anna, conversation.id, NOW)
        hers = keep_picture(session, conversation.id, PICTURE, NOW, cast.anna.id)
        his = keep_picture(session, conversation.id, PICTURE, NOW)
        assert hers.id != his.id
        with pytest.raises(WrongInput):
            receive_message(session, conversation.id, "p1", NOW, attachments=[hers.id])
        with pytest.raises(WrongInput):
            say_as_agent(session, cast.anna, conversation.id, "a1", "", NOW, [his.id])
        said = say_as_agent(session, cast.anna, conversation.id, "a1", "", NOW, [hers.id])
        assert [a["id"] for a in said.attachments] == [hers.id]


def test_crowd_of_pictures_is_slowed_down(database: Database) -> None:
    with database.writing() as session:
        conversation = talk(session, "Hello")
        for color in ("red", "green", "blue"):
            keep_picture(session, conversation.id, clean_picture(jpeg(color=color)), NOW, per_hour=3)
        with pytest.raises(TooMany) as refused:
            keep_picture(session, conversation.id, PICTURE, NOW + timedelta(minutes=20), per_hour=3)
        assert refused.value.retry_after == 2400
        keep_picture(session, conversation.id, PICTURE, NOW + timedelta(minutes=61), per_hour=3)


def test_picture_that_no_message_named_is_forgotten_after_a_day(database: Database) -> None:
    with database.writing() as session:
        conversation = talk(session, "Hello")
        sent = keep_picture(session, conversation.id, PICTURE, NOW)
        receive_message(session, conversation.id, "p1", NOW, attachments=[sent.id])
        keep_picture(session, conversation.id, PICTURE, NOW)
        assert forget_unsent_pictures(session, NOW + KEPT_UNSENT - timedelta(seconds=1)) == 0
        assert forget_unsent_pictures(session, NOW + KEPT_UNSENT) == 1
        assert session.scalars(select(Attachment.id)).all() == [sent.id]


async def test_picture_without_words_is_answered_without_the_bot(bench: Bench, database: Database) -> None:
    conversation_id = bench.open()
    with database.writing() as session:
        kept = keep_picture(session, conversation_id, PICTURE, NOW)
        receive_message(session, conversation_id, "p1", NOW, attachments=[kept.id])
    await bench.worker().answer_one()
    assert bench.transcript(conversation_id)[1:] == [
        ("bot", "Thank you, I've kept your picture. A colleague who helps you sees it too. What is it about?")
    ]
    assert bench.bot.turns == []
