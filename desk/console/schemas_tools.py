"""The public shapes of the agents' API: notes, replies, calls, presence, search, the lead's board."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from desk.agents.tables import Agent
from desk.console.examples import example
from desk.console.schemas_cases import CaseOut
from desk.handoffs.assignment import presence_now

Language = Literal["en", "sv", "nb", "fi"]
Presence = Literal["online", "busy", "away", "silent"]


class NoteIn(BaseModel):
    """A private note: colleagues read it, the customer never does."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "He is deaf in one ear: do not call, write."}]})

    text: str


class NoteOut(BaseModel):
    """A private note; `agent` is the login of who wrote it."""

    model_config = example("NoteOut")

    id: str
    agent: str
    name: str
    text: str
    at: datetime


class Notes(BaseModel):
    model_config = example("Notes")

    notes: list[NoteOut]


class ReplyOut(BaseModel):
    """A canned reply, filled for this conversation; `language` is English where it is not translated."""

    id: int
    title: str
    language: Language
    text: str


class Replies(BaseModel):
    model_config = example("Replies")

    replies: list[ReplyOut]


class RemedyIn(BaseModel):
    """What to do about a remedy. Beyond the shop's rules a lead arranges at once; for an agent it waits for one."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"kind": "replacement", "decision": "arrange"}]})

    kind: Literal["return", "replacement", "refund", "repair"]
    decision: Literal["arrange", "decline", "done"] = "arrange"


class CallIn(BaseModel):
    """When to call: one of the free half hours of GET …/calls."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"start": "2026-11-19T09:00:00Z"}]})

    start: datetime


class FreeTimes(BaseModel):
    model_config = example("FreeTimes")

    free: list[datetime]


class AgentOut(BaseModel):
    """An agent as he stands."""

    model_config = example("AgentOut")

    login: str
    name: str
    role: Literal["agent", "lead", "admin"]
    languages: list[str]
    presence: Presence
    breathes_until: datetime | None = Field(description="End of his pause after a hard conversation.")

    @classmethod
    def of(cls, agent: Agent, now: datetime) -> "AgentOut":
        pause = agent.breathes_until if agent.breathes_until and agent.breathes_until > now else None
        return cls(
            login=agent.login, name=agent.name, role=agent.role, languages=agent.languages,
            presence=presence_now(agent.presence, agent.seen_at, now), breathes_until=pause,
        )  # fmt: skip


class PresenceIn(BaseModel):
    model_config = example("PresenceIn")

    presence: Literal["online", "busy", "away"]


class LanguageIn(BaseModel):
    model_config = example("LanguageIn")

    language: Language


class GiveTo(BaseModel):
    """The login of the agent whose turn it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"to": "mikko"}]})

    to: str


class FoundCustomer(BaseModel):
    name: str
    email: str
    phone: str
    conversation: str | None


class FoundOrder(BaseModel):
    number: str
    customer: str


class FoundConversation(BaseModel):
    id: str
    words: str = Field(description="What was said there with the words searched for.")


class SearchOut(BaseModel):
    """What was found, the newest first, at most 20 of each."""

    model_config = example("SearchOut")

    customers: list[FoundCustomer]
    cases: list[CaseOut]
    orders: list[FoundOrder]
    conversations: list[FoundConversation]
