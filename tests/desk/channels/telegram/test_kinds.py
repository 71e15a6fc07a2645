"""Everything that one can send in Telegram, and what the desk makes of it."""

import asyncio
from datetime import timedelta

import pytest

from desk.channels.telegram.receiving import Receiver
from desk.customers.identities import identity_at
from desk.simulator.faults import Fault
from desk.worker.watch import Watch
from tests.desk.attachments.drawing import jpeg, photo_from_a_phone
from tests.desk.channels.telegram.conftest import Stage

FILE = {"file_id": "f", "file_unique_id": "u"}
DECLINED = [
    ("voice", {"voice": FILE | {"duration": 7}}, "voice messages"),
    ("audio", {"audio": FILE | {"duration": 7}}, "voice messages"),
    ("video note", {"video_note": FILE | {"duration": 7, "length": 100}}, "voice messages"),
    ("video", {"video": FILE | {"duration": 7, "width": 1, "height": 1}}, "watch videos"),
    ("location", {"location": {"latitude": 59.3, "longitude": 18.1}}, "where you are"),
    ("contact", {"contact": {"phone_number": "+46700000000", "first_name": "Erik"}}, "contact card"),
    (
        "sticker without a sign",
        {"sticker": FILE | {"width": 1, "height": 1, "is_animated": False, "is_video": False, "type": "regular"}},
        "sticker",
    ),
    ("dice", {"dice": {"emoji": "🎲", "value": 3}}, "can't read that"),
]


@pytest.mark.parametrize(("content", "answer"), [d[1:] for d in DECLINED], ids=[d[0] for d in DECLINED])
async def test_what_cannot_be_read_is_declined_kindly_and_noted(stage: Stage, content: dict[str, object], answer: str) -> None:
    erik = stage.telegram.person("Erik")
    stage.telegram.send(erik, **content)
    await stage.hear(erik, answer)
    noted, said = stage.messages(erik)
    assert (noted.author, noted.state, said.author) == ("customer", "answered", "system")
    assert "59.3" not in noted.text
    assert "+4670" not in noted.text
    assert stage.bot.turns == []


async def test_a_sticker_counts_as_its_sign(stage: Stage) -> None:
    erik = stage.telegram.person("Erik")
    stage.telegram.send(
        erik, sticker=FILE | {"width": 1, "height": 1, "is_animated": False, "is_video": False, "type": "regular", "emoji": "👍"}
    )
    await stage.hear(erik, "re: 👍")


async def test_a_picture_with_its_caption_is_kept_without_position(stage: Stage) -> None:
    erik = stage.telegram.person("Erik")
    photo = stage.telegram.upload(photo_from_a_phone(), "photo.jpg") | {"width": 640, "height": 480}
    stage.telegram.send(erik, photo=[photo], caption="It smells here")
    stage.telegram.say(erik, "Do you see it?")
    await stage.hear(erik, "re: Do you see it?")
    first = stage.messages(erik)[0]
    assert (first.text, [a["type"] for a in first.attachments]) == ("It smells here", ["image/jpeg"])
    assert [t.text for t in stage.bot.turns] == ["It smells here", "Do you see it?"], "the picture was fetched first, order kept"


async def test_a_picture_sent_as_a_file_is_taken_and_another_file_is_declined(stage: Stage) -> None:
    erik = stage.telegram.person("Erik")
    stage.telegram.send(erik, document=stage.telegram.upload(jpeg(), "tv.jpg") | {"file_name": "tv.jpg"})
    await stage.hear(erik, "kept your picture")
    stage.telegram.send(
        erik, document=stage.telegram.upload(b"%PDF-1.4 ...", "bill.pdf") | {"file_name": "bill.pdf"}, caption="my bill"
    )
    await stage.hear(erik, "I can only take pictures")
    assert [(m.text, len(m.attachments)) for m in stage.messages(erik) if m.author == "customer"] == [("", 1), ("📎 my bill", 0)]


