"""A linear classifier on TF-IDF of n-grams; trained with scikit-learn, read with numpy alone."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
import numpy.typing as npt

from bot.nlu.analyzers import ANALYZERS

Floats = npt.NDArray[np.float32]


def fingerprints(grams: Iterable[str]) -> Iterator[int]:
    """The CRC-32 of each n-gram: all that a model keeps of it. Of a million, a hundred share one and count as the same."""
    return (crc32(gram.encode(errors="surrogatepass")) for gram in grams)


@dataclass(frozen=True)
class Block:
    """One analyzer's features: their fingerprints, ascending (a feature's place is its column), and inverse document frequencies."""

    analyzer: str
    prints: npt.NDArray[np.uint32]
    idf: Floats
    weight: float = 1.0

    def vector(self, text: str) -> tuple[npt.NDArray[np.intp], Floats]:
        """Columns and values of a text: sublinear TF-IDF of length `weight`."""
        return self.weigh(Counter(fingerprints(ANALYZERS[self.analyzer](text))))

    def weigh(self, counts: Mapping[int, int]) -> tuple[npt.NDArray[np.intp], Floats]:
        """The same for fingerprints that are counted already."""
        asked = np.fromiter(counts.keys(), np.uint32, len(counts))
        places = np.searchsorted(self.prints, asked)
        known = places < len(self.prints)
        known[known] = self.prints[places[known]] == asked[known]
        if not known.any():
            return np.empty(0, np.intp), np.empty(0, np.float32)
        where = places[known]
        values = (1.0 + np.log(np.fromiter(counts.values(), np.float32, len(counts))[known])) * self.idf[where]
        length = float(np.sqrt(values @ values))
        return where, (values * (self.weight / length)).astype(np.float32)


@dataclass(frozen=True)
class LinearReader:
    """Reads a text into a probability for each label."""

    blocks: tuple[Block, ...]
    labels: tuple[str, ...]
    weights: tuple[Floats, ...]  # one matrix (features x labels) for each block; of half precision once stored
    bias: Floats
    temperature: float

    def scores(self, text: str) -> Floats:
        """The raw score of each label."""
        total = self.bias.copy()
        for block, weights in zip(self.blocks, self.weights, strict=False):
            where, values = block.vector(text)
            if len(where):
                total += values @ weights[where].astype(np.float32, copy=False)
        return total

    def probabilities(self, text: str) -> Floats:
        """The calibrated probability of each label; they add up to 1."""
        if len(self.labels) == 1:
            return np.ones(1, np.float32)
        return softmax(self.scores(text) * self.temperature)

    def save(self, folder: Path) -> None:
        """Write into `folder`."""
        arrays: dict[str, Floats] = {"bias": self.bias}
        for number, (block, weights) in enumerate(zip(self.blocks, self.weights, strict=False)):
            arrays[f"prints{number}"] = block.prints
            arrays[f"idf{number}"] = block.idf
            arrays[f"weights{number}"] = weights.astype(np.float16)
        np.savez(folder / "arrays.npz", **arrays)  # type: ignore[arg-type]
        described = {
            "labels": self.labels,
            "temperature": self.temperature,
            "blocks": [{"analyzer": block.analyzer, "weight": block.weight} for block in self.blocks],
        }
        (folder / "reader.json").write_text(json.dumps(described, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> LinearReader:
        """Read what `save` wrote."""
        described = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
        with np.load(folder / "arrays.npz", allow_pickle=False) as arrays:
            blocks = tuple(
                Block(block["analyzer"], arrays[f"prints{number}"], arrays[f"idf{number}"], block["weight"])
                for number, block in enumerate(described["blocks"])
            )
            weights = tuple(arrays[f"weights{number}"] for number in range(len(blocks)))
            return cls(blocks, tuple(described["labels"]), weights, arrays["bias"], described["temperature"])


def softmax(scores: Floats) -> Floats:
    """Scores as shares of 1."""
    raised = np.exp(scores - scores.max())
    shares: Floats = raised / raised.sum()
    return shares


def ranked(reader: LinearReader, text: str) -> list[tuple[str, float]]:
    """Labels with their probabilities, the likeliest first."""
    shares = reader.probabilities(text)
    return [(reader.labels[at], float(shares[at])) for at in np.argsort(-shares)]


def best(labels: Sequence[str], shares: Floats) -> str:
    """The likeliest label."""
    return labels[int(shares.argmax())]
