"""What one does on the simulator's page comes to the bot, and what the bot does is seen there."""

import pytest
from starlette.testclient import TestClient

from desk.simulator.page import simulator
from desk.simulator.telegram import FakeTelegram
from tests.desk.attachments.drawing import jpeg


@pytest.fixture
def fake() -> FakeTelegram:
    return FakeTelegram()


@pytest.fixture
def client(fake: FakeTelegram) -> TestClient:
    return TestClient(simulator(fake))


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
    client.post(f"/sim/picture?chat={chat}", content=jpeg())
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
