"""Any console: output never fails for its encoding, closed or full, and the exit code says what happened."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from posturecam.cli.streams import json_for

ROOT = Path(__file__).parents[2]
POSIX = pytest.mark.skipif(os.name != "posix", reason="a POSIX shell closes the descriptors")
FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")


def shell(command: str, tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run ``posturecam COMMAND`` by a shell, redirections and all."""
    settings = {**os.environ, "PYTHONPATH": str(ROOT), "POSTURECAM_DATA": str(tmp_path / "data"), **environment}
    call = f"{shlex.quote(sys.executable)} -m posturecam {command}"
    return subprocess.run(call, shell=True, env=settings, cwd=tmp_path, capture_output=True, timeout=120, check=False)


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONIOENCODING": "cp1252"},
        {"PYTHONIOENCODING": "ascii:strict"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
)
class TestEncoding:
    def test_what_cannot_be_shown_is_replaced(self, tmp_path: Path, environment: dict[str, str]) -> None:
        done = shell("analyse \u65e5\u672c\u2192.mp4 -e push_up", tmp_path, **environment)
        assert done.returncode == 1
        assert b"There is no file" in done.stderr
        assert b"Traceback" not in done.stderr

    def test_a_whole_page_of_help_and_of_a_spec(self, tmp_path: Path, environment: dict[str, str]) -> None:
        for command in ("--help", "specs list", "specs show push_up", "specs schema"):
            done = shell(command, tmp_path, **environment)
            assert (done.returncode, done.stderr) == (0, b"")
            assert done.stdout

    def test_json_stays_the_same_json(self, tmp_path: Path, environment: dict[str, str]) -> None:
        there = shell("specs show push_up --json", tmp_path, PYTHONIOENCODING="utf-8")
        here = shell("specs show push_up --json", tmp_path, **environment)
        assert (there.returncode, here.returncode) == (0, 0)
        encoding = environment.get("PYTHONIOENCODING", "ascii").split(":")[0]
        assert json.loads(here.stdout.decode(encoding)) == json.loads(there.stdout.decode("utf-8"))


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8", None])
def test_json_is_escaped_where_it_must_be(encoding: str | None) -> None:
    value = {"name": "\u00fc \u2192 \U0001f600", "odd": "\udcff"}
    shown = json_for(json.dumps(value, ensure_ascii=False), encoding)
    shown.encode(encoding or "utf-8")
    assert json.loads(shown) == value


@POSIX
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_closed_by_the_caller_is_no_failure(tmp_path: Path, closed: str) -> None:
    done = shell(f"specs list {closed}", tmp_path)
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    assert shell(f"analyse none.mp4 -e push_up {closed}", tmp_path).returncode == 1


@POSIX
@FULL
class TestFull:
    def test_a_full_disk_behind_the_output_is_one_sentence_and_exit_code_1(self, tmp_path: Path) -> None:
        for command in ("specs list", "specs show push_up --json", "specs schema", "--help"):
            done = shell(f"{command} >/dev/full", tmp_path)
            assert done.returncode == 1, command
            assert done.stderr.startswith(b"Standard output cannot be written to (No space left on device)")
            assert done.stderr.count(b"\n") == 1

    def test_nor_does_a_full_disk_behind_the_errors_change_the_exit_code(self, tmp_path: Path) -> None:
        assert shell("analyse none.mp4 -e push_up 2>/dev/full", tmp_path).returncode == 1
        assert shell("specs list 2>/dev/full", tmp_path).returncode == 0

    @pytest.mark.model
    def test_the_files_are_complete_all_the_same(self, tmp_path: Path, model_path: Path) -> None:
        from tests import recordings
        from tests.conftest import SAMPLE_VIDEOS

        (_, image), *_ = recordings.pictures(SAMPLE_VIDEOS / "push_up_floor_hips_sagging.mp4", 3.0)
        recordings.still(tmp_path / "a.png", image)
        recordings.still(tmp_path / "b.png", image)
        done = shell("analyse a.png b.png -e push_up --out out --format html,json,pdf --no-save >/dev/full", tmp_path)
        assert done.returncode in (1, 3)
        assert b"No space left" in done.stderr
        for name in ("a", "b"):
            assert json.loads((tmp_path / "out" / name / "report.json").read_text("utf-8"))
            assert (tmp_path / "out" / name / "report.pdf").read_bytes().rstrip().endswith(b"%%EOF")
