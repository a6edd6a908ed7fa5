"""What the tests of the page share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("starlette", reason="the extra 'web' is not installed")

from posturecam.web.desk import Desk
from tests.web.browsing import Chromium, running


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(data=tmp_path / "data", looks=tmp_path / "looks")
    yield made
    made.close(10.0)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    # not for the whole run: its event loop would be in the way of other tests
    with sync_api.sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def chromium(playwright: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with running(playwright, tmp_path_factory.mktemp("chromium") / "camera.y4m") as chromium:
        yield chromium
