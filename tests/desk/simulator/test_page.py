"""What one does on the simulator's page comes to the bot, and what the bot does is seen there."""

import pytest
from starlette.testclient import TestClient
from telegram import Update

from desk.channels.telegram.reading import Unreadable, read_update
from desk.simulator.telegram import FakeTelegram
from tests.desk.attachments.drawing import jpeg


def call(client: TestClient, fake: FakeTelegram, method: str, **values: object) -> dict[str, object]:
    answer: dict[str, object] = client.post(f"/bot{fake.token}/{method}", json=values).json()
    return answer


def test_a_person_writes_and_the_bot_answers_with_a_button_that_he_presses(client: TestClient, fake: FakeTelegram) -> None:
    chat = client.post("/sim/person", json={"name": "Erik", "language": "sv"}).json()["chat"]
    client.post("/sim/say", json={"chat": chat, "text": "Hej"})
    (update,) = call(client, fake, "getUpdates")["result"]  # type: ignore[misc]
    assert (update["message"]["text"], update["message"]["from"]["language_code"]) == ("Hej", "sv")
    keys = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    call(client, fake, "sendMessage", chat_id=chat, text="Well?", reply_markup=keys)
    (shown,) = client.get("/sim/state").json()["chats"]
    asked = shown["messages"][-1]
    assert (asked["text"], asked["reply_markup"]) == ("Well?", keys)
    client.post("/sim/press", json={"chat": chat, "message": asked["message_id"], "data": "y"})
    (press,) = call(client, fake, "getUpdates", offset=update["update_id"] + 1)["result"]  # type: ignore[misc]
    assert press["callback_query"]["data"] == "y"


def test_a_picture_can_be_sent_and_is_shown(client: TestClient, fake: FakeTelegram) -> None:
    chat = client.post("/sim/person", json={"name": "Erik"}).json()["chat"]
    client.post(f"/sim/file?chat={chat}", content=jpeg())
    (shown,) = client.get("/sim/state").json()["chats"]
    file_id = shown["messages"][0]["photo"][0]["file_id"]
    assert client.get(f"/sim/pictures/{file_id}").content == jpeg()


@pytest.mark.parametrize("path", ["/sim/say", "/sim/nonsense", "/sim/person", "/sim/fault"])
def test_nonsense_is_answered_with_words(client: TestClient, path: str) -> None:
    answer = client.post(path, json={"chat": 1})
    assert (answer.status_code, "did not work" in answer.json()["title"]) == (422, True)


@pytest.mark.parametrize("path", ["/", "/fubb_sim_bot?start=x", "/static/page.js", "/static/page.css"])
def test_the_page_is_there(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200


def test_what_else_one_can_send_comes_as_telegram_tells_it(client: TestClient, fake: FakeTelegram) -> None:
    chat = client.post("/sim/person", json={"name": "Erik"}).json()["chat"]
    for thing in ("voice", "video", "sticker", "location", "contact"):
        assert client.post("/sim/send", json={"chat": chat, "thing": thing}).status_code == 200
    client.post(f"/sim/file?chat={chat}&as=file&name=bill.pdf", content=b"%PDF")
    client.post("/sim/say", json={"chat": chat, "text": "smels"})
    written = fake.chats[chat].messages[-1]["message_id"]
    client.post("/sim/edit", json={"chat": chat, "message": written, "text": "smells"})
    updates = [Update.de_json(body, None) for body in call(client, fake, "getUpdates")["result"]]  # type: ignore[attr-defined]
    read = [read_update(update, "fubb_sim_bot") for update in updates]
    assert [r.kind if isinstance(r, Unreadable) else type(r).__name__ for r in read] == [
        "voice", "video", "Words", "location", "contact", "File", "Words", "Words",
    ]  # fmt: skip
    assert updates[-1].edited_message.text == "smells"


def test_an_alert_is_shown_to_whoever_pressed(client: TestClient, fake: FakeTelegram) -> None:
    erik, aino = (client.post("/sim/person", json={"name": name}).json()["chat"] for name in ("Erik", "Aino"))
    message = call(client, fake, "sendMessage", chat_id=erik, text="Well?")["result"]
    client.post("/sim/press", json={"chat": erik, "message": message["message_id"], "data": "y"})  # type: ignore[index]
    (press,) = call(client, fake, "getUpdates")["result"]  # type: ignore[misc]
    query = press["callback_query"]["id"]
    call(client, fake, "answerCallbackQuery", callback_query_id=query, text="That is old.", show_alert=True)
    shown = {chat["id"]: (chat["alerts"], chat["alert"]) for chat in client.get("/sim/state").json()["chats"]}
    assert shown == {erik: (1, "That is old."), aino: (0, "")}


def test_what_telegram_would_not_take_it_does_not_take(client: TestClient, fake: FakeTelegram) -> None:
    chat = fake.person("Erik").id
    wrong = [
        ({"chat_id": 5, "text": "x"}, 400, "chat not found"),
        ({"chat_id": chat, "text": " "}, 400, "message text is empty"),
        ({"chat_id": chat, "text": "🎉" * 2049}, 400, "message is too long"),
        (
            {"chat_id": chat, "text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "x" * 65}]]}},
            400,
            "BUTTON_DATA",
        ),
    ]
    for values, code, why in wrong:
        answer = call(client, fake, "sendMessage", **values)  # type: ignore[arg-type]
        assert answer["error_code"] == code
        assert why in str(answer["description"])
    fake.chats[chat].blocked = True
    assert call(client, fake, "sendMessage", chat_id=chat, text="x")["error_code"] == 403
    assert client.post("/botwrong/getMe").json()["error_code"] == 401
