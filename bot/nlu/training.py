"""Fits a LinearReader: vocabulary, weights, and a temperature that makes its confidence honest."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.svm import LinearSVC

from bot.nlu.analyzers import ANALYZERS
from bot.nlu.learner import Block, Floats, LinearReader
from bot.nlu.recipe import Recipe

Augment = Callable[[str], list[str]]


def build_block(analyzer: str, weight: float, texts: Sequence[str], min_texts: int) -> Block:
    """The features that occur in at least `min_texts` of the texts."""
    seen: Counter[str] = Counter()
    for text in texts:
        seen.update(set(ANALYZERS[analyzer](text)))
    kept = [gram for gram, count in seen.items() if count >= min_texts]
    idf = np.array([np.log((1 + len(texts)) / (1 + seen[gram])) + 1 for gram in kept], np.float32)
    return Block(analyzer, {gram: column for column, gram in enumerate(kept)}, idf, weight)


def matrix(blocks: Sequence[Block], texts: Sequence[str]) -> csr_matrix:
    """The texts as rows of features, block beside block."""
    parts = []
    for block in blocks:
        rows = [block.vector(text) for text in texts]
        starts = np.cumsum([0] + [len(where) for where, _ in rows])
        columns = np.concatenate([where for where, _ in rows]) if rows else np.empty(0)
        values = np.concatenate([values for _, values in rows]) if rows else np.empty(0)
        parts.append(csr_matrix((values, columns, starts), shape=(len(texts), len(block.columns))))
    return hstack(parts, format="csr")


def fit(recipe: Recipe, texts: Sequence[str], labels: Sequence[str], augment: Augment | None = None) -> LinearReader:
    """Fit on texts (and their augmented copies); calibrate on held-out texts."""
    names = tuple(sorted(set(labels)))
    if len(names) == 1:
        return LinearReader((), names, (), np.zeros(1, np.float32), 1.0)
    temperature = 1.0
    if recipe.held_out > 0 and min(Counter(labels).values()) * recipe.held_out >= 1:
        temperature = _fit_temperature(recipe, texts, labels, names, augment)
    return _fit_once(recipe, texts, labels, names, augment, temperature)


def _fit_once(
    recipe: Recipe,
    texts: Sequence[str],
    labels: Sequence[str],
    names: tuple[str, ...],
    augment: Augment | None,
    temperature: float,
) -> LinearReader:
    seen, seen_labels = list(texts), list(labels)
    if augment is not None:
        for text, label in zip(texts, labels, strict=False):
            copies = augment(text)
            seen += copies
            seen_labels += [label] * len(copies)
    blocks = tuple(build_block(name, weight, seen, recipe.min_texts) for name, weight in recipe.analyzers)
    weights, bias = _solve(recipe, matrix(blocks, seen), np.array(seen_labels), names)
    edges = np.cumsum([0] + [len(block.columns) for block in blocks])
    split = tuple(np.ascontiguousarray(weights[low:high]) for low, high in itertools.pairwise(edges))
    return LinearReader(blocks, names, split, bias, temperature)


def _solve(recipe: Recipe, rows: csr_matrix, labels: npt.NDArray[np.str_], names: tuple[str, ...]) -> tuple[Floats, Floats]:
    balance = "balanced" if recipe.balanced else None
    if recipe.learner == "svm":
        model = LinearSVC(C=recipe.c, class_weight=balance, random_state=0)
    else:
        model = LogisticRegression(C=recipe.c, class_weight=balance, max_iter=200, random_state=0)
    model.fit(rows, labels)
    assert tuple(model.classes_) == names
    weights, bias = model.coef_.T, model.intercept_
    if len(names) == 2:  # scikit-learn keeps one column for two classes.
        weights, bias = np.hstack([-weights, weights]) / 2, np.array([-bias[0], bias[0]]) / 2
    return weights.astype(np.float32), bias.astype(np.float32)


def _fit_temperature(
    recipe: Recipe, texts: Sequence[str], labels: Sequence[str], names: tuple[str, ...], augment: Augment | None
) -> float:
    """The factor on the scores that makes held-out texts likeliest."""
    learn, hold = train_test_split(range(len(texts)), test_size=recipe.held_out, stratify=labels, random_state=0)
    reader = _fit_once(recipe, [texts[at] for at in learn], [labels[at] for at in learn], names, augment, 1.0)
    scores = np.stack([reader.scores(texts[at]) for at in hold])
    truth = np.array([names.index(labels[at]) for at in hold])
    rows = np.arange(len(hold))

    def surprise(log_factor: float) -> float:
        scaled = scores * np.exp(log_factor)
        scaled -= scaled.max(axis=1, keepdims=True)
        return float((np.log(np.exp(scaled).sum(axis=1)) - scaled[rows, truth]).mean())

    found = minimize_scalar(surprise, bounds=(-3.0, 5.0), method="bounded")
    return float(np.exp(found.x))
