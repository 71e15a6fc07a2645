"""The agents' API: notes, canned replies, swaps, calls, presence, search."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy import select

from desk.agents.presence import set_presence, skip_pause
from desk.agents.tables import Agent
from desk.canned.service import suggest
from desk.cases.decisions import decide_remedy
from desk.cases.service import case_by_number
from desk.console.api_conversations import conversation_out
from desk.console.doors import CurrentAgent, TheParts
from desk.console.reading import overviews
from desk.console.schemas import ConversationOut, problems
from desk.console.schemas_cases import CaseOut, DueFollowup, cases_out, followups_out
from desk.console.schemas_tools import (
    AgentOut,
    CallIn,
    FoundConversation,
    FoundCustomer,
    FoundOrder,
    FreeTimes,
    GiveTo,
    LanguageIn,
    NoteIn,
    NoteOut,
    Notes,
    PresenceIn,
    RemedyIn,
    Replies,
    ReplyOut,
    SearchOut,
)
from desk.console.searching import search
from desk.conversations.access import access_conversation, find_active_agent
from desk.conversations.people import (
    give_as_lead,
    own_free_slots,
    schedule_call_as_agent,
    swap_as_agent,
    transfer_to_language,
)
from desk.errors import WrongInput
from desk.notes.service import keep_note, notes_of

router = APIRouter(tags=["agents: tools"])
ONE = "/conversations/{conversation_id}"


@router.get(f"{ONE}/notes", operation_id="listNotes", responses=problems(404))
def list_notes(conversation_id: str, agent: CurrentAgent, parts: TheParts) -> Notes:
    """The last hundred private notes of a conversation, the oldest first."""
    with parts.database.reading() as session:
        conversation = access_conversation(session, agent, conversation_id)
        found = notes_of(session, conversation.id)
        return Notes(notes=[NoteOut(id=n.id, agent=a.login, name=a.name, text=n.text, at=n.at) for n, a in found])


@router.post(f"{ONE}/notes", status_code=201, operation_id="addNote", responses=problems(403, 404, 413, 422))
def add_note(conversation_id: str, body: NoteIn, agent: CurrentAgent, parts: TheParts) -> NoteOut:
    """Write a private note; the holder need not be you."""
    with parts.database.writing() as session:
        note = keep_note(session, agent, conversation_id, body.text, parts.clock.now())
        return NoteOut(id=note.id, agent=agent.login, name=agent.name, text=note.text, at=note.at)


@router.get(f"{ONE}/replies", operation_id="listReplies", responses=problems(404, 422))
def list_replies(
    conversation_id: str, agent: CurrentAgent, parts: TheParts, q: Annotated[str, Query(max_length=100)] = ""
) -> Replies:
    """Canned replies that fit the words `q`, in the customer's language, with their placeholders filled."""
    with parts.database.reading() as session:
        conversation = access_conversation(session, agent, conversation_id)
        found = suggest(session, conversation, agent, q)
        return Replies(replies=[ReplyOut(id=s.id, title=s.title, language=s.language, text=s.text) for s in found])


@router.post(f"{ONE}/swap", operation_id="swapConversation", responses=problems(403, 404, 409))
def swap_conversation(conversation_id: str, agent: CurrentAgent, parts: TheParts) -> ConversationOut:
    """Let a hand-off that was given to you, or that you hold, pass to a colleague. No reason is asked."""
    with parts.database.writing() as session:
        conversation = swap_as_agent(session, agent, conversation_id, parts.settings.shop_timezone, parts.clock.now())
        return conversation_out(overviews(session, [conversation])[0])


@router.post(f"{ONE}/give", operation_id="giveConversation", responses=problems(403, 404, 409, 422))
def give_conversation(conversation_id: str, body: GiveTo, agent: CurrentAgent, parts: TheParts) -> ConversationOut:
    """For leads: give a waiting or held conversation to an agent. The customer is told who answers."""
    with parts.database.writing() as session:
        to = find_active_agent(session, body.to)
        if to is None:
            raise WrongInput("There is no active agent with this login.")
        conversation = give_as_lead(session, agent, conversation_id, to, parts.settings.shop_timezone, parts.clock.now())
        return conversation_out(overviews(session, [conversation])[0])


