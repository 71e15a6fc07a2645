"""A message through the bot: claimed by one, settled once, never said after a person took over."""

import asyncio

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from desk.agents.tables import Agent
from desk.conversations.service import lock_conversation
from desk.conversations.tables import Conversation, Message
from desk.handoffs.service import hand_back, open_handoff, request_handoff, take_over
from desk.words import Said
from desk.worker.bot import Reply, Turn
from desk.worker.claims import Claim
from desk.worker.turns import Answered, TurnWorker
from tests.desk.cast import WITHIN, gather, heard_last
from tests.desk.worker.conftest import Bench
from tests.desk.worker.scripted import ScriptedBot, echo


def take(bench: Bench, conversation_id: str, login: str = "anna") -> None:
    with bench.database.writing() as session:
        agent = session.query(Agent).filter_by(login=login).one()
        take_over(session, lock_conversation(session, conversation_id), agent, bench.clock.now())


async def test_a_message_is_answered_by_the_bot(bench: Bench) -> None:
    talk = bench.open()
    bench.write(talk, "hello")
    assert await bench.worker().answer_one()
    assert bench.transcript(talk) == [("customer", "hello"), ("bot", "re: hello")]
    assert not await bench.worker().answer_one()


async def test_messages_of_a_conversation_are_answered_in_their_order(bench: Bench) -> None:
    talk = bench.open()
    for text in ("one", "two", "three"):
        bench.write(talk, text)
    for _ in range(3):
        await bench.worker().answer_one()
    assert [t.text for t in bench.bot.turns] == ["one", "two", "three"]


async def test_a_conversation_has_one_turn_under_way(bench: Bench) -> None:
    talk = bench.open()
    bench.write(talk, "one")
    bench.write(talk, "two")
    bench.bot.gate = asyncio.Event()
    first = asyncio.create_task(bench.worker().answer_one())
    await bench.bot.reached.wait()
    assert not await bench.worker(ScriptedBot()).answer_one()
    bench.bot.gate.set()
    assert await first


async def test_a_failed_turn_says_nothing_and_is_tried_again_under_the_same_id(bench: Bench) -> None:
    talk = bench.open()
    bench.write(talk, "hello")
    bench.bot.failures = 1
    await bench.worker().answer_one()
    assert bench.transcript(talk) == [("customer", "hello")]
    assert not await bench.worker().answer_one()  # not at once
    bench.clock.pass_(seconds=5)
    await bench.worker().answer_one()
    assert bench.transcript(talk)[1:] == [("bot", "re: hello")]
    assert len({t.message_id for t in bench.bot.turns}) == 1


async def test_a_dead_workers_message_is_taken_by_another_once_its_lease_is_over(bench: Bench) -> None:
    talk = bench.open()
    bench.write(talk, "hello")
    assert await bench.worker().settle_and_claim([], 8)  # and dies
    assert not await bench.worker().settle_and_claim([], 8)
    bench.clock.pass_(seconds=bench.settings.lease + 1)
    await bench.worker().answer_one()
    assert bench.transcript(talk)[1:] == [("bot", "re: hello")]


async def test_a_worker_that_lost_its_claim_settles_nothing(bench: Bench) -> None:
    talk = bench.open()
    bench.write(talk, "hello")
    slow = bench.worker()
    (claimed,) = await slow.settle_and_claim([], 8)
    bench.clock.pass_(seconds=bench.settings.lease + 1)
    await bench.worker().answer_one()
    await slow.settle_and_claim([await slow.ask(claimed)], 8)
    assert bench.transcript(talk) == [("customer", "hello"), ("bot", "re: hello")]


async def test_a_reply_under_way_is_not_said_after_a_person_took_over(bench: Bench) -> None:
    with bench.database.writing() as session:
        gather(session)
    talk = bench.open()
    message = bench.write(talk, "hello")
    bench.bot.gate = asyncio.Event()
    turn = asyncio.create_task(bench.worker().answer_one())
    await bench.bot.reached.wait()
    take(bench, talk)
    bench.bot.gate.set()
    await turn
    assert bench.transcript(talk) == [("customer", "hello")]
    with bench.database.reading() as session:
        assert session.get_one(Message, message.id).state == "for_human"


async def test_a_message_to_a_person_does_not_reach_the_bot(bench: Bench) -> None:
    with bench.database.writing() as session:
        gather(session)
    talk = bench.open()
    take(bench, talk)
    bench.write(talk, "hello?")
    await bench.worker().answer_one()
    assert bench.bot.turns == []
    with bench.database.reading() as session:
        assert session.get_one(Conversation, talk).waiting == 0


