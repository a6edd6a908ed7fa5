"""The page under load: delay of the live picture, senseless requests, many at once, and a large recording cut off twice.

python -m benchmarks.page live [--clip CLIP.y4m]    # capture to drawn overlay, in a headless Chromium whose camera the clip is
python -m benchmarks.page phone [--clip CLIP.y4m]   # the same from a second Chromium as the phone to the computer's screen
python -m benchmarks.page fuzz [--requests 5000]
python -m benchmarks.page crowd [--requests 200]
python -m benchmarks.page upload [--megabytes 2048]
"""

from __future__ import annotations

import argparse
import concurrent.futures
import hashlib
import http.client
import json
import os
import random
import re
import statistics
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

PIECE = 8_388_608


def clip(folder: Path) -> Path:
    """Five rendered push-ups as a camera of 30 frames per second."""
    from tests.conftest import SAMPLE_VIDEOS
    from tests.web.browsing import Part, film

    return film([Part(SAMPLE_VIDEOS / "push_up_floor_good.mp4")], folder / "camera.y4m", hz=30)


def live(camera: Path) -> dict[str, Any]:
    """Push-ups before Chromium's camera, which plays a raw video (YUV4MPEG2); milliseconds and frames per second."""
    from playwright.sync_api import sync_playwright

    from tests.web.browsing import Browser, exercise, running, until
    from tests.web.serving import program

    with (
        tempfile.TemporaryDirectory() as data,
        program(Path(data)) as (_, link),
        sync_playwright() as playwright,
        running(playwright, camera) as chromium,
        Browser(chromium) as browser,
    ):
        page = browser.page(link)
        exercise(page, link.split("/enter")[0], "exercise=push_up&variant=floor&reps=5")
        until(page, "() => window.posturecam && posturecam.delays.length > 10")
        page.evaluate("() => { posturecam.delays.length = 0; }")
        begun = time.monotonic()
        ended = until(page, "() => posturecam.ended")
        seconds = time.monotonic() - begun
        delays = page.evaluate("() => posturecam.delays")
    return {**_figures(delays, seconds), "summary": ended["summaries"]}


def _figures(delays: list[float], seconds: float) -> dict[str, Any]:
    return {
        "frames": len(delays),
        "per_second": round(len(delays) / seconds, 1),
        "median_ms": round(statistics.median(delays)),
        "p95_ms": round(float(np.percentile(delays, 95))),
        "load": os.getloadavg()[0],
    }


def phone(camera: Path, seconds: float = 30.0) -> dict[str, Any]:
    """The phone's capture to the computer's screen: both browsers run on this machine, so that their clocks are one."""
    from playwright.sync_api import sync_playwright

    from tests.web.browsing import Browser, running, until
    from tests.web.serving import program

    with (
        tempfile.TemporaryDirectory() as data,
        program(Path(data), "--lan", "--address", "127.0.0.2") as (_, link),
        sync_playwright() as playwright,
        running(playwright, camera) as first,
        running(playwright, camera) as second,
        Browser(first) as desk,
        Browser(second) as other,
    ):
        screen, base = desk.page(link), link.split("/enter")[0]
        screen.goto(f"{base}/phone")
        screen.click("text=Show the code to scan")
        lens = other.page(screen.inner_text(".card code >> nth=0"), (390, 844))
        screen.click("text=Let it in")
        lens.wait_for_url(lambda url: "/pair/" not in url)
        screen.goto(f"{base}/live?exercise=push_up&variant=floor&reps=50")
        screen.uncheck("#full")
        screen.check("#phone")
        screen.click("#begin")
        lens.click(".card a[href='/lending']")
        lens.click("#begin")
        until(screen, "() => posturecam.shown > 20")
        begun = screen.evaluate("() => Math.max(...Object.keys(posturecam.drawn))")
        time.sleep(seconds)
        drawn, sent = screen.evaluate("() => posturecam.drawn"), lens.evaluate("() => posturecam.sent")
    delays = [at - sent[number] for number, at in drawn.items() if number in sent and int(number) > int(begun)]
    return _figures(delays, seconds)


def fuzz(requests: int, seed: int) -> dict[str, Any]:
    """Senseless requests and socket messages; how they were answered, and what broke."""
    from posturecam.web.desk import Desk
    from tests.web.fuzzing import fuzzed

    with tempfile.TemporaryDirectory() as data:
        desk = Desk(data=Path(data))
        found = fuzzed(desk, seed, requests)
        desk.close(30.0)
    answers = Counter[int]()
    for one in found:
        answers.update(one.answers)
    sockets = sum(one.sockets for one in found)
    failures = [failure for one in found for failure in one.failures]
    return {"answers": dict(sorted(answers.items())), "sockets_let_in": sockets, "failures": failures[:10]}


