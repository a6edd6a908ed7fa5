"""Files are written whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from posturecam.errors import OutputError
from posturecam.files import ensure_writable, shown, whole_file, write_whole


def test_missing_folders_are_made_and_nothing_else_is_left(tmp_path: Path) -> None:
    write_whole(tmp_path / "a" / "b.txt", "é")
    assert (tmp_path / "a" / "b.txt").read_bytes() == "é".encode()
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b.txt"]


def fail_while_writing(path: Path, error: BaseException) -> None:
    with whole_file(path) as file:
        file.write(b"half")
        raise error


@pytest.mark.parametrize("error", [ValueError("x"), KeyboardInterrupt()])
def test_a_break_keeps_the_old_file_and_leaves_no_half_one(tmp_path: Path, error: BaseException) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(type(error)):
        fail_while_writing(path, error)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_place_that_cannot_be_written_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot be written"):
        write_whole(tmp_path / "file" / "a.txt", b"")
    with pytest.raises(OutputError, match="cannot be written to"):
        ensure_writable(tmp_path / "file")


def test_trying_a_folder_leaves_nothing_in_it(tmp_path: Path) -> None:
    ensure_writable(tmp_path / "new")
    assert list((tmp_path / "new").iterdir()) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("clip.mp4", "clip.mp4"),
        ("100% <b>'\"\\ é 上 💪", "100% <b>'\"\\ é 上 💪"),
        ("a\nb%\x1b", "a%0Ab%25%1B"),
        ("r\udce9p", "r%E9p"),
        ("\ud800", "%ED%A0%80"),
        ("\u202e\u200b", "%E2%80%AE%E2%80%8B"),
    ],
)
def test_names_are_shown_on_one_line_with_nothing_lost(text: str, told: str) -> None:
    assert shown(text) == told
    assert shown(told) == told
    told.encode("utf-8")
