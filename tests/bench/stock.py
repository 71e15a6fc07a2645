"""Stock Rasa: its default pipeline and policies, its REST channel, its own stores; our domain, data and actions."""

import hashlib
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import yaml

from desk.settings import ROOT
from desk.training import QUIET_RASA, bot_python
from tests.stock.run import trained

DATA = ("data/nlu", "data/rules", "data/stories")
"""What it learns: the same as ours."""
QUICK_DATA = ("data/nlu/en", "data/rules", "data/stories")
"""Enough for its times, which hardly depend on how much it has read."""
QUICK_EPOCHS = 10


def stock_model(quick: bool) -> Path:
    """The trained model, made if there is none that fits. `quick` learns little: good for times, not for understanding."""
    config, data = _config(quick), QUICK_DATA if quick else DATA
    path = ROOT / "models" / f"bench-stock-{'quick-' if quick else ''}{_fingerprint(config, data)}.tar.gz"
    if not path.exists():
        print("Training stock Rasa (once; long: DIET and TED learn for 100 epochs) ...", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            _train(Path(folder), config, data, path)
    return path


def sample_model(per_topic: int) -> Path:
    """Trained well on a sample of the English text: the model of `make evaluate-stock`."""
    return Path(trained("stock", "en", per_topic)["model"])


def _config(quick: bool) -> dict[str, Any]:
    """Rasa's own default configuration, as `rasa train` puts it where a config.yml has none."""
    found = next((ROOT / "bot/.venv/lib").glob("python3*/site-packages/rasa/engine/recipes/config_files/default_config.yml"))
    config: dict[str, Any] = yaml.safe_load(found.read_text(encoding="utf-8")) | {"assistant_id": "stock"}
    for component in (*config["pipeline"], *config["policies"]) if quick else ():
        if "epochs" in component:
            component["epochs"] = QUICK_EPOCHS
    return config


def _fingerprint(config: dict[str, Any], data: tuple[str, ...]) -> str:
    digest = hashlib.sha256(yaml.safe_dump(config).encode())
    for name in ("domain.yml", *data):
        path = ROOT / name
        for file in sorted(path.rglob("*.yml")) if path.is_dir() else [path]:
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _train(folder: Path, config: dict[str, Any], data: tuple[str, ...], path: Path) -> None:
    (folder / "config.yml").write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    command = [
        *(str(bot_python()), "-m", "rasa", "train", "--config", str(folder / "config.yml"), "--domain", "domain.yml"),
        *("--data", *data, "--out", str(folder), "--fixed-model-name", "stock"),
    ]
    environment = {**os.environ, **QUIET_RASA, "RASA_CACHE_DIRECTORY": str(folder / "cache")}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"Stock Rasa could not be trained:\n{done.stdout}\n{done.stderr}")
    (folder / "stock.tar.gz").replace(path)


def stock_files(folder: Path, actions_url: str, secret: str) -> None:
    """What `rasa run` reads: the REST channel, and our action server."""
    endpoint = {"url": f"{actions_url}/webhook", "headers": {"Authorization": f"Bearer {secret}"}}
    (folder / "endpoints.yml").write_text(yaml.safe_dump({"action_endpoint": endpoint}), encoding="utf-8")
    (folder / "credentials.yml").write_text("rest:\n", encoding="utf-8")


def stock_command(folder: Path, model: Path, port: int) -> list[str]:
    return [
        *(str(bot_python()), "-m", "rasa", "run", "--interface", "127.0.0.1", "--port", str(port), "--model", str(model)),
        *("--endpoints", str(folder / "endpoints.yml"), "--credentials", str(folder / "credentials.yml")),
    ]
