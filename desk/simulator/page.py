"""A page on which one chats with the desk as in Telegram, by hand."""

import json
from pathlib import Path
from typing import Any
from zlib import crc32

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from desk.simulator.bot_api import routes
from desk.simulator.chats import Chat, Json
from desk.simulator.errors import ApiError, too_many
from desk.simulator.faults import Fault
from desk.simulator.telegram import BOT, FakeTelegram

HERE = Path(__file__).parent
FAULTS = {
    "too_many": ("sendMessage", Fault(error=too_many(5))),
    "cut": ("sendMessage", Fault(cut=True, done=True)),
    "lost": ("sendMessage", Fault(cut=True)),
}
_FILE = {"file_id": "none", "file_unique_id": "none"}
_STICKER = _FILE | {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
THINGS: dict[str, Json] = {
    "voice": {"voice": _FILE | {"duration": 3}},
    "video": {"video": _FILE | {"duration": 3, "width": 640, "height": 480}},
    "sticker": {"sticker": _STICKER | {"emoji": "👍"}},
    "location": {"location": {"latitude": 59.33, "longitude": 18.07}},
    "contact": {"contact": {"phone_number": "+46701234567", "first_name": "Erik"}},
}
"""What can be sent besides words and files."""
MOST_MEMBERS = 20
FIRST_PERSON = 1_000_000


def simulator(fake: FakeTelegram) -> Starlette:
    """The Bot API and the page."""

    async def page(request: Request) -> Response:
        return FileResponse(HERE / "static" / "page.html")

    async def state(request: Request) -> Response:
        chats = [_shown(fake, chat) for chat in fake.chats.values()]
        return JSONResponse({"bot": BOT, "chats": chats, "commands": fake.commands, "reads_all": fake.reads_all})

    async def act(request: Request) -> Response:
        try:
            return JSONResponse(_do(fake, request.path_params["what"], json.loads(await request.body() or "{}")))
        except (LookupError, TypeError, ValueError) as error:
            return _failed(error)
        except ApiError as error:
            return _failed(error.description)

    async def send_file(request: Request) -> Response:
        asked = request.query_params
        try:
            chat, name = fake.chats[int(asked["chat"])], asked.get("name") or "picture.jpg"
            person = _writer(fake, chat, dict(asked))
        except (LookupError, ValueError) as error:
            return _failed(error)
        file = fake.upload(await request.body(), name)
        as_photo = {"photo": [file | {"width": 640, "height": 480}]}
        content = {"document": file | {"file_name": name}} if asked.get("as") == "file" else as_photo
        fake.send(chat, person, caption=asked.get("caption") or None, **content)
        return JSONResponse({})

    async def picture(request: Request) -> Response:
        found = fake.files.get(request.path_params["file_id"])
        return Response(found[1], media_type="image/jpeg") if found else Response(status_code=404)

    return Starlette(
        routes=[
            *routes(fake),
            Route("/sim/state", state),
            Route("/sim/pictures/{file_id}", picture),
            Route("/sim/file", send_file, methods=["POST"]),
            Route("/sim/{what}", act, methods=["POST"]),
            Mount("/static", StaticFiles(directory=HERE / "static")),
            Route("/", page),
            Route(f"/{BOT['username']}", page),
        ]
    )


def _do(fake: FakeTelegram, what: str, body: dict[str, Any]) -> dict[str, Any]:
    """What somebody at the page does. Raises LookupError, TypeError, ValueError, ApiError."""
    match what:
        case "person":
            return {"chat": _person(fake, str(body.get("name") or ""), str(body.get("language") or "en"))}
        case "group":
            return {"chat": _group(fake, body)}
        case "fault":
            method, fault = FAULTS[str(body.get("kind"))]
            fake.faults.plan(method, fault)
            return {}
        case "privacy":
            fake.reads_all = bool(body.get("reads_all"))
            return {}
    chat = fake.chats[int(body.get("chat") or 0)]
    person, reply_to = _writer(fake, chat, body), body.get("reply_to")
    match what:
        case "say":
            fake.say(chat, str(body["text"]), person, reply_to=int(reply_to) if reply_to else None)
        case "send":
            fake.send(chat, person, **THINGS[str(body.get("thing"))])
        case "edit":
            fake.edit(chat, int(body["message"]), str(body["text"]))
        case "press":
            fake.press_data(chat, chat.find(int(body["message"])), str(body["data"]), person)
        case "block":
            fake.block(chat, not chat.blocked)
        case _:
            raise LookupError(what)
    return {}


def _person(fake: FakeTelegram, name: str, language: str) -> int:
    """Somebody with a chat of two. His name makes his number: he is the same in every group, and when the simulator starts anew."""
    name = name.strip()
    if not name:
        raise ValueError("a person needs a name")
    number = FIRST_PERSON + crc32(name.casefold().encode())
    return number if number in fake.people else fake.person(name, language, number).id


def _group(fake: FakeTelegram, body: dict[str, Any]) -> int:
    """A group of the people named, with the bot in it."""
    title = str(body.get("title") or "").strip()
    names = [name for name in str(body.get("people") or "").split(",") if name.strip()]
    if not title or not names:
        raise ValueError("a group needs a name and people, with commas between them")
    if len(names) > MOST_MEMBERS:
        raise ValueError(f"more than {MOST_MEMBERS} people")
    members = dict.fromkeys(_person(fake, name, str(body.get("language") or "en")) for name in names)
    return fake.group(title, members=list(members)).id


def _writer(fake: FakeTelegram, chat: Chat, body: dict[str, Any]) -> int:
    """Who does it: in a group one of its people."""
    if chat.kind == "private":
        return chat.id
    person = int(body.get("person") or 0)
    if person not in chat.members:
        raise LookupError("say who of the group does it")
    return person


def _shown(fake: FakeTelegram, chat: Chat) -> dict[str, Any]:
    alerts = [
        answer["text"]
        for query_id, answer in fake.answered.items()
        if answer.get("text") and answer.get("show_alert") in ("true", True) and fake.pressed_in.get(query_id) == chat.id
    ]
    people = [fake.people[number] for number in (chat.members or [chat.id]) if number in fake.people]
    return {
        "id": chat.id,
        "name": chat.title,
        "kind": chat.kind,
        "people": [{"id": p.id, "name": p.first_name, "language": p.language_code} for p in people],
        "blocked": chat.blocked,
        "typing": chat.is_typing(),
        "messages": chat.messages,
        "unseen": sorted(chat.unseen),
        "alerts": len(alerts),
        "alert": alerts[-1] if alerts else "",
    }


def _failed(why: object) -> JSONResponse:
    return JSONResponse({"title": f"That did not work: {why}"}, status_code=422)
