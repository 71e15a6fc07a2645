"""The agents' API, for leads: agents, canned replies, the shop's rules, and who changed what."""

from typing import Annotated

from fastapi import APIRouter, Query

from desk.agents.editing import add_agent_as_lead, agent_for_lead, change_agent, renew_password
from desk.agents.service import list_agents
from desk.audit.service import trail
from desk.canned.service import find_reply, list_replies, remove_reply, write_reply
from desk.console.api_conversations import Limit
from desk.console.cursors import read_number_cursor, write_cursor
from desk.console.doors import CurrentLead, TheParts
from desk.console.schemas import problems
from desk.console.schemas_team import (
    EntryOut,
    MemberIn,
    MemberOut,
    NewMemberIn,
    NewMemberOut,
    NewPasswordOut,
    RulesIn,
    RulesOut,
    Team,
    TeamReplies,
    TeamReply,
    TeamReplyIn,
    Trail,
)
from desk.shop.editing import change_some_rules, editable_rules

router = APIRouter(prefix="/team", tags=["agents: team"])


@router.get("/agents", operation_id="listAgents", responses=problems(403))
def get_agents(lead: CurrentLead, parts: TheParts) -> Team:
    """Everybody, those who have left too."""
    with parts.database.reading() as session:
        return Team(agents=[MemberOut.of(agent) for agent in list_agents(session)])


@router.post("/agents", status_code=201, operation_id="addAgent", responses=problems(403, 409, 422))
def post_agent(body: NewMemberIn, lead: CurrentLead, parts: TheParts) -> NewMemberOut:
    """Add an agent. His password and API token are in the answer, and nowhere else."""
    with parts.database.writing() as session:
        new = add_agent_as_lead(session, lead, body.login, body.name, body.languages, parts.clock.now())
        return NewMemberOut(login=new.agent.login, password=new.password, token=new.token)


@router.get("/agents/{login}", operation_id="getAgent", responses=problems(403, 404))
def get_agent(login: str, lead: CurrentLead, parts: TheParts) -> MemberOut:
    """One agent."""
    with parts.database.reading() as session:
        return MemberOut.of(agent_for_lead(session, lead, login))


@router.put("/agents/{login}", operation_id="changeAgent", responses=problems(403, 404, 409, 422))
def put_agent(login: str, body: MemberIn, lead: CurrentLead, parts: TheParts) -> MemberOut:
    """Change an agent. Only an admin makes or unmakes one; 409 for the last one who leads."""
    with parts.database.writing() as session:
        return MemberOut.of(change_agent(session, lead, login, body.as_change(), parts.clock.now()))


@router.post("/agents/{login}/password", operation_id="renewPassword", responses=problems(403, 404))
def post_password(login: str, lead: CurrentLead, parts: TheParts) -> NewPasswordOut:
    """A new password, shown once. He is logged out everywhere and his one-time codes are off."""
    with parts.database.writing() as session:
        return NewPasswordOut(login=login, password=renew_password(session, lead, login, parts.clock.now()))


@router.get("/replies", operation_id="listTeamReplies", responses=problems(403))
def get_replies(lead: CurrentLead, parts: TheParts) -> TeamReplies:
    """All canned replies, with their placeholders."""
    with parts.database.reading() as session:
        return TeamReplies(replies=[TeamReply.of(reply) for reply in list_replies(session)])


@router.post("/replies", status_code=201, operation_id="addReply", responses=problems(403, 409, 422))
def post_reply(body: TeamReplyIn, lead: CurrentLead, parts: TheParts) -> TeamReply:
    """Add a canned reply."""
    with parts.database.writing() as session:
        return TeamReply.of(
            write_reply(
                session, lead, None, body.title, {str(language): text for language, text in body.texts.items()}, parts.clock.now()
            )
        )


@router.get("/replies/{reply_id}", operation_id="getReply", responses=problems(403, 404, 422))
def get_reply(reply_id: int, lead: CurrentLead, parts: TheParts) -> TeamReply:
    """One canned reply."""
    with parts.database.reading() as session:
        return TeamReply.of(find_reply(session, reply_id))


@router.put("/replies/{reply_id}", operation_id="changeReply", responses=problems(403, 404, 409, 422))
def put_reply(reply_id: int, body: TeamReplyIn, lead: CurrentLead, parts: TheParts) -> TeamReply:
    """Change a canned reply, in all its languages."""
    with parts.database.writing() as session:
        return TeamReply.of(
            write_reply(
                session,
                lead,
                reply_id,
                body.title,
                {str(language): text for language, text in body.texts.items()},
                parts.clock.now(),
            )
        )


@router.delete("/replies/{reply_id}", status_code=204, operation_id="removeReply", responses=problems(403, 404, 422))
def delete_reply(reply_id: int, lead: CurrentLead, parts: TheParts) -> None:
    """Remove a canned reply; the audit trail keeps what it said."""
    with parts.database.writing() as session:
        remove_reply(session, lead, reply_id, parts.clock.now())


@router.get("/rules", operation_id="getRules", responses=problems(403))
def get_rules(lead: CurrentLead, parts: TheParts) -> RulesOut:
    """The shop's rules in force."""
    with parts.database.reading() as session:
        return RulesOut(values=editable_rules(session))


@router.patch("/rules", operation_id="changeRules", responses=problems(403, 422))
def patch_rules(body: RulesIn, lead: CurrentLead, parts: TheParts) -> RulesOut:
    """Put some values in force."""
    with parts.database.writing() as session:
        change_some_rules(session, lead, body.values, parts.clock.now())
        return RulesOut(values=editable_rules(session))


@router.get("/audit", operation_id="listAudit", responses=problems(403, 422))
def get_audit(
    lead: CurrentLead,
    parts: TheParts,
    about: Annotated[str, Query(max_length=100, examples=["agent:mikko"])] = "",
    cursor: Annotated[str | None, Query(max_length=300)] = None,
    limit: Limit = 50,
) -> Trail:
    """Who changed and saw what, the newest first."""
    before = read_number_cursor(cursor) if cursor is not None else None
    with parts.database.reading() as session:
        found = trail(session, before, limit, "".join(c for c in about if c.isprintable()))
    following = write_cursor(found[limit - 1][0].id) if len(found) > limit else None
    return Trail(entries=[EntryOut.of(entry, agent) for entry, agent in found[:limit]], next=following)
