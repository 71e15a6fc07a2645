"""Filling and finding canned replies. Pure."""

import re
from collections.abc import Mapping

PLACEHOLDERS = ("customer", "agent", "case", "product", "order")
"""What a canned reply may name: {customer} and so on."""
_NAMED = re.compile(r"{(\w+)}")


def unknown_placeholders(text: str) -> list[str]:
    """Names in braces that no conversation can fill."""
    return sorted({name for name in _NAMED.findall(text) if name not in PLACEHOLDERS})


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders filled; what is not known stays as ___ for the agent to see."""
    return _NAMED.sub(lambda m: values.get(m[1]) or "___", text)


def matches(query: str, title: str, text: str) -> bool:
    """Every word of the query begins a word of title or text."""
    words = re.findall(r"\w+", f"{title} {text}".casefold())
    return all(any(w.startswith(q) for w in words) for q in re.findall(r"\w+", query.casefold()))
