"""All tables in one place, for whoever needs the whole (migrations, tests)."""

from desk.agents import tables as agents
from desk.alerts import tables as alerts
from desk.attachments import tables as attachments
from desk.audit import tables as audit
from desk.canned import tables as canned
from desk.cases import tables as cases
from desk.channels.telegram import tables as telegram
from desk.conversations import tables as conversations
from desk.customers import tables as customers
from desk.db.base import Base
from desk.deliveries import tables as deliveries
from desk.followups import tables as followups
from desk.handoffs import tables as handoffs
from desk.notes import tables as notes
from desk.shop import tables as shop
from desk.surveys import tables as surveys
from desk.unanswered import tables as unanswered

__all__ = [
    "Base", "agents", "alerts", "attachments", "audit", "canned", "cases", "conversations", "customers", "deliveries",
    "followups", "handoffs", "notes", "shop", "surveys", "telegram", "unanswered",
]  # fmt: skip