async def test_after_the_hand_back_the_bot_begins_afresh(bench: Bench) -> None:
    with bench.database.writing() as session:
        gather(session)
    talk = bench.open()
    bench.write(talk, "hello")
    await bench.worker().answer_one()
    take(bench, talk)
    with bench.database.writing() as session:
        hand_back(session, lock_conversation(session, talk), bench.clock.now())
    bench.write(talk, "and now?")
    await bench.worker().answer_one()
    assert [t.fresh for t in bench.bot.turns] == [True, True]
    bench.write(talk, "more")
    await bench.worker().answer_one()
    assert bench.bot.turns[-1].fresh is False


async def test_a_hand_off_that_the_turn_asked_for_takes_effect_with_its_replies(bench: Bench) -> None:
    with bench.database.writing() as session:
        gather(session)
    talk = bench.open()

    def answer(turn: Turn) -> Reply:
        with bench.database.writing() as session:
            conversation = lock_conversation(session, talk)
            heard = heard_last(session, conversation)
            request_handoff(session, conversation, "asked_for_human", heard, bench.clock.now(), WITHIN)
            assert conversation.holder == "bot"
        return echo(turn)

    bench.write(talk, "a person please")
    await bench.worker(ScriptedBot(answer)).answer_one()
    assert bench.transcript(talk)[-1] == ("bot", "re: a person please")
    with bench.database.reading() as session:
        assert session.get_one(Conversation, talk).holder == "queue"
        handoff = open_handoff(session, talk)
        assert handoff is not None
        assert handoff.state == "queued"


async def test_a_dialogue_that_says_nothing_does_not_leave_the_customer_in_silence(bench: Bench) -> None:
    talk = bench.open("sv")
    bench.write(talk, "hej")
    await bench.worker(ScriptedBot(lambda turn: Reply([], {}))).answer_one()
    assert [author for author, _ in bench.transcript(talk)] == ["customer", "bot"]


async def test_what_the_bot_understood_is_kept_with_the_message(bench: Bench) -> None:
    talk = bench.open()
    message = bench.write(talk, "it smells")
    understood = {"topic": "report_fault", "confidence": 0.9, "mood": "furious", "hazard": True}
    await bench.worker(ScriptedBot(lambda turn: Reply([Said("Switch it off.", [])], understood))).answer_one()
    with bench.database.reading() as session:
        assert session.get_one(Message, message.id).understood == understood
        conversation = session.get_one(Conversation, talk)
        assert (conversation.mood, conversation.hazard) == ("furious", True)


async def answered_together(bench: Bench, worker: TurnWorker, texts: list[str]) -> tuple[list[str], list[Answered]]:
    """Several conversations, each with a message that the bot has answered and that is not settled yet."""
    talks = [bench.open() for _ in texts]
    for talk, text in zip(talks, texts, strict=True):
        bench.write(talk, text)
    claimed = await worker.settle_and_claim([], 8)
    assert len(claimed) == len(texts)
    return talks, [await worker.ask(each) for each in claimed]


async def test_turns_answered_meanwhile_are_settled_in_one_transaction(bench: Bench) -> None:
    worker = bench.worker()
    talks, answered = await answered_together(bench, worker, ["one", "two", "three"])
    commits: list[object] = []

    def count(connection: object) -> None:
        commits.append(connection)

    event.listen(bench.database.engine, "commit", count)
    try:
        await worker.settle_and_claim(answered, 8)
    finally:
        event.remove(bench.database.engine, "commit", count)
    assert len(commits) == 1
    assert [bench.transcript(talk)[-1] for talk in talks] == [("bot", "re: one"), ("bot", "re: two"), ("bot", "re: three")]


async def test_a_turn_that_cannot_be_settled_does_not_hold_up_the_others(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = bench.worker()
    talks, answered = await answered_together(bench, worker, ["one", "poison", "three"])
    say = TurnWorker._say

    def breaks(
        self: TurnWorker, session: Session, claim: Claim, conversation: Conversation, message: Message, reply: Reply
    ) -> None:
        if message.text == "poison":
            raise OperationalError("UPDATE", {}, Exception("the database failed"))
        say(self, session, claim, conversation, message, reply)

    monkeypatch.setattr(TurnWorker, "_say", breaks)
    await worker.settle_and_claim(answered, 8)
    assert [len(bench.transcript(talk)) for talk in talks] == [2, 1, 2]
    monkeypatch.undo()
    bench.clock.pass_(seconds=bench.settings.lease + 1)
    assert await bench.worker().answer_one()
    assert bench.transcript(talks[1])[-1] == ("bot", "re: poison")
