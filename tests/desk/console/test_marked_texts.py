"""No template shows a word that cannot be translated: the source is read, so that no page has to be visited."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from jinja2 import Environment, nodes

from desk.console.messages import ERRORS, TEMPLATES, code
from desk.errors import DeskError

SHOWN = {"title", "placeholder", "alt", "aria-label", "aria-description", "data-say", "content"}
"""Attributes that people see or hear."""
NOT_WORDS = {"code", "kbd", "script", "style"}
SAME_EVERYWHERE = {
    "Fubb", "Enter", "Ctrl Enter", "Esc", "j k", "g q", "g c", "g f", "g k", "g t", "width=device-width, initial-scale=1", "light dark",
    "2026-12-23 2026-12-28", "tv, washing_machine, late_delivery",
}  # fmt: skip
"""Names, keys, and examples of what is typed."""
GETTEXT = {"_", "gettext", "ngettext", "pgettext", "npgettext"}
environment = Environment(extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True, autoescape=True)
environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]


class Shown(HTMLParser):
    """Collects what people would read of a page in which everything translated or filled in is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.inside: list[str] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in NOT_WORDS:
            self.inside.append(tag)
        if ("name", "htmx-config") not in attrs:
            self.found += [value for name, value in attrs if name in SHOWN and value]

    def handle_endtag(self, tag: str) -> None:
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.found.append(data)


def texts_between_tags(source: str) -> list[str]:
    source = re.sub(r"{#.*?#}", "", source, flags=re.S)
    source = re.sub(r"{% block body_class %}.*?{% endblock %}", "", source)
    source = re.sub(r"{%-?\s*trans\b.*?endtrans\s*-?%}", "", source, flags=re.S)
    source = re.sub(r"{%.*?%}|{{.*?}}", "", source, flags=re.S)
    shown = Shown()
    shown.feed(source)
    return shown.found


def texts_in_expressions(source: str) -> Iterator[str]:
    """Strings of expressions: every one that reads like words, and every one that is shown as it is."""
    tree = environment.parse(source)
    translated = {
        id(const)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in GETTEXT
        for const in call.find_all(nodes.Const)
    }
    names = {id(c) for f in tree.find_all(nodes.Filter) if f.name in ("named", "listed") for c in f.args}
    for output in tree.find_all(nodes.Output):
        for part in output.nodes:
            yield from (c.value for c in values_of(part) if id(c) not in translated)
    for const in tree.find_all(nodes.Const):
        if (
            id(const) not in translated | names
            and isinstance(const.value, str)
            and re.search(r"[A-ZÅÄÖ][a-z]|[a-z] [a-z]", const.value)
        ):
            yield const.value


def values_of(expression: nodes.Node) -> Iterator[nodes.Const]:
    """The strings that an expression may come to."""
    match expression:
        case nodes.Const(value=str()):
            yield expression
        case nodes.CondExpr():
            yield from values_of(expression.expr1)
            yield from values_of(expression.expr2) if expression.expr2 else ()
        case nodes.BinExpr():
            yield from values_of(expression.left)
            yield from values_of(expression.right)
        case nodes.Concat():
            for part in expression.nodes:
                yield from values_of(part)
        case nodes.Filter(name="named" | "moment" | "number"):
            pass
        case nodes.Filter():
            yield from values_of(expression.node) if expression.node else ()
        case nodes.Getitem(node=nodes.Dict()):
            for pair in expression.node.items:
                yield from values_of(pair.value)


def unmarked(source: str) -> list[str]:
    found = [" ".join(text.replace("· Fubb", "").split()) for text in (*texts_between_tags(source), *texts_in_expressions(source))]
    return [
        text for text in found if re.search(r"[^\W\d_]{2}", text) and text not in SAME_EVERYWHERE and not text.startswith("/desk/")
    ]


@pytest.mark.parametrize("name", sorted(path.name for path in TEMPLATES.glob("*.html")))
def test_every_visible_text_of_a_template_is_marked_for_translation(name: str) -> None:
    assert unmarked((TEMPLATES / name).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>Nobody waits.</p>", '<a title="Your account">x</a>', '<input placeholder="Search">', '{{ "you" if mine else owner }}',
        '{{ owner or "nobody" }}', '{% for n in ("Week", "Day") %}{{ n }}{% endfor %}', '{{ {"a": "asked"}[what] }}',
        '{% set name = "the team" %}', '{{ table("Ratings", rows) }}', "{% if late %}late{% endif %}", '{{ "late"|capitalize }}',
        '{{ "within " ~ time }}',
    ],
)  # fmt: skip
def test_a_text_that_is_not_marked_is_found(source: str) -> None:
    assert unmarked(source)


def test_what_is_marked_or_no_text_is_not_found() -> None:
    assert unmarked('<p class="idle">{{ _("Late") }} {% trans name=who %}by {{ name }}{% endtrans %} <kbd>Esc</kbd></p>') == []
    assert unmarked('<a href="/desk/{{ place }}"{% if place == "queue" %} aria-current="page"{% endif %}>{{ name }}</a>') == []


def test_every_error_has_its_words_apart_from_what_fills_them() -> None:
    """`f"..."` cannot be found by a translator's tools; `WrongInput("... %(name)s", name=...)` can."""
    filled = [
        f"{path}:{call.lineno}"
        for path in code()
        for call in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in set(ERRORS) - {"ValueError"}
        if call.args and isinstance(call.args[0], (ast.JoinedStr, ast.IfExp, ast.BinOp))
    ]
    assert filled == []


def test_every_error_that_agents_meet_is_looked_at() -> None:
    def kinds(kind: type[DeskError]) -> Iterator[type[DeskError]]:
        yield kind
        for one in kind.__subclasses__():
            yield from kinds(one)

    unknown = {kind.__name__ for kind in kinds(DeskError) if kind.__name__ not in ERRORS}
    assert unknown <= {"WrongLogin", "TooManyAttempts", "WeakPassword", "CodesNeeded"}, "these are raised with their own sentence"
