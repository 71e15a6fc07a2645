"""Examples of the agents' API, for its OpenAPI document: one conversation, from every side."""

from collections.abc import Mapping
from typing import Any

from pydantic import ConfigDict

ID, WHEN, LATER = "0aa0fa2597f453eb78868d1663", "2026-11-18T09:00:00Z", "2026-11-18T09:10:00Z"
CUSTOMER = {"name": "Erik Lund", "email": "erik.lund@example.com", "phone": "+46 70 123 45 67", "language": "sv"}
MESSAGE = {
    "seq": 4, "id": "1f6c1d0e9b2a4c7d8e9f0a1b2c", "author": "customer", "name": "", "text": "My new TV smells funny!!!",
    "buttons": [], "attachments": [], "at": WHEN,
}  # fmt: skip
HANDOFF = {
    "state": "queued", "reason": "danger", "summary": "Fault: Aurora P50, order 10023847.\nSays: “My new TV smells funny!!!”",
    "mood": "furious", "hazard": True, "answered_by": "Anna Berg", "answer_by": LATER, "times_late": 0, "case": "F-100001",
    "requested_at": WHEN, "taken_at": None, "answered_at": None,
}  # fmt: skip
CONVERSATION = {
    "id": ID, "holder": "queue", "agent": None, "version": 1, "channel": "website", "language": "sv", "mood": "furious",
    "hazard": True, "customer": CUSTOMER, "case": "F-100001", "last_message": MESSAGE, "handoff": HANDOFF, "created_at": WHEN,
    "changed_at": WHEN,
}  # fmt: skip
ORDER = {
    "number": "10023847", "status": "delivered", "ordered_at": "2026-11-13T09:00:00Z", "promised_day": "2026-11-17",
    "delivered_at": "2026-11-17T09:00:00Z",
    "lines": [{"sku": "AUR-P50", "name": "Aurora P50", "quantity": 1, "price": "8990.00", "currency": "SEK"}],
}  # fmt: skip
FOLLOWUP = {
    "id": "7e5f3b1a9c8d4e2f0a1b2c3d4e", "kind": "call", "state": "pending", "owner": "anna", "due_at": "2026-11-19T09:00:00Z",
    "promised": True,
}  # fmt: skip
CASE = {
    "number": "F-100001", "kind": "fault", "state": "arranged", "priority": "urgent", "hazard": True, "mood": "furious",
    "customer": CUSTOMER, "conversation": ID, "product": "Aurora P50", "order": "10023847",
    "remedies": [{"id": 1, "kind": "replacement", "state": "arranged"}], "followups": [FOLLOWUP],
    "history": [{"at": WHEN, "who": "customer", "what": "opened", "detail": {"kind": "fault", "text": MESSAGE["text"]}}],
}  # fmt: skip
DUE = {
    **FOLLOWUP, "case": "F-100001", "conversation": ID, "customer": CUSTOMER, "note": "call the customer, as promised",
    "ends_at": "2026-11-19T09:30:00Z", "outcome": "",
}  # fmt: skip
NOTE = {"id": "2b4d6f8a0c1e3a5c7e9b1d3f5a", "agent": "mikko", "name": "Mikko Laine", "text": "Write, do not call.", "at": WHEN}
REPLY = {"id": 1, "title": "Hello, I have read it", "language": "sv", "text": "Hej Erik, jag heter Anna Berg."}
EXAMPLES: dict[str, dict[str, Any]] = {
    "PictureOut": {
        "id": "9a8b7c6d5e4f3a2b1c0d9e8f7a", "type": "image/jpeg", "width": 1280, "height": 960, "size": 182_330,
        "url": f"/api/desk/conversations/{ID}/attachments/9a8b7c6d5e4f3a2b1c0d9e8f7a",
    },
    "MessageOut": MESSAGE,
    "ConversationOut": CONVERSATION,
    "ConversationDetail": {**CONVERSATION, "messages": [MESSAGE], "seq": 4, "orders": [ORDER], "cases": ["F-100001"]},
    "Conversations": {"conversations": [CONVERSATION], "next": None},
    "CaseOut": CASE,
    "Cases": {"cases": [CASE], "next": None},
    "DueFollowup": DUE,
    "Followups": {"followups": [DUE], "next": None},
    "NoteOut": NOTE,
    "Notes": {"notes": [NOTE]},
    "Replies": {"replies": [REPLY]},
    "FreeTimes": {"free": ["2026-11-19T09:00:00Z", "2026-11-19T09:30:00Z"]},
    "AgentOut": {
        "login": "anna", "name": "Anna Berg", "role": "agent", "languages": ["en", "sv"], "presence": "online",
        "breathes_until": None,
    },
    "SearchOut": {
        "customers": [{"name": "Erik Lund", "email": CUSTOMER["email"], "phone": CUSTOMER["phone"], "conversation": ID}],
        "cases": [CASE], "orders": [{"number": "10023847", "customer": "Erik Lund"}],
        "conversations": [{"id": ID, "words": MESSAGE["text"]}],
    },
    "HandBack": {"agreed": "We collect the old one on Friday and bring the new one."},
    "Undo": {"version": 3},
    "PresenceIn": {"presence": "away"},
    "LanguageIn": {"language": "fi"},
}  # fmt: skip


def example(name: str, among: Mapping[str, dict[str, Any]] = EXAMPLES) -> ConfigDict:
    """A model's configuration with its example."""
    return ConfigDict(json_schema_extra={"examples": [among[name]]})
