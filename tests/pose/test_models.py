"""Where the pose model's file comes from, and what is said when it comes from nowhere."""

from __future__ import annotations

import hashlib
import http.server
import io
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from posturecam.errors import ModelError
from posturecam.pose import models, wheel
from posturecam.pose.models import chosen_model, obtain_model, ready_model

FULL = wheel.LANDMARKS.format(name="full")


class Office(http.server.BaseHTTPRequestHandler):
    """An official address that serves ``content``, or 404 when there is none."""

    content: ClassVar[bytes | None] = None

    def do_GET(self) -> None:
        if self.content is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.content)))
        self.end_headers()
        self.wfile.write(self.content)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv(models.ENVIRONMENT_VARIABLE, raising=False)
    monkeypatch.setattr(models, "cache_folder", lambda: tmp_path / "cache" / "models")
    return tmp_path / "cache" / "models"


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Office]]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Office)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setattr(models, "OFFICIAL_ADDRESS", f"http://127.0.0.1:{server.server_port}/{{name}}.task")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    Office.content = None
    yield Office
    server.shutdown()
    server.server_close()


def serve(office: type[Office], monkeypatch: pytest.MonkeyPatch, content: bytes, name: str = "full") -> None:
    office.content = content
    monkeypatch.setitem(models.OFFICIAL_SHA256, name, hashlib.sha256(content).hexdigest())


def stand_in_for_pip(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str) -> None:
    """Let ``script`` answer instead of ``pip download``; it finds the arguments in ``sys.argv``."""
    (tmp_path / "pip.py").write_text(script)
    monkeypatch.setattr(wheel, "_pip", lambda: [sys.executable, str(tmp_path / "pip.py")])


