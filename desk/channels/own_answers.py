"""What the desk answers itself, on every channel and whoever holds the conversation: connecting chats, and taking them apart."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from desk.channels.telegram.deep_link import deep_link
from desk.conversations.service import append_message, lock_conversation, settle_by_desk
from desk.conversations.tables import Conversation, Message
from desk.customers.linking import GOOD_FOR, accept_offer, choose, code_in, find_offer, linked_conversations, offer_link, unlink
from desk.settings import Settings
from desk.words import Words

_WHERE = {"website": "utter_on_website", "telegram": "utter_in_telegram"}


@dataclass(frozen=True)
class Own:
    """A stored message that may be for the desk itself."""

    session: Session
    conversation: Conversation
    message: Message
    words: Words
    settings: Settings
    now: datetime

    def say(self, response: str, to: Conversation | None = None, **values: object) -> None:
        """Say it here, or in another chat."""
        conversation = to or self.conversation
        said = self.words.say(response, conversation.language, **values)
        append_message(self.session, conversation, "system", said.text, self.now, buttons=said.buttons)

    def where(self, other: Conversation, language: str) -> str:
        return self.words.say(_WHERE.get(other.channel, "utter_on_website"), language).text


def answer_own(own: Own) -> bool:
    """Answer a message just stored if it is for the desk itself; whether it was."""
    if own.message.state != "waiting":
        return False  # known already, and answered
    name, _, rest = (own.message.payload or own.message.text.strip().lower()).partition("{")
    code = code_in(own.message.text) if own.message.payload is None else None
    if code is None and name not in ("/link", "/unlink", "/desk_link", "/desk_no_link", "/desk_unlink", "/desk_write_here"):
        return False
    settle_by_desk(own.session, own.conversation, own.message, own.now)
    if code is not None:
        _enter(own, code)
    elif name == "/link":
        _offer(own)
    elif name == "/desk_link":
        _connect(own, int(json.loads("{" + rest)["offer"]))
    elif name == "/desk_no_link":
        own.say("utter_link_declined")
    elif name == "/desk_write_here":
        choose(own.session, own.conversation, own.now)
        own.say("utter_write_here")
    else:
        _disconnect(own)
    return True


def _offer(own: Own) -> None:
    """A code, and where to enter it."""
    minutes = int(GOOD_FOR.total_seconds() // 60)
    if own.conversation.channel == "telegram":
        code = offer_link(own.session, own.conversation, own.now)
        site = own.settings.public_url or f"http://{own.settings.host}:{own.settings.port}"
        own.say("utter_link_to_website", code=code, link=f"{site.rstrip('/')}/#fubb-code={code}", minutes=minutes)
        return
    link = deep_link(own.session, own.settings, "")
    if not link:
        own.say("utter_link_nowhere")
        return
    code = offer_link(own.session, own.conversation, own.now)
    own.say("utter_link_to_telegram", code=code, link=f"{link}{code}", minutes=minutes)


def _enter(own: Own, code: str) -> None:
    """A code was entered: he is asked, before anything is connected."""
    offer = find_offer(own.session, own.conversation, code, own.now)
    if offer is None:
        own.say("utter_link_wrong")
        return
    other = own.session.get_one(Conversation, offer.conversation_id)
    own.say("utter_link_consent", where=own.where(other, own.conversation.language), offer=offer.id)


def _connect(own: Own, offer_id: int) -> None:
    link = accept_offer(own.session, own.conversation, offer_id, own.now)
    if link is None:
        own.say("utter_link_wrong")
        return
    other = lock_conversation(own.session, link.first_id)
    own.say("utter_linked", where=own.where(other, own.conversation.language))
    own.say("utter_linked_there", other, where=own.where(own.conversation, other.language))


def _disconnect(own: Own) -> None:
    others = linked_conversations(own.session, own.conversation)
    unlink(own.session, own.conversation, own.now)
    own.say("utter_unlinked" if others else "utter_not_linked")
    for other in others:
        own.say("utter_unlinked", lock_conversation(own.session, other.id))
