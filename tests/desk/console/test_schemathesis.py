"""The OpenAPI document, tried by Schemathesis with whatever fits it and what does not: no fault of ours, ever."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance

from desk.app import make_app, make_parts
from desk.db.engine import Database
from desk.db.schema import create_schema
from desk.settings import Settings
from tests.conftest import NOW
from tests.desk.cast import gather, smelling_tv
from tests.desk.console.conftest import StandingClock


@pytest.fixture(scope="module")
def tried_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    folder: Path = tmp_path_factory.mktemp("tried")
    database = Database(f"sqlite:///{folder / 'fubb.sqlite'}")
    create_schema(database)
    with database.writing() as session:
        smelling_tv(session, gather(session, NOW))
    options = Settings(data_dir=folder, secret="x" * 43, run_worker=False, sessions_per_minute=100_000, messages_per_minute=100_000)  # type: ignore[arg-type]
    yield make_app(make_parts(options, database, StandingClock()))
    database.dispose()


@pytest.fixture(scope="module")
def api(tried_app: FastAPI) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_asgi("/openapi.json", tried_app).exclude(path="/readyz")


@pytest.mark.timeout(900)
def test_no_request_makes_the_desk_fail(api: schemathesis.BaseSchema) -> None:
    operations = [found.ok() for found in api.get_all_operations()]
    assert len(operations) > 30
    for operation in operations:
        _try(operation)


def _try(operation: schemathesis.schemas.APIOperation) -> None:
    headers = {"Authorization": "Bearer token-of-siv"} if operation.path.startswith("/api/desk") else {}

    @settings(
        max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate], derandomize=True,
        database=None,
    )  # fmt: skip
    @given(case=operation.as_strategy())
    def answers(case: Case) -> None:
        case.validate_response(case.call(headers=headers), checks=[not_a_server_error, content_type_conformance])

    answers()
