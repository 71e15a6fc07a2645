"""The optional encoder says what the published model says, and refuses files that nobody examined."""

import importlib.resources

import numpy as np
import pytest

from bot.nlu import encoder
from bot.nlu.encoder import PACKAGE, EncoderError, find_files, is_installed, load_encoder

needs_encoder = pytest.mark.skipif(not is_installed(), reason="the encoder is not installed")

# The example on the model's page and in the documentation of sentence-transformers, with the similarities given there.
SENTENCES = ["The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."]
SIMILARITIES = [[1.0, 0.6660, 0.1046], [0.6660, 1.0, 0.1411], [0.1046, 0.1411, 1.0]]


@needs_encoder
def test_similarities_are_the_published_ones():
    vectors = load_encoder().encode(SENTENCES)
    assert np.allclose(vectors @ vectors.T, SIMILARITIES, atol=5e-5)


@needs_encoder
def test_a_text_has_the_same_vector_alone_and_among_longer_ones():
    alone = load_encoder().encode(["hi"])[0]
    among = load_encoder().encode(["hi", "a much longer sentence about a washing machine that hums " * 5])[0]
    assert np.allclose(alone, among, atol=1e-5)


@needs_encoder
@pytest.mark.parametrize("text", ["", " ", "🙂", "x" * 5000, "\x00"])
def test_every_text_has_a_vector_of_length_one(text):
    assert np.isclose(np.linalg.norm(load_encoder().encode([text])[0]), 1.0, atol=1e-5)


@needs_encoder
def test_a_changed_file_is_refused(tmp_path):
    model = importlib.resources.files(PACKAGE) / "model"
    for name in encoder.SHA256:
        (tmp_path / name).write_bytes((model / name).read_bytes())
    with (tmp_path / "model.safetensors").open("r+b") as file:
        file.seek(80_000_000)
        file.write(b"\x00\x01\x02\x03")
    with pytest.raises(EncoderError, match=r"model\.safetensors is not the file"):
        find_files(tmp_path)
