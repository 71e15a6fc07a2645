"""The agents' API: conversations."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session

from desk.console.cursors import read_time_cursor, write_cursor
from desk.console.doors import CurrentAgent, TheParts
from desk.console.reading import Overview, cases_beside, last_messages, overviews, page_of_conversations
from desk.console.schemas import (
    ConversationDetail,
    ConversationOut,
    Conversations,
    CustomerOut,
    HandBack,
    HandoffOut,
    Holder,
    MessageOut,
    OrderLineOut,
    OrderOut,
    Say,
    TransferTo,
    Undo,
    problems,
)
from desk.conversations.access import (
    access_conversation,
    hand_back_as_agent,
    say_as_agent,
    take_as_agent,
    transfer_as_agent,
)
from desk.conversations.people import take_back_as_agent
from desk.conversations.service import messages_after
from desk.conversations.tables import Conversation
from desk.customers.service import latest_orders
from desk.shop.service import order_lines
from desk.shop.tables import Order

router = APIRouter(prefix="/conversations", tags=["agents: conversations"])
Limit = Annotated[int, Query(ge=1, le=200)]
ORDERS_SHOWN = 20


@router.get("", operation_id="listConversations", responses=problems(422))
def list_conversations(
    agent: CurrentAgent,
    parts: TheParts,
    holder: Holder | None = None,
    cursor: Annotated[str | None, Query(max_length=300)] = None,
    limit: Limit = 50,
) -> Conversations:
    """Conversations, the newest first; `holder=queue` are those that wait for a person."""
    after = read_time_cursor(cursor) if cursor is not None else None
    with parts.database.reading() as session:
        found = page_of_conversations(session, holder, after, limit)
        shown = found[:limit]
        following = write_cursor(shown[-1].created_at.isoformat(), shown[-1].id) if len(found) > limit else None
        return Conversations(conversations=[conversation_out(o) for o in overviews(session, shown)], next=following)


@router.get("/{conversation_id}", operation_id="getConversation", responses=problems(404, 422))
def get_conversation(
    conversation_id: str,
    agent: CurrentAgent,
    parts: TheParts,
    messages_after: Annotated[int | None, Query(ge=0, le=2**31 - 1)] = None,
) -> ConversationDetail:
    """One conversation with its last 200 messages, or with the 200 that follow `messages_after`."""
    with parts.database.reading() as session:
        conversation = access_conversation(session, agent, conversation_id)
        return _detail(session, conversation, messages_after)


@router.post("/{conversation_id}/take", operation_id="takeConversation", responses=problems(403, 404, 409))
def take_conversation(conversation_id: str, agent: CurrentAgent, parts: TheParts) -> ConversationOut:
    """Take over: from now on you speak, and nobody else. 409 when another agent was first."""
    with parts.database.writing() as session:
        conversation = take_as_agent(session, agent, conversation_id, parts.clock.now())
        return conversation_out(overviews(session, [conversation])[0])


@router.post(
    "/{conversation_id}/messages",
    status_code=201,
    operation_id="sayInConversation",
    responses=problems(403, 404, 409, 413, 422),
)
def say_in_conversation(conversation_id: str, body: Say, agent: CurrentAgent, parts: TheParts) -> MessageOut:
    """Answer the customer. Only the holder speaks: 409 for anybody else."""
    with parts.database.writing() as session:
        message = say_as_agent(session, agent, conversation_id, body.client_id, body.text, parts.clock.now(), body.attachments)
        return MessageOut.of(message)


@router.post("/{conversation_id}/hand-back", operation_id="handBackConversation", responses=problems(403, 404, 409, 413, 422))
def hand_back_conversation(
    conversation_id: str, agent: CurrentAgent, parts: TheParts, body: HandBack | None = None
) -> ConversationOut:
    """Give the conversation back to the bot, with what was agreed if anything was."""
    with parts.database.writing() as session:
        agreed = body.agreed if body else ""
        conversation = hand_back_as_agent(session, agent, conversation_id, parts.clock.now(), agreed)
        return conversation_out(overviews(session, [conversation])[0])


@router.post("/{conversation_id}/transfer", operation_id="transferConversation", responses=problems(403, 404, 409, 422))
def transfer_conversation(conversation_id: str, body: TransferTo, agent: CurrentAgent, parts: TheParts) -> ConversationOut:
    """Give the conversation to another agent, or with `{"to": null}` to the queue."""
    within = timedelta(minutes=parts.settings.answer_within_minutes)
    with parts.database.writing() as session:
        conversation = transfer_as_agent(
            session, agent, conversation_id, body.to, parts.clock.now(), within, parts.settings.shop_timezone
        )
        return conversation_out(overviews(session, [conversation])[0])


@router.post("/{conversation_id}/undo", operation_id="undo", responses=problems(403, 404, 409, 422))
def undo(conversation_id: str, body: Undo, agent: CurrentAgent, parts: TheParts) -> ConversationOut:
    """Take back what you have just handed back, transferred or let pass. 409 once anything else has happened."""
    with parts.database.writing() as session:
        conversation = take_back_as_agent(session, agent, conversation_id, body.version, parts.clock.now())
        return conversation_out(overviews(session, [conversation])[0])


def conversation_out(o: Overview) -> ConversationOut:
    c = o.conversation
    return ConversationOut(
        id=c.id,
        holder=c.holder,
        agent=o.agent.login if o.agent else None,
        version=c.version,
        channel=c.channel,
        language=c.language,
        mood=o.mood,
        hazard=o.hazard,
        customer=CustomerOut.of(o.customer),
        case=o.case.number if o.case else None,
        last_message=MessageOut.of(o.last) if o.last else None,
        handoff=HandoffOut.of(o.handoff, o.case.number if o.case else ""),
        created_at=c.created_at,
        changed_at=c.changed_at,
    )


def _detail(session: Session, conversation: Conversation, after: int | None) -> ConversationDetail:
    following = messages_after(session, conversation.id, after) if after is not None else None
    messages = last_messages(session, conversation.id) if following is None else list(following)
    return ConversationDetail(
        **conversation_out(overviews(session, [conversation])[0]).model_dump(),
        messages=[MessageOut.of(m) for m in messages],
        seq=messages[-1].seq if messages else after or 0,
        orders=[_order_out(session, order) for order in latest_orders(session, conversation)[:ORDERS_SHOWN]],
        cases=[case.number for case in cases_beside(session, conversation)],
    )


def _order_out(session: Session, order: Order) -> OrderOut:
    return OrderOut(
        number=order.number,
        status=order.status,
        ordered_at=order.ordered_at,
        promised_day=order.promised_day,
        delivered_at=order.delivered_at,
        lines=[
            OrderLineOut(
                sku=line.product.sku,
                name=line.product.name,
                quantity=line.quantity,
                price=str(line.price),
                currency=line.product.currency,
            )
            for line in order_lines(session, order)
        ],
    )
