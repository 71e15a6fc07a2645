"""The public shapes of the agents' API: agents as leads edit them, canned replies, the shop's rules, the audit trail."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from desk.agents.editing import AgentChange
from desk.agents.tables import Agent
from desk.audit.tables import AuditEntry
from desk.canned.tables import CannedReply
from desk.console.examples import example
from desk.console.examples_team import TEAM_EXAMPLES
from desk.console.schemas_tools import Language

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Role = Literal["agent", "lead", "admin"]
Country = Literal["SE", "NO", "FI"]
Time = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-4]):[0-5][0-9]$")]
Span = Annotated[list[Time], Field(min_length=2, max_length=2)]


class Member(BaseModel):
    """All that a lead decides of an agent. `hours`: spans by day, in his time zone; `skills`: subjects that he knows best."""

    name: str
    role: Role
    languages: list[Language]
    timezone: str
    country: Country = Field(description="Whose public holidays he has.")
    hours: dict[Day, list[Span]]
    days_off: list[date]
    skills: list[str]
    active: bool = Field(description="False: he has left; his password and token do not work any more.")


class MemberIn(Member):
    model_config = example("MemberIn", TEAM_EXAMPLES)

    days_off: list[date] = Field(max_length=400)

    def as_change(self) -> AgentChange:
        """As the service reads it: it checks hours and days as people write them."""
        return AgentChange(
            name=self.name, role=self.role, languages=self.languages, timezone=self.timezone, country=self.country,
            hours={day: ", ".join("-".join(span) for span in spans) for day, spans in self.hours.items()},
            days_off=" ".join(day.isoformat() for day in self.days_off), skills=", ".join(self.skills), active=self.active,
        )  # fmt: skip


class MemberOut(Member):
    """An agent as leads see him."""

    model_config = example("MemberOut", TEAM_EXAMPLES)

    login: str

    @classmethod
    def of(cls, agent: Agent) -> "MemberOut":
        return cls(
            login=agent.login, name=agent.name, role=agent.role, languages=agent.languages, timezone=agent.timezone,
            country=agent.country, hours=agent.hours, days_off=agent.days_off, skills=agent.skills, active=agent.active,
        )  # fmt: skip


class Team(BaseModel):
    model_config = example("Team", TEAM_EXAMPLES)

    agents: list[MemberOut]


class NewMemberIn(BaseModel):
    """A new agent, with office hours; PUT …/team/agents/{login} changes the rest."""

    model_config = example("NewMemberIn", TEAM_EXAMPLES)

    login: str
    name: str
    languages: list[Language]


class NewMemberOut(BaseModel):
    """His password and API token: here and never again."""

    model_config = example("NewMemberOut", TEAM_EXAMPLES)

    login: str
    password: str
    token: str


class NewPasswordOut(BaseModel):
    """His new password: here and never again."""

    model_config = example("NewPasswordOut", TEAM_EXAMPLES)

    login: str
    password: str


class TeamReplyIn(BaseModel):
    """A canned reply in English at least, with {customer}, {agent}, {case}, {product}, {order} where they are to be filled in."""

    model_config = example("TeamReplyIn", TEAM_EXAMPLES)

    title: str
    texts: dict[Language, str]


class TeamReply(TeamReplyIn):
    model_config = example("TeamReply", TEAM_EXAMPLES)

    id: int

    @classmethod
    def of(cls, reply: CannedReply) -> "TeamReply":
        return cls(id=reply.id, title=reply.title, texts=reply.texts)


class TeamReplies(BaseModel):
    model_config = example("TeamReplies", TEAM_EXAMPLES)

    replies: list[TeamReply]


Value = bool | int | str


class RulesOut(BaseModel):
    """The single values of the shop's rules in force; lists are changed in rules.yml."""

    model_config = example("RulesOut", TEAM_EXAMPLES)

    values: dict[str, Value]


class RulesIn(BaseModel):
    """Values to be put in force, all or none; those not named stay."""

    model_config = example("RulesIn", TEAM_EXAMPLES)

    values: dict[str, Value]


class EntryOut(BaseModel):
    """A deed on record. `agent`: who did it, null for the command line."""

    model_config = example("EntryOut", TEAM_EXAMPLES)

    id: int
    at: datetime
    agent: str | None
    what: str
    about: str
    detail: dict[str, Any]

    @classmethod
    def of(cls, entry: AuditEntry, agent: Agent | None) -> "EntryOut":
        login = agent.login if agent else None
        return cls(id=entry.id, at=entry.at, agent=login, what=entry.what, about=entry.about, detail=entry.detail)


class Trail(BaseModel):
    model_config = example("Trail", TEAM_EXAMPLES)

    entries: list[EntryOut]
    next: str | None = Field(description="Cursor of the next page.")
