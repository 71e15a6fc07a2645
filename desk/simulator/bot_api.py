"""The Bot API over HTTP, as far as the desk uses it."""

import json
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from desk.simulator.chats import Json
from desk.simulator.errors import UNAUTHORIZED, ApiError, Cut, bad
from desk.simulator.telegram import BOT, FakeTelegram

Values = dict[str, Any]
Method = Callable[[FakeTelegram, Values], Awaitable[Any]]


class CutOff(Response):
    """An answer that breaks off: the connection is closed before it is whole."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-length", b"1000"), (b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"ok": tr', "more_body": False})


def routes(fake: FakeTelegram) -> list[Route]:
    """The routes of the Bot API."""

    async def call(request: Request) -> Response:
        name = request.path_params["method"]
        fake.calls[name] = fake.calls.get(name, 0) + 1
        try:
            if request.path_params["token"] != fake.token:
                raise UNAUTHORIZED
            if name not in METHODS:
                raise ApiError(404, "Not Found: method not found")
            fault = await fake.faults.before(name)
            result = await METHODS[name](fake, await _values(request))
        except ApiError as error:
            return JSONResponse(error.body, status_code=error.code)
        except Cut:
            return CutOff()
        return CutOff() if fault is not None else JSONResponse({"ok": True, "result": result})

    async def download(request: Request) -> Response:
        file = fake.files.get(request.path_params["file_id"])
        if request.path_params["token"] != fake.token or file is None:
            return JSONResponse({"ok": False, "error_code": 404, "description": "Not Found"}, status_code=404)
        return Response(file[1], media_type="application/octet-stream")

    return [
        Route("/bot{token}/{method}", call, methods=["GET", "POST"]),
        Route("/file/bot{token}/{file_id}/{name}", download),
    ]


def bot_api(fake: FakeTelegram) -> Starlette:
    """The Bot API alone, for tests."""
    return Starlette(routes=routes(fake))


async def _get_me(fake: FakeTelegram, values: Values) -> Json:
    return BOT | {"can_join_groups": True, "can_read_all_group_messages": fake.reads_all, "supports_inline_queries": False}


async def _get_updates(fake: FakeTelegram, values: Values) -> list[Json]:
    if fake.webhook["url"]:
        raise ApiError(409, "Conflict: can't use getUpdates method while webhook is active")
    offset, limit, timeout = (int(values.get(name) or 0) for name in ("offset", "limit", "timeout"))
    return await fake.get_updates(offset, limit or 100, timeout)


async def _send_message(fake: FakeTelegram, values: Values) -> Json:
    return fake.receive(
        int(values["chat_id"]), values.get("reply_markup"), text=str(values.get("text", "")), entities=values.get("entities")
    )


async def _send_photo(fake: FakeTelegram, values: Values) -> Json:
    size = {"width": 640, "height": 480}
    return fake.receive(
        int(values["chat_id"]), values.get("reply_markup"),
        photo=[_given_file(fake, values, "photo") | size], caption=values.get("caption"),
    )  # fmt: skip


async def _send_document(fake: FakeTelegram, values: Values) -> Json:
    return fake.receive(
        int(values["chat_id"]), values.get("reply_markup"),
        document=_given_file(fake, values, "document"), caption=values.get("caption"),
    )  # fmt: skip


async def _edit_markup(fake: FakeTelegram, values: Values) -> Json:
    message = fake.chat(int(values["chat_id"])).find(int(values["message_id"]))
    markup = values.get("reply_markup")
    if message.get("reply_markup") == markup:
        raise bad("message is not modified")
    message.pop("reply_markup", None)
    if markup:
        message["reply_markup"] = markup
    fake.changed.set()
    return message


async def _answer_press(fake: FakeTelegram, values: Values) -> bool:
    fake.answered[str(values["callback_query_id"])] = values
    fake.changed.set()
    return True


async def _get_file(fake: FakeTelegram, values: Values) -> Json:
    file_id = str(values["file_id"])
    if file_id not in fake.files:
        raise bad("invalid file_id")
    name, content = fake.files[file_id]
    if len(content) > 20 * 2**20:
        raise bad("file is too big")
    return {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": len(content), "file_path": f"{file_id}/{name}"}


async def _show_action(fake: FakeTelegram, values: Values) -> bool:
    chat = fake.chat(int(values["chat_id"]))
    chat.check_open()
    chat.actions.append(str(values["action"]))
    chat.typing_until = time.monotonic() + 5
    fake.changed.set()
    return True


async def _set_commands(fake: FakeTelegram, values: Values) -> bool:
    fake.commands[str(values.get("language_code") or "")] = values["commands"]
    return True


async def _set_webhook(fake: FakeTelegram, values: Values) -> bool:
    url = str(values.get("url") or "")
    if url and not url.startswith("https://"):
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    secret = values.get("secret_token")
    if secret is not None and not re.fullmatch(r"[\w-]{1,256}", str(secret), re.ASCII):
        raise bad("secret token contains unallowed characters")
    fake.webhook = {"url": url, "secret_token": secret, "allowed_updates": values.get("allowed_updates")}
    return True


async def _delete_webhook(fake: FakeTelegram, values: Values) -> bool:
    fake.webhook = {"url": ""}
    if values.get("drop_pending_updates") in ("true", True):
        fake.updates.clear()
    return True


async def _webhook_info(fake: FakeTelegram, values: Values) -> Json:
    return {"url": fake.webhook["url"], "has_custom_certificate": False, "pending_update_count": len(fake.updates)}


METHODS: dict[str, Method] = {
    "getMe": _get_me,
    "getUpdates": _get_updates,
    "sendMessage": _send_message,
    "sendPhoto": _send_photo,
    "sendDocument": _send_document,
    "editMessageReplyMarkup": _edit_markup,
    "answerCallbackQuery": _answer_press,
    "getFile": _get_file,
    "sendChatAction": _show_action,
    "setMyCommands": _set_commands,
    "setWebhook": _set_webhook,
    "deleteWebhook": _delete_webhook,
    "getWebhookInfo": _webhook_info,
}


async def _values(request: Request) -> Values:
    """The parameters: in the query, a form, or JSON; nested ones are JSON in a form."""
    values: Values = dict(request.query_params)
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        return values | dict(await request.json())
    if kind:
        async with request.form() as form:
            for name, value in form.items():
                values[name] = (value.filename or "file", await value.read()) if isinstance(value, UploadFile) else _read(value)
    return values


def _read(value: str) -> Any:
    if value[:1] in "[{":
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _given_file(fake: FakeTelegram, values: Values, name: str) -> Json:
    """The file of a call: uploaded with it (as `attach://` says), or one that Telegram has."""
    given = values.get(name)
    if isinstance(given, str) and given.startswith("attach://"):
        given = values.get(given.removeprefix("attach://"))
    if isinstance(given, tuple):
        return fake.upload(given[1], given[0]) | {"file_name": given[0]}
    if given in fake.files:
        file_name, content = fake.files[str(given)]
        return {"file_id": given, "file_unique_id": f"u{given}", "file_size": len(content), "file_name": file_name}
    raise bad("there is no file in the request")
