"""Training: what fits, what is trained again, what a failure leaves. A small program stands for Rasa's Python."""

import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from desk.training import TrainingFailed, fingerprint, fitting_model, train

RASA = f"""\
#!{sys.executable}
import os, pathlib, sys, time
out = pathlib.Path(sys.argv[sys.argv.index("--out") + 1])
name = sys.argv[sys.argv.index("--fixed-model-name") + 1]
print("INFO rasa.engine.training.hooks - Starting to train component 'TopicClassifier'.", flush=True)
with open("runs", "a") as runs: runs.write(os.environ["RASA_TELEMETRY_ENABLED"] + "\\n")
if os.path.exists("slow"):
    time.sleep(60)
if os.path.exists("broken"):
    print("InvalidDomain: utter_x is missing", file=sys.stderr)
    sys.exit(1)
out.mkdir(parents=True, exist_ok=True)
(out / (name + ".tar.gz")).write_text("a model")
"""


PARTS = (
    "config.yml",
    "domain.yml",
    "data/nlu/en/a.yml",
    "data/words/sv.yml",
    "bot/nlu/learner.py",
    "bot/nlu/lexicons/mood.txt",
    "bot/uv.lock",
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small project."""
    for name in PARTS:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {name}\n")
    python = tmp_path / "bot" / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(textwrap.dedent(RASA))
    python.chmod(0o755)
    return tmp_path


def runs(root: Path) -> int:
    return len((root / "runs").read_text().split())


def test_a_fitting_model_is_used_again(root: Path) -> None:
    said: list[str] = []
    assert fitting_model(root) is None
    model = train(root, say=said.append)
    assert model == fitting_model(root) == root / "models" / f"fubb-{fingerprint(root)[:12]}.tar.gz"
    assert train(root) == model
    assert runs(root) == 1
    assert any("TopicClassifier" in line for line in said)
    assert (root / "runs").read_text() == "false\n"
    train(root, force=True)
    assert runs(root) == 2


@pytest.mark.parametrize("name", PARTS)
def test_whatever_a_model_is_made_of_changes_its_fingerprint(root: Path, name: str) -> None:
    before = fingerprint(root)
    (root / name).write_text("changed")
    assert fingerprint(root) != before


def test_a_renamed_file_changes_the_fingerprint_and_environments_do_not(root: Path) -> None:
    before = fingerprint(root)
    (root / "bot" / ".venv" / "x.py").write_text("x")
    (root / "bot" / "__pycache__").mkdir()
    (root / "bot" / "__pycache__" / "y.py").write_text("y")
    (root / "models").mkdir()
    assert fingerprint(root) == before
    (root / "data/nlu/en/a.yml").rename(root / "data/nlu/en/b.yml")
    assert fingerprint(root) != before


def test_training_text_that_cannot_be_read_is_told_with_its_file(root: Path) -> None:
    (root / "data/nlu/en/a.yml").write_text("nlu: [\n")
    with pytest.raises(TrainingFailed, match=r"data/nlu/en/a\.yml: line"):
        train(root)


def test_a_failed_training_tells_all_and_leaves_nothing(root: Path) -> None:
    (root / "broken").touch()
    with pytest.raises(TrainingFailed, match="utter_x is missing"):
        train(root)
    assert [p.name for p in (root / "models").iterdir()] == [".lock"]


def test_data_changed_while_training_make_no_model(root: Path) -> None:
    def say(line: str) -> None:
        if "TopicClassifier" in line:
            (root / "domain.yml").write_text("changed")

    with pytest.raises(TrainingFailed, match="changed"):
        train(root, say=say)
    assert fitting_model(root) is None


def test_only_the_last_three_models_are_kept(root: Path) -> None:
    for number in range(5):
        (root / "domain.yml").write_text(str(number))
        os.utime(train(root), (number, number))
    assert len(list((root / "models").glob("*.tar.gz"))) == 3
    assert fitting_model(root) is not None


def test_a_killed_training_leaves_no_model_and_no_process(root: Path) -> None:
    (root / "slow").touch()
    code = f"from pathlib import Path; from desk.training import train; train(Path({str(root)!r}))"
    process = subprocess.Popen([sys.executable, "-c", code])
    deadline = time.monotonic() + 20
    while not (root / "runs").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    process.kill()
    process.wait()
    (root / "slow").unlink()
    assert fitting_model(root) is None
    train(root)
    assert sorted(p.name[:5] for p in (root / "models").iterdir()) == [".lock", "fubb-"]