async def test_a_file_that_is_too_large_is_not_even_fetched(stage: Stage) -> None:
    erik = stage.telegram.person("Erik")
    stage.telegram.send(erik, document=FILE | {"file_name": "film.mov", "file_size": 900_000_000})
    await stage.hear(erik, "at most 8 MB")
    assert "getFile" not in stage.telegram.calls


async def test_a_file_that_telegram_gives_only_at_the_second_try_is_taken(stage: Stage) -> None:
    stage.telegram.faults.plan("getFile", Fault(cut=True))
    erik = stage.telegram.person("Erik")
    stage.telegram.send(erik, photo=[stage.telegram.upload(jpeg(), "p.jpg") | {"width": 9, "height": 9}])
    await stage.hear(erik, "kept your picture")


async def test_a_file_that_telegram_does_not_give_is_asked_for_again(stage: Stage) -> None:
    erik = stage.telegram.person("Erik")
    stage.telegram.send(erik, photo=[FILE | {"width": 9, "height": 9}])
    await stage.hear(erik, "send it once more")


async def test_a_corrected_message_is_a_new_one_and_a_mere_preview_is_not(stage: Stage) -> None:
    erik = stage.telegram.person("Erik")
    stage.telegram.say(erik, "My TV smels")
    await stage.hear(erik, "re: My TV smels")
    message_id = erik.messages[0]["message_id"]
    stage.telegram.edit(erik, message_id, "My TV smels")
    stage.telegram.edit(erik, message_id, "My TV smells")
    await stage.hear(erik, "re: My TV smells")
    assert [t.text for t in stage.bot.turns] == ["My TV smels", "My TV smells"]


async def test_commands_do_what_they_say(stage: Stage) -> None:
    erik = stage.telegram.person("Erik")
    stage.telegram.say(erik, "/start")
    await stage.hear(erik, "re: /start")
    stage.telegram.say(erik, "/human")
    await stage.hear(erik, "re: /human")
    assert [t.payload for t in stage.bot.turns] == ["/greet", "/ask_human"]
    stage.telegram.say(erik, "/help")
    await stage.hear(erik, "/language to change")
    stage.telegram.say(erik, "/language sv")
    await stage.hear(erik, "på svenska")
    stage.telegram.say(erik, "/language")
    asked = await stage.hear(erik, "Vilket språk")
    assert len(asked["reply_markup"]["inline_keyboard"]) == 4
    stage.telegram.say(erik, "/nonsense")
    await stage.until(lambda: [m.text for m in stage.messages(erik)][-2:-1] == ["/nonsense"])
    stage.telegram.say(erik, "/stop")
    await stage.hear(erik, "skriver inte")
    assert stage.conversation(erik).quiet_since is not None
    assert len(stage.bot.turns) == 2


@pytest.mark.parametrize("reads_all", [False, True], ids=["privacy mode", "gets everything"])
async def test_in_a_group_only_who_is_addressed_is_answered(stage: Stage, reads_all: bool) -> None:
    stage.telegram.reads_all = reads_all
    group = stage.telegram.group("Neighbours")
    stage.telegram.person("Mallory", id=7)
    stage.telegram.say(group, "Nice weather", person=7)
    stage.telegram.say(group, "/help@another_bot", person=7)
    stage.telegram.say(group, "@fubb_sim_bot when do you open?", person=7)
    said = await stage.hear(group, "re: when do you open?")
    stage.telegram.say(group, "And on Sundays?", person=7, reply_to=said["message_id"])
    await stage.hear(group, "re: And on Sundays?")
    stage.telegram.say(group, "/help@fubb_sim_bot", person=7)
    await stage.hear(group, "/language to change the language")
    assert [(t.text, t.slots["verified"]) for t in stage.bot.turns] == [("when do you open?", False), ("And on Sundays?", False)]
    assert "Nice weather" not in [m.text for m in stage.messages(group)]


