"""What must hold of a shop at its end, read from raw rows: I1, I2, I7 and I8."""

from collections import Counter
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from desk.followups.slots import public_holidays
from desk.settings import Settings

Rows = dict[str, list[dict[str, Any]]]
CLOSED = ("satisfied", "closed_unconfirmed")
GRACE = timedelta(minutes=10)
LOOKS = timedelta(hours=2)
"""The simulated watch looks so seldom at night; the real one twice a second."""


def problems_of(rows: Rows, settings: Settings, now: datetime) -> list[str]:
    """Every violation, in a line each."""
    return [*_next_steps(rows), *_endings(rows), *_pestered(rows, settings), *_promises(rows, now)]


def _next_steps(rows: Rows) -> list[str]:
    """I1: every open case has exactly one next follow-up, with an owner and a due time."""
    pending: dict[int, list[dict[str, Any]]] = {}
    for f in rows["followups"]:
        if f["state"] == "pending":
            pending.setdefault(f["case_id"], []).append(f)
    found = []
    for case in rows["cases"]:
        his = pending.get(case["id"], [])
        if case["state"] not in CLOSED and [f["id"] for f in his] != [case["next_followup_id"]]:
            found.append(f"I1: case {case['id']} has {len(his)} next steps")
        if any(f["due_at"] is None or (f["owner"] == "agent") != (f["owner_agent_id"] is not None) for f in his):
            found.append(f"I1: a next step of case {case['id']} has no owner or time")
    return found


def _endings(rows: Rows) -> list[str]:
    """I2: only his own word, or an agent's name and reason, ends a case."""
    authors = {m["id"]: m["author"] for m in rows["messages"]}
    found = []
    for case in rows["cases"]:
        if case["state"] == "satisfied" and authors.get(case["satisfied_by_message_id"]) != "customer":
            found.append(f"I2: case {case['id']} ended as satisfied without the customer's word")
        if case["state"] == "closed_unconfirmed" and not (case["closed_reason"] and case["closed_by_id"]):
            found.append(f"I2: case {case['id']} was closed without a reason or a name")
    return found


def _pestered(rows: Rows, settings: Settings) -> list[str]:
    """I7: quiet hours, holidays, the week's budget, his wish for none; dangers and what was promised aside."""
    customers = {c["id"]: c for c in rows["customers"]}
    cases = {c["id"]: c for c in rows["cases"]}
    followups = {f["id"]: f for f in rows["followups"]}
    quiet_from, quiet_until = time.fromisoformat(settings.quiet_from), time.fromisoformat(settings.quiet_until)
    spoken: dict[int, list[datetime]] = {}
    found = []
    for contact in sorted(rows["contacts"], key=lambda c: (c["at"], c["id"])):
        if contact["held_because"] is not None or contact["customer_id"] is None:
            continue
        customer, case = customers[contact["customer_id"]], cases.get(contact["case_id"] or 0)
        before = spoken.setdefault(customer["id"], [])
        if contact["who"] != "agent":
            urgent = contact["what"] == "promise_broken" and case is not None and case["hazard"]
            followup = followups.get(contact["followup_id"] or "")
            owed = contact["what"] == "promise_broken" or (followup is not None and followup["promise"] != "none")
            local = contact["at"].astimezone(ZoneInfo(customer["timezone"]))
            out = customer["no_messages_since"]
            if not urgent and (local.time() >= quiet_from or local.time() < quiet_until):
                found.append(f"I7: contact {contact['id']} at {local:%H:%M} of his night")
            if not urgent and local.date() in public_holidays(settings.shop_country, local.year):
                found.append(f"I7: contact {contact['id']} on a holiday")
            if not urgent and out is not None and contact["at"] > out:
                found.append(f"I7: contact {contact['id']} after he wanted none")
            if not owed and sum(at > contact["at"] - timedelta(days=7) for at in before) >= settings.contacts_per_week:
                found.append(f"I7: contact {contact['id']} is one too many in his week")
        before.append(contact["at"])
    return found


def _promises(rows: Rows, now: datetime) -> list[str]:
    """I8: every promise is kept, broken, moved or released, or still to come; of a broken one the record and the customer know."""
    on_record = Counter(e["case_id"] for e in rows["case_events"] if e["what"] == "promise_broken")
    broken = Counter(f["case_id"] for f in rows["followups"] if f["promise"] == "broken")
    found = [f"I8: case {c}: {n} broken, {on_record[c]} on record" for c, n in broken.items() if on_record[c] != n]
    for f in rows["followups"]:
        ends = f["ends_at"] or f["due_at"]
        if f["promise"] == "open" and f["state"] == "pending" and f["kind"] in ("call", "task") and now - ends > GRACE + LOOKS:
            found.append(f"I8: promise {f['id']} was missed in silence")
        untold = f["promise"] == "broken" and f["state"] == "pending" and f["broken_at"] is None and f["hold_until"] is None
        if untold:
            found.append(f"I8: nobody told the customer of promise {f['id']}")
    return found
