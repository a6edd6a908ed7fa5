"""A browser's socket from this side: it may go at any moment, and nobody hears of that; what breaks here is heard of."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from typing import Any, cast

import pytest
from starlette.websockets import WebSocket

from posturecam.web.sockets import MOST_NONSENSE, REFUSED, Outbox, talk


class GoneError(Exception):
    """What some server raises when the browser has gone: of no kind that is agreed upon."""


class Socket:
    """A browser that says ``says``, then nothing; of what is sent it takes ``takes`` messages, and then it is gone."""

    def __init__(self, *says: dict[str, Any], takes: int = 99) -> None:
        self.got: list[str | bytes] = []
        self.closed: list[int] = []
        self._says = list(says)
        self._takes = takes

    async def receive(self) -> dict[str, Any]:
        if not self._says:
            await asyncio.Event().wait()
        return self._says.pop(0)

    async def send_text(self, text: str) -> None:
        if len(self.got) >= self._takes:
            raise GoneError
        self.got.append(text)

    send_bytes = send_text

    async def close(self, code: int) -> None:
        if len(self.got) >= self._takes:
            raise GoneError
        self.closed.append(code)


Take = Callable[[dict[str, Any]], bool]


def talked(
    socket: Socket, sends: int = 3, stays: Callable[[], bool] = lambda: True, take: Take = lambda _message: True
) -> list[str]:
    """What asyncio complains of while both sides talk and after it, and whoever still talks then."""
    complaints: list[str] = []

    async def run() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _loop, heard: complaints.append(heard["message"]))
        outbox = Outbox()
        for number in range(sends):
            outbox.put(str(number))
        await asyncio.wait_for(talk(cast("WebSocket", socket), outbox, stays, take), 10.0)
        await asyncio.sleep(0)  # for what was cancelled to end
        gc.collect()  # a task tells of an exception that nobody fetched when it is thrown away
        complaints.extend(str(one) for one in asyncio.all_tasks() - {asyncio.current_task()})

    asyncio.run(run())
    return complaints


def test_a_browser_that_goes_while_it_is_told_something_ends_it_quietly() -> None:
    socket = Socket(takes=2)
    assert talked(socket) == []
    assert socket.got == ["0", "1"]


def test_one_that_goes_while_it_is_shown_out_ends_it_quietly() -> None:
    assert talked(Socket(takes=0), stays=lambda: False) == []


def test_whoever_may_not_stay_is_shown_out() -> None:
    socket = Socket()
    assert talked(socket, stays=lambda: False) == []
    assert (socket.got, socket.closed) == ([], [REFUSED])


def test_too_much_nonsense_ends_it_even_while_something_is_told() -> None:
    nonsense = [{"type": "websocket.receive", "text": "?"}] * MOST_NONSENSE
    socket = Socket(*nonsense)
    assert talked(socket, take=lambda _message: False) == []
    assert socket.closed == [1008]
    patient = Socket(*nonsense[1:], {"type": "websocket.disconnect"})
    assert talked(patient, take=lambda _message: False) == []
    assert patient.closed == []


def test_a_fault_of_our_own_is_not_lost() -> None:
    def take(_message: dict[str, Any]) -> bool:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        talked(Socket({"type": "websocket.receive", "text": "?"}), take=take)
