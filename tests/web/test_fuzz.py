"""A few hundred requests that nobody should send: none breaks the server. More: ``python -m benchmarks.page fuzz``."""

from __future__ import annotations

from pathlib import Path

import pytest

from posturecam.errors import ModelError
from posturecam.web import room
from posturecam.web.desk import Desk
from tests.web.fuzzing import fuzzed
from tests.web.serving import desk_client


@pytest.mark.parametrize("seed", [1, 2])
def test_no_request_breaks_the_server(desk: Desk, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_model(_choice: str | None, _host: object) -> Path:
        raise ModelError("There is no pose model here.")

    monkeypatch.setattr(room, "model_file", no_model)
    for fuzz in fuzzed(desk, seed, 300):
        assert fuzz.failures == []
        assert {200, 400, 403, 404, 405} <= set(fuzz.answers)  # it came past the doors, and further
        assert fuzz.sockets >= 3
    assert desk_client(desk).get("/").status_code == 200
