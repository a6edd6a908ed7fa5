"""The page for tests: an application of its own data, asked through Starlette's client, or a whole program on a port."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from starlette.testclient import TestClient, WebSocketTestSession

from posturecam.web.application import application
from posturecam.web.desk import Desk
from posturecam.web.server import desk_door, phone_door

ROOT = Path(__file__).parents[2]
PORT, LAN_PORT = 8765, 9443
HERE = f"http://127.0.0.1:{PORT}"
ADDRESS = "192.168.1.5"
THERE = f"https://{ADDRESS}:{LAN_PORT}"


def desk_client(desk: Desk, *, entered: bool = True) -> TestClient:
    """This computer's own browser."""
    client = TestClient(application(desk, desk_door(PORT)), HERE, follow_redirects=False, raise_server_exceptions=False)
    if entered:
        assert client.get(f"/enter/{desk.access.key}").status_code == 303
    return client


def phone_client(desk: Desk, address: str = "192.168.1.77") -> TestClient:
    """A browser of another machine, at the phones' door."""
    app = application(desk, phone_door(ADDRESS, LAN_PORT))
    return TestClient(app, THERE, follow_redirects=False, raise_server_exceptions=False, client=(address, 40000))


def paired_phone(desk: Desk, address: str = "192.168.1.77") -> TestClient:
    """A phone that has been let in."""
    phone = phone_client(desk, address)
    before = desk.access.phones()
    assert phone.get(f"/pair/{desk.access.invite()}").status_code == 200
    [guest] = [one for one in desk.access.phones() if one not in before]
    assert desk.access.answer(guest.code, let_in=True)
    return phone


def socket_of(client: TestClient, path: str, origin: str | None = None) -> WebSocketTestSession:
    """A socket as the client's own page opens it; the test client by itself takes neither address nor cookies along."""
    own = str(client.base_url).rstrip("/")
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    headers = {"host": own.split("/")[2], "origin": own if origin is None else origin, "cookie": cookies}
    return client.websocket_connect(path, headers=headers)


def csrf_of(client: TestClient, path: str = "/settings") -> str:
    """The token in a page's head."""
    found = re.search(r'<meta name="csrf" content="([^"]+)"', client.get(path).text)
    assert found is not None
    return found.group(1)


def posted(client: TestClient, path: str, data: dict[str, str] | None = None, **more: object) -> object:
    """A form posted from our own page."""
    headers = {"origin": str(client.base_url).rstrip("/")}
    return client.post(path, data={"csrf": csrf_of(client, "/"), **(data or {})}, headers=headers, **more)


@contextmanager
def program(data: Path, *arguments: str, under: Sequence[str] = ()) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """``posturecam app`` on a free port, and the link that it shows; killed at the end if it still runs.

    ``under``: a call that it is run by.
    """
    environment = {**os.environ, "POSTURECAM_DATA": str(data), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    call = [*under, sys.executable, "-m", "posturecam", "app", "--no-browser", "--port", "0", *arguments]
    with subprocess.Popen(
        call, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            yield process, _link(process)
        finally:
            if process.poll() is None:
                if under:
                    os.kill(child_of(process), signal.SIGKILL)
                process.kill()


def child_of(process: subprocess.Popen[str]) -> int:
    """The process that a call runs, such as what strace watches (Linux)."""
    return int(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()[0])


def _link(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    seen = []
    until_s = time.monotonic() + 120
    while time.monotonic() < until_s and (line := process.stdout.readline()):
        seen.append(line)
        if found := re.search(r"http://\S+/enter/\S+", line):
            return found.group(0)
    raise AssertionError("".join(seen))
