"""The agents' API: what the bot could not answer, and what becomes of it."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from desk.checking.topics import TOPICS
from desk.console.api_conversations import Limit
from desk.console.cursors import read_time_cursor, write_cursor
from desk.console.doors import CurrentAgent, TheParts
from desk.console.schemas import problems
from desk.console.schemas_lead import LabelIn, UnansweredList, UnansweredOut, unanswered_out
from desk.unanswered.service import label_unanswered, list_unanswered, read_unanswered

router = APIRouter(prefix="/unanswered", tags=["agents: unanswered"])


@router.get("", operation_id="listUnanswered", responses=problems(422))
def list_messages(
    agent: CurrentAgent,
    parts: TheParts,
    label: Literal["open", "training", "article", "nothing"] = "open",
    cursor: Annotated[str | None, Query(max_length=300)] = None,
    limit: Limit = 50,
) -> UnansweredList:
    """Messages with this label, `open`: with none yet; the newest first."""
    after = read_time_cursor(cursor) if cursor is not None else None
    with parts.database.reading() as session:
        found = list_unanswered(session, None if label == "open" else label, after, limit + 1)
        last = found[limit - 1].unanswered if len(found) > limit else None
        following = write_cursor(last.at.isoformat(), last.message_id) if last else None
        return UnansweredList(unanswered=unanswered_out(session, found[:limit]), topics=list(TOPICS), next=following)


@router.get("/{message_id}", operation_id="getUnanswered", responses=problems(404))
def get_message(message_id: str, agent: CurrentAgent, parts: TheParts) -> UnansweredOut:
    """One message of the list, whatever its label."""
    with parts.database.reading() as session:
        return unanswered_out(session, [read_unanswered(session, message_id)])[0]


@router.put("/{message_id}/label", operation_id="labelUnanswered", responses=problems(403, 404, 422))
def put_label(message_id: str, body: LabelIn, agent: CurrentAgent, parts: TheParts) -> UnansweredOut:
    """Say what becomes of a message, or take the label back."""
    with parts.database.writing() as session:
        label_unanswered(session, message_id, body.label, body.topic, parts.clock.now(), agent.id)
        return unanswered_out(session, [read_unanswered(session, message_id)])[0]
