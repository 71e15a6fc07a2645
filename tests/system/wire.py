"""A small HTTP client: one kept-alive connection. It costs little, so that the desk is measured and not the client."""

import asyncio
import json
from typing import Any

_LOST = (OSError, EOFError, ValueError, IndexError)


class NobodyAnswers(Exception):
    """The connection could not be made, or broke before the answer was there."""


class Wire:
    """One connection, made anew after it broke. One request at a time, the others wait."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._lock = asyncio.Lock()
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, token: str = "", body: object = None) -> tuple[int, Any]:
        """The status and the JSON of the answer. Raises NobodyAnswers."""
        content = b"" if body is None else json.dumps(body).encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(content)}\r\n"
        head += "Content-Type: application/json\r\n" + (f"Authorization: Bearer {token}\r\n" if token else "")
        async with self._lock:
            try:
                return await self._exchange(f"{head}\r\n".encode() + content)
            except _LOST as error:
                self.close()
                raise NobodyAnswers(str(error)) from error
            except asyncio.CancelledError:
                self.close()
                raise

    async def _exchange(self, request: bytes) -> tuple[int, Any]:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(request)
        await writer.drain()
        status = int((await reader.readline()).split()[1])
        length = 0
        while (line := await reader.readline()).strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        answer = await reader.readexactly(length)
        return status, json.loads(answer) if answer else None

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None