async def test_a_bot_that_is_put_into_a_group_says_nothing_unasked(stage: Stage) -> None:
    maja, bo = stage.telegram.person("Maja"), stage.telegram.person("Bo")
    group = stage.telegram.group("Neighbours", members=[maja.id, bo.id])
    stage.telegram.say(maja, "Hello")
    await stage.hear(maja, "re: Hello")
    assert group.from_bot() == []
    with stage.parts.database.reading() as session:
        assert identity_at(session, "telegram", str(group.id)) is None, "nobody has written to us there"


async def test_in_a_group_what_is_about_one_customer_is_declined_once_a_minute(stage: Stage) -> None:
    group = stage.telegram.group("Neighbours")
    stage.telegram.person("Mallory", id=7)
    stage.telegram.say(group, "/human@fubb_sim_bot", person=7)
    await stage.hear(group, "/fubb_sim_bot?start=private")
    stage.telegram.say(group, "/stop@fubb_sim_bot", person=7)
    stage.telegram.send(
        group, person=7, photo=[stage.telegram.upload(jpeg(), "p.jpg") | {"width": 9, "height": 9}], caption="@fubb_sim_bot"
    )
    last = stage.telegram.say(group, "/link@fubb_sim_bot", person=7)
    await stage.until(lambda: not stage.telegram.updates or max(stage.telegram.updates) > last)
    await stage.until(lambda: _nothing_waits(stage))
    await stage.all_settled()
    assert len(group.from_bot()) == 1, "once a minute is enough"
    assert [m.author for m in stage.messages(group)] == ["system"], "nothing of it is kept"
    assert "getFile" not in stage.telegram.calls
    assert stage.bot.turns == []


async def test_a_group_is_not_handed_to_people_when_the_bot_is_away(stage: Stage) -> None:
    stage.bot.failures = 1000
    group, erik = stage.telegram.group("Neighbours"), stage.telegram.person("Erik")
    stage.telegram.say(group, "@fubb_sim_bot when do you open?", person=erik.id)
    stage.telegram.say(erik, "when do you open?")
    await stage.until(lambda: len(stage.bot.turns) >= 2)
    later = stage.parts.clock.now() + timedelta(seconds=stage.parts.settings.handoff_after + 1)
    await asyncio.to_thread(Watch(stage.parts.database, stage.parts.settings, stage.parts.words).step, later)
    assert (stage.conversation(erik).holder, stage.conversation(group).holder) == ("queue", "bot")


async def test_whoever_blocks_the_bot_is_not_written_to(stage: Stage) -> None:
    erik = stage.telegram.person("Erik")
    stage.telegram.say(erik, "Hello")
    await stage.hear(erik, "re: Hello")
    stage.telegram.block(erik)

    def ended() -> bool:
        with stage.parts.database.reading() as session:
            identity = identity_at(session, "telegram", str(erik.id))
            return identity is not None and identity.ended_at is not None

    await stage.until(ended)


async def test_an_update_that_breaks_us_does_not_stop_the_others(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.channels.telegram.inbox.MOST_TRIES", 1)
    read = Receiver._read

    def breaks(self: Receiver, update: object) -> object:
        if "poison" in str(update.body):  # type: ignore[attr-defined]
            raise KeyError("a field that Telegram has never left out before")
        return read(self, update)  # type: ignore[arg-type]

    monkeypatch.setattr(Receiver, "_read", breaks)
    erik, aino = stage.telegram.person("Erik"), stage.telegram.person("Aino")
    stage.telegram.say(erik, "poison")
    stage.telegram.say(aino, "Hello")
    stage.telegram.say(erik, "And now?")
    await stage.hear(aino, "re: Hello")
    await stage.hear(erik, "re: And now?")


def _nothing_waits(stage: Stage) -> bool:
    from desk.channels.telegram.inbox import waiting_updates

    with stage.parts.database.reading() as session:
        return not waiting_updates(session, 1)
