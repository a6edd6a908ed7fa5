"""Serving the page: on this computer alone, and with phones on one more address that speaks TLS."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from posturecam.app.recovery import make_store_ready
from posturecam.errors import CallError, PosturecamError
from posturecam.web.application import application
from posturecam.web.camera import MAX_BYTES
from posturecam.web.certificate import certificate, lan_address
from posturecam.web.desk import Desk
from posturecam.web.entering import DESK_OPEN, PHONE_OPEN
from posturecam.web.exercises import all_cards, all_routines
from posturecam.web.guard import Door

LOOPBACK = "127.0.0.1"
DEFAULT_PORT = 8765
SAVING_S = 20.0
"""So long ending may take: sessions that go on are judged and saved."""
KEEP_ALIVE_S = 20


@dataclass(frozen=True)
class Serving:
    """How the page is to be served. ``port`` 0: any that is free; ``address`` of the phones' door, None: found out."""

    port: int = DEFAULT_PORT
    lan: bool = False
    address: str | None = None


def serve(desk: Desk, serving: Serving, opened: Callable[[str], None]) -> None:
    """Serve until a signal ends it; ``opened`` gets the link once it can be used. Raises PosturecamError."""
    make_store_ready(desk.store, desk.host)
    # reading the exercises takes a second or two, which the first page would have to wait for
    all_cards()
    all_routines()
    with contextlib.ExitStack() as stack:
        here = stack.enter_context(listening(LOOPBACK, serving.port))
        port = here.getsockname()[1]
        servers = [(_server(desk, desk_door(port)), here)]
        if serving.lan:
            address = serving.address or lan_address()
            there = stack.enter_context(listening(address, 0))
            path, key, desk.fingerprint = certificate(desk.data, address)
            door = phone_door(address, there.getsockname()[1])
            desk.lan = next(iter(door.origins))
            servers.append((_server(desk, door, path, key), there))
        stack.callback(desk.close, SAVING_S)
        link = f"http://{LOOPBACK}:{port}/enter/{desk.access.key}"
        asyncio.run(_run(servers, lambda: opened(link)))


async def _run(servers: list[tuple[uvicorn.Server, socket.socket]], ready: Callable[[], None]) -> None:
    tasks = [asyncio.create_task(server.serve([sock])) for server, sock in servers]
    while not all(server.started for server, _ in servers) and not any(task.done() for task in tasks):
        await asyncio.sleep(0.02)
    if not any(task.done() for task in tasks):
        ready()
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for server, _ in servers:
        server.should_exit = True
    await asyncio.gather(*tasks)


def listening(address: str, port: int) -> socket.socket:
    """A socket that listens there; raises PosturecamError."""
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((address, port))
        found.listen(128)
    except OSError as error:
        found.close()
        if error.errno == errno.EADDRINUSE:
            raise CallError(
                f"Port {port} is in use, perhaps by another posturecam; choose another with --port."
            ) from error
        raise PosturecamError(f"Nothing can be served at {address}:{port} ({error.strerror or error}).") from error
    return found


def desk_door(port: int) -> Door:
    """The door for this computer's own browser."""
    hosts = frozenset(f"{name}:{port}" for name in (LOOPBACK, "localhost"))
    return Door("desk", hosts, frozenset(f"http://{host}" for host in hosts), f"posturecam-{port}", DESK_OPEN)


def phone_door(address: str, port: int) -> Door:
    """The door for paired phones."""
    host = f"{address}:{port}"
    return Door("phone", frozenset({host}), frozenset({f"https://{host}"}), f"__Host-posturecam-{port}", PHONE_OPEN)


def _server(desk: Desk, door: Door, certificate_: Path | None = None, key: Path | None = None) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            application(desk, door),
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            date_header=False,
            proxy_headers=False,
            ws="websockets-sansio",
            ws_max_size=MAX_BYTES + 1000,
            ws_per_message_deflate=False,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=2,
            h11_max_incomplete_event_size=32_768,
            ssl_certfile=certificate_,
            ssl_keyfile=key,
        )
    )
