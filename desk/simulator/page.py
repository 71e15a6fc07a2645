"""A page on which one chats with the desk as in Telegram, by hand."""

import json
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from desk.simulator.bot_api import routes
from desk.simulator.chats import Chat
from desk.simulator.errors import too_many
from desk.simulator.faults import Fault
from desk.simulator.telegram import BOT, FakeTelegram

HERE = Path(__file__).parent
FAULTS = {
    "too_many": ("sendMessage", Fault(error=too_many(5))),
    "cut": ("sendMessage", Fault(cut=True, done=True)),
    "lost": ("sendMessage", Fault(cut=True)),
}


def simulator(fake: FakeTelegram) -> Starlette:
    """The Bot API and the page."""

    async def page(request: Request) -> Response:
        return FileResponse(HERE / "static" / "page.html")

    async def state(request: Request) -> Response:
        return JSONResponse({"bot": BOT, "chats": [_shown(fake, c) for c in fake.chats.values()], "commands": fake.commands})

    async def act(request: Request) -> Response:
        body: dict[str, Any] = json.loads(await request.body() or "{}")
        try:
            return JSONResponse(_do(fake, request.path_params["what"], body))
        except (LookupError, ValueError) as error:
            return JSONResponse({"title": f"That did not work: {error}"}, status_code=422)

    async def send_picture(request: Request) -> Response:
        chat = fake.chats[int(request.query_params["chat"])]
        photo = fake.upload(await request.body(), "picture.jpg") | {"width": 640, "height": 480}
        fake.send(chat, photo=[photo], caption=request.query_params.get("caption") or None)
        return JSONResponse({})

    async def picture(request: Request) -> Response:
        found = fake.files.get(request.path_params["file_id"])
        return Response(found[1], media_type="image/jpeg") if found else Response(status_code=404)

    return Starlette(
        routes=[
            *routes(fake),
            Route("/sim/state", state),
            Route("/sim/pictures/{file_id}", picture),
            Route("/sim/picture", send_picture, methods=["POST"]),
            Route("/sim/{what}", act, methods=["POST"]),
            Mount("/static", StaticFiles(directory=HERE / "static")),
            Route("/", page),
            Route(f"/{BOT['username']}", page),
        ]
    )


def _do(fake: FakeTelegram, what: str, body: dict[str, Any]) -> dict[str, Any]:
    """What the person at the page does. Raises LookupError, ValueError."""
    if what == "person":
        name = str(body.get("name") or "").strip()
        if not name:
            raise ValueError("a person needs a name")
        return {"chat": fake.person(name, str(body.get("language") or "en")).id}
    if what == "fault":
        method, fault = FAULTS[str(body.get("kind"))]
        fake.faults.plan(method, fault)
        return {}
    chat = fake.chats[int(body.get("chat") or 0)]
    match what:
        case "say":
            fake.say(chat, str(body["text"]))
        case "edit":
            fake.edit(chat, int(body["message"]), str(body["text"]))
        case "press":
            fake.press_data(chat, chat.find(int(body["message"])), str(body["data"]))
        case "block":
            fake.block(chat, not chat.blocked)
        case "voice":
            fake.send(chat, voice={"file_id": "v", "file_unique_id": "v", "duration": 3})
        case _:
            raise LookupError(what)
    return {}


def _shown(fake: FakeTelegram, chat: Chat) -> dict[str, Any]:
    return {
        "id": chat.id,
        "name": chat.title,
        "kind": chat.kind,
        "language": fake.people[chat.id].language_code if chat.id in fake.people else "",
        "blocked": chat.blocked,
        "typing": chat.is_typing(),
        "messages": chat.messages,
        "notices": [a["text"] for a in fake.answered.values() if a.get("text") and a.get("show_alert") in ("true", True)][-1:],
    }
