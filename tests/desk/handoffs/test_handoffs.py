"""Hand-offs: one open per conversation, a promised time, and only the holder speaks."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from desk.cases.tables import Case
from desk.conversations.service import lock_conversation, note_message
from desk.db.engine import Database
from desk.errors import Conflict
from desk.handoffs.rules import answer_by, next_answer_by
from desk.handoffs.service import hand_back, open_handoff, request_handoff, take_over, transfer
from desk.handoffs.tables import Handoff
from tests.conftest import NOW
from tests.desk.cast import WITHIN, gather, hand_off, heard_last, smelling_tv, talk


def test_in_opening_hours_an_answer_is_promised_within_minutes() -> None:
    assert answer_by(NOW, True, None, WITHIN) == NOW + WITHIN


def test_outside_opening_hours_it_is_promised_after_the_next_opening() -> None:
    opening = NOW + timedelta(hours=15)
    assert answer_by(NOW, False, opening, WITHIN) == opening + WITHIN
    assert answer_by(NOW, False, None, WITHIN) > NOW


def test_each_new_promise_after_a_late_one_gives_more_time_but_never_without_end() -> None:
    spans = [next_answer_by(n, NOW, True, None, WITHIN) - NOW for n in range(1, 8)]
    assert spans == sorted(spans)
    assert spans[-1] == WITHIN * 8


def test_a_hand_off_names_who_answers_by_when_and_has_a_case(database: Database) -> None:
    with database.writing() as session:
        gather(session)
        handoff = hand_off(session, talk(session, "a person please"))
        assert handoff.answered_by == "Anna Berg"
        assert handoff.answer_by == NOW + WITHIN
        assert session.get_one(Case, handoff.case_id).kind == "request"


def test_the_one_who_answers_speaks_the_customers_language(database: Database) -> None:
    with database.writing() as session:
        gather(session)
        assert hand_off(session, talk(session, "ihminen, kiitos", language="fi")).answered_by == "Mikko Laine"


def test_at_night_nobody_is_named_and_the_time_is_of_the_morning(database: Database) -> None:
    night = NOW + timedelta(hours=12)
    with database.writing() as session:
        gather(session)
        handoff = hand_off(session, talk(session, "hello?", now=night), now=night)
        assert handoff.answered_by == ""
        assert handoff.answer_by == datetime(2026, 11, 19, 8, 10, tzinfo=UTC)


def test_asking_again_is_the_same_hand_off(database: Database) -> None:
    with database.writing() as session:
        gather(session)
        conversation = talk(session, "a person please", "hello?")
        first = hand_off(session, conversation)
        heard = heard_last(session, conversation)
        assert request_handoff(session, conversation, "asked_for_human", heard, NOW, WITHIN).id == first.id
        assert session.scalar(select(func.count()).select_from(Handoff)) == 1


def test_the_summary_tells_in_a_few_lines_what_it_is_about(database: Database) -> None:
    with database.writing() as session:
        case = smelling_tv(session, gather(session), arranged=True)
        conversation = lock_conversation(session, case.conversation_id)
        summary = hand_off(session, conversation, "danger", mood="furious").summary
        assert "danger" in summary
        assert case.number in summary
        assert "Aurora P50" in summary
        assert "return (arranged)" in summary
        assert len(summary.splitlines()) <= 6


def test_the_last_words_of_a_summary_are_words_and_no_code_or_command(database: Database) -> None:
    with database.writing() as session:
        gather(session)
        conversation = talk(session, "It still hums")
        for n, text in enumerate(("🎤", "/start 6A92-QCNA", "6A92-QCNA", "/link")):
            note_message(session, conversation, f"telegram:{n}", text, NOW)
        assert "Last words: “It still hums”" in hand_off(session, conversation).summary


def test_two_agents_cannot_hold_one_conversation(database: Database) -> None:
    with database.writing() as session:
        cast = gather(session)
        handoff = hand_off(session, talk(session, "a person please"))
        conversation = lock_conversation(session, handoff.conversation_id)
        take_over(session, conversation, cast.anna, NOW)
        take_over(session, conversation, cast.anna, NOW)  # again by the same one changes nothing
        with pytest.raises(Conflict):
            take_over(session, conversation, cast.mikko, NOW)
        assert conversation.agent_id == cast.anna.id


def test_every_change_of_holder_raises_the_version(database: Database) -> None:
    with database.writing() as session:
        cast = gather(session)
        handoff = hand_off(session, talk(session, "a person please"))
        conversation = lock_conversation(session, handoff.conversation_id)
        versions = [conversation.version]
        take_over(session, conversation, cast.anna, NOW)
        versions.append(conversation.version)
        transfer(session, conversation, cast.mikko, cast.anna, NOW)
        versions.append(conversation.version)
        hand_back(session, conversation, NOW)
        versions.append(conversation.version)
        assert versions == sorted(set(versions))


def test_after_the_hand_back_the_bot_holds_and_a_new_hand_off_is_possible(database: Database) -> None:
    with database.writing() as session:
        cast = gather(session)
        conversation = talk(session, "a person please", "thanks", "a person again")
        handoff = hand_off(session, conversation)
        conversation = lock_conversation(session, conversation.id)
        take_over(session, conversation, cast.anna, NOW)
        hand_back(session, conversation, NOW)
        assert (conversation.holder, conversation.agent_id, conversation.fresh) == ("bot", None, True)
        assert open_handoff(session, conversation.id) is None
        assert handoff.ended_at == NOW
