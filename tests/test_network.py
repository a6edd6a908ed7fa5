"""Nothing leaves the machine: what the kernel is asked to connect to, watched from outside."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import cv2
import pytest

from posturecam.pose import models
from tests import recordings
from tests.conftest import SAMPLE_VIDEOS

FLY = SAMPLE_VIDEOS / "reverse_fly_good.mp4"
ROOT = Path(__file__).parents[1]
NEEDS_STRACE = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="strace watches Linux only"),
    pytest.mark.skipif(
        shutil.which("strace") is None, reason="strace is not installed (tools/system_packages.sh test)"
    ),
]
pytestmark = NEEDS_STRACE


def connects(tmp_path: Path, *arguments: object, expected: int = 0, cache: Path | None = None) -> list[str]:
    """The lines in which ``posturecam ARGUMENTS...``, or a process it starts, connects or sends to an internet address."""
    trace = tmp_path / "trace"
    environment = {**os.environ, "POSTURECAM_DATA": str(tmp_path / "data"), "PYTHONPATH": str(ROOT)}
    if cache is not None:
        environment["XDG_CACHE_HOME"] = str(cache)
    call = ["strace", "-f", "-qq", "-e", "trace=network", "-o", str(trace)]
    call += [sys.executable, "-m", "posturecam", *map(str, arguments)]
    done = subprocess.run(call, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=240, check=False)
    if "ptrace" in done.stderr and "not permitted" in done.stderr:
        pytest.skip("this machine does not let strace watch")
    assert done.returncode == expected, done.stderr
    return _reached(trace)


def _reached(trace: Path) -> list[str]:
    pattern = re.compile(r"(connect|sendto|sendmsg|sendmmsg)\(.*AF_INET6?\b")
    return [line for line in trace.read_text(errors="replace").splitlines() if pattern.search(line)]


@pytest.fixture(scope="module")
def one_rep(tmp_path_factory: pytest.TempPathFactory, model_path: Path) -> Path:
    path = tmp_path_factory.mktemp("clips") / "one_rep.mp4"
    return recordings.record(path, recordings.pictures(FLY, 0, recordings.after(FLY, 1)))


@pytest.mark.model
@pytest.mark.slow
def test_analysing_coaching_reporting_and_the_history_reach_nobody(tmp_path: Path, one_rep: Path) -> None:
    live = ["live", "reverse_fly", "--camera", one_rep, "--no-window", "--no-voice", "--countdown", "0", "--speed", "0"]
    assert connects(tmp_path, "analyse", one_rep, "-e", "reverse_fly", "--out", "out") == []
    assert connects(tmp_path, *live) == []
    assert connects(tmp_path, "report", "last", "--format", "html,pdf", "--out", "report") == []
    assert connects(tmp_path, "history") == []
    assert len(list((tmp_path / "data").rglob("report.json"))) == 2  # both sessions really were there


@pytest.mark.model
@pytest.mark.slow
def test_the_page_and_a_session_on_it_reach_nobody(tmp_path: Path, one_rep: Path) -> None:
    client = pytest.importorskip("websockets.sync.client", reason="the extra 'web' is not installed")
    from posturecam.web.camera import HEAD
    from tests.web.serving import child_of, program

    trace = tmp_path / "trace"
    strace = ["strace", "-f", "-qq", "-e", "trace=network", "-o", str(trace)]
    with program(tmp_path / "data", under=strace) as (process, link):
        base = link.split("/enter")[0]
        asked = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor())
        for path in ("/sessions", "/settings", "/exercises/reverse_fly", "/live?exercise=reverse_fly"):
            assert asked.open(link if path == "/sessions" else base + path).status == 200
        [cookies] = [one.cookiejar for one in asked.handlers if isinstance(one, urllib.request.HTTPCookieProcessor)]
        headers = {"cookie": "; ".join(f"{one.name}={one.value}" for one in cookies)}
        address = base.replace("http", "ws") + "/live/socket?exercise=reverse_fly&reps=1"
        shown = 0
        host, port = base.removeprefix("http://").split(":")
        plain = socket.create_connection((host, int(port)))  # by no proxy that the environment names
        with client.connect(address, sock=plain, origin=base, additional_headers=headers, max_size=None) as line:
            for number, (_, image) in enumerate(recordings.pictures(one_rep)[:40], 1):
                jpeg = bytes(cv2.imencode(".jpg", image[..., ::-1])[1])
                line.send(HEAD.pack(time.monotonic() * 1000, number) + jpeg)
                while json.loads(line.recv(60))["kind"] != "frame":
                    pass
                shown += 1
            line.send('{"wish": "finish"}')
            while json.loads(line.recv(60))["kind"] != "end":
                pass
        # strace passes no signal on
        os.kill(child_of(process), signal.SIGINT)
        process.wait(60)
    assert shown == 40
    assert _reached(trace) == []
    assert "listen(" in trace.read_text(errors="replace")  # it was watched


def test_fetching_the_model_is_what_the_network_is_for(tmp_path: Path) -> None:
    code = (
        "from posturecam.pose import models\n"
        "models.OFFICIAL_ADDRESS = 'http://127.0.0.1:9/{name}.task'\n"
        "import posturecam.pose.wheel as wheel\n"
        "wheel._pip = lambda: None\n"
        "from posturecam.cli.main import main\n"
        "raise SystemExit(main(['model', 'fetch', '--model', 'full']))\n"
    )
    trace = tmp_path / "trace"
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path), "no_proxy": "127.0.0.1", "PYTHONPATH": str(ROOT)}
    environment.pop(models.ENVIRONMENT_VARIABLE, None)
    call = ["strace", "-f", "-qq", "-e", "trace=connect", "-o", str(trace), sys.executable, "-c", code]
    done = subprocess.run(call, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "connect(" in (seen := trace.read_text())
    assert "AF_INET" in seen
