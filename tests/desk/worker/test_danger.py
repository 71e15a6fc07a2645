"""Danger is heeded whoever answers: advice at once, the case urgent, the holder and the leads told (I5)."""

from sqlalchemy import select

from desk.agents.tables import Agent
from desk.alerts.tables import Alert
from desk.cases.tables import Case
from desk.conversations.service import lock_conversation
from desk.handoffs.service import open_handoff, request_handoff, take_over
from tests.desk.cast import WITHIN, gather, heard_last
from tests.desk.worker.conftest import Bench


def held(bench: Bench, by_agent: bool = True) -> str:
    """A conversation that waits for people, or that Anna holds."""
    with bench.database.writing() as session:
        gather(session)
    talk = bench.open()
    bench.write(talk, "a person please")
    with bench.database.writing() as session:
        conversation = lock_conversation(session, talk)
        request_handoff(session, conversation, "asked_for_human", heard_last(session, conversation), bench.clock.now(), WITHIN)
        conversation.holder = "queue"
        handoff = open_handoff(session, talk)
        assert handoff is not None
        handoff.state = "queued"
        if by_agent:
            anna = session.scalars(select(Agent).where(Agent.login == "anna")).one()
            take_over(session, conversation, anna, bench.clock.now())
    return talk


async def write(bench: Bench, talk: str, text: str) -> list[tuple[str, str]]:
    """What was said since, once the worker has been at it."""
    before = len(bench.transcript(talk))
    bench.write(talk, text)
    while await bench.worker().answer_one():
        pass
    return bench.transcript(talk)[before:]


async def test_advice_comes_in_the_desks_voice_and_the_bot_keeps_quiet(bench: Bench) -> None:
    talk = held(bench)
    said = await write(bench, talk, "danger: now there is smoke")
    assert [author for author, _ in said] == ["customer", "system"]
    assert "unplug" in said[1][1]


async def test_the_case_is_urgent_and_holder_and_leads_are_told(bench: Bench) -> None:
    talk = held(bench)
    await write(bench, talk, "danger: now there is smoke")
    with bench.database.reading() as session:
        case = session.scalars(select(Case)).one()
        assert (case.hazard, case.priority) == (True, "urgent")
        anna = session.scalars(select(Agent.id).where(Agent.login == "anna")).one()
        told = session.scalars(select(Alert.agent_id).where(Alert.kind == "danger")).all()
        assert sorted(told, key=str) == sorted([anna, None], key=str)
        handoff = open_handoff(session, talk)
        assert handoff is not None
        assert handoff.hazard


async def test_advice_is_given_once_and_while_he_waits_too(bench: Bench) -> None:
    talk = held(bench, by_agent=False)
    assert "system" in [author for author, _ in await write(bench, talk, "danger: sparks!")]
    assert [author for author, _ in await write(bench, talk, "danger: more sparks!")] == ["customer"]


async def test_a_message_is_not_held_up_where_it_cannot_be_read(bench: Bench) -> None:
    talk = held(bench)
    bench.bot.failures = 9
    assert await write(bench, talk, "danger: smoke") == [("customer", "danger: smoke")]


async def test_of_a_danger_that_was_known_before_he_is_reminded_once_and_the_holder_is_told(bench: Bench) -> None:
    talk = held(bench)
    with bench.database.writing() as session:
        session.scalars(select(Case)).one().hazard = True
    said = await write(bench, talk, "danger: now there is smoke too")
    assert [author for author, _ in said] == ["customer", "system"]
    assert "leave the room" in said[1][1]
    assert await write(bench, talk, "danger: and flames") == [("customer", "danger: and flames")]
    with bench.database.reading() as session:
        anna = session.scalars(select(Agent.id).where(Agent.login == "anna")).one()
        assert anna in session.scalars(select(Alert.agent_id).where(Alert.kind == "danger")).all()
