"""The simulated Telegram: people, chats, and the updates that the bot has not fetched yet."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from itertools import count
from typing import Any

import httpx

from desk.simulator.chats import Chat, Json, Person, check_keyboard, check_text
from desk.simulator.errors import CONFLICT, bad, too_many
from desk.simulator.faults import Faults

BOT: Json = {"id": 4711, "is_bot": True, "first_name": "Fubb", "username": "fubb_sim_bot"}
MOST_FORGOTTEN = 200


class FakeTelegram:
    """Keeps what Telegram would keep, in memory. What people do is said by methods, what the bot does comes over HTTP."""

    def __init__(self, token: str = "4711:simulated") -> None:  # noqa: S107 (no secret: it opens nothing)
        self.token = token
        self.faults = Faults()
        self.chats: dict[int, Chat] = {}
        self.people: dict[int, Person] = {}
        self.updates: dict[int, Json] = {}
        self.forgotten: list[Json] = []
        self.files: dict[str, tuple[str, bytes]] = {}
        self.answered: dict[str, Json] = {}
        self.commands: dict[str, list[Json]] = {}
        self.webhook: Json = {"url": ""}
        self.calls: dict[str, int] = {}
        self.changed = asyncio.Event()
        self.most_per_second: float | None = None
        self._update_ids = count(1000)
        self._message_ids = count(1)
        self._polling = 0

    # --- What people do. -------------------------------------------------------------------------------------

    def person(self, first_name: str, language: str = "en", id: int | None = None) -> Chat:
        """Somebody opens a chat with the bot."""
        number = id if id is not None else 1 + len(self.people) + 100_000
        self.people[number] = Person(number, first_name, language)
        return self.chats.setdefault(number, Chat(number, "private", first_name))

    def group(self, title: str, id: int = -100) -> Chat:
        """A group that the bot is a member of."""
        return self.chats.setdefault(id, Chat(id, "group", title))

    def say(self, chat: Chat, text: str, person: int | None = None, **content: Any) -> int:
        """Somebody writes; the id of the update."""
        entities = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}] if text.startswith("/") else []
        at = text.find("@" + BOT["username"])
        if at >= 0:
            entities.append({"type": "mention", "offset": at, "length": len(BOT["username"]) + 1})
        return self.send(chat, person, text=text, entities=entities or None, **content)

    def send(self, chat: Chat, person: int | None = None, **content: Any) -> int:
        """Somebody sends something: a text, a picture (see `upload`), a voice message."""
        message = chat.add(next(self._message_ids), self._sender(chat, person), **content)
        return self._tell("message", message)

    def edit(self, chat: Chat, message_id: int, text: str) -> int:
        """Somebody changes what he wrote."""
        message = chat.find(message_id)
        message |= {"text": text, "edit_date": message["date"] + 1}
        return self._tell("edited_message", dict(message))

    def press(self, chat: Chat, title: str, person: int | None = None) -> int:
        """Somebody presses the newest button of this title."""
        for message in reversed(chat.messages):
            for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                for button in row:
                    if button["text"] == title:
                        return self.press_data(chat, message, button["callback_data"], person)
        raise LookupError(f"no button {title!r} in the chat of {chat.title}")

    def press_data(self, chat: Chat, message: Json, data: str, person: int | None = None) -> int:
        """A press comes with this callback data, whatever the message shows."""
        query_id = str(next(self._message_ids))
        return self._tell(
            "callback_query",
            {"id": query_id, "from": self._sender(chat, person), "message": dict(message), "chat_instance": "1", "data": data},
        )

    def block(self, chat: Chat, blocked: bool = True) -> int:
        """Somebody blocks the bot, or lets it in again."""
        chat.blocked = blocked
        states = ({"status": "member"}, {"status": "kicked", "until_date": 0})
        old, new = states if blocked else states[::-1]
        body = {"chat": chat.body, "from": self._sender(chat, None), "date": int(time.time())}
        return self._tell(
            "my_chat_member", body | {"old_chat_member": {"user": BOT, **old}, "new_chat_member": {"user": BOT, **new}}
        )

    def upload(self, content: bytes, name: str) -> Json:
        """A file that somebody sends: what stands in his message about it."""
        file_id = f"file{len(self.files) + 1}"
        self.files[file_id] = (name, content)
        return {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": len(content)}

    # --- What the bot asks for. ------------------------------------------------------------------------------

    async def get_updates(self, offset: int, limit: int, wait: float) -> list[Json]:
        """The updates from `offset` on; those before are forgotten. Waits for one when there is none."""
        self._polling += 1
        mine = self._polling
        self.forget_before(offset)
        if self.faults.repeats_now():
            self.updates = {u["update_id"]: u for u in self.forgotten[-limit:]} | self.updates
        end = asyncio.get_running_loop().time() + wait
        while not self.updates and (left := end - asyncio.get_running_loop().time()) > 0:
            self.changed.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(min(left, 1.0)):
                    await self.changed.wait()
            if mine != self._polling:
                raise CONFLICT
        return [self.updates[n] for n in sorted(self.updates)][:limit]

    def forget_before(self, offset: int) -> None:
        """The bot has these."""
        for number in [n for n in self.updates if n < offset]:
            self.forgotten.append(self.updates.pop(number))
        del self.forgotten[:-MOST_FORGOTTEN]

    def receive(self, chat_id: int, reply_markup: Json | None = None, **content: Any) -> Json:
        """The bot says something in a chat."""
        chat = self.chat(chat_id)
        chat.check_open()
        self._check_pace(chat)
        if "text" in content:
            check_text(content["text"])
        check_text(content.get("caption") or "x", 1024)
        check_keyboard(reply_markup)
        message = chat.add(next(self._message_ids), BOT, reply_markup=reply_markup, **content)
        chat.typing_until = 0.0
        self.changed.set()
        return message

    def chat(self, chat_id: int) -> Chat:
        if chat_id not in self.chats:
            raise bad("chat not found")
        return self.chats[chat_id]

    # -----------------------------------------------------------------------------------------------------------

    def _check_pace(self, chat: Chat) -> None:
        """Telegram's limit for a chat, when it is simulated."""
        if self.most_per_second is None:
            return
        now = time.monotonic()
        chat.sent_at = [*(at for at in chat.sent_at if now - at < 5), now]
        if len(chat.sent_at) > 5 * self.most_per_second + 5:
            self.faults.happened["limit"] += 1
            raise too_many(2)

    def _sender(self, chat: Chat, person: int | None) -> Json:
        return self.people[person if person is not None else chat.id].body

    def _tell(self, kind: str, body: Json) -> int:
        number = next(self._update_ids)
        self.updates[number] = {"update_id": number, kind: body}
        self.changed.set()
        return number

    async def call_webhook(self, client: httpx.AsyncClient) -> None:
        """Call the bot with everything that it does not have yet, in order, until it says that it does."""
        while self.updates:
            number = min(self.updates)
            headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook.get("secret_token") or ""}
            answer = await client.post(self.webhook["url"], json=self.updates[number], headers=headers)
            if answer.status_code != 200:
                return
            self.forget_before(number + 1)

    def texts(self, chat: Chat) -> Sequence[tuple[str, str]]:
        """Who said what in a chat: "bot" or the person's name."""
        return [
            ("bot" if m["from"]["is_bot"] else m["from"]["first_name"], m.get("text") or m.get("caption") or "")
            for m in chat.messages
        ]
