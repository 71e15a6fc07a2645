"""What codes are called on the pages: moods, states, kinds, reasons. In a catalogue the kind of name is the message's context."""

from desk.console.translating import translate_in

NAMES: dict[str, dict[str, str]] = {
    "language": {"en": "English", "sv": "Swedish", "nb": "Norwegian", "fi": "Finnish"},
    "mood": {"calm": "Calm", "annoyed": "Annoyed", "furious": "Furious"},
    "priority": {"normal": "Normal", "high": "High", "urgent": "Urgent"},
    "presence": {"online": "Online", "busy": "Busy", "away": "Away", "silent": "Silent"},
    "role": {"agent": "Agent", "lead": "Lead", "admin": "Admin"},
    "channel": {"website": "Website", "telegram": "Telegram"},
    "owner": {
        "the bot": "the bot", "the team": "the team", "the agent": "the agent", "Fubb, the bot": "Fubb, the bot",
        "The team": "The team", "queue": "the queue",
    },
    "reason": {
        "asked_for_human": "Asked for a person",
        "danger": "Danger at home",
        "furious": "Very upset",
        "not_solved": "Not solved",
        "bot_failed": "The bot could not answer",
        "rule_needs_human": "The rules need a person",
        "beyond_rules": "Wants more than the rules allow",
        "not_understood": "Not understood",
        "transfer": "Transferred",
        "low_rating": "A bad rating",
        "not_answered": "The agent before fell silent",
    },
    "case kind": {
        "complaint": "Complaint", "fault": "Fault", "late_delivery": "Late delivery", "wrong_item": "Wrong item",
        "suggestion": "Suggestion", "request": "Request",
    },
    "case state": {
        "open": "Open",
        "acknowledged": "Acknowledged",
        "accepted": "Accepted, a person decides",
        "declined": "Declined",
        "collected": "Collected",
        "delivered": "Delivered",
        "remedy_offered": "Remedy offered",
        "arranged": "Arranged",
        "waiting_for_word": "Waiting for his word",
        "satisfied": "Satisfied",
        "closed_unconfirmed": "Closed, unconfirmed",
    },
    "remedy": {"return": "Return", "replacement": "Replacement", "refund": "Refund", "repair": "Repair"},
    "remedy state": {
        "offered": "offered", "accepted": "accepted", "declined": "declined", "needs_human": "needs human",
        "arranged": "arranged", "done": "done",
    },
    "follow-up": {"check_in": "Check-in", "call": "Call", "task": "Task", "survey": "Survey"},
    "follow-up state": {"pending": "Pending", "done": "Done", "cancelled": "Cancelled"},
    "promise": {"moved": "Promise moved", "released": "Promise released"},
    "order status": {"placed": "Placed", "shipped": "Shipped", "delivered": "Delivered", "cancelled": "Cancelled"},
    "contact": {
        "check_in": "Check in", "call": "Call", "task": "Task", "survey": "Survey", "promise_broken": "Promise broken",
        "last_word": "Last word", "arranged": "Arranged", "delivered": "Delivered", "after_agent": "After agent",
        "decision": "Decision", "round": "Round", "silent": "Silent",
        "owed": "Owed", "ask": "Ask", "opted_out": "Opted out",
    },
    "held back": {
        "opt_out": "he wants no messages", "quiet_hours": "his quiet hours", "holiday": "a public holiday",
        "budget": "his week is full", "person_talks": "a person talks with him",
    },
    "unreachable": {
        "the chat is gone": "the chat is gone", "he blocked the bot": "he blocked the bot",
        "the chat is blocked or gone": "the chat is blocked or gone",
    },
    "alert": {
        "promise_soon": "promise soon", "promise_at_risk": "promise at risk", "promise_broken": "promise broken",
        "danger": "danger", "pattern": "pattern", "low_rating": "low rating", "week": "week", "handoff_late": "handoff late",
        "agent_silent": "agent silent", "approval_wanted": "approval wanted", "followup_failed": "followup failed",
    },
    "unanswered": {
        "not_understood": "not understood", "out_of_scope": "not our business, the bot thought",
        "none_of_these": "what the bot guessed was wrong",
    },
    "unanswered outcome": {
        "asked": "asked what was meant", "article": "offered an article", "told": "said that it is beyond us",
        "person": "brought a person",
    },
    "audit": {
        "agent_added": "agent added", "agent_changed": "agent changed", "password_changed": "password changed",
        "password_renewed": "password renewed", "codes_on": "codes on", "codes_off": "codes off", "seen": "seen",
        "rules_changed": "rules changed", "reply_added": "reply added", "reply_changed": "reply changed",
        "reply_removed": "reply removed", "calendar_opened": "calendar opened", "calendar_revoked": "calendar revoked",
        "logged_in": "logged in", "logged_out_everywhere": "logged out everywhere", "token_renewed": "token renewed",
        "figures_downloaded": "figures downloaded",
    },
    "field": {
        "name": "name", "role": "role", "languages": "languages", "timezone": "timezone", "country": "country",
        "hours": "hours", "days_off": "days off", "skills": "skills", "active": "active", "title": "title",
        "texts": "texts", "address": "address", "returns": "returns", "faults": "faults", "promises": "promises",
        "danger": "danger", "delivery": "delivery", "cancelling": "cancelling", "payment": "payment", "contact": "contact",
        "currency": "currency", "days": "days", "opened_ok": "opened ok", "customer_pays": "customer pays",
        "refund_within_days": "refund within days", "complaint_years": "complaint years", "burden_years": "burden years",
        "shop_pays_freight": "shop pays freight", "repair_within_days": "repair within days",
        "replacement_within_days": "replacement within days", "return": "return", "replacement": "replacement",
        "refund": "refund", "repair": "repair", "max_price": "max price", "free_from": "free from", "fee": "fee",
        "fee_after_sent": "fee after sent", "invoice_days": "invoice days", "store": "store", "phone": "phone",
        "email": "email",
    },
    "plan": {
        "first_hours": "first hours", "ask_on_days": "ask on days", "ask_again_after_days": "ask again after days",
        "call_after_days": "call after days", "decide_after_days": "decide after days",
        "survey_after_hours": "survey after hours", "last_word_after_days": "last word after days",
    },
    "period": {"week": "Week", "month": "Month", "quarter": "Quarter"},
    "weekday": {
        "mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday", "sat": "Saturday",
        "sun": "Sunday",
    },
    "country": {"SE": "Sweden", "NO": "Norway", "FI": "Finland"},
    "problem": {
        "400": "Bad Request", "401": "Unauthorized", "403": "Forbidden", "404": "Not Found", "409": "Conflict",
        "413": "Request Entity Too Large", "422": "Unprocessable Entity", "429": "Too Many Requests",
    },
}  # fmt: skip


def field_named(dotted: str) -> str:
    """What a field or a rule of the shop is called: 'returns: days' for returns.days."""
    return ": ".join(named(part, "field") for part in dotted.split("."))


def named(code: str, kind: str) -> str:
    """What a code is called in the page's language. A code without a name is said as it is, its underscores as blanks."""
    name = NAMES[kind].get(code)
    return translate_in(kind, name) if name else code.replace("_", " ")