class Visitor:
    """A browser without a browser: the cookie and the token of a running page."""

    def __init__(self, link: str) -> None:
        self.host, _, path = link.removeprefix("http://").partition("/")
        answer = self.ask("GET", f"/{path}")
        self.headers = {"cookie": answer[1].split(";")[0], "origin": f"http://{self.host}"}
        found = re.search(rb'name="csrf" content="([^"]+)"', self.ask("GET", "/settings")[2])
        assert found is not None
        self.headers["x-csrf-token"] = found.group(1).decode()

    def ask(self, method: str, path: str, body: bytes | None = None, **more: str) -> tuple[int, str, bytes]:
        """Status, cookie and content."""
        connection = http.client.HTTPConnection(self.host, timeout=120)
        connection.request(method, path, body, {**getattr(self, "headers", {}), **more})
        answer = connection.getresponse()
        found = answer.status, answer.getheader("set-cookie") or "", answer.read()
        connection.close()
        return found


def crowd(requests: int) -> dict[str, Any]:
    """So many requests at once: statuses, and the slowest answer in seconds."""
    from tests.web.serving import program

    paths = ("/", "/sessions", "/exercises/plank", "/settings", "/static/page.css")
    with tempfile.TemporaryDirectory() as data, program(Path(data)) as (_, link):
        visitor = Visitor(link)
        visitor.ask("GET", "/")

        def timed(number: int) -> tuple[int, float]:
            begun = time.monotonic()
            status = visitor.ask("GET", paths[number % len(paths)])[0]
            return status, time.monotonic() - begun

        with concurrent.futures.ThreadPoolExecutor(requests) as pool:
            answers = list(pool.map(timed, range(requests)))
    statuses = [status for status, _ in answers]
    return {
        "statuses": {status: statuses.count(status) for status in sorted(set(statuses))},
        "slowest_s": round(max(seconds for _, seconds in answers), 2),
    }


def upload(megabytes: int) -> dict[str, Any]:
    """A recording of so many megabytes: the connection is cut in a piece, later the program is killed; then it goes on."""
    from tests.web.serving import program

    size, block = megabytes * 1_000_000, random.Random(1).randbytes(PIECE)
    said = {"name": "large.mp4", "size": size, "digest": hashlib.sha256(block).hexdigest(), "exercise": "push_up"}
    cuts, offsets, begun = {size // 3, 2 * size // 3}, [], time.monotonic()
    with tempfile.TemporaryDirectory() as data:
        for kind in ("connection", "program", "none"):
            with program(Path(data)) as (process, link):
                visitor = Visitor(link)
                answer = json.loads(visitor.ask("POST", "/uploads", json.dumps(said).encode())[2])
                offsets.append(answer["offset"])
                cut = min((one for one in cuts if one > answer["offset"]), default=size + 1)
                at = _send(visitor, answer, block, size, cut)
                if kind == "connection":
                    _cut_off(visitor, answer["id"], at, block)
                elif kind == "program":
                    process.kill()
                elif at != size:
                    raise SystemExit(f"only {at} of {size} bytes arrived")
        seconds = time.monotonic() - begun
    return {"bytes": size, "went_on_at": offsets, "megabytes_per_second": round(size / 1e6 / seconds)}


def _send(visitor: Visitor, answer: dict[str, Any], block: bytes, size: int, cut: int) -> int:
    """Send until the cut or the end; returns how much has come."""
    at = int(answer["offset"])
    while at < min(cut, size):
        piece = block[: min(PIECE, size - at)]
        digest = hashlib.sha256(piece).hexdigest()
        path = f"/uploads/{answer['id']}?offset={at}"
        status, _, content = visitor.ask("PUT", path, piece, **{"x-sha256": digest})
        if status != 200:
            raise SystemExit(f"a piece was answered with {status}: {content[:200]!r}")
        at = int(json.loads(content)["offset"])
    return at


def _cut_off(visitor: Visitor, name: str, at: int, block: bytes) -> None:
    """Announce a piece and hang up in its middle."""
    connection = http.client.HTTPConnection(visitor.host, timeout=30)
    connection.putrequest("PUT", f"/uploads/{name}?offset={at}")
    headers = {**visitor.headers, "x-sha256": hashlib.sha256(block).hexdigest(), "content-length": str(len(block))}
    for key, value in headers.items():
        connection.putheader(key, value)
    connection.endheaders()
    connection.send(block[: PIECE // 2])
    connection.close()
    time.sleep(1.0)


def main() -> None:
    """Run one of them and print its figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("live", "phone", "fuzz", "crowd", "upload"))
    parser.add_argument("--clip", type=Path)
    parser.add_argument("--requests", type=int)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--megabytes", type=int, default=2048)
    asked = parser.parse_args()
    if asked.what in ("live", "phone"):
        with tempfile.TemporaryDirectory() as folder:
            found = (live if asked.what == "live" else phone)(asked.clip or clip(Path(folder)))
    elif asked.what == "fuzz":
        found = fuzz(asked.requests or 5000, asked.seed)
    elif asked.what == "crowd":
        found = crowd(asked.requests or 200)
    else:
        found = upload(asked.megabytes)
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
