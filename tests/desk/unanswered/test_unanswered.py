"""The list of what could not be answered."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from desk.conversations.service import open_conversation, receive_message
from desk.db.engine import Database
from desk.errors import NotFound, WrongInput
from desk.unanswered.rules import MOST, NEVER_MEANT, likely_topics
from desk.unanswered.service import (
    count_unanswered,
    keep_unanswered,
    label_unanswered,
    list_unanswered,
    note_choice,
    texts_to_train,
)
from tests.conftest import NOW


def ask(session: Session, text: str, language: str = "sv") -> str:
    conversation, _ = open_conversation(session, "website", language, NOW)
    message = receive_message(session, conversation.id, "c1", NOW, text=text)
    keep_unanswered(session, message.id, language, "not_understood", {"topics": []}, "asked", NOW)
    return message.id


def test_the_newest_stands_first_with_its_words_until_it_has_a_label(database: Database) -> None:
    with database.writing() as session:
        first = ask(session, "har ni öppet på midsommar?")
        second = ask(session, "kan hunden följa med in?")
        list_unanswered(session)[1].unanswered.at = NOW - timedelta(hours=1)
        session.flush()
        listed = [k.unanswered.message_id for k in list_unanswered(session)]
        assert sorted(listed) == sorted([first, second])
        assert {k.text for k in list_unanswered(session)} == {"har ni öppet på midsommar?", "kan hunden följa med in?"}
        label_unanswered(session, first, "training", "ask_opening_hours", NOW)
        assert [k.unanswered.message_id for k in list_unanswered(session)] == [second]
        assert count_unanswered(session) == 1
        assert texts_to_train(list_unanswered(session, "training")) == {"sv": {"ask_opening_hours": ["har ni öppet på midsommar?"]}}
        label_unanswered(session, first, None, None, NOW)
        assert count_unanswered(session) == 2


def test_said_again_of_one_message_the_later_word_counts(database: Database) -> None:
    with database.writing() as session:
        one = ask(session, "kan hunden följa med in?")
        keep_unanswered(session, one, "sv", "none_of_these", {"articles": ["store"]}, "person", NOW)
        note_choice(session, one, "ask_opening_hours")
        kept = list_unanswered(session)
        assert [(k.unanswered.why, k.unanswered.outcome, k.unanswered.chosen_topic) for k in kept] == [
            ("none_of_these", "person", "ask_opening_hours")
        ]
        assert kept[0].unanswered.tried == {"topics": [], "articles": ["store"]}


def test_a_label_must_make_sense(database: Database) -> None:
    with database.writing() as session:
        one = ask(session, "kan hunden följa med in?")
        with pytest.raises(WrongInput):
            label_unanswered(session, one, "training", "dogs", NOW)
        with pytest.raises(WrongInput):
            label_unanswered(session, one, "rubbish", None, NOW)
        with pytest.raises(NotFound):
            label_unanswered(session, "nobody", "nothing", None, NOW)


topics = st.sampled_from([*sorted(NEVER_MEANT), "track_order", "get_refund", "complain", "ask_price", "ask_warranty"])


@given(st.lists(st.tuples(topics, st.floats(0, 1)), max_size=12, unique_by=lambda one: one[0]))
def test_nobody_is_asked_about_more_than_three_topics_or_about_small_talk(ranking: list[tuple[str, float]]) -> None:
    ranking.sort(key=lambda one: -one[1])
    chosen = likely_topics(ranking)
    assert len(chosen) <= MOST
    assert not {topic for topic, _ in chosen} & NEVER_MEANT
    assert all(confidence >= chosen[0][1] / 4 for _, confidence in chosen)
