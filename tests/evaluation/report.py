"""The report as files: tables in Markdown, a confusion matrix and a calibration plot as pictures."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np

from bot.nlu.understanding import Understood
from tests.evaluation.cases import Case

mpl.use("Agg")  # no screen is needed

Pairs = Sequence[tuple[Case, Understood]]


def write_report(folder: Path, name: str, pairs: Pairs) -> None:
    """Write `<name>-topics.md`, `<name>-confusion.png` and `<name>-calibration.png`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}-topics.md").write_text(topic_table(pairs), encoding="utf-8")
    _draw_confusion(folder / f"{name}-confusion.png", pairs)
    _draw_calibration(folder / f"{name}-calibration.png", pairs)


def topic_table(pairs: Pairs) -> str:
    """A row for each topic, a column for each language: the share found, and what it was taken for most."""
    languages = list(dict.fromkeys(case.language for case, _ in pairs))
    shares: dict[tuple[str, str], list[bool]] = defaultdict(list)
    taken: dict[str, Counter[str]] = defaultdict(Counter)
    for case, read in pairs:
        shares[case.topic, case.language].append(case.topic == read.topic)
        if case.topic != read.topic:
            taken[case.topic][read.topic] += 1
    lines = [f"| topic | {' | '.join(languages)} | taken for |", f"|---|{'---:|' * len(languages)}---|"]
    for topic in sorted({case.topic for case, _ in pairs}):
        cells = [f"{np.mean(found):.2f}" if (found := shares[topic, language]) else "-" for language in languages]
        mistaken = ", ".join(f"{other} {times}" for other, times in taken[topic].most_common(3))
        lines.append(f"| {topic} | {' | '.join(cells)} | {mistaken} |")
    return "\n".join(lines) + "\n"


def _draw_confusion(path: Path, pairs: Pairs) -> None:
    from matplotlib import pyplot

    topics = sorted({case.topic for case, _ in pairs})
    at = {topic: number for number, topic in enumerate(topics)}
    counts = np.zeros((len(topics), len(topics)))
    for case, read in pairs:
        if read.topic in at:
            counts[at[case.topic], at[read.topic]] += 1
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure, axes = pyplot.subplots(figsize=(15, 14))
    picture = axes.imshow(np.sqrt(shares), cmap="Blues", vmin=0, vmax=1)  # the root makes rare mistakes visible
    axes.set_xticks(range(len(topics)), topics, rotation=90, fontsize=7)
    axes.set_yticks(range(len(topics)), topics, fontsize=7)
    axes.set_xlabel("understood as")
    axes.set_ylabel("meant")
    bar = figure.colorbar(picture, ax=axes, shrink=0.6, ticks=np.sqrt([0, 0.01, 0.1, 0.25, 0.5, 1]))
    bar.ax.set_yticklabels(["0", "1 %", "10 %", "25 %", "50 %", "100 %"])
    figure.tight_layout()
    figure.savefig(path, dpi=90)
    pyplot.close(figure)


def calibration(pairs: Pairs, bins: int = 10) -> list[tuple[float, float, int]]:
    """Mean confidence, share right and number of messages of each tenth of confidence that occurs."""
    grouped: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for case, read in pairs:
        first, confidence = read.ranking[0]
        grouped[min(int(confidence * bins), bins - 1)].append((confidence, first == case.topic))
    return [
        (float(np.mean([c for c, _ in found])), float(np.mean([right for _, right in found])), len(found))
        for _, found in sorted(grouped.items())
    ]


def _draw_calibration(path: Path, pairs: Pairs) -> None:
    from matplotlib import pyplot

    points = calibration(pairs)
    figure, axes = pyplot.subplots(figsize=(6, 6))
    axes.plot([0, 1], [0, 1], "--", color="grey", label="honest")
    axes.plot([c for c, _, _ in points], [right for _, right, _ in points], "o-", label="measured")
    for confidence, right, count in points:
        axes.annotate(str(count), (confidence, right), textcoords="offset points", xytext=(6, -10), fontsize=8)
    axes.set_xlabel("confidence")
    axes.set_ylabel("share right (number of messages beside it)")
    axes.legend()
    figure.tight_layout()
    figure.savefig(path, dpi=90)
    pyplot.close(figure)
