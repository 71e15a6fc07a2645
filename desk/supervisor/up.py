"""`fubb up`: checks, then rasa, actions and desk until a signal comes."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from desk.db.engine import Database
from desk.db.schema import create_schema
from desk.secrets import load_or_make_secret
from desk.settings import Settings
from desk.supervisor.checks import CannotStart, free_port, only_one, refuse_taken_ports
from desk.supervisor.demo import DemoLogin, demo_login
from desk.supervisor.program import Program
from desk.supervisor.programs import all_programs
from desk.supervisor.readiness import is_ready, reachable
from desk.supervisor.supervisor import Supervisor
from desk.training import fitting_model


def run_everything(settings: Settings, *, verbose: bool, say: Callable[[str], None]) -> None:
    """Run Fubb until it is told to end. Raises CannotStart, NotSetUp."""
    if settings.port == 0:
        settings = settings.model_copy(update={"port": free_port()})
    with only_one(settings.data_dir):
        model = fitting_model()
        if model is None:
            raise CannotStart("There is no model that fits the present data: `fubb train` makes it (`make run` does both).")
        refuse_taken_ports(settings)
        programs = all_programs(settings, load_or_make_secret(settings), model, verbose=verbose)
        say("Starting rasa, actions and desk ...")
        asyncio.run(_Run(settings, programs, say).until_told())


class _Run:
    """One run of the three programs."""

    def __init__(self, settings: Settings, programs: tuple[Program, Program, Program], say: Callable[[str], None]) -> None:
        self._settings = settings
        self._programs = programs
        self._say = say
        self._supervisor = Supervisor()
        self._demo: DemoLogin | None = None

    async def until_told(self) -> None:
        ready = partial(is_ready, self._settings.host, self._settings.port)
        await self._supervisor.run(self._start, ready, self._tell)

    async def _start(self) -> None:
        rasa, actions, desk = self._programs
        self._supervisor.start(rasa)  # takes longest: the others' database is prepared meanwhile
        self._demo = await asyncio.to_thread(prepare_database, self._settings)
        self._supervisor.start(actions)
        self._supervisor.start(desk)

    def _tell(self, seconds: float) -> None:
        base = f"http://{_as_typed(reachable(self._settings.host))}:{self._settings.port}"
        lines = ["", f"Fubb is ready after {seconds:.0f} s."]
        lines += [f"  Shop with the chat:  {base}/", f"  Agents' desk:        {base}/desk/"]
        if self._demo:
            password = self._demo.password or "(changed; `fubb agent password demo` makes a new one)"
            lines.append(f"  Log in there as:     {self._demo.login}   password: {password}")
        self._say("\n".join([*lines, "Ctrl-C ends it.", ""]))


def prepare_database(settings: Settings) -> DemoLogin | None:
    """Bring the schema up to date and see that the demo has its agent. Raises CannotStart."""
    from sqlalchemy.exc import OperationalError

    database = Database(settings.url)
    try:
        create_schema(database)
        return demo_login(database, Path(settings.data_dir), datetime.now(UTC)) if settings.demo else None
    except OperationalError as error:
        raise CannotStart(f"The database does not answer (FUBB_DATABASE_URL): {str(error.orig).strip()}") from error
    finally:
        database.dispose()


def _as_typed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
