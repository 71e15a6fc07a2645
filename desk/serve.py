"""The desk as a process: `python -m desk.serve`."""

import logging
import os
import sys

import uvicorn
from pydantic import SecretStr

from desk.app import make_app, make_parts
from desk.db.schema import create_schema
from desk.secrets import load_or_make_secret
from desk.settings import Settings, WrongSettings


def main() -> int:
    """Serve until told to stop."""
    sys.setswitchinterval(0.0005)  # many short database calls in threads: one shall not wait 5 ms for another
    try:
        settings = Settings.load()
    except WrongSettings as error:
        print(f"fubb: {error}", file=sys.stderr)
        return 2
    logging.basicConfig(level=os.environ.get("FUBB_LOG_LEVEL", "WARNING"), format="%(levelname)s %(name)s: %(message)s")
    settings = settings.model_copy(update={"secret": SecretStr(load_or_make_secret(settings))})
    parts = make_parts(settings)
    create_schema(parts.database)
    if settings.demo:
        from desk.canned.service import load_starters
        from desk.shop.demo import load_demo_shop

        with parts.database.writing() as session:
            load_demo_shop(session, parts.clock.now())
            load_starters(session, parts.clock.now())
    uvicorn.run(
        make_app(parts), host=settings.host, port=settings.port, log_level="warning", access_log=False,
        timeout_graceful_shutdown=3, ws_max_size=32 * 1024, proxy_headers=False,
    )  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
