"""`fubb unanswered ...`: what the bot could not answer, for the person who writes answers and training text."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from desk.cli.agents import Json
from desk.cli.errors import fail

unanswered_app = typer.Typer(help="List and label what the bot could not answer.", invoke_without_command=True)
Labelled = Annotated[str | None, typer.Option("--label", help="Only what has this label: training, article or nothing.")]
Limit = Annotated[int, typer.Option(min=1, max=1000, help="At most so many, the newest first.")]


@unanswered_app.callback()
def unanswered(context: typer.Context, labelled: Labelled = None, limit: Limit = 50, as_json: Json = False) -> None:
    """List what could not be answered and has no label yet: message, language, what was tried."""
    if context.invoked_subcommand is not None:
        return
    from desk.cli.database import open_database
    from desk.unanswered.service import LABELS, Kept, list_unanswered

    label = next((known for known in LABELS if known == labelled), None)
    if labelled and label is None:
        fail(f"a label is one of {', '.join(LABELS)}", code=2)
    with open_database() as database, database.reading() as session:
        listed: list[Kept] = list_unanswered(session, label, limit=limit)
    if as_json:
        typer.echo(json.dumps({"unanswered": [_as_json(one) for one in listed]}, ensure_ascii=False))
        return
    for one in listed:
        kept = one.unanswered
        topics = ", ".join(
            f"{t['topic']} {t['confidence']:.0%}" for t in kept.tried.get("topics", []) if t["topic"] != "nlu_fallback"
        )
        articles = ", ".join(f"{a['article']} {a['covers']:.0%}" for a in kept.tried.get("articles", []))
        typer.echo(f"{kept.message_id}  {kept.at:%Y-%m-%d %H:%M}  {kept.language}  {' '.join(one.text.split())}")
        typer.echo(f"    {kept.why}, then {kept.outcome}. Topics: {topics or 'none'}. Articles: {articles or 'none'}.")
        if kept.chosen_topic:
            typer.echo(f"    The customer then chose {kept.chosen_topic}.")
    if not listed:
        typer.echo("Nothing is unanswered." if label is None else f"Nothing is labelled {label}.")


def _as_json(one: Any) -> dict[str, Any]:
    kept = one.unanswered
    return {
        "id": kept.message_id,
        "text": one.text,
        "language": kept.language,
        "at": kept.at.isoformat(),
        "why": kept.why,
        "outcome": kept.outcome,
        "tried": kept.tried,
        "chosen_topic": kept.chosen_topic,
        "label": kept.label,
        "label_topic": kept.label_topic,
    }


@unanswered_app.command()
def label(
    message: Annotated[str, typer.Argument(help="The id that `fubb unanswered` shows.")],
    topic: Annotated[str | None, typer.Option(help="It is training text of this topic.")] = None,
    article: Annotated[bool, typer.Option("--article", help="It needs a new article.")] = False,
    nothing: Annotated[bool, typer.Option("--nothing", help="Nothing comes of it.")] = False,
) -> None:
    """Say what becomes of a message: training text, a new article, or nothing."""
    from desk.cli.database import open_database
    from desk.errors import DeskError
    from desk.unanswered.service import label_unanswered

    if [topic is not None, article, nothing].count(True) != 1:
        fail("give one of --topic TOPIC, --article, --nothing", code=2)
    wanted = "training" if topic else "article" if article else "nothing"
    with open_database() as database, database.writing() as session:
        try:
            label_unanswered(session, message, wanted, topic, datetime.now(UTC))
        except DeskError as error:
            fail(error.title)
    typer.echo(f"{message} is labelled {wanted}{f' of {topic}' if topic else ''}.")


@unanswered_app.command()
def export(
    folder: Annotated[
        Path, typer.Argument(help="Where the files go: FOLDER/LANGUAGE/from_customers.yml and articles_to_write.md.")
    ],
) -> None:
    """Write what is labelled as files: training text as Rasa reads it, and the questions that need an article.

    Look through them before they go into data/nlu: customers write names and numbers.
    """
    from desk.cli.database import open_database
    from desk.unanswered.service import list_unanswered, texts_to_train

    with open_database() as database, database.reading() as session:
        training, articles = list_unanswered(session, "training", limit=10_000), list_unanswered(session, "article", limit=10_000)
    written: list[Path] = []
    for language, topics in sorted(texts_to_train(training).items()):
        lines = ['version: "3.1"', "", "nlu:"]
        for topic, texts in sorted(topics.items()):
            lines += [f"- intent: {topic}", "  examples:"] + [
                f"    - text: {json.dumps(text, ensure_ascii=False)}" for text in texts
            ]
        written.append(_write(folder / language / "from_customers.yml", lines))
    for language in sorted({one.unanswered.language for one in articles}):
        asked = [f"- {' '.join(one.text.split())}" for one in articles if one.unanswered.language == language]
        written.append(_write(folder / language / "articles_to_write.md", asked))
    for path in written:
        typer.echo(str(path))
    if not written:
        typer.echo("Nothing is labelled as training text or as a new article yet.")


def _write(path: Path, lines: list[str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
