"""Receiving a customer's message: once per client_id, in order, within limits."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from desk.conversations.rules import LONGEST_TEXT, clean_text, next_try
from desk.conversations.service import (
    append_message,
    conversation_of_token,
    lock_conversation,
    messages_after,
    open_conversation,
    receive_message,
)
from desk.conversations.tables import Conversation, Message
from desk.db.engine import Database
from desk.errors import Conflict, NotFound, NotLoggedIn, TooLarge, TooMany, WrongInput
from tests.conftest import NOW


@pytest.fixture
def conversation_id(database: Database) -> Iterator[str]:
    with database.writing() as session:
        conversation, _ = open_conversation(session, "website", "en", NOW)
    return conversation.id


def receive(database: Database, conversation_id: str, client_id: str, text: str = "hello", **more: object) -> Message:
    with database.writing() as session:
        return receive_message(session, conversation_id, client_id, NOW, text=text, **more)  # type: ignore[arg-type]


def test_a_message_is_stored_under_the_next_seq(database: Database, conversation_id: str) -> None:
    first, second = receive(database, conversation_id, "a"), receive(database, conversation_id, "b")
    assert (first.seq, second.seq) == (1, 2)


def test_the_same_id_with_the_same_body_is_the_message_stored_before(database: Database, conversation_id: str) -> None:
    first = receive(database, conversation_id, "a", "my TV smells")
    again = receive(database, conversation_id, "a", "my TV smells")
    assert again.id == first.id
    with database.reading() as session:
        assert len(messages_after(session, conversation_id, 0)) == 1
        assert session.get_one(Conversation, conversation_id).waiting == 1


def test_the_same_id_with_another_body_is_a_conflict(database: Database, conversation_id: str) -> None:
    receive(database, conversation_id, "a", "my TV smells")
    with pytest.raises(Conflict):
        receive(database, conversation_id, "a", "my TV is fine")


def test_the_same_id_in_two_conversations_is_two_messages(database: Database, conversation_id: str) -> None:
    with database.writing() as session:
        other, _ = open_conversation(session, "website", "sv", NOW)
    assert receive(database, conversation_id, "a").id != receive(database, other.id, "a").id


def test_twenty_threads_with_one_id_store_one_message(database: Database, conversation_id: str) -> None:
    with ThreadPoolExecutor(20) as pool:
        ids = set(pool.map(lambda _: receive(database, conversation_id, "same").id, range(20)))
    assert len(ids) == 1


def test_messages_sent_at_once_get_seqs_without_gaps(database: Database, conversation_id: str) -> None:
    with ThreadPoolExecutor(10) as pool:
        seqs = sorted(pool.map(lambda n: receive(database, conversation_id, f"c{n}", f"text {n}").seq, range(20)))
    assert seqs == list(range(1, 21))


def test_a_payload_must_be_of_a_button_that_was_shown(database: Database, conversation_id: str) -> None:
    with pytest.raises(WrongInput):
        receive(database, conversation_id, "a", payload="/confirm_solved")
    with database.writing() as session:
        locked = lock_conversation(session, conversation_id)
        buttons = [{"title": "Yes, I'm satisfied", "payload": "/confirm_solved"}]
        append_message(session, locked, "bot", "Is all well?", NOW, buttons=buttons)
    pressed = receive(database, conversation_id, "a", payload="/confirm_solved")
    assert (pressed.text, pressed.payload) == ("Yes, I'm satisfied", "/confirm_solved")


def test_more_than_so_many_a_minute_are_told_to_wait(database: Database, conversation_id: str) -> None:
    for number in range(3):
        receive(database, conversation_id, f"c{number}", per_minute=3)
    with pytest.raises(TooMany) as too_many:
        receive(database, conversation_id, "c4", per_minute=3)
    assert too_many.value.retry_after == 60
    assert receive(database, conversation_id, "c2", per_minute=3).seq == 3  # a repeated one costs nothing


def test_a_token_opens_its_conversation_only(database: Database) -> None:
    with database.writing() as session:
        one, token = open_conversation(session, "website", None, NOW)
        open_conversation(session, "website", None, NOW)
        assert conversation_of_token(session, token).id == one.id
        assert one.token_hash is not None
        assert token not in one.token_hash
        with pytest.raises(NotLoggedIn):
            conversation_of_token(session, token + "x")


def test_an_unknown_conversation_is_not_found(database: Database) -> None:
    with pytest.raises(NotFound):
        receive(database, "0" * 26, "a")


@pytest.mark.parametrize("text", ["", "   ", "\n\t ", "\x00\x01", "\x7f"])
def test_a_text_with_nothing_in_it_is_refused(text: str) -> None:
    with pytest.raises(WrongInput):
        clean_text(text)


def test_a_text_past_the_limit_is_refused_and_one_at_it_is_not() -> None:
    assert clean_text("å" * LONGEST_TEXT)
    with pytest.raises(TooLarge):
        clean_text("å" * (LONGEST_TEXT + 1))


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(WrongInput):
        clean_text("a\ud800b")


@given(st.text(max_size=300))
def test_a_cleaned_text_has_no_control_characters_and_stays_as_it_is(text: str) -> None:
    try:
        cleaned = clean_text(text)
    except WrongInput:
        return
    assert clean_text(cleaned) == cleaned
    assert not any(ord(c) < 32 and c not in "\n\t" for c in cleaned)


@given(st.integers(min_value=0, max_value=10_000))
def test_a_failed_turn_is_tried_again_within_four_seconds(tries: int) -> None:
    assert timedelta(0) < next_try(tries, NOW) - NOW <= timedelta(seconds=4)


def test_nul_and_emoji_and_html_are_kept_as_text(database: Database, conversation_id: str) -> None:
    text = "<script>alert('1')</script> 😡\U0001f9e8 '; DROP TABLE messages; --"
    stored = receive(database, conversation_id, "a", text)
    with database.reading() as session:
        assert session.scalar(select(Message.text).where(Message.id == stored.id)) == text
