"""`fubb understand`: what it says when there is nothing it can read."""

from pathlib import Path

import pytest

from bot.nlu.understand import ModelError, load_model, main


@pytest.mark.parametrize("content", [b"", b"hello", b"\x1f\x8b\x08\x00\x00\x00\x00\x00"])
def test_a_damaged_model_is_told_with_its_name(tmp_path: Path, content: bytes) -> None:
    model = tmp_path / "fubb-1.tar.gz"
    model.write_bytes(content)
    with pytest.raises(ModelError, match=r"fubb-1\.tar\.gz is damaged: `fubb train --force`"):
        load_model(model)


def test_a_folder_without_a_model_is_told_and_ends_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--model", str(tmp_path)]) == 1
    assert "no trained model" in capsys.readouterr().err
