"""Errors as RFC 9457 problem documents: the one place where an error becomes HTTP."""

import logging
import math
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from desk.errors import DeskError

logger = logging.getLogger(__name__)


def problem(status: int, title: str, detail: str = "", headers: dict[str, str] | None = None) -> JSONResponse:
    """A problem document."""
    body = {"type": "about:blank", "status": status, "title": title}
    if detail:
        body["detail"] = detail
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def _documented(why: str) -> dict[str, Any]:
    fields = {"type": {"type": "string"}, "status": {"type": "integer"}, "title": {"type": "string"}, "detail": {"type": "string"}}
    schema = {"type": "object", "required": ["type", "status", "title"], "properties": fields}
    return {"description": why, "content": {"application/problem+json": {"schema": schema}}}


PROBLEMS: dict[int | str, dict[str, Any]] = {
    401: _documented("Not logged in, or a token that is not known here."),
    404: _documented("There is no such thing, or one may not know of it."),
    409: _documented("It conflicts with how things are now."),
    413: _documented("Too large."),
    422: _documented("It cannot be used."),
    429: _documented("Too many at once; Retry-After says when."),
}
"""What any route may answer, for OpenAPI."""


def answer_with_problems(app: FastAPI) -> None:
    """Every error of this app is answered with a problem document."""

    @app.exception_handler(DeskError)
    async def desk_error(request: Request, error: DeskError) -> JSONResponse:
        headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}
        if error.retry_after is not None:
            headers["Retry-After"] = str(math.ceil(error.retry_after))
        return problem(error.status, error.title, headers=headers)

    @app.exception_handler(RequestValidationError)
    async def wrong_input(request: Request, error: RequestValidationError) -> JSONResponse:
        found = "; ".join(f"{'.'.join(str(p) for p in e['loc'])}: {e['msg']}" for e in error.errors()[:5])
        return problem(422, "That cannot be used.", found)

    @app.exception_handler(HTTPException)
    async def http_error(request: Request, error: HTTPException) -> JSONResponse:
        headers = dict(error.headers) if error.headers else None
        return problem(error.status_code, HTTPStatus(error.status_code).phrase + ".", headers=headers)

    @app.exception_handler(Exception)
    async def fault_of_ours(request: Request, error: Exception) -> JSONResponse:
        logger.exception("%s %s failed", request.method, request.url.path, exc_info=error)
        return problem(500, "Something went wrong on our side.")
