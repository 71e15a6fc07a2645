"""The one door by which agents reach conversations, and what they do there: take, say, hand back, transfer."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.agents.tables import Agent
from desk.attachments.service import as_shown, send_pictures, unsent_pictures
from desk.conversations.rules import body_hash, clean_text
from desk.conversations.service import append_message, lock_conversation
from desk.conversations.tables import Conversation, Message
from desk.errors import Conflict, NotFound, WrongInput
from desk.handoffs.service import (
    hand_back,
    last_heard,
    note_first_answer,
    open_handoff,
    request_handoff,
    take_over,
    transfer,
)
from desk.handoffs.telling import tell_who_answers, tell_who_is_here

LONGEST_ID = 64


def access_conversation(
    session: Session, agent: Agent, conversation_id: str, *, to_change: bool = False, to_speak: bool = False
) -> Conversation:
    """The conversation, if this agent may know of it; locked `to_change` it, and held by him `to_speak` in it.

    Raises NotFound for what he may not know of, Conflict when he wants to speak and is not the holder.
    """
    if not agent.active or not _looks_like_an_id(conversation_id):
        raise NotFound("There is no such conversation.")
    if to_change or to_speak:
        conversation = lock_conversation(session, conversation_id)
    else:
        found = session.get(Conversation, conversation_id)
        if found is None:
            raise NotFound("There is no such conversation.")
        conversation = found
    if to_speak and conversation.agent_id != agent.id:
        raise Conflict(_why_not(session, conversation))
    return conversation


def take_as_agent(session: Session, agent: Agent, conversation_id: str, now: datetime) -> Conversation:
    """Take the conversation over. Raises NotFound, Conflict when another agent was first."""
    conversation = access_conversation(session, agent, conversation_id, to_change=True)
    if conversation.holder == "agent" and conversation.agent_id != agent.id:
        raise Conflict(_why_not(session, conversation))
    is_new = conversation.holder != "agent"
    take_over(session, conversation, agent, now)
    if is_new:
        tell_who_is_here(session, conversation, "utter_agent_joined", agent.name, now)
    return conversation


def say_as_agent(
    session: Session,
    agent: Agent,
    conversation_id: str,
    client_id: str,
    text: str,
    now: datetime,
    attachments: Sequence[str] = (),
) -> Message:
    """Say something as its holder, once: the same client_id with the same text gives the message stored before.

    Raises NotFound, Conflict (not the holder, or another text under this client_id), TooLarge, WrongInput.
    """
    conversation = access_conversation(session, agent, conversation_id, to_change=True)
    stored_id = f"agent:{agent.id}:{client_id}"
    text = clean_text(text, may_be_empty=bool(attachments))
    digest = body_hash(text, None, attachments)
    known = session.scalar(select(Message).where(Message.conversation_id == conversation.id, Message.client_id == stored_id))
    if known is not None:  # looked at before the holder: a repeated request may come after he handed back
        if known.author != "agent" or known.body_hash != digest:
            raise Conflict("Another message was sent under this client_id.")
        return known
    if conversation.agent_id != agent.id:
        raise Conflict(_why_not(session, conversation))
    pictures = unsent_pictures(session, conversation_id, attachments, agent.id) if attachments else []
    message = append_message(
        session, conversation, "agent", text, now, name=agent.name, agent_id=agent.id, client_id=stored_id, body_hash=digest,
        attachments=as_shown(pictures),
    )  # fmt: skip
    send_pictures(session, pictures, message.id)
    note_first_answer(session, conversation.id, now)
    return message


def hand_back_as_agent(session: Session, agent: Agent, conversation_id: str, now: datetime, agreed: str = "") -> Conversation:
    """Give the conversation back to the bot; customer and bot are told what was `agreed`.

    Raises NotFound, Conflict when he does not hold it, TooLarge.
    """
    conversation = access_conversation(session, agent, conversation_id, to_speak=True)
    agreed = clean_text(agreed, may_be_empty=True)
    if agreed:
        tell_who_is_here(session, conversation, "utter_handed_back_agreed", agent.name, now, agreed=agreed)
    else:
        tell_who_is_here(session, conversation, "utter_handed_back", agent.name, now)
    hand_back(session, conversation, now, agreed)
    return conversation


def transfer_as_agent(
    session: Session, agent: Agent, conversation_id: str, to_login: str | None, now: datetime, within: timedelta, timezone: str
) -> Conversation:
    """Give the conversation to another agent, or to the queue (None). `within`: the promise where there is none yet.

    Raises NotFound, Conflict when he does not hold it, WrongInput when that agent cannot have it.
    """
    conversation = access_conversation(session, agent, conversation_id, to_speak=True)
    to = None
    if to_login is not None:
        to = find_active_agent(session, to_login)
        if to is None:
            raise WrongInput("There is no active agent with this login.")
        if to.id == agent.id:
            raise WrongInput("You hold this conversation already.")
    elif open_handoff(session, conversation.id) is None:
        # He took it straight from the bot: the queue needs a hand-off with a promised time.
        request_handoff(session, conversation, "transfer", last_heard(session, conversation), now, within)
    transfer(session, conversation, to, agent, now)
    handoff = open_handoff(session, conversation.id)
    if to is not None:
        tell_who_is_here(session, conversation, "utter_agent_joined", to.name, now)
    elif handoff is not None:
        tell_who_answers(session, conversation, handoff, "utter_transferred", timezone, now)
    return conversation


def find_active_agent(session: Session, login: str) -> Agent | None:
    """The active agent with this login."""
    login = login.strip().lower()
    if not _looks_like_an_id(login):
        return None
    return session.scalar(select(Agent).where(Agent.login == login, Agent.active))


def _why_not(session: Session, conversation: Conversation) -> str:
    if conversation.holder != "agent":
        return "Take the conversation over first."
    return f"{session.get_one(Agent, conversation.agent_id).name} holds this conversation."


def _looks_like_an_id(value: str) -> bool:
    """Nothing that the database could choke on."""
    return value.isascii() and value.isprintable() and 0 < len(value) <= LONGEST_ID
