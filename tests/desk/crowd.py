"""Many customers with cases, put into the tables at once: for what is measured and for what takes a year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from desk.cases.tables import Case, CaseEvent
from desk.conversations.tables import Conversation, Message
from desk.customers.tables import Customer
from desk.followups.plan_store import plan_in_force
from desk.followups.tables import Followup
from tests.desk.cast import add_agent, stock_demo_shop

LANGUAGES = ("en", "sv", "nb", "fi")


@dataclass(frozen=True)
class Wanted:
    """A case to be made: whose, when its next step is due, and whether it has ended well (then a survey is what is due)."""

    customer: int
    due_at: datetime
    ended: bool = False
    timezone: str = "Europe/Stockholm"


def add_crowd(session: Session, wanted: Sequence[Wanted], now: datetime) -> None:
    """Their customers (numbered from 0), a conversation, a case and a due step for each; two agents and the demo shop."""
    add_agent(session, "anna", "Anna Berg", ["en", "sv"], now=now)
    add_agent(session, "siv", "Siv Holm", ["nb", "fi"], role="lead", now=now)
    stock_demo_shop(session, now)
    first = session.scalar(select(func.coalesce(func.max(Customer.id), 0))) or 0
    plan = plan_in_force(session, "fault", now)
    rows: dict[type[Any], list[dict[str, Any]]] = {t: [] for t in (Customer, Conversation, Message, Case, Followup, CaseEvent)}
    for number, zone in sorted({w.customer: w.timezone for w in wanted}.items()):
        rows[Customer].append(
            {
                "id": first + 1 + number, "name": f"Kim Ek {number}", "email": f"kim{number}@example.com",
                "language": LANGUAGES[number % 4], "timezone": zone, "created_at": now,
            }
        )  # fmt: skip
    for number, want in enumerate(wanted):
        _add_case(rows, number, first + 1 + want.customer, want, plan.id, now)
    for table, found in rows.items():
        session.execute(insert(table), found)
    if session.get_bind().dialect.name == "postgresql":  # the ids were given, so the counters do not know of them
        for name, column in (("customers", Customer.id), ("cases", Case.id)):
            session.execute(
                select(func.setval(func.pg_get_serial_sequence(name, "id"), select(func.max(column)).scalar_subquery()))
            )


def _add_case(
    rows: dict[type[Any], list[dict[str, Any]]], number: int, customer: int, want: Wanted, plan: int, now: datetime
) -> None:
    talk, step, said = f"talk{number:06}", f"step{number:06}", f"said{number:06}"
    day_before = now - timedelta(days=1)
    rows[Conversation].append(
        {
            "id": talk, "channel": "website", "language": LANGUAGES[want.customer % 4], "customer_id": customer,
            "verified_at": day_before, "last_seq": 2, "created_at": day_before, "changed_at": day_before,
            "next_try_at": now + timedelta(days=3650),
        }
    )  # fmt: skip
    rows[Message] += [
        _message(said, talk, 1, "customer", "My new TV makes strange noises.", day_before, "answered"),
        _message(f"answ{number:06}", talk, 2, "bot", "I am sorry: that should not happen.", day_before, None),
    ]
    rows[Case].append(
        {
            "id": number + 1, "kind": "fault", "state": "satisfied" if want.ended else "arranged", "summary": "noises",
            "conversation_id": talk, "customer_id": customer, "product_sku": "AUR-P50", "source_message_id": said,
            "plan_id": plan, "next_followup_id": None if want.ended else step,
            "next_followup_state": None if want.ended else "pending", "opened_at": day_before,
            "closed_at": day_before if want.ended else None, "satisfied_by_message_id": said if want.ended else None,
        }
    )  # fmt: skip
    rows[Followup].append(
        {
            "id": step, "case_id": number + 1, "kind": "survey" if want.ended else "check_in", "owner": "bot",
            "due_at": want.due_at, "purpose": "survey" if want.ended else "arranged", "created_at": day_before,
        }
    )  # fmt: skip
    rows[CaseEvent] += [
        {"case_id": number + 1, "at": day_before, "who": "customer", "what": "opened", "detail": {}, "source_message_id": said},
        {"case_id": number + 1, "at": day_before, "who": "desk", "what": "followup_set", "detail": {}, "source_message_id": None},
    ]


def _message(message: str, talk: str, seq: int, author: str, text: str, at: datetime, state: str | None) -> dict[str, Any]:
    return {"id": message, "conversation_id": talk, "seq": seq, "author": author, "text": text, "at": at, "state": state}
