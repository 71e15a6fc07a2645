"""The figures once more, by hand: plain Python over raw rows, written apart from the desk's own counting."""

import math
from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from desk.settings import Settings

Row = dict[str, Any]
Rows = dict[str, list[Row]]
WENT_WRONG = {"complaint", "fault", "late_delivery", "wrong_item"}


def recount(rows: Rows, first: date, last: date, now: datetime, settings: Settings) -> Row:
    """What `fubb report figures --json` should say of these days, but for names, definitions and assumptions."""
    zone = ZoneInfo(settings.shop_timezone)
    begin = datetime(first.year, first.month, first.day, tzinfo=zone)
    after = last + timedelta(days=1)
    end = min(datetime(after.year, after.month, after.day, tzinfo=zone), now)

    def inside(moment: datetime | None) -> bool:
        return moment is not None and begin <= moment < end

    def week(moment: datetime) -> str:
        day = moment.astimezone(zone).date()
        while day.weekday() != 0:
            day -= timedelta(days=1)
        return day.isoformat()

    return {
        "first_answer": {"bot": _bot(rows, inside), "human": _human(rows, inside)},
        "bot_alone": _alone(rows, inside, week),
        "first_contact": _first_contact(rows, inside),
        "satisfaction": _satisfaction(rows, inside),
        "words": sorted(
            (s["rating"], s["words"]) for s in rows["surveys"] if s["state"] == "rated" and s["words"] and inside(s["words_at"])
        ),
        "rework": _rework(rows, inside, settings),
        "promises": _promises(rows, inside, week),
        "retention": _retention(rows, begin, end, settings),
        "one_percent": _one_percent(rows, end, settings),
    }


def _messages(rows: Rows) -> dict[str, list[Row]]:
    found = defaultdict(list)
    for message in sorted(rows["messages"], key=lambda m: m["seq"]):
        found[message["conversation_id"]].append(message)
    return found


