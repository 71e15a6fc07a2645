"""Hand-offs are given to agents, and given on when one does not come."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from desk.agents.presence import note_seen, set_presence, skip_pause
from desk.agents.tables import Agent
from desk.alerts.service import alerts_for
from desk.conversations.access import hand_back_as_agent, say_as_agent, take_as_agent
from desk.conversations.people import give_as_lead, swap_as_agent
from desk.conversations.service import receive_message
from desk.conversations.tables import Conversation, Message
from desk.db.engine import Database
from desk.errors import Conflict, NotAllowed
from desk.followups.tables import Followup
from desk.handoffs.assignment import PAUSE
from desk.handoffs.service import open_handoff
from desk.handoffs.tables import Handoff
from tests.conftest import NOW
from tests.desk.attachments.conftest import bench
from tests.desk.cast import Cast, gather, hand_off, smelling_tv, talk, verify
from tests.desk.worker.conftest import Bench

__all__ = ["bench"]
ZONE = "Europe/Stockholm"


@pytest.fixture
def cast(database: Database) -> Cast:
    with database.writing() as session:
        return gather(session)


def are_there(database: Database, *agents: Agent, now: datetime = NOW) -> None:
    with database.writing() as session:
        for agent in agents:
            note_seen(session, agent.id, now)


def waits(database: Database, words: str = "a person please", language: str = "en", mood: str = "calm", now: datetime = NOW) -> str:
    with database.writing() as session:
        return hand_off(session, talk(session, words, language=language, now=now), now=now, mood=mood).conversation_id


def given_to(database: Database, conversation_id: str) -> str | None:
    with database.reading() as session:
        handoff = open_handoff(session, conversation_id)
        agent = session.get(Agent, handoff.assigned_to_id) if handoff and handoff.assigned_to_id else None
        return agent.login if agent else None


def told(database: Database, conversation_id: str) -> str:
    with database.reading() as session:
        return (
            session.scalars(
                select(Message.text).where(Message.conversation_id == conversation_id).order_by(Message.seq.desc())
            ).first()
            or ""
        )


def test_hand_off_goes_to_who_is_there_and_he_is_named(database: Database, cast: Cast) -> None:
    are_there(database, cast.siv)
    conversation_id = waits(database)
    assert given_to(database, conversation_id) == "siv"
    with database.reading() as session:
        assert open_handoff(session, conversation_id).answered_by == "Siv Holm"


def test_returning_customer_gets_the_agent_he_knows(database: Database, cast: Cast) -> None:
    are_there(database, cast.anna, cast.mikko, cast.siv)
    with database.writing() as session:
        before = verify(session, talk(session, "hello"), cast)
        take_as_agent(session, cast.siv, before.id, NOW)
        say_as_agent(session, cast.siv, before.id, "a", "Hello Erik", NOW)
        hand_back_as_agent(session, cast.siv, before.id, NOW)
        conversation = verify(session, talk(session, "it is me again"), cast)
        assert hand_off(session, conversation).answered_by == "Siv Holm"


def test_two_furious_customers_go_to_two_agents(database: Database, cast: Cast) -> None:
    are_there(database, cast.anna, cast.mikko)
    first, second = waits(database, mood="furious"), waits(database, mood="furious")
    assert {given_to(database, first), given_to(database, second)} == {"anna", "mikko"}


def test_who_does_not_come_loses_it_to_another(database: Database, cast: Cast, bench: Bench) -> None:
    are_there(database, cast.anna, cast.mikko)
    conversation_id = waits(database)
    first = given_to(database, conversation_id)
    bench.clock.pass_(minutes=2)
    are_there(database, cast.anna, cast.mikko, now=bench.clock.now())
    bench.watch().step(bench.clock.now())
    assert given_to(database, conversation_id) == first
    bench.clock.pass_(minutes=1)
    bench.watch().step(bench.clock.now())
    assert {first, given_to(database, conversation_id)} == {"anna", "mikko"}
    bench.clock.pass_(minutes=3)  # both have had it: it stays where it is
    are_there(database, cast.anna, cast.mikko, now=bench.clock.now())
    second = given_to(database, conversation_id)
    bench.watch().step(bench.clock.now())
    assert given_to(database, conversation_id) == second


def test_who_goes_away_loses_it_at_once(database: Database, cast: Cast, bench: Bench) -> None:
    are_there(database, cast.anna, cast.mikko)
    conversation_id = waits(database)
    with database.writing() as session:
        set_presence(session, cast.anna, "away", NOW)
    bench.watch().step(NOW)
    assert given_to(database, conversation_id) == "mikko"


def test_hand_off_of_nobody_goes_to_the_first_who_comes(database: Database, cast: Cast, bench: Bench) -> None:
    with database.writing() as session:
        for agent in (cast.anna, cast.mikko, cast.siv):
            set_presence(session, agent, "away", NOW)
    conversation_id = waits(database)
    assert given_to(database, conversation_id) is None
    with database.writing() as session:
        set_presence(session, cast.mikko, "online", NOW)
    bench.watch().step(NOW)
    assert given_to(database, conversation_id) == "mikko"


def test_passed_time_is_owned_up_to_raised_reassigned_and_the_lead_alerted(database: Database, cast: Cast, bench: Bench) -> None:
    are_there(database, cast.anna)
    conversation_id = waits(database)
    bench.clock.pass_(minutes=10, seconds=1)
    are_there(database, cast.mikko, now=bench.clock.now())
    with database.writing() as session:  # so that only the passed time moves it
        session.get_one(Agent, cast.mikko.id).presence = "busy"
    bench.watch().step(bench.clock.now())
    assert "I'm sorry: you should have had an answer by now. Mikko Laine will answer you here" in told(database, conversation_id)
    with database.writing() as session:
        (alert,) = alerts_for(session, cast.siv)
        assert (alert.kind, alert.detail["conversation"], alert.detail["agent"]) == ("handoff_late", conversation_id, cast.anna.id)
        assert alerts_for(session, cast.anna) == []


def test_agent_who_falls_silent_loses_the_conversation_and_the_customer_is_told(
    database: Database, cast: Cast, bench: Bench
) -> None:
    are_there(database, cast.anna)
    conversation_id = waits(database)
    with database.writing() as session:
        take_as_agent(session, cast.anna, conversation_id, NOW)
        say_as_agent(session, cast.anna, conversation_id, "a", "One moment", NOW)
        receive_message(session, conversation_id, "c9", NOW + timedelta(minutes=1), text="Are you there?")
    bench.clock.pass_(minutes=10)
    are_there(database, cast.mikko, now=bench.clock.now())
    bench.watch().step(bench.clock.now())
    assert holder(database, conversation_id) == "agent"
    bench.clock.pass_(minutes=1)
    bench.watch().step(bench.clock.now())
    assert holder(database, conversation_id) == "queue"
    assert given_to(database, conversation_id) == "mikko"
    assert "Mikko Laine will answer you here, at the latest today" in told(database, conversation_id)
    with database.reading() as session:
        assert [a.kind for a in alerts_for(session, cast.siv)] == ["agent_silent"]


def test_agent_who_takes_over_and_says_nothing_loses_it_too(database: Database, cast: Cast, bench: Bench) -> None:
    are_there(database, cast.anna)
    conversation_id = waits(database)
    with database.writing() as session:
        take_as_agent(session, cast.anna, conversation_id, NOW + timedelta(minutes=1))
    bench.clock.pass_(minutes=9)
    bench.watch().step(bench.clock.now())
    assert holder(database, conversation_id) == "agent"
    bench.clock.pass_(minutes=1)
    bench.watch().step(bench.clock.now())
    assert holder(database, conversation_id) == "queue"


def test_agent_who_waits_for_the_customer_keeps_the_conversation(database: Database, cast: Cast, bench: Bench) -> None:
    conversation_id = waits(database)
    with database.writing() as session:
        take_as_agent(session, cast.anna, conversation_id, NOW)
        say_as_agent(session, cast.anna, conversation_id, "a", "Which one is it?", NOW)
    bench.clock.pass_(hours=5)
    bench.watch().step(bench.clock.now())
    assert holder(database, conversation_id) == "agent"


def holder(database: Database, conversation_id: str) -> str:
    with database.reading() as session:
        return session.get_one(Conversation, conversation_id).holder


def test_after_a_hard_conversation_comes_a_pause_that_may_be_skipped(database: Database, cast: Cast) -> None:
    are_there(database, cast.anna, cast.mikko)
    conversation_id = waits(database, mood="furious")
    with database.writing() as session:
        take_as_agent(session, cast.anna, conversation_id, NOW)
        hand_back_as_agent(session, cast.anna, conversation_id, NOW)
        assert session.get_one(Agent, cast.anna.id).breathes_until == NOW + PAUSE
    assert [given_to(database, waits(database)) for _ in range(3)] == ["mikko"] * 3
    with database.writing() as session:
        skip_pause(session, cast.anna)
    assert given_to(database, waits(database)) == "anna"


def test_swap_gives_it_to_another_without_a_reason(database: Database, cast: Cast) -> None:
    are_there(database, cast.anna, cast.mikko)
    conversation_id = waits(database)
    first = cast.anna if given_to(database, conversation_id) == "anna" else cast.mikko
    other = cast.mikko if first is cast.anna else cast.anna
    with database.writing() as session:
        with pytest.raises(Conflict):
            swap_as_agent(session, other, conversation_id, ZONE, NOW)
        swap_as_agent(session, first, conversation_id, ZONE, NOW)
    assert given_to(database, conversation_id) == other.login
    with database.writing() as session:
        take_as_agent(session, other, conversation_id, NOW)
        swap_as_agent(session, other, conversation_id, ZONE, NOW)
    assert (holder(database, conversation_id), given_to(database, conversation_id)) == ("queue", "siv")


def test_lead_gives_it_to_whom_he_wants(database: Database, cast: Cast) -> None:
    are_there(database, cast.anna)
    conversation_id = waits(database)
    with database.writing() as session:
        with pytest.raises(NotAllowed):
            give_as_lead(session, cast.anna, conversation_id, cast.mikko, ZONE, NOW)
        take_as_agent(session, cast.anna, conversation_id, NOW)
        give_as_lead(session, cast.siv, conversation_id, cast.mikko, ZONE, NOW)
    assert (holder(database, conversation_id), given_to(database, conversation_id)) == ("queue", "mikko")
    assert "Mikko Laine will answer you" in told(database, conversation_id)


async def test_place_in_the_queue_is_told_when_asked(database: Database, cast: Cast, bench: Bench) -> None:
    waits(database)
    bench.clock.pass_(minutes=1)
    second = waits(database, now=bench.clock.now())
    bench.write(second, "How long does it take?")
    await bench.worker().answer_one()
    assert told(database, second).startswith("You are number 2 in the queue.")
    bench.write(second, "My phone is 070 123")
    await bench.worker().answer_one()
    assert told(database, second) == "My phone is 070 123"


async def test_call_instead_of_waiting_is_promised_and_ends_the_hand_off(database: Database, cast: Cast, bench: Bench) -> None:
    bench.clock.pass_(hours=11)  # late in the evening
    conversation_id = waits(database, now=bench.clock.now())
    with database.writing() as session:
        handoff = open_handoff(session, conversation_id)
        assert handoff.answered_by == ""
        conversation = session.get_one(Conversation, conversation_id)
        from desk.handoffs.telling import tell_who_answers

        tell_who_answers(session, conversation, handoff, "utter_handoff_closed", ZONE, bench.clock.now())
    press(bench, conversation_id, 0)
    await bench.worker().answer_one()
    assert told(database, conversation_id).startswith("When may a colleague call you")
    press(bench, conversation_id, 1)
    await bench.worker().answer_one()
    assert "will call you" in told(database, conversation_id)
    with database.reading() as session:
        call = session.scalars(select(Followup).where(Followup.kind == "call")).one()
        assert call.promise == "open"
        assert session.scalars(select(Handoff)).one().state == "ended"
    assert holder(database, conversation_id) == "bot"


def press(bench: Bench, conversation_id: str, number: int) -> None:
    """The customer presses a button of the last message."""
    with bench.database.writing() as session:
        last = session.scalars(
            select(Message).where(Message.conversation_id == conversation_id).order_by(Message.seq.desc())
        ).first()
        payload = last.buttons[number]["payload"]
        receive_message(session, conversation_id, f"b{last.seq}", bench.clock.now(), payload=payload)


def test_what_was_agreed_is_told_at_the_hand_back_and_kept_for_the_bot(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        case = smelling_tv(session, cast)
        conversation = session.get_one(Conversation, case.conversation_id)
        hand_off(session, conversation)
        take_as_agent(session, cast.anna, conversation.id, NOW)
        hand_back_as_agent(session, cast.anna, conversation.id, NOW, "The new set comes on Friday.")
        assert (conversation.agreed, conversation.agreed_at) == ("The new set comes on Friday.", NOW)
        receive_message(session, conversation.id, "c9", NOW, text="It did not come.")
        again = hand_off(session, conversation, reason="furious")
    with database.reading() as session:
        systems = select(Message.text).where(Message.conversation_id == conversation.id, Message.author == "system")
        said = session.scalars(systems.order_by(Message.seq)).all()
    assert said[-1] == "Anna Berg has left the chat. Agreed: The new set comes on Friday. The assistant answers again."
    assert "Agreed before: “The new set comes on Friday.”" in again.summary
