"""Groups of the simulated Telegram are as Telegram's: what the bot gets of them, and how it looks."""

import pytest
from starlette.testclient import TestClient

from desk.simulator.chats import Chat
from desk.simulator.entities import entities_of
from desk.simulator.page import simulator
from desk.simulator.telegram import FakeTelegram

UNSEEN = ["Nice weather", "@fubb_sim_bottle is another", "mail me@fubb_sim_bot.example", "/help@another_bot", "a/help", "/"]
SEEN = ["@fubb_sim_bot hello", "Hello @FUBB_sim_bot!", "/help@fubb_sim_bot", "/help", "🎉 well, @fubb_sim_bot?"]


@pytest.fixture
def group(client: TestClient, fake: FakeTelegram) -> Chat:
    """Maja has opened it, with Bo and the bot."""
    opened = client.post("/sim/group", json={"title": "Neighbours", "people": "Maja, Bo", "language": "sv"}).json()["chat"]
    chat = fake.chats[opened]
    fake.updates.clear()
    return chat


def updates(fake: FakeTelegram, kind: str = "message") -> list[str]:
    return [update[kind]["text"] for update in fake.updates.values()]


def test_a_group_is_a_supergroup_into_which_the_bot_was_put(client: TestClient, fake: FakeTelegram) -> None:
    opened = client.post("/sim/group", json={"title": "Neighbours", "people": "Maja, Bo"}).json()["chat"]
    assert str(opened).startswith("-100")
    assert len(str(opened)) == 14
    member, service = fake.updates.values()
    assert member["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert service["message"]["new_chat_members"][0]["username"] == "fubb_sim_bot"
    assert service["message"]["chat"] == {"id": opened, "type": "supergroup", "title": "Neighbours"}
    assert service["message"]["from"]["first_name"] == "Maja"


def test_in_privacy_mode_the_bot_gets_what_is_meant_for_it(fake: FakeTelegram, group: Chat) -> None:
    for text in (*UNSEEN, *SEEN):
        fake.say(group, text, group.members[1])
    assert updates(fake) == SEEN
    assert [m["text"] for m in group.messages if m["message_id"] in group.unseen] == UNSEEN


def test_an_answer_to_the_bot_is_meant_for_it_and_one_to_somebody_else_is_not(fake: FakeTelegram, group: Chat) -> None:
    maja, bo = group.members
    said = fake.receive(group.id, text="At nine.")["message_id"]
    fake.say(group, "And on Sundays?", bo, reply_to=said)
    fake.say(group, "Never on Sundays", maja, reply_to=group.messages[-1]["message_id"])
    (update,) = fake.updates.values()
    assert update["message"]["reply_to_message"]["from"]["username"] == "fubb_sim_bot"
    assert "reply_to_message" not in group.messages[-1]["reply_to_message"], "Telegram tells one step back"


def test_a_message_becomes_the_bots_when_it_is_corrected_to_name_it(fake: FakeTelegram, group: Chat) -> None:
    fake.say(group, "when do you open?", group.members[0])
    message = group.messages[-1]["message_id"]
    assert (fake.updates, group.unseen) == ({}, {message})
    fake.edit(group, message, "@fubb_sim_bot when do you open?")
    assert updates(fake, "edited_message") == ["@fubb_sim_bot when do you open?"]
    assert group.unseen == set()


def test_a_picture_is_meant_for_the_bot_by_what_is_written_under_it(client: TestClient, fake: FakeTelegram, group: Chat) -> None:
    asked = f"/sim/file?chat={group.id}&person={group.members[0]}"
    client.post(asked, content=b"x")
    client.post(f"{asked}&caption=@fubb_sim_bot look", content=b"x")
    (update,) = fake.updates.values()
    assert update["message"]["caption_entities"] == [{"type": "mention", "offset": 0, "length": 13}]


def test_with_privacy_mode_off_the_bot_gets_everything_and_says_so(client: TestClient, fake: FakeTelegram, group: Chat) -> None:
    client.post("/sim/privacy", json={"reads_all": True})
    assert client.post(f"/bot{fake.token}/getMe").json()["result"]["can_read_all_group_messages"] is True
    fake.say(group, "Nice weather", group.members[0])
    assert updates(fake) == ["Nice weather"]


def test_one_writes_and_presses_as_somebody_of_the_group(client: TestClient, fake: FakeTelegram, group: Chat) -> None:
    bo = group.members[1]
    client.post("/sim/say", json={"chat": group.id, "person": bo, "text": "/help@fubb_sim_bot"})
    keys = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    asked = fake.receive(group.id, keys, text="Well?")["message_id"]
    client.post("/sim/press", json={"chat": group.id, "person": bo, "message": asked, "data": "y"})
    said, press = fake.updates.values()
    assert said["message"]["from"]["id"] == press["callback_query"]["from"]["id"] == bo
    assert press["callback_query"]["message"]["chat"]["id"] == group.id
    stranger = client.post("/sim/person", json={"name": "Mallory"}).json()["chat"]
    for person in (None, stranger):
        answer = client.post("/sim/say", json={"chat": group.id, "person": person, "text": "Hello"})
        assert (answer.status_code, "who of the group" in answer.json()["title"]) == (422, True)


def test_who_is_known_by_his_name_is_the_same_in_every_group(client: TestClient, fake: FakeTelegram, group: Chat) -> None:
    maja = client.post("/sim/person", json={"name": "maja"}).json()["chat"]
    other = client.post("/sim/group", json={"title": "Choir", "people": " Maja ,Eva,Maja,"}).json()["chat"]
    assert fake.chats[other].members[0] == group.members[0] == maja
    assert len(fake.chats[other].members) == 2
    assert other != group.id
    shown = {chat["name"]: [p["name"] for p in chat["people"]] for chat in client.get("/sim/state").json()["chats"]}
    assert shown == {"Maja": ["Maja"], "Bo": ["Bo"], "Neighbours": ["Maja", "Bo"], "Eva": ["Eva"], "Choir": ["Maja", "Eva"]}


def test_a_simulator_that_starts_anew_repeats_no_number_and_knows_people_by_name() -> None:
    told = []
    for first, names in ((0, ("Erik", "Aino")), (50_000, ("Aino", "Erik"))):
        fake = FakeTelegram(first=first)
        client = TestClient(simulator(fake))
        people = {name: client.post("/sim/person", json={"name": name}).json()["chat"] for name in names}
        group = client.post("/sim/group", json={"title": "Neighbours", "people": "Erik"}).json()["chat"]
        fake.say(fake.chats[people["Erik"]], "Hello")
        told.append((people, group, max(fake.updates), fake.chats[people["Erik"]].messages[0]["message_id"]))
    before, after = told
    assert before[0] == after[0]
    assert not set(before[1:]) & set(after[1:])
    assert after[2] > before[2]


@pytest.mark.parametrize(
    "body", [{"people": "Maja"}, {"title": "x"}, {"title": "x", "people": " , "}, {"title": "x", "people": "a,b" * 30}]
)
def test_a_group_without_name_or_people_is_none(client: TestClient, fake: FakeTelegram, body: dict[str, str]) -> None:
    answer = client.post("/sim/group", json=body)
    assert (answer.status_code, fake.chats) == (422, {})


def test_marks_are_measured_as_telegram_does() -> None:
    assert entities_of("🎉 /help@fubb_sim_bot and @fubb_sim_bot") == [
        {"type": "bot_command", "offset": 3, "length": 18},
        {"type": "mention", "offset": 26, "length": 13},
    ]
    assert entities_of("a@fubb_sim_bot 1/2 https://x.example/help") == []
