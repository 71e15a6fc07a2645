"""The public shapes of the website chat."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from desk.conversations.tables import Message

Language = Literal["en", "sv", "nb", "fi"]


class OpenSession(BaseModel):
    """What a website says when it opens a chat."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"language": "en", "identity": None}]})

    language: Language | None = None
    identity: str | None = Field(None, max_length=4096, description="A token signed by the shop's site (HS256).")


class Session(BaseModel):
    """An open chat."""

    conversation: str
    token: str = Field(description="Send it as Authorization: Bearer with every further call.")
    seq: int


class Send(BaseModel):
    """A customer's message: a text, or the payload of a button that he was shown."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"client_id": "c1", "text": "My TV smells funny."}]})

    client_id: str = Field(min_length=1, max_length=100)
    text: str | None = None
    payload: str | None = Field(None, min_length=1, max_length=1000)
    attachments: list[Annotated[str, Field(max_length=64)]] = Field(
        [], max_length=5, description="Ids of pictures sent before (POST /api/chat/attachments); with them the text may be empty."
    )

    @model_validator(mode="after")
    def _one_of_them(self) -> "Send":
        if self.payload is not None and self.attachments:
            raise ValueError("a button has no attachments")
        if (self.text is None) == (self.payload is None) and not (self.text is None and self.attachments):
            raise ValueError("send either text or payload")
        return self


class Sent(BaseModel):
    """The message is stored: it will be answered."""

    id: str
    seq: int


class Button(BaseModel):
    title: str
    payload: str


class Picture(BaseModel):
    """A picture of a message: fetch `url` with the chat's token."""

    id: str
    type: Literal["image/jpeg", "image/png"]
    width: int
    height: int
    size: int = Field(description="Bytes.")
    url: str

    @classmethod
    def of(cls, shown: dict[str, Any]) -> "Picture":
        return cls(**shown, url=f"/api/chat/attachments/{shown['id']}")


class ChatMessage(BaseModel):
    """One message of the conversation. `client_id` is there on the customer's own."""

    seq: int
    id: str
    author: Literal["customer", "bot", "agent", "system"]
    name: str
    text: str
    buttons: list[Button]
    attachments: list[Picture]
    at: datetime
    client_id: str | None = None

    @classmethod
    def of(cls, message: Message) -> "ChatMessage":
        return cls(
            seq=message.seq,
            id=message.id,
            author=message.author,
            name=message.name,
            text=message.text,
            buttons=[Button(**b) for b in message.buttons],
            attachments=[Picture.of(a) for a in message.attachments],
            at=message.at,
            client_id=message.client_id if message.author == "customer" else None,
        )


class Messages(BaseModel):
    messages: list[ChatMessage]
    seq: int
