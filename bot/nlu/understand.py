"""Reads one message per line and prints how it is understood: `python -m bot.nlu.understand --model models [--json]`.

It loads the trained readers straight from Rasa's model archive, without Rasa, and so starts in a second or two.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tarfile
import tempfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.nlu.understanding import Understanding, Understood, load_understanding


class ModelError(Exception):
    """There is no model that can be read."""


def newest_model(place: Path) -> Path:
    """The archive itself, or the newest one in a folder."""
    if place.is_file():
        return place
    archives = sorted(place.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not archives:
        raise ModelError(f"There is no trained model in {place}. `fubb train` makes one.")
    return archives[-1]


def load_model(place: Path) -> Understanding:
    """The readers in the archive, with the thresholds that it was trained with."""
    archive = newest_model(place)
    try:
        return _load_archive(archive)
    except (tarfile.TarError, EOFError, OSError, zlib.error, KeyError, ValueError) as error:
        raise ModelError(
            f"{archive} is damaged: `fubb train --force` makes it anew. ({str(error).partition(chr(10))[0]})"
        ) from error


def _load_archive(archive: Path) -> Understanding:
    with tempfile.TemporaryDirectory() as name, tarfile.open(archive) as packed:
        folder = Path(name)
        wanted = [member for member in packed if _is_ours(member.name)]
        packed.extractall(folder, members=wanted, filter="data")
        metadata = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))
        nodes = _our_nodes(metadata)
        if not nodes:
            raise ModelError(f"{archive} was trained without our pipeline (see config.yml).")
        folders = {name: folder / "components" / node["resource"]["name"] for name, node in nodes.items()}
        return load_understanding(folders, {name: node["config"] for name, node in nodes.items()})


def _is_ours(member: str) -> bool:
    return member == "metadata.json" or "train_bot.nlu." in member


def _our_nodes(metadata: dict[str, Any]) -> dict[str, Any]:
    nodes: dict[str, Any] = metadata["predict_schema"]["nodes"]
    return {
        node["uses"].rpartition(".")[2]: node for node in nodes.values() if node["uses"].startswith("bot.nlu.") and node["resource"]
    }


def describe(understood: Understood) -> str:
    """One line for human eyes."""
    entities = ", ".join(f"{one.kind} {one.value}" for one in understood.entities)
    danger = ", danger" if understood.hazard else ""
    line = f"{understood.topic} ({understood.confidence:.0%}), {understood.language}, {understood.mood}{danger}"
    return f"{line}; {entities}" if entities else line


def main(arguments: Sequence[str] | None = None) -> int:
    """Read standard input to its end."""
    parser = argparse.ArgumentParser(prog="python -m bot.nlu.understand", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--model", type=Path, default=Path("models"), help="a model, or the folder of models")
    parser.add_argument("--json", action="store_true", help="one JSON object for each message")
    chosen = parser.parse_args(arguments)
    try:
        understanding = load_model(chosen.model)
    except ModelError as error:
        print(error, file=sys.stderr)
        return 1
    sys.stdin.reconfigure(encoding="utf-8", errors="replace", newline="\n")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    if sys.stdin.isatty():
        print("Type a message and press Enter; Ctrl-D ends.", file=sys.stderr)
    try:
        for line in sys.stdin:
            understood = understanding.read(line.rstrip("\r\n"))
            text = json.dumps(understood.as_json(), ensure_ascii=False) if chosen.json else describe(understood)
            print(text, flush=True)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # who read us has what he wanted (`| head`)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    sys.exit(main())
