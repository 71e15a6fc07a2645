"""Which rows have these words: one small interface, over SQLite's FTS5 and PostgreSQL's full text.

The database keeps the index itself (migration 0012): SQLite by triggers on the tables, PostgreSQL as expression indexes. So
whoever writes, changes or erases a text need not think of it. A word begins where letters and digits begin; nothing is stemmed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Select, func, literal, literal_column, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

NEWEST = 400
"""Of a word that very many rows have, SQLite's index gives so many, the latest written: more is not an answer."""


@dataclass(frozen=True)
class Source:
    """Texts that can be searched: their name in the index, the key of their rows, the expression that is indexed."""

    name: str
    key: InstrumentedAttribute[Any]
    expression: str  # as in the migration: PostgreSQL finds its index by it


class WordIndex(Protocol):
    """What the search asks of a database."""

    def has(self, source: Source, words: Sequence[str]) -> ColumnElement[bool]:
        """True of the rows that have each of these words (at least one), or a word that begins with it."""


def words_of(query: str) -> list[str]:
    """The words of a query, as the index has them."""
    return re.findall(r"[^\W_]+", query)


def word_index(session: Session) -> WordIndex:
    """The index of this session's database."""
    return PostgresWords() if session.get_bind().dialect.name == "postgresql" else SqliteWords()


class PostgresWords:
    """GIN indexes over `search_words(expression)`; the function splits a text into words, 'simple' leaves them as they are."""

    def has(self, source: Source, words: Sequence[str]) -> ColumnElement[bool]:
        wanted = " & ".join(f"'{word}':*" for word in words)
        query = func.to_tsquery(literal_column("'simple'::regconfig"), wanted)
        return func.search_words(literal_column(source.expression)).bool_op("@@")(query)


class SqliteWords:
    """One FTS5 table with a column for each source: a row is found by its column, and names the key of what it is about."""

    def has(self, source: Source, words: Sequence[str]) -> ColumnElement[bool]:
        wanted = " AND ".join(f'"{word}"*' for word in words)
        found: Select[Any] = select(literal_column("search_index.key")).select_from(text("search_index"))
        matching = literal_column("search_index").bool_op("MATCH")(literal(f"{{{source.name}}} : ({wanted})"))
        newest = found.where(matching).order_by(literal_column("search_index.rowid").desc()).limit(NEWEST)
        return source.key.in_(newest)