def _waits(found: list[float], asked: int) -> Row:
    found = sorted(found)
    n = len(found)
    middle = None if n == 0 else found[n // 2] if n % 2 else (found[n // 2 - 1] + found[n // 2]) / 2
    nine = next((w for i, w in enumerate(found, 1) if i >= 0.9 * n), None)
    limits = [5, 60, 600, 3600, 28800, 86400]
    steps = [sum(low < w <= high for w in found) for low, high in zip([-1, *limits], [*limits, math.inf], strict=True)]
    return {"answered": n, "asked": asked, "median": middle, "p90": nine, "steps": steps}


def _bot(rows: Rows, inside: Any) -> Row:
    said, asked, waits = _messages(rows), 0, []
    for conversation in rows["conversations"]:
        if not inside(conversation["created_at"]):
            continue
        his = [m["at"] for m in said[conversation["id"]] if m["author"] == "customer"]
        bots = [m["at"] for m in said[conversation["id"]] if m["author"] == "bot"]
        asked += bool(his)
        if his and bots:
            waits.append((min(bots) - min(his)).total_seconds())
    return _waits(waits, asked)


def _human(rows: Rows, inside: Any) -> Row:
    said, asked, waits = _messages(rows), 0, []
    for handoff in rows["handoffs"]:
        if handoff["reason"] == "transfer" or not inside(handoff["requested_at"]):
            continue
        asked += 1
        for message in said[handoff["conversation_id"]]:
            until = handoff["ended_at"] or message["at"]
            if message["author"] == "agent" and handoff["requested_at"] <= message["at"] <= until:
                waits.append((message["at"] - handoff["requested_at"]).total_seconds())
                break
    return _waits(waits, asked)


def _share(count: int, of: int) -> Row:
    if of == 0:
        return {"count": 0, "of": 0, "rate": None, "low": None, "high": None}
    # Wilson's interval as the roots of (p - x)^2 = z^2 x (1 - x) / n
    p, z2 = count / of, 1.959963984540054**2
    a, b, c = 1 + z2 / of, -(2 * p + z2 / of), p * p
    root = math.sqrt(max(0.0, b * b - 4 * a * c))
    return {"count": count, "of": of, "rate": p, "low": (-b - root) / (2 * a), "high": (-b + root) / (2 * a)}


def _alone(rows: Rows, inside: Any, week: Any) -> Row:
    wrote = {m["conversation_id"] for m in rows["messages"] if m["author"] == "customer"}
    where = {c["id"]: c["conversation_id"] for c in rows["cases"]}
    people = {m["conversation_id"] for m in rows["messages"] if m["author"] == "agent"}
    people |= {h["conversation_id"] for h in rows["handoffs"]}
    people |= {where[f["case_id"]] for f in rows["followups"] if f["done_by_id"] is not None}
    weeks: dict[str, list[bool]] = defaultdict(list)
    for c in rows["conversations"]:
        if inside(c["created_at"]) and c["id"] in wrote:
            weeks[week(c["created_at"])].append(c["id"] not in people)
    every = [alone for found in weeks.values() for alone in found]
    return _share(sum(every), len(every)) | {"weeks": {w: _share(sum(f), len(f)) for w, f in weeks.items()}}


def _first_contact(rows: Rows, inside: Any) -> Row:
    events = defaultdict(list)
    for e in rows["case_events"]:
        events[e["case_id"]].append(e)
    solved = closed = still_open = 0
    for case in rows["cases"]:
        if case["kind"] not in WENT_WRONG or not inside(case["opened_at"]):
            continue
        if case["closed_at"] is None:
            still_open += 1
            continue
        closed += 1
        if case["state"] != "satisfied":
            continue
        back = 0
        for e in events[case["id"]]:
            back += e["what"] in ("reopened", "not_solved")
            back += e["what"] == "customer_added" and (e["at"] - case["opened_at"]).total_seconds() > 3600
        solved += back == 0
    return _share(solved, closed) | {"still_open": still_open}


def _satisfaction(rows: Rows, inside: Any) -> Row:
    found = [s for s in rows["surveys"] if s["case_id"] and s["state"] in ("asked", "rated") and inside(s["asked_at"])]
    ratings = [s["rating"] for s in found if s["rating"] is not None]
    likely = [s["recommend"] for s in found if s["recommend"] is not None]
    return {
        "asked": len(found), "rated": len(ratings), "response_rate": len(ratings) / len(found) if found else None,
        "ratings": {str(r): sum(x == r for x in ratings) for r in (1, 2, 3, 4, 5)},
        "mean": sum(ratings) / len(ratings) if ratings else None,
        "satisfied": len([r for r in ratings if r > 3]) / len(ratings) if ratings else None,
        "recommends": {str(v): sum(x == v for x in likely) for v in range(11)},
        "promoters_less_detractors": (
            (len([v for v in likely if v > 8]) - len([v for v in likely if v < 7])) / len(likely) if likely else None
        ),
    }  # fmt: skip


def _rework(rows: Rows, inside: Any, settings: Settings) -> dict[str, Row]:
    prices = {(x["order_number"], x["sku"]): x["price"] for x in rows["order_lines"]}
    products = {p["sku"]: p for p in rows["products"]}
    found: dict[str, Row] = {}
    for case in rows["cases"]:
        if case["kind"] not in ("fault", "wrong_item") or not inside(case["opened_at"]):
            continue
        sku = case["product_sku"]
        price = prices.get((case["order_number"], sku)) or (products[sku]["price"] if sku else Decimal(0))
        name = products[sku]["name"] if sku else "Product not known"
        line = found.setdefault(
            name, dict.fromkeys(("sold", "cases", "dangers", "freight", "refunds", "goods", "minutes", "work", "total"), 0.0)
        )
        line["cases"] += 1
        line["dangers"] += case["hazard"]
        for remedy in rows["remedies"]:
            if remedy["case_id"] != case["id"] or remedy["state"] not in ("arranged", "done"):
                continue
            if remedy["kind"] in ("return", "repair"):
                line["freight"] += settings.cost_collection
            if remedy["kind"] in ("replacement", "repair"):
                line["freight"] += settings.cost_delivery
            if remedy["kind"] == "replacement":
                line["goods"] += float(price) * settings.cost_replacement_share
            if remedy["kind"] == "repair":
                line["goods"] += settings.cost_repair
            if remedy["kind"] == "refund":
                line["refunds"] += float(price) * settings.cost_refund_share
        for m in rows["messages"]:
            if m["conversation_id"] == case["conversation_id"] and m["author"] == "agent" and m["at"] >= case["opened_at"]:
                line["minutes"] += settings.cost_minutes_message * (case["closed_at"] is None or m["at"] <= case["closed_at"])
        for f in rows["followups"]:
            if f["case_id"] == case["id"] and f["state"] == "done" and f["done_by_id"] is not None:
                line["minutes"] += {"call": settings.cost_minutes_call, "task": settings.cost_minutes_task}.get(f["kind"], 0)
    in_time = {o["number"] for o in rows["orders"] if inside(o["ordered_at"]) and o["status"] != "cancelled"}
    for x in rows["order_lines"]:
        if x["order_number"] in in_time and products[x["sku"]]["name"] in found:
            found[products[x["sku"]]["name"]]["sold"] += x["quantity"]
    for line in found.values():
        line["work"] = line["minutes"] * settings.cost_agent_minute
        line["total"] = line["freight"] + line["refunds"] + line["goods"] + line["work"]
    return found


def _kept(states: list[str]) -> Row:
    kept = states.count("kept")
    return {"kept": kept, "broken": len(states) - kept, "rate": kept / len(states) if states else None}


def _promises(rows: Rows, inside: Any, week: Any) -> Row:
    names = {a["id"]: a["name"] for a in rows["agents"]}
    ended = [f for f in rows["followups"] if f["promise"] in ("kept", "broken") and inside(f["due_at"])]
    others = {"bot": "Fubb, the bot", "team": "The team"}
    by_week, by_owner, both = defaultdict(list), defaultdict(list), defaultdict(lambda: defaultdict(list))
    for f in ended:
        owner = names[f["owner_agent_id"]] if f["owner_agent_id"] else others[f["owner"]]
        by_week[week(f["due_at"])].append(f["promise"])
        by_owner[owner].append(f["promise"])
        both[owner][week(f["due_at"])].append(f["promise"])
    return _kept([f["promise"] for f in ended]) | {
        "weeks": {w: _kept(s) for w, s in by_week.items()},
        "owners": {o: _kept(s) | {"weeks": {w: _kept(x) for w, x in both[o].items()}} for o, s in by_owner.items()},
    }


def _retention(rows: Rows, begin: datetime, end: datetime, settings: Settings) -> Row:
    length = timedelta(days=settings.retention_days)
    groups: dict[str, list[bool]] = {"without_case": [], "with_case": [], "satisfied": [], "not_satisfied": []}
    for customer in rows["customers"]:
        mine = sorted(o["ordered_at"] for o in rows["orders"] if o["customer_id"] == customer["id"] and o["status"] != "cancelled")
        mature = [at for at in mine if begin <= at + length < end]
        if not mature:
            continue
        start = mature[0]
        following = [at for at in mine if start < at <= start + length]
        came = bool(following)
        stop = following[0] if came else start + length
        his = [
            c for c in rows["cases"]
            if c["customer_id"] == customer["id"] and c["kind"] in WENT_WRONG and start < c["opened_at"] < stop
        ]  # fmt: skip
        if not his:
            groups["without_case"].append(came)
            continue
        groups["with_case"].append(came)
        happy = {c["state"] for c in his} == {"satisfied"}
        groups["satisfied" if happy else "not_satisfied"].append(came)
    return {"days": settings.retention_days} | {name: _share(sum(f), len(f)) for name, f in groups.items()}


def _one_percent(rows: Rows, end: datetime, settings: Settings) -> Row:
    year = [o for o in rows["orders"] if o["status"] != "cancelled" and end - timedelta(days=365) <= o["ordered_at"] < end]
    numbers, people = {o["number"] for o in year}, len({o["customer_id"] for o in year})
    sales = sum((x["price"] * x["quantity"] for x in rows["order_lines"] if x["order_number"] in numbers), Decimal(0))
    if not year:
        return {"customers": 0, "orders": 0, "order_value": 0, "orders_each": 0, "low": 0, "middle": 0, "high": 0}
    value, each = float(sales) / len(year), len(year) / people
    low = people * 0.01 * value * settings.worth_margin
    return {
        "customers": people, "orders": len(year), "order_value": value, "orders_each": each, "low": low, "middle": low * each,
        "high": low * each * settings.worth_years,
    }  # fmt: skip
