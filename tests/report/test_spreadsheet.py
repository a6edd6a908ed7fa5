"""The spreadsheet has the measuring error beside what was measured, and calls a change only where it exceeds that."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from posturecam.report.history import Entry
from posturecam.report.spreadsheet import COLUMNS, change, history_csv, history_xlsx

START = datetime(2026, 2, 3, 9, 30, tzinfo=timezone.utc)


def entry(day: int = 0, **values: Any) -> Entry:
    base = Entry(f"s{day}", START + timedelta(days=day), "push_up", "floor", "Push-up", "Ana", 80.0, 8, 6, 70.0)
    return replace(base, **values)


def plank(day: int, longest_s: float) -> Entry:
    return Entry(
        f"p{day}",
        START + timedelta(days=day),
        "plank",
        None,
        "Plank",
        "Ana",
        80.0,
        held_s=longest_s,
        longest_s=longest_s,
    )


def rows(*entries: Entry) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(history_csv(entries))))


@pytest.mark.parametrize(
    ("before", "after", "unit", "says"),
    [
        (70.0, 75.0, "degrees", "within the error"),
        (70.0, 75.1, "degrees", "up"),
        (70.0, 64.9, "degrees", "down"),
        (0.50, 0.54, "torso", "within the error"),
        (20.0, 21.0, "seconds", "within the error"),
        (20.0, 21.1, "seconds", "up"),
        (None, 70.0, "degrees", ""),
        (70.0, None, "degrees", ""),
    ],
)
def test_a_change_is_called_only_past_the_measuring_error(
    before: float | None, after: float | None, unit: str, says: str
) -> None:
    assert change(before, after, unit).says == says


def test_a_change_is_since_the_same_persons_last_session_of_the_same_exercise() -> None:
    found = rows(
        entry(0, range_of_motion=60.0),
        entry(1, range_of_motion=90.0, person="Ben"),
        entry(7, range_of_motion=70.0),
        plank(8, 20.0),
        plank(9, 23.0),
    )
    assert [row["range_change_is"] for row in found] == ["", "", "up", "", ""]
    assert found[2]["range_change"] == "10.0"
    assert [row["range_error"] for row in found] == ["5.0", "5.0", "5.0", "", ""]
    assert (found[4]["longest_hold_change_is"], found[4]["hold_error_s"]) == ("up", "1.0")


def test_a_recording_analysed_again_is_one_line() -> None:
    film = ("film",)
    found = rows(entry(0, recording=film, analysed="1"), entry(1, recording=film, analysed="2", score=90.0))
    assert [(row["session"], row["score"]) for row in found] == [("s1", "90.0")]


def test_the_workbook_opens_in_another_library_with_dates_and_numbers() -> None:
    calamine = pytest.importorskip("python_calamine")
    content = history_xlsx([entry(0, person="=cmd()", score=None), entry(7, range_of_motion=80.0, person="Zoë\x07")])
    header, first, second = (
        calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    )
    assert header == [name.replace("_", " ") for name in COLUMNS]
    one, two = (dict(zip(COLUMNS, row, strict=True)) for row in (first, second))
    assert one["person"] == "=cmd()"
    assert one["created"] == START.astimezone().replace(tzinfo=None)
    assert (one["score"], one["range_of_motion"], one["reps"]) == ("", 70.0, 8.0)
    assert two["person"].startswith("Zoë")
    assert b"<f>" not in _sheet(content)


def _sheet(content: bytes) -> bytes:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("xl/worksheets/sheet1.xml")
