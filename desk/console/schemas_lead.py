"""The public shapes of the agents' API: the lead's board, alerts, what could not be answered."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.agents.tables import Agent
from desk.alerts.tables import Alert
from desk.cases.tables import Case
from desk.console.examples import example
from desk.console.examples_lead import LEAD_EXAMPLES
from desk.console.schemas import ConversationOut
from desk.console.schemas_cases import DueFollowup
from desk.console.schemas_tools import AgentOut
from desk.unanswered.service import Kept, Label

AlertKind = Literal[
    "promise_soon", "promise_at_risk", "promise_broken", "danger", "pattern", "low_rating", "week",
    "handoff_late", "agent_silent", "approval_wanted", "followup_failed",
]  # fmt: skip


class AlertOut(BaseModel):
    """What the desk told an agent (`to`), or with null the leads. `about`, `seen_by`: logins; `detail` depends on the kind."""

    model_config = example("AlertOut", LEAD_EXAMPLES)

    id: int
    kind: AlertKind
    at: datetime
    to: str | None
    case: str | None
    about: str | None
    detail: dict[str, Any]
    seen_at: datetime | None
    seen_by: str | None


class Alerts(BaseModel):
    model_config = example("Alerts", LEAD_EXAMPLES)

    alerts: list[AlertOut]
    unseen: int = Field(description="How many you have not seen, on all pages.")
    next: str | None = Field(description="Cursor of the next page.")


class SeenUntil(BaseModel):
    """The newest alert that you have looked at: what came since stays."""

    model_config = example("SeenUntil", LEAD_EXAMPLES)

    until: int = Field(ge=1, le=2**31 - 1)


class SeenOut(BaseModel):
    """How many are marked as seen now that were not before."""

    model_config = example("SeenOut", LEAD_EXAMPLES)

    seen: int


class OnBoard(ConversationOut):
    """A conversation that waits or is held. `turn_of`: login; `awaits_since`: the customer's first word without an answer."""

    turn_of: str | None
    awaits_since: datetime | None


class OnTeam(AgentOut):
    """An agent as he stands. `load` counts what he holds and was given, weighted by mood: 12 is full."""

    at_work: bool
    holds: int
    furious: int
    load: int
    had_a_hard_one: bool = Field(description="The last one given to him was a furious customer's.")


class BoardOut(BaseModel):
    """All that the lead sees at a glance; `promises`: those due within two hours."""

    model_config = example("BoardOut", LEAD_EXAMPLES)

    alerts: list[AlertOut]
    more_alerts: int
    waiting: list[OnBoard]
    held: list[OnBoard]
    promises: list[DueFollowup]
    team: list[OnTeam]


class UnansweredOut(BaseModel):
    """A message that the bot could not answer. `tried`: what it thought of; `chosen_topic`: what the customer then meant."""

    model_config = example("UnansweredOut", LEAD_EXAMPLES)

    message: str
    text: str
    conversation: str
    at: datetime
    language: str
    why: Literal["not_understood", "out_of_scope", "none_of_these"]
    tried: dict[str, Any]
    outcome: Literal["asked", "article", "told", "person"]
    chosen_topic: str | None
    label: Label | None
    topic: str | None = Field(description="Of what it is training text.")
    labelled_by: str | None
    labelled_at: datetime | None


class UnansweredList(BaseModel):
    model_config = example("UnansweredList", LEAD_EXAMPLES)

    unanswered: list[UnansweredOut]
    topics: list[str] = Field(description="Of what a message can be training text.")
    next: str | None = Field(description="Cursor of the next page.")


class LabelIn(BaseModel):
    """What becomes of a message: training text of a topic, a new article, nothing; null takes the label back."""

    model_config = example("LabelIn", LEAD_EXAMPLES)

    label: Label | None
    topic: str | None = None


def alerts_out(session: Session, alerts: Sequence[Alert]) -> list[AlertOut]:
    """The alerts with logins and case numbers, in a fixed number of queries."""
    case_ids = {a.case_id for a in alerts} - {None}
    cases = {c.id: c.number for c in session.scalars(select(Case).where(Case.id.in_(case_ids)))} if case_ids else {}
    logins = logins_of(session)
    return [
        AlertOut(
            id=a.id, kind=a.kind, at=a.at, to=logins.get(a.agent_id or 0), case=cases.get(a.case_id or 0),
            about=logins.get(a.detail.get("agent") or 0), detail=a.detail, seen_at=a.seen_at,
            seen_by=logins.get(a.seen_by_id or 0),
        )
        for a in alerts
    ]  # fmt: skip


def unanswered_out(session: Session, listed: Sequence[Kept]) -> list[UnansweredOut]:
    logins = logins_of(session)
    return [
        UnansweredOut(
            message=u.message_id, text=kept.text, conversation=kept.conversation_id, at=u.at, language=u.language, why=u.why,
            tried=u.tried, outcome=u.outcome, chosen_topic=u.chosen_topic, label=u.label, topic=u.label_topic,
            labelled_by=logins.get(u.labelled_by_id or 0), labelled_at=u.labelled_at,
        )
        for kept, u in ((k, k.unanswered) for k in listed)
    ]  # fmt: skip


def logins_of(session: Session) -> dict[int, str]:
    """Who is who, by number; those who have left too."""
    return {agent.id: agent.login for agent in session.scalars(select(Agent))}
