"""The shop of the system tests: a customer with an order of his own for every conversation, and agents who never sleep."""

import string
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from desk.agents.service import add_agent
from desk.agents.tables import Agent
from desk.shop.importing import import_file

AGENT_NAME = "Anna Berg"
ALWAYS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
FIRST_NUMBER = 10_030_000


def number_of(customer: int) -> str:
    return str(FIRST_NUMBER + customer)


def email_of(customer: int) -> str:
    letters = string.ascii_lowercase
    return f"kim.{letters[customer // 26 % 26]}{letters[customer % 26]}@example.com"


def add_customers(session: Session, folder: Path, count: int) -> None:
    """Customers, all called Kim Ek, who each got the same TV yesterday."""
    everybody = range(count)
    files = {
        "customers.csv": ["email,name", *(f"{email_of(i)},Kim Ek" for i in everybody)],
        "orders.csv": [
            "number,email,status,ordered_days_ago,due_in_days,delivered_days_ago",
            *(f"{number_of(i)},{email_of(i)},delivered,4,-1,1" for i in everybody),
        ],
        "order_lines.csv": ["order_number,sku,quantity,price", *(f"{number_of(i)},AUR-P50,1,8990" for i in everybody)],
    }
    for name, lines in files.items():
        path = folder / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        report = import_file(session, path, datetime.now(UTC))
        assert not report.problems, report.problems


def add_agents(session: Session, count: int, login: str = "anna") -> str:
    """So many agents of one name, so that no call is taken from a customer by another one. Gives the first one's token."""
    first = add_agent(session, f"{login}0", AGENT_NAME, ["en"], "lead", datetime.now(UTC))
    first.agent.hours = ALWAYS
    for number in range(1, count):  # not by add_agent: a password's hash takes its time, and the database would wait for it
        copied = {"name": AGENT_NAME, "role": "agent", "languages": ["en"], "hours": ALWAYS, "created_at": datetime.now(UTC)}
        session.add(Agent(login=f"{login}{number}", password_hash=first.agent.password_hash, **copied))
    session.flush()
    return first.token