class TestOfficialAddress:
    def test_it_is_fetched_once_and_checked(
        self, cache: Path, office: type[Office], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        serve(office, monkeypatch, b"PK model" * 30_000)
        said: list[str] = []
        steps: list[tuple[int, int | None]] = []
        fetched = obtain_model(None, said.append, lambda done, whole: steps.append((done, whole)))
        assert fetched.origin == "official"
        assert fetched.path == cache / "pose_landmarker_full.task"
        assert fetched.path.read_bytes() == office.content
        assert len(said) == 1
        assert "no picture ever leaves" in said[0]
        assert steps[-1] == (240_000, 240_000)

        office.content = None
        said.clear()
        assert obtain_model(None, said.append).origin == "cache"
        assert ready_model() == fetched.path
        assert said == []

    def test_a_damaged_file_in_the_cache_is_fetched_anew(
        self, cache: Path, office: type[Office], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        serve(office, monkeypatch, b"PK model")
        path = obtain_model().path
        path.write_bytes(b"PK mod")
        assert ready_model() is None
        assert obtain_model().origin == "official"
        assert path.read_bytes() == b"PK model"

    def test_no_half_file_is_left_behind(
        self, cache: Path, office: type[Office], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        serve(office, monkeypatch, b"PK model")
        obtain_model()
        assert sorted(path.name for path in cache.iterdir()) == [
            "pose_landmarker_full.task",
            "pose_landmarker_full.task.sha256",
        ]

    def test_a_cache_that_cannot_be_written_is_told(
        self, cache: Path, office: type[Office], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        serve(office, monkeypatch, b"PK model")
        cache.parent.mkdir()
        cache.touch()
        with pytest.raises(ModelError, match="cannot be kept in"):
            obtain_model()

    @pytest.mark.parametrize("name", ["lite", "heavy"])
    def test_every_model_has_its_own_file(
        self, cache: Path, office: type[Office], monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        serve(office, monkeypatch, b"PK " + name.encode(), name)
        assert obtain_model(name).path.name == f"pose_landmarker_{name}.task"


@pytest.mark.usefixtures("cache")
class TestPackageIndex:
    def test_another_file_at_the_official_address_is_not_taken(
        self, office: type[Office], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        office.content = b"PK something else"
        stand_in_for_pip(monkeypatch, tmp_path, "raise SystemExit(1)")
        said: list[str] = []
        with pytest.raises(ModelError):
            obtain_model(None, said.append)
        assert "another hash" in said[1]

    def test_offline_with_nothing_cached_is_one_clear_sentence(
        self, office: type[Office], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stand_in_for_pip(
            monkeypatch,
            tmp_path,
            "print('WARNING: retrying')\nprint('ERROR: No matching distribution')\nraise SystemExit(1)",
        )
        with pytest.raises(ModelError) as caught:
            obtain_model()
        sentence = str(caught.value)
        assert caught.value.exit_code == 1
        assert "\n" not in sentence
        assert "No matching distribution" in sentence
        assert "posturecam model fetch" in sentence
        assert "--model" in sentence

    def test_without_pip_it_says_so(self, office: type[Office], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(wheel, "_pip", lambda: None)
        with pytest.raises(ModelError, match="has no pip"):
            obtain_model()

    @pytest.mark.parametrize("members", [{}, {wheel.DETECTOR: b"other", FULL: b"other"}])
    def test_another_wheel_is_refused(
        self, office: type[Office], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, members: dict[str, bytes]
    ) -> None:
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as bundle:
            for name, content in members.items():
                bundle.writestr(name, content)
        (tmp_path / "wheel.zip").write_bytes(archive.getvalue())
        stand_in_for_pip(
            monkeypatch,
            tmp_path,
            "import pathlib, shutil, sys\n"
            "folder = pathlib.Path(sys.argv[sys.argv.index('--dest') + 1])\n"
            f"shutil.copy({str(tmp_path / 'wheel.zip')!r}, folder / 'mediapipe-0.10.21-any.whl')\n",
        )
        with pytest.raises(ModelError, match="try another index"):
            obtain_model()

    def test_pip_is_asked_for_the_same_wheel_on_every_system(
        self, office: type[Office], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stand_in_for_pip(monkeypatch, tmp_path, "import sys\nprint('ERROR:', *sys.argv[1:])\nraise SystemExit(1)")
        with pytest.raises(ModelError) as caught:
            obtain_model()
        assert "download --quiet --no-input" in str(caught.value)
        assert wheel.WHEEL == "mediapipe==0.10.21"

    @pytest.mark.model
    @pytest.mark.slow
    def test_the_real_wheel_gives_the_pinned_bundle(self, office: type[Office], model_path: Path) -> None:
        try:
            fetched = obtain_model()
        except ModelError as error:
            pytest.skip(f"no package index: {error}")
        assert fetched.origin == "wheel"
        assert hashlib.sha256(fetched.path.read_bytes()).hexdigest() == wheel.BUNDLE_SHA256["full"]


@pytest.mark.usefixtures("cache")
class TestChoice:
    def test_full_is_the_default(self) -> None:
        assert chosen_model() == "full"
        assert ready_model() is None

    def test_the_environment_counts_when_the_call_names_none(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "own.task").write_bytes(b"PK")
        monkeypatch.setenv(models.ENVIRONMENT_VARIABLE, str(tmp_path / "own.task"))
        assert ready_model() == tmp_path / "own.task"
        assert chosen_model("lite") == "lite"
        monkeypatch.setenv(models.ENVIRONMENT_VARIABLE, "heavy")
        assert chosen_model() == "heavy"

    def test_a_path_is_used_as_it_is(self, tmp_path: Path) -> None:
        (tmp_path / "own.task").write_bytes(b"PK")
        assert obtain_model(str(tmp_path / "own.task")).path == tmp_path / "own.task"

    def test_a_path_that_leads_nowhere_is_told(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with pytest.raises(ModelError, match=r"--model names .*none"):
            chosen_model(str(tmp_path / "none"))
        monkeypatch.setenv(models.ENVIRONMENT_VARIABLE, "huge")
        with pytest.raises(ModelError, match="POSTURECAM_MODEL names huge, which is neither"):
            chosen_model()

    def test_a_file_of_another_kind_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "a.task").write_bytes(b"hello")
        with pytest.raises(ModelError, match=r"not a \.task bundle"):
            chosen_model(str(tmp_path / "a.task"))
