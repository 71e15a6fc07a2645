"""The simulated Telegram: people, chats, and the updates that the bot has not fetched yet."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from itertools import count
from typing import Any

import httpx

from desk.simulator.chats import Chat, Json, Person, check_keyboard, check_text
from desk.simulator.entities import entities_of, is_for_bot
from desk.simulator.errors import CONFLICT, bad, too_many
from desk.simulator.faults import Faults

BOT: Json = {"id": 4711, "is_bot": True, "first_name": "Fubb", "username": "fubb_sim_bot"}
MOST_FORGOTTEN = 200
FIRST_GROUP = -1_001_000_000_001
"""Telegram's ids of supergroups are -100 and ten digits."""


class FakeTelegram:
    """Keeps what Telegram would keep, in memory. What people do is said by methods, what the bot does comes over HTTP."""

    def __init__(self, token: str = "4711:simulated", first: int = 0) -> None:  # noqa: S107 (no secret: it opens nothing)
        """`first`: where the numbers of updates, messages and groups begin. The desk knows those that it has had."""
        self.token = token
        self.faults = Faults()
        self.chats: dict[int, Chat] = {}
        self.people: dict[int, Person] = {}
        self.updates: dict[int, Json] = {}
        self.forgotten: list[Json] = []
        self.files: dict[str, tuple[str, bytes]] = {}
        self.answered: dict[str, Json] = {}
        self.pressed_in: dict[str, int] = {}
        self.commands: dict[str, list[Json]] = {}
        self.webhook: Json = {"url": ""}
        self.calls: dict[str, int] = {}
        self.reads_all = False
        """Privacy mode, turned off at @BotFather: then the bot gets everything that is written in its groups."""
        self.changed = asyncio.Event()
        self.most_per_second: float | None = None
        self._update_ids = count(1000 + first)
        self._message_ids = count(1 + first)
        self._group_ids = count(FIRST_GROUP - first, -1)
        self._polling = 0

    # --- What people do. -------------------------------------------------------------------------------------

    def person(self, first_name: str, language: str = "en", id: int | None = None) -> Chat:
        """Somebody opens a chat with the bot."""
        number = id if id is not None else 1 + len(self.people) + 100_000
        self.people[number] = Person(number, first_name, language)
        return self.chats.setdefault(number, Chat(number, "private", first_name))

    def group(self, title: str, id: int | None = None, members: Sequence[int] = ()) -> Chat:
        """A group with these people; the first of them has put the bot into it."""
        number = id if id is not None else next(self._group_ids)
        kind = "supergroup" if number <= FIRST_GROUP else "group"
        chat = self.chats.setdefault(number, Chat(number, kind, title, list(members)))
        if members:
            self._change_member(chat, "left", "member")
            self.send(chat, chat.members[0], new_chat_members=[BOT])
        return chat

    def say(self, chat: Chat, text: str, person: int | None = None, **content: Any) -> int | None:
        """Somebody writes."""
        return self.send(chat, person, text=text, **content)

    def send(self, chat: Chat, person: int | None = None, *, reply_to: int | None = None, **content: Any) -> int | None:
        """Somebody sends something: a text, a picture (see `upload`), a voice message. The id of the update; None without one."""
        if reply_to is not None:
            answered = chat.find(reply_to)
            content["reply_to_message"] = {name: value for name, value in answered.items() if name != "reply_to_message"}
        for text, marks in (("text", "entities"), ("caption", "caption_entities")):
            if content.get(text):
                content[marks] = entities_of(content[text]) or None
        message = chat.add(next(self._message_ids), self._sender(chat, person), **content)
        return self._tell_message("message", chat, message)

    def edit(self, chat: Chat, message_id: int, text: str) -> int | None:
        """Somebody changes what he wrote."""
        message = chat.find(message_id)
        message |= {"text": text, "entities": entities_of(text), "edit_date": message["date"] + 1}
        return self._tell_message("edited_message", chat, dict(message))

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
        self.pressed_in[query_id] = chat.id
        return self._tell(
            "callback_query",
            {"id": query_id, "from": self._sender(chat, person), "message": dict(message), "chat_instance": "1", "data": data},
        )

    def block(self, chat: Chat, blocked: bool = True) -> int:
        """Somebody blocks the bot, or lets it in again."""
        chat.blocked = blocked
        return self._change_member(chat, *(("member", "kicked") if blocked else ("kicked", "member")))

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

    def _change_member(self, chat: Chat, old: str, new: str) -> int:
        """The bot comes into a chat, or is put out of it."""
        before, after = ({"user": BOT, "status": s} | ({"until_date": 0} if s == "kicked" else {}) for s in (old, new))
        by = self._sender(chat, chat.members[0] if chat.members else None)
        body = {"chat": chat.body, "from": by, "date": int(time.time())}
        return self._tell("my_chat_member", body | {"old_chat_member": before, "new_chat_member": after})

    def _tell_message(self, kind: str, chat: Chat, message: Json) -> int | None:
        """The bot gets a message of a chat of two; of a group's, in privacy mode, what is meant for it."""
        if chat.kind == "private" or self.reads_all or is_for_bot(message, BOT):
            chat.unseen.discard(message["message_id"])
            return self._tell(kind, message)
        chat.unseen.add(message["message_id"])
        return None

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
