"""A supervisor over small fake programs, as a process of its own: run_fakes.py FOLDER NAME=CODE ..."""

import asyncio
import sys
from pathlib import Path

from desk.supervisor.program import Program
from desk.supervisor.supervisor import Supervisor


async def main(folder: Path, programs: list[Program]) -> None:
    supervisor = Supervisor()

    async def start_all() -> None:
        for program in programs:
            supervisor.start(program)

    async def is_ready() -> bool:
        return all((folder / f"{p.name}.pids").exists() for p in programs)

    await supervisor.run(start_all, is_ready, lambda seconds: print("ready", flush=True))


def program(folder: Path, name: str, code: str) -> Program:
    note = f"import os\nwith open({str(folder / name) + '.pids'!r}, 'a') as f: f.write(f'{{os.getpid()}}\\n')\n"
    return Program(name, (sys.executable, "-c", note + code), folder)


if __name__ == "__main__":
    where = Path(sys.argv[1])
    asyncio.run(main(where, [program(where, *argument.split("=", 1)) for argument in sys.argv[2:]]))
