"""A browser's socket: what is to be sent waits in a short queue, and it ends when the guest may stay no longer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

MOST_WAITING = 32
MOST_NONSENSE = 50
CHECK_S = 0.5
"""How often it is asked whether the guest may stay, where nothing is sent."""
REFUSED = 4403


class Outbox:
    """What waits to be sent to one browser, text or bytes; :meth:`put` may be called from any thread."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting: asyncio.Queue[str | bytes] = asyncio.Queue(MOST_WAITING)

    def put(self, message: str | bytes) -> None:
        """Send this when its turn comes; RuntimeError once the event loop has ended."""
        self._loop.call_soon_threadsafe(self._put, message)

    def _put(self, message: str | bytes) -> None:
        # a browser that does not read misses frames, not the end: it comes last
        if self._waiting.full():
            self._waiting.get_nowait()
        self._waiting.put_nowait(message)

    async def empty_into(self, websocket: WebSocket, stays: Callable[[], bool]) -> None:
        """Send until the browser has gone; the socket is closed as soon as the guest may not stay."""
        # asyncio.wait_for can swallow being cancelled when a message comes at the same moment (Python 3.11 and before)
        coming = asyncio.ensure_future(self._waiting.get())
        try:
            while stays():
                done, _ = await asyncio.wait([coming], timeout=CHECK_S)
                if not done:
                    continue
                message, coming = coming.result(), asyncio.ensure_future(self._waiting.get())
                sent = websocket.send_text(message) if isinstance(message, str) else websocket.send_bytes(message)
                if not await _reaches(sent):
                    return
            await _reaches(websocket.close(REFUSED))
        finally:
            coming.cancel()


async def _reaches(sent: Awaitable[None]) -> bool:
    """Whether the browser was still there; what a server raises when it is not differs from server to server."""
    try:
        await sent
    except Exception:
        return False
    return True


async def talk(
    websocket: WebSocket, outbox: Outbox, stays: Callable[[], bool], take: Callable[[dict[str, Any]], bool]
) -> None:
    """Pass on what comes until the browser goes, may not stay, or has sent too much that ``take`` calls nonsense."""
    both = [asyncio.create_task(outbox.empty_into(websocket, stays)), asyncio.create_task(_up(websocket, stays, take))]
    try:
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in both:
            one.cancel()
    await asyncio.wait(both)
    for one in both:
        if not one.cancelled() and (fault := one.exception()) is not None:
            raise fault  # one of ours, which the server logs


async def _up(websocket: WebSocket, stays: Callable[[], bool], take: Callable[[dict[str, Any]], bool]) -> None:
    nonsense = 0
    while nonsense < MOST_NONSENSE:
        try:
            message = await websocket.receive()
        except (WebSocketDisconnect, RuntimeError):  # closed from this side
            return
        if message["type"] == "websocket.disconnect":
            return
        nonsense += stays() and not take(dict(message))
    await _reaches(websocket.close(1008))
