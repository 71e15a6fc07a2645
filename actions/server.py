"""The action server as a process: `python -m actions.server`, on loopback, behind the shared secret."""

import hmac
import logging
import os
import sys
import warnings
from datetime import timedelta
from typing import Any

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from actions.door import Desk, Door
from desk.clock import Clock
from desk.db.engine import Database
from desk.db.schema import create_schema
from desk.settings import Settings, WrongSettings
from desk.words import load_words


def make_app(desk: Desk) -> Sanic[Any, Any]:
    """Sanic's app with all actions of this package; every call but /health needs the secret."""
    Door.desk = desk
    executor = ActionExecutor()
    executor.register_package("actions")
    app: Sanic[Any, Any] = create_app(executor, cors_origins=None)
    expected = f"Bearer {desk.settings.secret.get_secret_value()}".encode()

    async def check_secret(request: Request) -> HTTPResponse | None:
        given = request.headers.get("authorization", "").encode()
        if request.path != "/health" and not hmac.compare_digest(given, expected):
            return json({"error": "wrong secret"}, status=401)
        return None

    app.register_middleware(check_secret, "request")
    return app


def main() -> int:
    """Serve until told to stop."""
    sys.setswitchinterval(0.0005)  # many short database calls in threads: one shall not wait 5 ms for another
    logging.basicConfig(level=os.environ.get("FUBB_LOG_LEVEL", "WARNING"), format="%(levelname)s %(name)s: %(message)s")
    try:
        settings = Settings.load()
        if not settings.secret.get_secret_value():
            raise WrongSettings("FUBB_SECRET is not set; `fubb up` starts all processes with it")
    except WrongSettings as error:
        print(f"fubb: {error}", file=sys.stderr)
        return 2
    # The SDK warns of every Rasa that is not its own 3.21; 3.6 speaks the same webhook protocol (docs/decisions).
    warnings.filterwarnings("ignore", message="Your versions of rasa and rasa_sdk")
    database = Database(settings.url)
    create_schema(database)
    app = make_app(Desk(database, settings, Clock(timedelta(seconds=settings.clock_shift)), load_words()))
    app.run(host="127.0.0.1", port=settings.actions_port, single_process=True, access_log=False, motd=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
