"""A customer and the desk in Telegram, from first word to last."""

import asyncio

from desk.conversations.service import append_message, lock_conversation
from desk.words import Said
from desk.worker.bot import Reply, Turn
from tests.desk.channels.telegram.conftest import Stage

CHOICE = [{"title": "A new one", "payload": '/choose_remedy{"remedy": "replacement"}'}, {"title": "My money", "payload": "/deny"}]


def offers(turn: Turn) -> Reply:
    """Offers a choice to words; says what was chosen to a press."""
    if turn.payload:
        return Reply([Said(f"chosen: {turn.payload}", [])])
    return Reply([Said("I am sorry.", []), Said("What would you like?", CHOICE)])


async def test_a_message_is_answered_in_the_chat_in_order(stage: Stage) -> None:
    erik = stage.telegram.person("Erik")
    stage.telegram.say(erik, "My TV smells")
    stage.telegram.say(erik, "and makes noises")
    await stage.hear(erik, "re: and makes noises")
    assert [text for who, text in stage.telegram.texts(erik) if who == "bot"] == ["re: My TV smells", "re: and makes noises"]
    assert [(m.author, m.text) for m in stage.messages(erik) if m.author == "customer"] == [
        ("customer", "My TV smells"),
        ("customer", "and makes noises"),
    ]
    await stage.all_settled()
    assert all(d.state == "sent" and not d.uncertain for d in stage.deliveries())


async def test_a_button_is_pressed_once_and_its_keyboard_goes(stage: Stage) -> None:
    stage.bot._answer = offers
    erik = stage.telegram.person("Erik")
    stage.telegram.say(erik, "It smells")
    asked = await stage.hear(erik, "What would you like?")
    assert [b["text"] for row in asked["reply_markup"]["inline_keyboard"] for b in row] == ["A new one", "My money"]
    data = asked["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    stage.telegram.press(erik, "A new one")
    await stage.hear(erik, 'chosen: /choose_remedy{"remedy": "replacement"}')
    await stage.until(lambda: "reply_markup" not in asked)
    stage.telegram.press_data(erik, asked, data)  # a second tap that was under way
    await stage.until(lambda: len(stage.telegram.answered) == 2)
    assert "earlier in our talk" in list(stage.telegram.answered.values())[1]["text"]
    assert [m.text for m in stage.messages(erik) if m.author == "customer"] == ["It smells", "A new one"]


async def test_the_same_update_twice_changes_nothing(stage: Stage) -> None:
    erik = stage.telegram.person("Erik")
    stage.telegram.say(erik, "Hello")
    await stage.hear(erik, "re: Hello")
    stage.telegram.updates |= {u["update_id"]: u for u in stage.telegram.forgotten}  # Telegram brings it again
    stage.telegram.say(erik, "Are you there?")
    await stage.hear(erik, "re: Are you there?")
    assert len([t for t in stage.telegram.texts(erik) if t == ("bot", "re: Hello")]) == 1


async def test_what_an_agent_and_the_desk_say_goes_out_too(stage: Stage) -> None:
    erik = stage.telegram.person("Erik")
    stage.telegram.say(erik, "Hello")
    await stage.hear(erik, "re: Hello")
    with stage.parts.database.writing() as session:
        from tests.desk.cast import add_agent

        anna = add_agent(session, "anna", "Anna Berg", ["en"])
        conversation = lock_conversation(session, stage.conversation(erik).id)
        append_message(
            session, conversation, "agent", "*I* am <b>here</b> _now_", stage.parts.clock.now(), name="Anna Berg", agent_id=anna.id
        )
        append_message(session, conversation, "system", "Something of the desk's.", stage.parts.clock.now())
    said = await stage.hear(erik, "am <b>here</b>")
    assert said["text"] == "Anna Berg\n*I* am <b>here</b> _now_", "markup is text"
    assert said["entities"] == [{"type": "bold", "offset": 0, "length": 9}]
    await stage.hear(erik, "Something of the desk's.")


async def test_a_restart_loses_nothing_that_was_stored(stage: Stage) -> None:
    erik = stage.telegram.person("Erik")
    stage.telegram.say(erik, "one")
    await stage.hear(erik, "re: one")
    await stage.all_settled()  # what is cut off between sending and recording may be sent again, on record
    await stage.end()
    stage.telegram.say(erik, "two, while the desk is away")
    stage.start()
    await stage.hear(erik, "re: two")
    assert [t for t in stage.telegram.texts(erik) if t[0] == "bot"] == [
        ("bot", "re: one"),
        ("bot", "re: two, while the desk is away"),
    ]


async def test_somebody_is_seen_to_be_typing_and_the_menu_is_there(stage: Stage) -> None:
    stage.bot.gate = asyncio.Event()
    erik = stage.telegram.person("Erik", "sv")
    stage.telegram.say(erik, "Hej")
    await stage.until(lambda: erik.actions == ["typing"])
    stage.bot.gate.set()
    await stage.hear(erik, "re: Hej")
    assert stage.conversation(erik).language == "sv"
    await stage.until(lambda: set(stage.telegram.commands) == {"", "sv", "nb", "no", "nn", "fi"})
    assert [c["command"] for c in stage.telegram.commands["fi"]] == ["human", "link", "language", "stop", "help"]
