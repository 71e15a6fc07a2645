"""A picture over HTTP: read with a limit, shown so that a browser takes it for nothing else."""

from typing import Any

from fastapi import Request
from starlette.responses import Response

from desk.attachments.pictures import ACCEPTED, LARGEST_FILE
from desk.attachments.tables import Attachment
from desk.errors import TooLarge, WrongInput

SUFFIXES = {"image/jpeg": "jpg", "image/png": "png"}
REQUEST_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}}
            for kind in ("image/jpeg", "image/png", "image/webp", "image/gif")
        },
    }
}
"""For OpenAPI: the picture is the body."""
SHOWN: dict[int | str, dict[str, Any]] = {200: {"content": {kind: {} for kind in SUFFIXES}, "description": "The picture."}}


async def read_picture(request: Request) -> bytes:
    """The body, if it says that it is a picture. Raises TooLarge, WrongInput."""
    if not request.headers.get("content-type", "").lower().startswith("image/"):
        raise WrongInput("Send the picture itself as the body: %(accepted)s.", accepted=ACCEPTED)
    read = bytearray()
    async for part in request.stream():
        read += part
        if len(read) > LARGEST_FILE:
            raise TooLarge("A picture may have at most %(most)s MB.", most=LARGEST_FILE // 2**20)
    return bytes(read)


def show_picture(attachment: Attachment, content: bytes) -> Response:
    """It never changes under its id; nothing in it can run."""
    return Response(
        content,
        media_type=attachment.kind,
        headers={
            "Content-Disposition": f'inline; filename="picture-{attachment.id[:8]}.{SUFFIXES[attachment.kind]}"',
            "Cache-Control": "private, max-age=86400, immutable",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cross-Origin-Resource-Policy": "same-origin",
        },
    )
