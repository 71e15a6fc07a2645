"""The commands. What a command needs is imported inside it, so that `--help` is quick."""

import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from desk.cli.agents import Json, agent_app
from desk.cli.errors import FAILED, INTERRUPTED, fail, told_in_one_line
from desk.cli.reports import report_app
from desk.cli.unanswered import unanswered_app

app = typer.Typer(
    help="Fubb: the support desk that follows up beyond belief.\n\nFirst time? `make run` in the project's folder does it all.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(agent_app, name="agent")
app.add_typer(report_app, name="report")
app.add_typer(unanswered_app, name="unanswered")


@app.command()
def up(verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show all that the programs log.")] = False) -> None:
    """Start rasa, actions and the desk; restart what dies; Ctrl-C ends them all."""
    from desk.settings import Settings
    from desk.supervisor.up import run_everything

    with told_in_one_line():
        run_everything(Settings.load(), verbose=verbose, say=typer.echo)


@app.command()
def train(force: Annotated[bool, typer.Option("--force", help="Train even if the present model fits.")] = False) -> None:
    """Train the model, unless the present one fits the data (a fingerprint of data and code decides)."""
    from desk.settings import ROOT
    from desk.training import train as train_model

    try:
        with told_in_one_line():
            model = train_model(force=force, say=typer.echo)
    except KeyboardInterrupt:
        fail("interrupted: no model was made or lost. `fubb train` begins anew.", INTERRUPTED)
    typer.echo(f"The model is {model.relative_to(ROOT)}")


@app.command()
def check() -> None:
    """Check what you edited: data, words and translations in all languages, and the settings. Says every problem with its file."""
    from desk.checking.data import problems_of
    from desk.settings import Settings, WrongSettings

    problems = problems_of()
    try:
        Settings.load()
    except WrongSettings as error:
        problems.append(f"settings: {error}")
    for problem in problems:
        typer.echo(problem, err=True)
    if problems:
        fail(f"{len(problems)} problem{'s' if len(problems) > 1 else ''} found.")
    typer.echo("Data, words and settings are fine.")


@app.command()
def translate(language: Annotated[str, typer.Argument(help="A language of the desk: sv, nb or fi.")]) -> None:
    """Make the file of the console's words in a language, or bring it up to date; what is translated stays."""
    from desk.console.messages import renew
    from desk.console.names import NAMES
    from desk.conversations.languages import LANGUAGES
    from desk.settings import ROOT

    if language not in LANGUAGES[1:]:
        fail(f"there is no language {language}: choose one of {', '.join(LANGUAGES[1:])}.", code=2)
    with told_in_one_line():
        path, empty = renew(language, NAMES["language"][language])
    typer.echo(f"{path.relative_to(ROOT)}: {empty} messages to translate. `fubb check` says what is wrong.")


@app.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(help="CSV files (products, customers, orders, order_lines) or rules.yml.")],
    as_json: Json = False,
) -> None:
    """Import the shop's files, in the order given. Each is taken whole, or not at all when it has a problem."""
    from desk.cli.database import open_database
    from desk.settings import Settings
    from desk.shop.importing import import_file

    reports, broken = [], 0
    with open_database() as database:
        for file in files:
            if not file.is_file():
                fail(f"there is no file {file}", code=2)
            with database.writing() as session:
                report = import_file(session, file, datetime.now(UTC), Settings.load().shop_timezone)
            reports.append({"file": str(file), "kind": report.kind, "added": report.added, "changed": report.changed})
            broken += bool(report.problems)
            for problem in report.problems:
                typer.echo(f"{file}: {problem}", err=True)
            if not as_json and not report.problems:
                typer.echo(f"{file}: {report.kind}: {report.added} added, {report.changed} changed")
    if as_json:
        typer.echo(json.dumps({"files": reports}))
    if broken:
        fail(f"{broken} of {len(files)} files not imported.")


@app.command()
def doctor(as_json: Json = False) -> None:
    """Examine this machine: Python, Rasa, model, folders, database, ports, clock."""
    from desk.checking.doctor import examine
    from desk.settings import Settings

    well = True
    findings = []
    with told_in_one_line():
        for finding in examine(Settings.load()):
            well &= finding.ok
            findings.append({"name": finding.name, "ok": finding.ok, "found": finding.found})
            if not as_json:
                typer.echo(f"{'ok ' if finding.ok else 'NOT'}  {finding.name}: {finding.found}")
    if as_json:
        typer.echo(json.dumps({"ok": well, "findings": findings}))
    if not well:
        raise typer.Exit(FAILED)


@app.command("telegram-sim")
def telegram_sim(port: Annotated[int, typer.Option(help="Where the simulator listens, on this machine only.")] = 8081) -> None:
    """Open a Telegram of your own: try the channel without an account, on a page in the browser."""
    import uvicorn

    from desk.simulator.page import simulator
    from desk.simulator.telegram import FakeTelegram
    from desk.supervisor.checks import port_problem

    problem = port_problem("127.0.0.1", port)
    if problem is not None:
        fail(f"port {port} {problem}: choose another with --port.")
    fake = FakeTelegram(first=int(time.time()) - 1_700_000_000)  # no number twice: the desk would take it for a repetition
    typer.echo(f"The simulator: http://127.0.0.1:{port}/    (Ctrl-C ends it.)\nStart the desk beside it with:\n")
    typer.echo(f"  FUBB_TELEGRAM_TOKEN={fake.token} FUBB_TELEGRAM_BASE_URL=http://127.0.0.1:{port} make run\n")
    uvicorn.run(simulator(fake), host="127.0.0.1", port=port, log_level="warning", access_log=False, timeout_graceful_shutdown=1)


@app.command()
def understand(as_json: Json = False) -> None:
    """Read one message per line and print how it is understood (needs a trained model)."""
    from desk.settings import ROOT
    from desk.training import QUIET_RASA, bot_python, fitting_model

    with told_in_one_line():
        model = fitting_model()
        if model is None:
            fail("there is no model that fits the present data: `fubb train` makes it.")
        os.environ.update({**QUIET_RASA, "PYTHONPATH": str(ROOT)})
        command = [str(bot_python()), "-m", "bot.nlu.understand", "--model", str(model), *(["--json"] if as_json else [])]
        os.execv(command[0], command)  # noqa: S606 (no shell wanted)


@app.command()
def settings() -> None:
    """Print all settings with their defaults (the page docs/settings.md)."""
    from desk.cli.settings_table import settings_page

    typer.echo(settings_page(), nl=False)
