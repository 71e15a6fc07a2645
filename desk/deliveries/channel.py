"""What the desk asks of a channel that it sends to, and what can become of a send."""

from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True)
class Outgoing:
    """A message on its way. `part` says which of its parts is to be sent now, from 0."""

    delivery_id: int
    conversation_id: str
    message_id: str
    address: str
    author: str
    name: str
    text: str
    language: str
    part: int
    buttons: list[dict[str, str]] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Sent:
    """A part has arrived: the channel's own id of it, and whether it was the last."""

    reference: str
    is_last: bool


class SendError(Exception):
    """A part was not sent, or nobody knows."""


class NotSent(SendError):
    """It surely did not arrive; try again, in `after` seconds when the channel says so."""

    def __init__(self, why: str, after: float | None = None) -> None:
        super().__init__(why)
        self.after = after


class Uncertain(SendError):
    """It may have arrived or not."""


class Refused(SendError):
    """This message will never arrive; others may."""


class AddressGone(SendError):
    """Nothing will arrive at this address: blocked, deleted, left."""


class AddressMoved(SendError):
    """The address has another name now."""

    def __init__(self, to: str) -> None:
        super().__init__(f"moved to {to}")
        self.to = to


class Channel(Protocol):
    """Whoever carries messages to customers."""

    name: str

    async def send(self, outgoing: Outgoing) -> Sent:
        """Send one part of a message. Raises SendError."""
        ...
