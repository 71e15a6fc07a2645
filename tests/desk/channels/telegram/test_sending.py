"""What becomes of a message when Telegram does not simply take it."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from telegram.request import HTTPXRequest

from desk.channels.telegram.channel import TelegramChannel
from desk.channels.telegram.pacing import Pacer
from desk.channels.telegram.service import make_bot
from desk.conversations.service import append_message, lock_conversation
from desk.conversations.tables import Conversation
from desk.customers.identities import identity_at
from desk.deliveries.channel import NotSent, Outgoing
from desk.deliveries.tables import Delivery
from desk.followups.tables import Followup
from desk.simulator.chats import Chat
from desk.simulator.errors import ApiError, bad, too_many
from desk.simulator.faults import Fault
from desk.words import Said
from desk.worker.bot import Reply
from tests.desk.attachments.drawing import jpeg
from tests.desk.cast import add_agent, gather, smelling_tv
from tests.desk.channels.telegram.conftest import Stage


def say(stage: Stage, chat: Chat, *texts: str) -> None:
    """The desk says something in the chat."""
    with stage.parts.database.writing() as session:
        conversation = lock_conversation(session, stage.conversation(chat).id)
        for text in texts:
            append_message(session, conversation, "system", text, stage.parts.clock.now())


async def met(stage: Stage, name: str = "Erik") -> Chat:
    """Somebody who has written, and was answered."""
    chat = stage.telegram.person(name)
    stage.telegram.say(chat, "Hello")
    await stage.hear(chat, "re: Hello")
    await stage.all_settled()
    return chat


def from_bot(chat: Chat) -> list[str]:
    return [m["text"] for m in chat.from_bot()][1:]


async def test_told_to_wait_it_waits_and_nothing_overtakes(stage: Stage) -> None:
    erik = await met(stage)
    stage.telegram.faults.plan("sendMessage", Fault(error=too_many(1)))
    begun = datetime.now(UTC)
    say(stage, erik, "one", "two", "three")
    await stage.hear(erik, "three")
    assert from_bot(erik) == ["one", "two", "three"]
    assert (datetime.now(UTC) - begun).total_seconds() >= 1.0
    await stage.all_settled()
    assert [d.uncertain for d in stage.deliveries()] == [0, 0, 0, 0], "refused is not uncertain"


async def test_one_chat_that_must_wait_does_not_hold_up_another(stage: Stage) -> None:
    erik, aino = await met(stage), await met(stage, "Aino")
    stage.telegram.faults.plan("sendMessage", Fault(error=too_many(30)))
    say(stage, erik, "slow")
    await stage.until(lambda: stage.telegram.faults.happened["429"] == 1)
    say(stage, aino, "quick")
    await stage.hear(aino, "quick", patience=3)


async def test_a_cut_connection_is_uncertain_and_sent_again_on_record(stage: Stage) -> None:
    erik = await met(stage)
    stage.telegram.faults.plan("sendMessage", Fault(cut=True, done=True), Fault(cut=True))
    say(stage, erik, "one", "two")
    await stage.hear(erik, "two")
    await stage.all_settled()
    assert from_bot(erik) == ["one", "one", "two"], "what had arrived came again; what had not came once"
    assert [d.uncertain for d in stage.deliveries()] == [0, 2, 0]


async def test_an_error_of_telegrams_own_is_uncertain(stage: Stage) -> None:
    erik = await met(stage)
    stage.telegram.faults.plan("sendMessage", Fault(error=ApiError(502, "Bad Gateway")))
    say(stage, erik, "one")
    await stage.hear(erik, "one")
    await stage.all_settled()
    assert [d.uncertain for d in stage.deliveries()] == [0, 1]


async def test_telegram_away_is_not_uncertain(stage: Stage) -> None:
    away = stage.parts.settings.model_copy(update={"telegram_base_url": "http://127.0.0.1:9"})  # nobody listens there
    bot = make_bot(away)
    channel = TelegramChannel(bot, Pacer(25, 1), stage.parts.database)
    erik = await met(stage)
    outgoing = Outgoing(1, stage.conversation(erik).id, "m", str(erik.id), "system", "", "x", "en", 0)
    async with HTTPXRequest() as request:
        bot._request = (request, request)
        with pytest.raises(NotSent):
            await channel.send(outgoing)


async def test_a_message_that_telegram_never_takes_does_not_stop_the_next(stage: Stage) -> None:
    erik = await met(stage)
    stage.telegram.faults.plan("sendMessage", Fault(error=bad("something new is wrong with it")))
    say(stage, erik, "one", "two")
    await stage.hear(erik, "two")
    await stage.all_settled()
    assert [(d.state, d.why) for d in stage.deliveries()][1] == ("failed", "Something new is wrong with it")


async def test_blocked_ends_the_address_and_people_follow_up(stage: Stage) -> None:
    erik = await met(stage)
    with stage.parts.database.writing() as session:
        cast = gather(session)
        case = smelling_tv(session, cast, arranged=True)
        elsewhere = session.get_one(Conversation, case.conversation_id)
        elsewhere.verified_at = None  # the website may not be told of it
        case.conversation_id = stage.conversation(erik).id
        case_id = case.id
    with stage.parts.database.reading() as session:
        before = session.scalars(select(Followup).where(Followup.case_id == case_id, Followup.state == "pending")).one()
    assert before.kind == "check_in"
    erik.blocked = True
    say(stage, erik, "one", "two")
    await stage.all_settled()
    assert [d.state for d in stage.deliveries()][-2:] == ["failed", "failed"]
    with stage.parts.database.reading() as session:
        identity = identity_at(session, "telegram", str(erik.id))
        assert identity is not None
        assert identity.ended_at is not None
        step = session.scalars(select(Followup).where(Followup.case_id == case_id, Followup.state == "pending")).one()
        assert (step.kind, step.owner) == ("task", "team")
        assert "do not arrive" in step.note
    erik.blocked = False
    stage.telegram.say(erik, "I am back")
    await stage.hear(erik, "re: I am back")
    with stage.parts.database.reading() as session:
        identity = identity_at(session, "telegram", str(erik.id))
        assert identity is not None
        assert identity.ended_at is None


async def test_a_group_that_moved_is_written_to_at_its_new_address(stage: Stage) -> None:
    group, big = stage.telegram.group("Neighbours", -100), stage.telegram.group("Neighbours")
    stage.telegram.person("Erik", id=7)
    group.moved_to = big.id
    stage.telegram.say(group, "@fubb_sim_bot hello", person=7)
    await stage.hear(big, "re: hello")
    with stage.parts.database.reading() as session:
        assert identity_at(session, "telegram", str(big.id)) is not None


async def test_a_group_that_already_writes_from_its_new_address_ends_the_old_one(stage: Stage) -> None:
    group, big = stage.telegram.group("Neighbours", -100), stage.telegram.group("Neighbours")
    stage.telegram.person("Erik", id=7)
    for chat in (group, big):
        stage.telegram.say(chat, "@fubb_sim_bot hello", person=7)
        await stage.hear(chat, "re: hello")
    await stage.all_settled()
    group.moved_to = big.id
    say(stage, group, "one", "two")
    await stage.all_settled()
    assert [d.state for d in stage.deliveries()] == ["sent", "sent", "failed", "failed"]


async def test_a_fault_of_ours_in_one_message_does_not_hold_up_the_next(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    erik = await met(stage)
    send = TelegramChannel._send_part

    async def breaks(self: TelegramChannel, outgoing: Outgoing) -> object:
        if outgoing.text == "one":
            raise ZeroDivisionError("a fault of ours")
        return await send(self, outgoing)

    monkeypatch.setattr(TelegramChannel, "_send_part", breaks)
    say(stage, erik, "one", "two")
    await stage.hear(erik, "two")
    await stage.all_settled()
    assert [d.state for d in stage.deliveries()] == ["sent", "failed", "sent"]


async def test_a_send_under_way_at_a_crash_is_uncertain(stage: Stage) -> None:
    erik = await met(stage)
    await stage.end()
    say(stage, erik, "one")
    with stage.parts.database.writing() as session:
        delivery = session.scalars(select(Delivery).where(Delivery.settled_at.is_(None))).one()
        delivery.state, delivery.lease_until = "sending", datetime(2100, 1, 1, tzinfo=UTC)
    stage.start()
    await stage.hear(erik, "one")
    await stage.all_settled()
    assert [d.uncertain for d in stage.deliveries()] == [0, 1]


async def test_a_long_text_is_cut_at_sentences_and_the_buttons_come_last(stage: Stage) -> None:
    long = " ".join(f"This is sentence number {n} of a long answer." for n in range(200))
    stage.bot._answer = lambda turn: Reply([Said(long, [{"title": "Good", "payload": "/affirm"}])])
    erik = stage.telegram.person("Erik")
    stage.telegram.say(erik, "Tell me all")
    await stage.hear(erik, "number 199 of")
    parts = erik.from_bot()
    assert len(parts) > 1
    assert " ".join(p["text"] for p in parts) == long
    assert all(p["text"].endswith(".") for p in parts)
    assert ["reply_markup" in p for p in parts] == [False] * (len(parts) - 1) + [True]


async def test_a_picture_of_an_agent_is_shown_in_the_chat(stage: Stage) -> None:
    from desk.attachments.pictures import clean_picture
    from desk.attachments.service import keep_picture
    from desk.conversations.access import say_as_agent, take_as_agent

    erik = await met(stage)
    now = stage.parts.clock.now()
    with stage.parts.database.writing() as session:
        anna = add_agent(session, "anna", "Anna Berg", ["en"])
        conversation = take_as_agent(session, anna, stage.conversation(erik).id, now)
        kept = keep_picture(session, conversation.id, clean_picture(jpeg()), now, agent_id=anna.id)
        say_as_agent(session, anna, conversation.id, "a1", "Is it this one?", now, attachments=[kept.id])
    await stage.until(lambda: any("photo" in m for m in erik.from_bot()))
    said = [m.get("text") or "photo" for m in erik.from_bot()][-2:]
    assert said == ["Anna Berg\nIs it this one?", "photo"]
    assert len(stage.telegram.files) == 1
