"""Fits a LinearReader: vocabulary, weights, and a temperature that makes its confidence honest."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, diags, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.svm import LinearSVC

from bot.nlu.analyzers import ANALYZERS
from bot.nlu.learner import Block, Floats, LinearReader, fingerprints
from bot.nlu.recipe import Recipe

Augment = Callable[[str], list[str]]
# A looser stop than scikit-learn's: the same accuracy on the evaluation text in a third of the time.
_TOLERANCE = 0.1


def build_block(analyzer: str, weight: float, texts: Sequence[str], min_texts: int) -> tuple[Block, csr_matrix]:
    """The features that occur in at least `min_texts` of the texts, and the texts as rows of them."""
    block, rows = _build(analyzer, tuple(texts), min_texts)
    return replace(block, weight=weight), rows * np.float32(weight)


@lru_cache(maxsize=8)
def _build(analyzer: str, texts: tuple[str, ...], min_texts: int) -> tuple[Block, csr_matrix]:
    """Kept, since topic and danger are learnt from the same texts."""
    counted = [Counter(fingerprints(ANALYZERS[analyzer](text))) for text in texts]
    seen: Counter[int] = Counter()
    for counts in counted:
        seen.update(counts.keys())
    kept = np.array(sorted(one for one, count in seen.items() if count >= min_texts), np.uint32)
    idf = np.array([np.log((1 + len(texts)) / (1 + seen[one])) + 1 for one in kept.tolist()], np.float32)
    block = Block(analyzer, kept, idf)
    rows = [block.weigh(counts) for counts in counted]
    starts = np.cumsum([0] + [len(where) for where, _ in rows])
    columns = np.concatenate([where for where, _ in rows])
    values = np.concatenate([values for _, values in rows])
    return block, csr_matrix((values, columns, starts), shape=(len(texts), len(kept)))


def fit(recipe: Recipe, texts: Sequence[str], labels: Sequence[str], augment: Augment | None = None) -> LinearReader:
    """Fit on texts (and their augmented copies); calibrate on held-out texts."""
    names = tuple(sorted(set(labels)))
    if len(names) == 1:
        return LinearReader((), names, (), np.zeros(1, np.float32), 1.0)
    copies = [(copy, at) for at, text in enumerate(texts) for copy in augment(text)] if augment is not None else []
    seen = [*texts, *(copy for copy, _ in copies)]
    source = np.array([*range(len(texts)), *(at for _, at in copies)])  # a copy goes where its text goes
    truth = np.array(labels)[source]
    built = [build_block(name, weight, seen, recipe.min_texts) for name, weight in recipe.analyzers]
    blocks, parts = tuple(block for block, _ in built), [part for _, part in built]
    temperature = 1.0
    if recipe.held_out > 0 and min(Counter(labels).values()) * recipe.held_out >= 1:
        learn, hold = train_test_split(range(len(texts)), test_size=recipe.held_out, stratify=labels, random_state=0)
        learning = np.isin(source, learn)
        scores = _scores_of_held_out(recipe, parts, truth, names, learning, np.array(hold))
        temperature = _honest_temperature(scores, truth[hold], names)
    weights, bias = _solve(recipe, hstack(parts, format="csr"), truth, names)
    edges = np.cumsum([0] + [len(block.prints) for block in blocks])
    split = tuple(np.ascontiguousarray(weights[low:high]) for low, high in itertools.pairwise(edges))
    return LinearReader(blocks, names, split, bias, temperature)


def _solve(recipe: Recipe, rows: csr_matrix, labels: npt.NDArray[np.str_], names: tuple[str, ...]) -> tuple[Floats, Floats]:
    counts = Counter(labels.tolist())
    balance = {name: (len(labels) / (len(names) * counts[name])) ** recipe.balance for name in names}
    if recipe.learner == "svm":
        model = LinearSVC(C=recipe.c, class_weight=balance, random_state=0, tol=_TOLERANCE)
    else:
        model = LogisticRegression(C=recipe.c, class_weight=balance, max_iter=200, random_state=0)
    model.fit(rows, labels)
    assert tuple(model.classes_) == names
    weights, bias = model.coef_.T, model.intercept_
    if len(names) == 2:  # scikit-learn keeps one column for two classes.
        weights, bias = np.hstack([-weights, weights]) / 2, np.array([-bias[0], bias[0]]) / 2
    return weights.astype(np.float32), bias.astype(np.float32)


def _scores_of_held_out(
    recipe: Recipe,
    parts: Sequence[csr_matrix],
    labels: npt.NDArray[np.str_],
    names: tuple[str, ...],
    learning: npt.NDArray[np.bool_],
    hold: npt.NDArray[np.int_],
) -> Floats:
    """What a learner that has not seen the held-out texts says of them."""
    weights, bias = _solve(recipe, hstack([part[learning] for part in parts], format="csr"), labels[learning], names)
    held = hstack([_only_known(part[hold], part[learning]) for part in parts], format="csr")
    scores: Floats = held @ weights + bias
    return scores


def _only_known(held: csr_matrix, learnt: csr_matrix) -> csr_matrix:
    """The held-out rows without the features that nothing learnt has, as long as before: so a new message will look."""
    known = held @ diags((learnt.getnnz(axis=0) > 0).astype(np.float32))
    return diags(_lengths(held) / np.maximum(_lengths(known), 1e-6)) @ known


def _lengths(rows: csr_matrix) -> Floats:
    lengths: Floats = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return lengths


def _honest_temperature(scores: Floats, labels: npt.NDArray[np.str_], names: tuple[str, ...]) -> float:
    """The factor on the scores that makes the true labels likeliest."""
    truth = np.searchsorted(np.array(names), labels)
    rows = np.arange(len(labels))

    def surprise(log_factor: float) -> float:
        scaled = scores * np.exp(log_factor)
        scaled -= scaled.max(axis=1, keepdims=True)
        return float((np.log(np.exp(scaled).sum(axis=1)) - scaled[rows, truth]).mean())

    found = minimize_scalar(surprise, bounds=(-3.0, 5.0), method="bounded")
    return float(np.exp(found.x))
