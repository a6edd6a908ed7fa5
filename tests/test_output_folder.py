"""The folder of one recording's results: safe names, a place of its own, and nothing lost that this program did not make."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posturecam.errors import OutputError
from posturecam.output_folder import MANIFEST, MAX_NAME_BYTES, done_before, mark_done, output_folder, safe_name

RECORDING = Path("videos/clip.mp4")


def analysed(root: Path, recording: Path = RECORDING, *, overwrite: bool = False, report: str = "{}") -> Path:
    """An analysis that writes a report, an overlay and a picture."""
    with output_folder(root, recording, overwrite=overwrite) as folder:
        (folder / "report.json").write_text(report)
        (folder / "overlay.mp4").write_text("video")
        (folder / "thumbnails").mkdir(exist_ok=True)
        (folder / "thumbnails" / "rep-1-hips_sagging.jpg").write_text("picture")
    return folder


class TestSafeName:
    @pytest.mark.parametrize(
        ("name", "safe"),
        [
            ("clip.mp4", "clip"),
            ("Ana's 3rd, 12.5.2026 (home).MOV", "Ana_s 3rd, 12.5.2026 (home)"),
            ("Übung Rücken 上半身.mp4", "Übung Rücken 上半身"),
            ("...mp4", "recording"),
            ("..mp4", "recording"),
            ("....", "recording"),
            (".hidden", "recording"),
            (".mp4", "recording"),
            ("-rf.mp4", "_rf"),
            ("con.mp4", "con_"),
            ("LPT1.x.mp4", "LPT1.x_"),
            ("a:b*c?.mp4", "a_b_c_"),
            ("a\\..\\b.mp4", "a_.._b"),
            ("a\nb\x1b[0m.mp4", "a_b__0m"),
            ("clip. .mp4", "clip"),
            ("\udcff\udcfe.mp4", "recording"),
            ("e\u0301.mp4", "é"),
            ("\u202egnp.mp4", "_gnp"),
            ("<>|.mp4", "recording"),
        ],
    )
    def test_examples(self, name: str, safe: str) -> None:
        assert safe_name(Path("folder") / name) == safe

    @given(st.text(st.characters(exclude_characters="/\0"), min_size=1, max_size=300))
    def test_whatever_the_name_it_is_one_harmless_part_of_a_path(self, name: str) -> None:
        safe = safe_name(Path(name))
        assert safe.isprintable()
        assert len(safe.encode("utf-8")) <= MAX_NAME_BYTES + 1
        assert Path("root", safe).parts == ("root", safe)
        assert not set(safe) & set('/\\:*?"<>|\0')
        assert safe[0] not in ".- "
        assert safe[-1] not in ". "


class TestAPlaceOfItsOwn:
    def test_a_second_run_makes_a_new_folder(self, tmp_path: Path) -> None:
        assert [analysed(tmp_path).name for _ in range(3)] == ["clip", "clip-2", "clip-3"]

    def test_recordings_of_one_name_in_several_folders(self, tmp_path: Path) -> None:
        videos = [Path("a/clip.mp4"), Path("b/clip.mp4"), Path("b/Clip.mov"), Path("c/clip-2.mp4"), Path("d/other.mp4")]
        names = [analysed(tmp_path, video).name for video in videos]
        assert names == ["clip", "clip-2", "Clip-3", "clip-2-2", "other"]

    def test_overwriting_finds_the_recordings_own_folder_again(self, tmp_path: Path) -> None:
        first, second = analysed(tmp_path, Path("a/clip.mp4")), analysed(tmp_path, Path("b/clip.mp4"))
        assert analysed(tmp_path, Path("b/clip.mp4"), overwrite=True, report="[2]") == second
        assert (first / "report.json").read_text() == "{}"
        assert (second / "report.json").read_text() == "[2]"
        assert analysed(tmp_path, Path("b/../b/clip.mp4"), overwrite=True) == second

    def test_overwriting_what_is_not_there_makes_it(self, tmp_path: Path) -> None:
        assert analysed(tmp_path, overwrite=True) == tmp_path / "clip"

    def test_what_an_earlier_run_left_is_gone_and_what_is_the_users_stays(self, tmp_path: Path) -> None:
        folder = analysed(tmp_path)
        (folder / "notes.txt").write_text("mine")
        with output_folder(tmp_path, RECORDING, overwrite=True) as again:
            assert again == folder
            assert sorted(path.name for path in folder.rglob("*") if path.is_file()) == [MANIFEST, "notes.txt"]
            (folder / "report.json").write_text("{}")
        assert sorted(json.loads((folder / MANIFEST).read_text())["files"]) == ["report.json"]

    def test_a_folder_in_which_nothing_was_made_goes(self, tmp_path: Path) -> None:
        with pytest.raises(KeyboardInterrupt), output_folder(tmp_path, RECORDING):
            raise KeyboardInterrupt
        assert list(tmp_path.iterdir()) == []

    def test_what_was_made_before_an_error_is_known_as_ours(self, tmp_path: Path) -> None:
        folder = tmp_path / "clip"

        def broken_off() -> None:
            with output_folder(tmp_path, RECORDING):
                (folder / "report.json").write_text("{}")
                folder.write_text("this fails")

        with pytest.raises(IsADirectoryError):
            broken_off()
        assert analysed(tmp_path, overwrite=True) == folder

    def test_the_manifest_tells_no_names(self, tmp_path: Path) -> None:
        folder = analysed(tmp_path, Path("Dr. Ana Müller/clip.mp4"))
        assert "Ana" not in (folder / MANIFEST).read_text()

    def test_where_no_folder_can_be_made(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(OutputError, match="choose another with --out"), output_folder(tmp_path / "file", RECORDING):
            pass


def changed(folder: Path) -> None:
    (folder / "overlay.mp4").write_text("cut by the user")


def added(folder: Path) -> None:
    (folder / "report.pdf").write_text("the user's")


def added_picture(folder: Path) -> None:
    (folder / "thumbnails" / "holiday.jpg").write_text("the user's")


def linked_file(folder: Path) -> None:
    (folder / "overlay.mp4").unlink()
    (folder / "overlay.mp4").symlink_to(folder.parent / "precious" / "overlay.mp4")


def linked_pictures(folder: Path) -> None:
    (folder / "thumbnails" / "rep-1-hips_sagging.jpg").unlink()
    (folder / "thumbnails").rmdir()
    (folder / "thumbnails").symlink_to(folder.parent / "precious")


def linked_folder(folder: Path) -> None:
    real = folder.rename(folder.parent / "moved")
    folder.symlink_to(real)


def no_manifest(folder: Path) -> None:
    (folder / MANIFEST).unlink()


def manifest(**changes: object) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        content = json.loads((folder / MANIFEST).read_text())
        (folder / MANIFEST).write_text(json.dumps({**content, **changes}))

    return change


def rubbish(folder: Path) -> None:
    (folder / MANIFEST).write_bytes(b"\xff[" * 1000)


DIGEST = "a" * 64


@pytest.mark.parametrize(
    "change",
    [
        changed, added, added_picture, linked_file, linked_pictures, linked_folder, no_manifest, rubbish,
        manifest(recording="0" * 64), manifest(schema="other"), manifest(files=[]), manifest(files=None),
        manifest(files={"../precious/overlay.mp4": DIGEST}), manifest(files={"/etc/passwd": DIGEST}),
        manifest(files={"thumbnails/../../precious/overlay.mp4": DIGEST}), manifest(files={"report.json": 3}),
        manifest(files={"notes.txt": DIGEST}),
    ],
)  # fmt: skip
def test_overwriting_takes_a_new_folder_where_something_would_be_lost(
    tmp_path: Path, change: Callable[[Path], None]
) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "overlay.mp4").write_text("precious")
    (tmp_path / "precious" / "rep-1-hips_sagging.jpg").write_text("precious")
    folder = analysed(tmp_path)
    change(folder)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert analysed(tmp_path, overwrite=True) == tmp_path / "clip-2"
    assert {path: path.read_bytes() for path in before} == before


def test_a_link_out_of_the_folder_is_never_followed_by_a_new_run(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    os.symlink(tmp_path / "elsewhere", tmp_path / "clip")  # noqa: PTH211
    assert analysed(tmp_path).name == "clip-2"
    assert list((tmp_path / "elsewhere").iterdir()) == []


class TestWorkDoneBefore:
    def test_the_whole_result_of_the_same_work_is_found(self, tmp_path: Path) -> None:
        other = analysed(tmp_path, Path("other/clip.mp4"))
        folder = analysed(tmp_path)
        mark_done(other, "b" * 64, {"exit_code": 0})
        mark_done(folder, "a" * 64, {"exit_code": 3, "problem": "Nobody was seen."})
        assert done_before(tmp_path, RECORDING, "a" * 64) == (
            folder,
            {"work": "a" * 64, "exit_code": 3, "problem": "Nobody was seen."},
        )
        assert done_before(tmp_path, RECORDING, "c" * 64) is None
        assert done_before(tmp_path / "elsewhere", RECORDING, "a" * 64) is None

    @pytest.mark.parametrize("spoil", ["changed", "removed", "unmarked", "no manifest"])
    def test_what_is_not_whole_any_more_is_not(self, tmp_path: Path, spoil: str) -> None:
        folder = analysed(tmp_path)
        if spoil != "unmarked":
            mark_done(folder, "a" * 64, {})
        if spoil == "changed":
            (folder / "report.json").write_text("[]")
        elif spoil == "removed":
            (folder / "overlay.mp4").unlink()
        elif spoil == "no manifest":
            (folder / MANIFEST).unlink()
        assert done_before(tmp_path, RECORDING, "a" * 64) is None

    def test_a_marked_folder_is_still_replaced_when_that_is_asked_for(self, tmp_path: Path) -> None:
        mark_done(analysed(tmp_path), "a" * 64, {})
        assert analysed(tmp_path, overwrite=True) == tmp_path / "clip"
        assert done_before(tmp_path, RECORDING, "a" * 64) is None
