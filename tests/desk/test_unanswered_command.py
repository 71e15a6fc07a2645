"""`fubb unanswered`: lists, labels and writes files."""

import json
from pathlib import Path

import yaml

from desk.db.engine import Database
from desk.db.schema import create_schema
from tests.desk.test_cli import Fubb
from tests.desk.unanswered.test_unanswered import ask


def test_a_message_is_listed_labelled_and_exported(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/fubb.sqlite")
    create_schema(database)
    with database.writing() as session:
        opening, dogs = ask(session, "öppnar ni\nsöndag?"), ask(session, "får hunden följa med?")
    database.dispose()
    fubb = Fubb(tmp_path)
    settings = {"FUBB_DATABASE_URL": f"sqlite:///{tmp_path}/fubb.sqlite"}
    listed = json.loads(fubb("unanswered", "--json", **settings).stdout)["unanswered"]
    assert {one["id"] for one in listed} == {opening, dogs}
    assert fubb("unanswered", "label", opening, "--topic", "ask_opening_hours", **settings).returncode == 0
    assert fubb("unanswered", "label", dogs, "--article", **settings).returncode == 0
    assert "Nothing is unanswered." in fubb("unanswered", **settings).stdout
    assert fubb("unanswered", "label", dogs, **settings).returncode == 2
    assert "no such message" in fubb("unanswered", "label", "nobody", "--nothing", **settings).stderr
    assert fubb("unanswered", "export", str(tmp_path / "out"), **settings).returncode == 0
    taught = yaml.safe_load((tmp_path / "out/sv/from_customers.yml").read_text())
    assert taught["nlu"] == [{"intent": "ask_opening_hours", "examples": [{"text": "öppnar ni söndag?"}]}]
    assert (tmp_path / "out/sv/articles_to_write.md").read_text() == "- får hunden följa med?\n"
