"""Whether the desk says that every part answers."""

import asyncio
import contextlib

_TIMEOUT = 2.0


async def is_ready(host: str, port: int) -> bool:
    """Whether `GET /readyz` answers 200."""
    with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError, ValueError):
        return await asyncio.wait_for(_ask(reachable(host), port), _TIMEOUT)
    return False


async def _ask(host: str, port: int) -> bool:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(f"GET /readyz HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        first_line = await reader.readline()
    finally:
        writer.close()
    return first_line.split(b" ")[1:2] == [b"200"]


def reachable(host: str) -> str:
    """The address under which this machine reaches what listens on `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104 (compared, not bound)
