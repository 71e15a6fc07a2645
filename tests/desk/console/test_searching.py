"""The search: by words and their beginnings, the same on both databases, and nothing that has been erased."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.orm import Session

from desk.cases.tables import Case
from desk.console.searching import Found, search
from desk.conversations.service import append_message, lock_conversation
from desk.conversations.tables import Message
from desk.customers.tables import Customer
from desk.db.engine import Database
from desk.db.word_index import NEWEST, words_of
from desk.notes.service import keep_note
from desk.notes.tables import Note
from desk.shop.tables import Order, OrderLine
from tests.conftest import NOW
from tests.desk.cast import Cast, smelling_tv, talk

SAID = "Växeln är trasig: skicka reservdel AUR-P50/3 till anna_k@exempel.se, ring 010–55 (hej@ly.se). Don’t forget “size”!"


def find(session: Session, query: str) -> Found:
    found = search(session, query)
    assert found is not None
    return found


def said(session: Session, query: str) -> list[str]:
    return [words for _, words in find(session, query).conversations]


@pytest.mark.parametrize(
    "query",
    [
        "Växeln", "växel", "TRASIG", "är trasig", "trasig är", "skicka reservdel till", "reserv skick", "AUR-P50", "aur", "p50", "P50/3",
        "AUR-P50/3", "anna_k@exempel.se", "anna_k@ex", "exempel", "hej@ly.se", "ly", "010–55", "010 55", "Don’t", "forget “si", "size!",
    ],
)  # fmt: skip
def test_words_and_their_beginnings_are_found(database: Database, query: str) -> None:
    with database.writing() as session:
        talk(session, SAID)
    with database.reading() as session:
        assert SAID in said(session, query) or said(session, query) == [f"I have read: {SAID}"]


@pytest.mark.parametrize("query", ["äxeln", "rasig", "vaxeln", "växeln hel", "%%", "__", "!?", "a* OR b", '""', "växeln' | 'hel"])
def test_what_is_inside_a_word_or_no_word_is_not(database: Database, query: str) -> None:
    with database.writing() as session:
        talk(session, SAID)
    with database.reading() as session:
        assert find(session, query).is_empty


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("Erik Lund", "customers"), ("lund eri", "customers"), ("erik.lund@example.com", "customers"), ("erik.lund@ex", "customers"),
        ("lund example.com", "customers"), ("+46701234567", "customers"), ("070-123 45 67", "customers"), ("123 45 67", "customers"),
        ("10023847", "orders"), ("100238", "orders"), ("F-100001", "cases"), ("100001", "cases"), ("strange noises", "cases"),
        ("Aurora P50", "cases"), ("urora", "cases"),
    ],
)  # fmt: skip
def test_customers_orders_and_cases_are_found(database: Database, cast: Cast, query: str, kind: str) -> None:
    with database.writing() as session:
        session.get_one(Customer, cast.erik.id).phone = "+46 70-123 45 67" if "+" in query else "070 123 45 67"
        smelling_tv(session, cast)
    wanted: dict[str, Any] = {"customers": "erik.lund@example.com", "orders": "10023847", "cases": "F-100001"}
    with database.reading() as session:
        found = find(session, query)
        names = {
            "customers": [c.email for c, _ in found.customers],
            "orders": [o.number for o, _ in found.orders],
            "cases": [c.number for c in found.cases],
        }
        assert wanted[kind] in names[kind]


def test_words_of_different_texts_do_not_meet(database: Database) -> None:
    with database.writing() as session:
        talk(session, "The kettle leaks.", "It is red.")
    with database.reading() as session:
        assert said(session, "kettle leaks")
        assert not said(session, "kettle red")


def test_the_newest_come_first_and_of_a_conversation_its_newest_words(database: Database) -> None:
    with database.writing() as session:
        first = talk(session, "My kettle leaks.", now=NOW)
        talk(session, "A kettle, please.", now=NOW + timedelta(hours=1))
        first = lock_conversation(session, first.id)
        append_message(session, first, "system", "The kettle is on its way.", NOW + timedelta(hours=2))
    with database.reading() as session:
        assert said(session, "kettle")[0] == "The kettle is on its way."
        assert len(said(session, "kettle")) == 2


def test_a_word_that_very_many_have_still_finds_the_newest(database: Database) -> None:
    with database.writing() as session:
        conversation = talk(session, "kettle")
        rows = [
            {"id": f"many{n}", "conversation_id": conversation.id, "seq": n, "author": "bot", "text": f"kettle {n}", "at": NOW, "buttons": [], "attachments": []}
            for n in range(10, 10 + NEWEST + 200)
        ]  # fmt: skip
        session.execute(Message.__table__.insert(), rows)  # type: ignore[attr-defined]
        talk(session, "another kettle", now=NOW + timedelta(hours=1))
    with database.reading() as session:
        assert "another kettle" in said(session, "kettle")[0]
        assert len(said(session, "kettle")) == 2


def test_what_is_changed_is_found_by_its_new_words_only(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        smelling_tv(session, cast)
        session.execute(update(Message).where(Message.author == "customer").values(text="The oven hums."))
        session.get_one(Customer, cast.erik.id).name = "Erik Berg"
    with database.reading() as session:
        assert said(session, "oven")
        assert "The oven hums." in said(session, "hums")
        assert not any(words.startswith("The TV") for words in said(session, "smells"))
        assert [c.name for c, _ in find(session, "erik berg").customers] == ["Erik Berg"]


def test_redacted_words_are_in_no_index(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        case = smelling_tv(session, cast)
        keep_note(session, cast.anna, case.conversation_id, "He smells trouble.", NOW)
    with database.reading() as session:
        assert not find(session, "smells").is_empty
    with database.writing() as session:
        session.execute(update(Message).values(text=""))
        session.execute(update(Note).values(text="(removed)"))
        session.execute(update(Case).values(summary=""))
        session.execute(update(Customer).values(name="", phone="", email=Customer.id))
    with database.reading() as session:
        for query in ("smells", "funny", "trouble", "erik", "lund", "example", str(cast.erik.phone)):
            assert find(session, query).is_empty, query
    assert traces_of(database, "smells", "trouble", "lund") == []


def test_deleted_rows_are_in_no_index(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        conversation = talk(session, "My kettle leaks.")
        keep_note(session, cast.anna, conversation.id, "A kettle again.", NOW)
    with database.reading() as session:
        assert said(session, "kettle")
        assert find(session, "10023847").orders
    with database.writing() as session:
        session.execute(delete(Note))
        session.execute(delete(Message).where(Message.author == "bot"))
        session.execute(delete(Message))
        session.execute(delete(OrderLine))
        session.execute(delete(Order))
        session.execute(delete(Customer))
    with database.reading() as session:
        for query in ("kettle", "again", "10023847", "erik", str(cast.erik.phone)):
            assert find(session, query).is_empty, query
    assert traces_of(database, "kettle", "erik", "10023847") == []


def traces_of(database: Database, *words: str) -> list[str]:
    """The words that SQLite's index still has the texts of; PostgreSQL's has no texts."""
    if not database.is_sqlite:
        return []
    with database.reading() as session:
        kept = str(session.execute(text("SELECT * FROM search_index")).all()).lower()
    return [word for word in words if word in kept]


def test_words_of_a_query() -> None:
    assert words_of(" anna_k@exempel.se  AUR-P50 ö ") == ["anna", "k", "exempel", "se", "AUR", "P50", "ö"]
    assert words_of("%_'\"*") == []
