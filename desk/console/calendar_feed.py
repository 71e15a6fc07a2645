"""An agent's calls as a calendar for other programs, in the language of his own pages."""

from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Event
from sqlalchemy.orm import Session

from desk.agents.tables import Agent
from desk.calendar.service import Call, calls_of
from desk.console.names import named
from desk.console.retelling import retell
from desk.console.translating import gettext as _
from desk.console.translating import spoken_to

PAST = timedelta(days=30)


def feed(session: Session, agent: Agent, now: datetime, address: str) -> bytes:
    """The calls as iCalendar (RFC 5545): no phone numbers, they are in the desk behind the link."""
    with spoken_to(agent):
        return _feed(session, agent, now, address)


def _feed(session: Session, agent: Agent, now: datetime, address: str) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Fubb//Calls//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Fubb: calls of %(name)s", name=agent.name))
    calendar.add("refresh-interval", timedelta(minutes=15), parameters={"value": "DURATION"})
    for call in calls_of(session, agent, now - PAST, now + timedelta(days=366)):
        event, followup, title = Event(), call.followup, _title(call)
        event.add("uid", f"{followup.id}@fubb")
        event.add("dtstamp", max(now, followup.created_at).replace(microsecond=0))
        event.add("dtstart", followup.due_at)
        event.add("dtend", call.ends_at)
        event.add("summary", ("✓ " if followup.state == "done" else "") + title)
        event.add("description", f"{named(call.case.kind, 'case kind')}. {retell(followup.note)}")
        event.add("url", f"{address}/desk/followups/{followup.id}")
        event.add("status", "CONFIRMED")
        if followup.state == "pending":
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", title)
            alarm.add("trigger", timedelta(minutes=-10))
            event.add_component(alarm)
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _title(call: Call) -> str:
    if call.customer is None:
        return _("Call a customer (%(case)s)", case=call.case.number)
    return _("Call %(name)s (%(case)s)", name=call.customer.name, case=call.case.number)
