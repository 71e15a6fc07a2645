"""The public shapes of the agents' API: conversations and messages."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from desk.console.examples import example
from desk.conversations.tables import Message
from desk.customers.tables import Customer
from desk.db.base import new_id
from desk.handoffs.tables import Handoff

Mood = Literal["calm", "annoyed", "furious"]
Holder = Literal["bot", "queue", "agent"]
Author = Literal["customer", "bot", "agent", "system"]


def _printable(value: str) -> str:
    if not (value.isascii() and value.isprintable()):
        raise ValueError("may hold only printable ASCII characters")
    return value


ClientId = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_printable)]


class ProblemOut(BaseModel):
    """RFC 9457."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"type": "about:blank", "status": 409, "title": "Mikko holds this conversation."}]}
    )

    type: str = "about:blank"
    status: int
    title: str
    detail: str | None = None


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems of a route, for OpenAPI."""
    why = {
        401: "Not logged in.",
        403: "The role, or a missing CSRF token, does not allow it.",
        404: "There is no such thing.",
        409: "It conflicts with how things are now.",
        413: "Too long.",
        422: "It cannot be used.",
    }
    schema = {"application/problem+json": {"schema": ProblemOut.model_json_schema()}}
    return {status: {"description": why[status], "content": schema} for status in (401, *statuses)}


class CustomerOut(BaseModel):
    """A customer who has shown who he is."""

    name: str
    email: str
    phone: str
    language: str

    @classmethod
    def of(cls, customer: Customer | None) -> "CustomerOut | None":
        if customer is None:
            return None
        return cls(name=customer.name, email=customer.email, phone=customer.phone, language=customer.language)


class PictureOut(BaseModel):
    """A picture; `url` opens with the same login."""

    model_config = example("PictureOut")

    id: str
    type: Literal["image/jpeg", "image/png"]
    width: int
    height: int
    size: int = Field(description="Bytes.")
    url: str

    @classmethod
    def of(cls, shown: dict[str, Any], conversation_id: str) -> "PictureOut":
        return cls(**shown, url=f"/api/desk/conversations/{conversation_id}/attachments/{shown['id']}")


class MessageOut(BaseModel):
    """One thing said."""

    model_config = example("MessageOut")

    seq: int
    id: str
    author: Author
    name: str
    text: str
    buttons: list[dict[str, str]]
    attachments: list[PictureOut]
    at: datetime

    @classmethod
    def of(cls, message: Message) -> "MessageOut":
        return cls(
            seq=message.seq,
            id=message.id,
            author=message.author,
            name=message.name,
            text=message.text,
            buttons=message.buttons,
            attachments=[PictureOut.of(a, message.conversation_id) for a in message.attachments],
            at=message.at,
        )


class HandoffOut(BaseModel):
    """A hand-off that has not ended: why, what happened so far, and what the customer was told."""

    state: Literal["requested", "queued", "taken"]
    reason: str
    summary: str
    mood: Mood
    hazard: bool
    answered_by: str
    answer_by: datetime
    times_late: int
    case: str
    requested_at: datetime
    taken_at: datetime | None
    answered_at: datetime | None

    @classmethod
    def of(cls, handoff: Handoff | None, case_number: str) -> "HandoffOut | None":
        if handoff is None:
            return None
        return cls(
            state=handoff.state,
            reason=handoff.reason,
            summary=handoff.summary,
            mood=handoff.mood,
            hazard=handoff.hazard,
            answered_by=handoff.answered_by,
            answer_by=handoff.answer_by,
            times_late=handoff.times_late,
            case=case_number,
            requested_at=handoff.requested_at,
            taken_at=handoff.taken_at,
            answered_at=handoff.answered_at,
        )


class ConversationOut(BaseModel):
    """A conversation as a list shows it. `customer` only once he has shown who he is; `agent` is a login."""

    model_config = example("ConversationOut")

    id: str
    holder: Holder
    agent: str | None
    version: int = Field(description="Rises with every change of holder; POST …/undo wants the one that your deed left.")
    channel: str
    language: str
    mood: Mood
    hazard: bool
    customer: CustomerOut | None
    case: str | None = Field(description="Number of its latest open case.")
    last_message: MessageOut | None
    handoff: HandoffOut | None
    created_at: datetime
    changed_at: datetime


class OrderLineOut(BaseModel):
    sku: str
    name: str
    quantity: int
    price: str
    currency: str


class OrderOut(BaseModel):
    number: str
    status: str
    ordered_at: datetime
    promised_day: date | None
    delivered_at: datetime | None
    lines: list[OrderLineOut]


class ConversationDetail(ConversationOut):
    """One conversation with its messages; orders only of a verified customer."""

    model_config = example("ConversationDetail")

    messages: list[MessageOut]
    seq: int = Field(description="Seq of the last message here: give it back as messages_after.")
    orders: list[OrderOut]
    cases: list[str] = Field(description="Numbers of the cases beside it: GET /api/desk/cases/{number}.")


class Conversations(BaseModel):
    model_config = example("Conversations")

    conversations: list[ConversationOut]
    next: str | None = Field(description="Cursor of the next page.")


class Say(BaseModel):
    """What the agent says. The same client_id with the same text says it once. With pictures the text may be empty."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"client_id": "a1", "text": "I am sorry, Erik. I have a new set ready for you."}]}
    )

    client_id: ClientId = Field(default_factory=new_id)
    text: str = ""
    attachments: list[Annotated[str, Field(max_length=64)]] = Field(
        [], max_length=5, description="Ids of pictures sent before: POST …/attachments."
    )


class TransferTo(BaseModel):
    """Another agent's login, or null for the queue."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"to": "mikko"}, {"to": None}]})

    to: str | None


class HandBack(BaseModel):
    """What you agreed with the customer: he reads it, and the bot holds on to it. May be empty."""

    model_config = example("HandBack")

    agreed: str = ""


class Undo(BaseModel):
    """The conversation's version after what is to be undone."""

    model_config = example("Undo")

    version: int = Field(ge=0, le=2**31 - 1)
