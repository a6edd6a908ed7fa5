"""What the tests of the page share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("starlette", reason="the extra 'web' is not installed")

from posturecam.store import PeopleStore
from posturecam.web.desk import Desk
from tests import stored
from tests.web.browsing import Chromium, running
from tests.web.serving import program

pytest.register_assert_rewrite("tests.web.fitness")  # so that it says what it found


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


@pytest.fixture(scope="module")
def furniture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of the page that is :func:`furnished`."""
    return tmp_path_factory.mktemp("furnished")


@pytest.fixture(scope="module")
def furnished(furniture: Path) -> Iterator[tuple[str, str, str]]:
    """A running page with two sessions: its link, the newer one's id and the earlier one's."""
    data = furniture
    store = stored.own_store(data)
    people = PeopleStore(data / "people")
    people.add(people.named("Ana"))
    earlier = stored.store_session(store, person="Ana", pictures=True)
    session = stored.store_session(
        store, stored.push_ups((90.0, 91.0, 89.0)), person="Ana", created=stored.WHEN.replace(day=8)
    )
    with program(data, "--lan", "--address", "127.0.0.1") as (_, link):
        yield link, session.id, earlier.id
