"""The history page in a real browser: no error, no request, nothing cut off, accessible, in both colour schemes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from posturecam.report.history import Entry
from posturecam.report.history_page import render_history

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe_module = pytest.importorskip(
    "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
)

CHROMIUM = os.environ.get("POSTURECAM_CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here; set POSTURECAM_CHROMIUM to one")
START = datetime(2026, 2, 3, 9, 30, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two exercises over six weeks, by somebody with an ill-natured name."""
    name = "Ana <script>document.title='hacked'</script>"
    entries = []
    for week in range(6):
        faults = {"Hips sagging": 0.6, "Elbow leaving the side of the body": 0.3} if week < 3 else {}
        when = START + timedelta(weeks=week)
        entries.append(
            Entry(f"p{week}", when, "push_up", "floor", "Push-up (on the toes)", name, 60.0 + 6 * week, 8, 2 + week)
        )
        entries.append(
            Entry(
                f"n{week}", when, "neck_flexion", None, "Neck flexion and half roll", name, 70.0, 10, 9, 25.0,
                side_difference=9.0 - 3 * week, faults=faults, verdict="faults" if faults else "ok",
            )
        )  # fmt: skip
    path = tmp_path_factory.mktemp("history") / "history.html"
    path.write_text(render_history(entries, person=name, unreadable=1), "utf-8")
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 768, 1280])
def test_the_page_is_quiet_whole_and_accessible(browser: Any, history: Path, width: int, scheme: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    complaints: list[str] = []
    requests: list[str] = []
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(history.as_uri())
    page.wait_for_load_state("load")
    assert complaints == []
    assert [url for url in requests if not url.startswith(("data:", history.as_uri()))] == []
    assert page.title().startswith("Progress of Ana <script>")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator(".chart:visible").count() == 7
    violations = axe_module.Axe().run(page).response["violations"]
    assert [v["id"] for v in violations if v["impact"] in ("serious", "critical")] == []
    page.close()
