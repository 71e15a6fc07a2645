"""What the actions of a turn came to, so that a turn that is tried again goes the way of its first try.

An action commits before Rasa has stored the turn. Should Rasa die in between, the turn is tried again, and the action
meets a world that it has changed already: it would say something else, and the dialogue would go elsewhere.
"""

from typing import Any

from sqlalchemy import bindparam, delete
from sqlalchemy.orm import Session

from desk.conversations.tables import ActionOutcome

_OF_MESSAGE = (
    delete(ActionOutcome)
    .where(ActionOutcome.message_id == bindparam("message"))
    .execution_options(synchronize_session=False)  # none of them is loaded where a turn is settled
)


def outcome_of(session: Session, message_id: str, step: str) -> ActionOutcome | None:
    """What this step of the turn came to before; None when it is done for the first time."""
    return session.get(ActionOutcome, (message_id, step))


def keep_outcome(session: Session, message_id: str, step: str, said: list[dict[str, Any]], events: list[dict[str, Any]]) -> None:
    """Keep what a step came to, in the transaction of its effects."""
    session.add(ActionOutcome(message_id=message_id, step=step, said=said, events=events))


def forget_outcomes(session: Session, message_id: str) -> None:
    """The turn is settled, Rasa has it: it is not tried again."""
    session.execute(_OF_MESSAGE, {"message": message_id})
