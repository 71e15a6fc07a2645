"""Somebody who means no good, in Telegram: each gets a clear answer, and nothing leaks."""

import re

from desk.customers.service import verify_by_order
from desk.db.base import new_id
from desk.simulator.chats import Chat
from desk.words import Said
from desk.worker.bot import Reply, Turn
from tests.desk.channels.telegram.conftest import Stage


def offers(turn: Turn) -> Reply:
    return Reply([Said(turn.text, [{"title": "<b>Yes</b>", "payload": "/affirm"}])])


def said_to(chat: Chat) -> str:
    return "\n".join(m.get("text", "") for m in chat.from_bot())


async def test_markup_is_text_to_everybody(stage: Stage) -> None:
    stage.bot._answer = offers
    mallory = stage.telegram.person("<script>alert(1)</script>")
    nasty = "<b>bold</b> *star* _under_ [link](tg://user?id=1) `code` &lt; \u202egnp.exe"
    stage.telegram.say(mallory, nasty)
    said = await stage.hear(mallory, "<b>bold</b>")
    assert said["text"] == nasty
    assert "entities" not in said
    assert "parse_mode" not in said
    assert said["reply_markup"]["inline_keyboard"][0][0]["text"] == "<b>Yes</b>"


async def test_ten_thousand_characters_are_too_many_and_told(stage: Stage) -> None:
    mallory = stage.telegram.person("Mallory")
    stage.telegram.say(mallory, "a" * 10_000)
    await stage.hear(mallory, "more than I can take in at once (2000 characters)")
    assert stage.bot.turns == []
    assert max(len(m.text) for m in stage.messages(mallory)) <= 2000


async def test_control_characters_alone_are_no_message(stage: Stage) -> None:
    mallory = stage.telegram.person("Mallory")
    stage.telegram.send(mallory, text="\x00\x07\x1b")
    await stage.hear(mallory, "can't read that")
    assert stage.bot.turns == []


async def test_forged_callback_data_opens_nothing(stage: Stage) -> None:
    stage.bot._answer = offers
    erik, mallory = stage.telegram.person("Erik"), stage.telegram.person("Mallory")
    stage.telegram.say(erik, "private words of Erik's")
    asked = await stage.hear(erik, "private words")
    stage.telegram.say(mallory, "Hello")
    shown = await stage.hear(mallory, "Hello")
    of_erik = asked["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    forged = [
        of_erik,
        "/affirm",
        '/desk_link{"offer": 1}',
        f"{new_id()}:0",
        of_erik.replace(":0", ":7"),
        "' OR 1=1 --",
        "🎉" * 16,
        "",
    ]
    for data in forged:
        stage.telegram.press_data(mallory, shown, data)
    await stage.until(lambda: len(stage.telegram.answered) == len(forged))
    assert all("earlier in our talk" in answer["text"] for answer in stage.telegram.answered.values())
    assert [m.text for m in stage.messages(mallory) if m.author == "customer"] == ["Hello"]
    assert "private words" not in said_to(mallory)
    assert len(stage.bot.turns) == 2


async def test_a_flood_is_told_once_and_does_not_reach_the_bot(stage: Stage) -> None:
    mallory, aino = stage.telegram.person("Mallory"), stage.telegram.person("Aino")
    for n in range(120):
        stage.telegram.say(mallory, f"flood {n}")
    stage.telegram.say(aino, "Hello")
    await stage.hear(aino, "re: Hello")
    await stage.until(lambda: not stage.telegram.updates)
    limit = stage.parts.settings.messages_per_minute
    assert len([m for m in stage.messages(mallory) if m.author == "customer"]) == limit
    assert len([m for m in stage.messages(mallory) if "a lot at once" in m.text]) == 1


async def test_someone_elses_link_code_gives_no_view_and_is_told_to_its_owner(stage: Stage) -> None:
    erik, mallory = stage.telegram.person("Erik"), stage.telegram.person("Mallory")
    stage.telegram.say(erik, "private words of Erik's")
    await stage.hear(erik, "re: private")
    stage.telegram.say(erik, "/link")
    code = re.search(r"there: (\S{9})\.", (await stage.hear(erik, "#fubb-code="))["text"])
    assert code
    stage.telegram.say(mallory, f"/start {code[1]}")
    await stage.hear(mallory, "Shall I connect")
    stage.telegram.press(mallory, "Yes, connect them")
    await stage.hear(erik, "If that wasn't you, disconnect it")
    assert stage.conversation(mallory).verified_at is None
    assert "private words" not in said_to(mallory)
    stage.telegram.press(erik, "Disconnect")
    await stage.hear(mallory, "no longer connected")
    stage.telegram.say(mallory, code[1])
    await stage.hear(mallory, "That code isn't good")


async def test_guessing_codes_ends_soon(stage: Stage) -> None:
    mallory = stage.telegram.person("Mallory")
    for n in range(2, 8):
        stage.telegram.say(mallory, f"/start 2345-678{n}")
    await stage.until(lambda: said_to(mallory).count("isn't good") == 6)
    assert stage.conversation(mallory).link_failures == 5


async def test_a_group_that_tries_to_read_an_order_sees_nothing(stage: Stage) -> None:
    from tests.desk.cast import gather

    with stage.parts.database.writing() as session:
        gather(session)
    group = stage.telegram.group("Neighbours")
    stage.telegram.person("Mallory", id=7)
    for text in ("/human@fubb_sim_bot", "/link@fubb_sim_bot", "/start@fubb_sim_bot K7MQ-2RXD", "@fubb_sim_bot K7MQ-2RXD"):
        stage.telegram.say(group, text, person=7)
    await stage.hear(group, "not where others can read along")
    await stage.until(lambda: stage.bot.turns)  # a code is no code here, only words
    with stage.parts.database.writing() as session:
        answer = verify_by_order(
            session, stage.conversation(group).id, "10023847", "erik.lund@example.com", stage.parts.clock.now(), attempts=5
        )
    assert answer.order is None
    assert stage.conversation(group).verified_at is None
    assert [(t.text, t.slots["verified"], t.slots["open_case"]) for t in stage.bot.turns] == [("K7MQ-2RXD", False, None)]
    assert not re.search(r"Aurora|10023847|Erik|delivered|F-[0-9]+|connect", said_to(group))
