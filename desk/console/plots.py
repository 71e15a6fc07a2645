"""Plots as SVG, drawn by the server: their colours are classes, so they follow the page's light and dark.

A plot is a picture for those who see; what it says in one line is its label, and the page has its table beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH = 360
"""Of every plot, in its own units: about as wide as a phone, so that its words are readable there."""
HEIGHT = 170
TOP, BOTTOM = 18, 22
ROW = 38
MOST_LABELS = 14


@dataclass(frozen=True)
class Series:
    """One colour's values, one for each column."""

    name: str
    look: str
    values: Sequence[float]


@dataclass(frozen=True)
class Row:
    """A bar that lies: its parts, each with its look and value, and what is said at its end."""

    label: str
    parts: Sequence[tuple[str, float]]
    said: str


@dataclass(frozen=True)
class Interval:
    """A value between two others, all from 0 to 1; None where there was nothing to count."""

    label: str
    value: float | None
    between: tuple[float, float]
    said: str


def columns(summary: str, labels: Sequence[str], series: Sequence[Series], *, numbers: bool = True) -> Markup:
    """Columns that stand, the series on top of each other; the sum above each."""
    totals = [sum(values) for values in zip(*(s.values for s in series), strict=True)]
    highest = max(totals, default=0) or 1
    step = (WIDTH - 8) / max(1, len(labels))
    wide = min(44.0, step * 0.72)
    every = -(-len(labels) // MOST_LABELS)
    shapes: list[Markup] = []
    for n, label in enumerate(labels):
        middle, floor = 4 + step * (n + 0.5), float(HEIGHT - BOTTOM)
        for one in series:
            tall = one.values[n] / highest * (HEIGHT - TOP - BOTTOM)
            floor -= tall
            shapes.append(_rect(one.look, middle - wide / 2, floor, wide, tall))
        if numbers and totals[n] and step > 20:
            shapes.append(_text("value", middle, floor - 5, f"{totals[n]:g}", "middle"))
        if n % every == 0:
            shapes.append(_text("", middle, HEIGHT - 7, label, "middle"))
    shapes.append(_line("axis", 4, HEIGHT - BOTTOM, WIDTH - 4, HEIGHT - BOTTOM))
    return _svg(summary, HEIGHT, shapes)


def rows(summary: str, found: Sequence[Row]) -> Markup:
    """Bars that lie, each with its name above and what it comes to at its end."""
    longest = max((sum(value for _, value in row.parts) for row in found), default=0) or 1
    shapes: list[Markup] = []
    for n, row in enumerate(found):
        y, x = n * ROW, 0.0
        shapes += [_text("", 0, y + 13, row.label), _text("value", WIDTH, y + 13, row.said, "end")]
        for look, value in row.parts:
            wide = value / longest * WIDTH
            shapes.append(_rect(look, x, y + 19, wide, 11))
            x += wide
    return _svg(summary, max(1, len(found)) * ROW, shapes)


def intervals(summary: str, found: Sequence[Interval]) -> Markup:
    """Shares on one axis from 0 to 100 %, each with its range."""
    shapes: list[Markup] = []
    bottom = len(found) * ROW
    for tick in (0, 25, 50, 75, 100):
        x = tick / 100 * WIDTH
        shapes.append(_line("grid", x, 0, x, bottom))
        anchor = "start" if tick == 0 else "end" if tick == 100 else "middle"
        shapes.append(_text("", x, bottom + 14, f"{tick} %", anchor))
    for n, one in enumerate(found):
        y = n * ROW
        shapes += [_text("", 0, y + 13, one.label), _text("value", WIDTH, y + 13, one.said, "end")]
        if one.value is not None:
            shapes.append(_line("span", one.between[0] * WIDTH, y + 25, one.between[1] * WIDTH, y + 25))
            shapes.append(Markup('<circle class="dot" cx="{:.1f}" cy="{}" r="5"/>').format(one.value * WIDTH, y + 25))
    return _svg(summary, bottom + 20, shapes)


def _svg(summary: str, height: float, shapes: Sequence[Markup]) -> Markup:
    return Markup('<svg viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        WIDTH, round(height), summary, Markup("").join(shapes)
    )


def _rect(look: str, x: float, y: float, width: float, height: float) -> Markup:
    if height <= 0 or width <= 0:
        return Markup("")
    return Markup('<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>').format(look, x, y, width, height)


def _line(look: str, x: float, y: float, to_x: float, to_y: float) -> Markup:
    return Markup('<line class="{}" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>').format(look, x, y, to_x, to_y)


def _text(look: str, x: float, y: float, said: str, anchor: str = "start") -> Markup:
    return Markup('<text class="{}" x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(look, x, y, anchor, said)
