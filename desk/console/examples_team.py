"""Examples of the agents' API, for its OpenAPI document: the team, its replies, the shop's rules, the audit trail."""

from typing import Any

from desk.console.examples import WHEN

OFFICE = {day: [["09:00", "12:00"], ["13:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
CHANGE = {
    "name": "Mikko Laine", "role": "agent", "languages": ["en", "fi"], "timezone": "Europe/Helsinki", "country": "FI",
    "hours": {**OFFICE, "sat": [], "sun": []}, "days_off": ["2026-12-23"], "skills": ["tv"], "active": True,
}  # fmt: skip
MEMBER = {"login": "mikko", **CHANGE}
REPLY = {"id": 1, "title": "Hello", "texts": {"en": "Hello {customer}, I am {agent}.", "sv": "Hej {customer}, jag heter {agent}."}}
ENTRY = {
    "id": 12, "at": WHEN, "agent": "siv", "what": "rules_changed", "about": "shop_rules",
    "detail": {"before": {"returns.days": 14}, "after": {"returns.days": 20}},
}  # fmt: skip
TEAM_EXAMPLES: dict[str, dict[str, Any]] = {
    "MemberOut": MEMBER,
    "Team": {"agents": [MEMBER]},
    "MemberIn": CHANGE,
    "NewMemberIn": {"login": "mikko", "name": "Mikko Laine", "languages": ["en", "fi"]},
    "NewMemberOut": {"login": "mikko", "password": "shown-only-once", "token": "shown-only-once-too"},
    "NewPasswordOut": {"login": "mikko", "password": "shown-only-once"},
    "TeamReply": REPLY,
    "TeamReplies": {"replies": [REPLY]},
    "TeamReplyIn": {"title": REPLY["title"], "texts": REPLY["texts"]},
    "RulesOut": {"values": {"returns.days": 14, "returns.free": True}},
    "RulesIn": {"values": {"returns.days": 20}},
    "EntryOut": ENTRY,
    "Trail": {"entries": [ENTRY], "next": None},
}  # fmt: skip