@router.post(f"{ONE}/language", operation_id="transferToLanguage", responses=problems(403, 404, 409, 422))
def transfer_language(conversation_id: str, body: LanguageIn, agent: CurrentAgent, parts: TheParts) -> ConversationOut:
    """Give the conversation to somebody who speaks this language; desk and bot speak it from now on too."""
    within = timedelta(minutes=parts.settings.answer_within_minutes)
    with parts.database.writing() as session:
        conversation = transfer_to_language(
            session, agent, conversation_id, body.language, parts.clock.now(), within, parts.settings.shop_timezone
        )
        return conversation_out(overviews(session, [conversation])[0])


@router.get(f"{ONE}/calls", operation_id="listFreeTimes", responses=problems(404))
def list_free_times(conversation_id: str, agent: CurrentAgent, parts: TheParts) -> FreeTimes:
    """The next half hours in which you are free to call."""
    with parts.database.reading() as session:
        access_conversation(session, agent, conversation_id)
        return FreeTimes(free=[slot.start for slot in own_free_slots(session, agent, parts.clock.now())])


@router.post(f"{ONE}/calls", status_code=201, operation_id="scheduleCall", responses=problems(403, 404, 409, 422))
def schedule_call(conversation_id: str, body: CallIn, agent: CurrentAgent, parts: TheParts) -> DueFollowup:
    """Promise the customer a call of yours; he is told at once."""
    if body.start.tzinfo is None:
        raise WrongInput("A time looks like 2026-11-18T09:00:00Z, with its zone.")
    with parts.database.writing() as session:
        call = schedule_call_as_agent(session, agent, conversation_id, body.start, parts.settings.shop_timezone, parts.clock.now())
        return followups_out(session, [call])[0]


@router.post("/cases/{number}/remedies", operation_id="decideRemedy", responses=problems(403, 404, 409, 422))
def decide(number: str, body: RemedyIn, agent: CurrentAgent, parts: TheParts) -> CaseOut:
    """Arrange a remedy, decline it, or mark it done. Beyond the shop's rules it waits for a lead, unless you are one."""
    with parts.database.writing() as session:
        case = case_by_number(session, number)
        decide_remedy(session, agent, case, body.kind, body.decision, parts.clock.now(), parts.settings.check_in_days)
        return cases_out(session, [case])[0]


@router.get("/me", operation_id="getMe", responses=problems())
def get_me(agent: CurrentAgent, parts: TheParts) -> AgentOut:
    """You, as you stand."""
    return AgentOut.of(agent, parts.clock.now())


@router.put("/me/presence", operation_id="setPresence", responses=problems(403, 422))
def put_presence(body: PresenceIn, agent: CurrentAgent, parts: TheParts) -> AgentOut:
    """Say whether you are online, busy (nothing new just now) or away."""
    now = parts.clock.now()
    with parts.database.writing() as session:
        set_presence(session, agent, body.presence, now)
    with parts.database.reading() as session:
        return AgentOut.of(session.scalars(select(Agent).where(Agent.id == agent.id)).one(), now)


@router.delete("/me/pause", status_code=204, operation_id="skipPause", responses=problems(403))
def delete_pause(agent: CurrentAgent, parts: TheParts) -> None:
    """Skip your pause after a hard conversation."""
    with parts.database.writing() as session:
        skip_pause(session, agent)


@router.get("/search", operation_id="search", responses=problems(422))
def search_everything(agent: CurrentAgent, parts: TheParts, q: Annotated[str, Query(max_length=100)]) -> SearchOut:
    """Customers, cases, orders and conversations that have these words; at least two letters."""
    with parts.database.reading() as session:
        found = search(session, q)
        if found is None:
            raise WrongInput("Search for at least two letters.")
        return SearchOut(
            customers=[FoundCustomer(name=c.name, email=c.email, phone=c.phone, conversation=i) for c, i in found.customers],
            cases=cases_out(session, found.cases),
            orders=[FoundOrder(number=order.number, customer=customer.name) for order, customer in found.orders],
            conversations=[FoundConversation(id=o.conversation.id, words=words) for o, words in found.conversations],
        )
