"""The spreadsheet has the measuring error beside what was measured, and calls a change only where it exceeds that."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from posturecam.report.adherence import DoseDone
from posturecam.report.history import Entry
from posturecam.report.spreadsheet import COLUMNS, history_csv, history_xlsx
from posturecam.spec.units import sem_of

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


def test_a_change_is_since_the_same_persons_last_session_of_the_same_exercise() -> None:
    # 1.96 SEM beside a value, and the square root of two times that between two of them
    found = rows(
        entry(0, range_of_motion=60.0, range_sem=3.0),
        entry(1, range_of_motion=90.0, range_sem=3.0, person="Ben"),
        entry(7, range_of_motion=68.0, range_sem=3.0),
        entry(9, range_of_motion=60.0, range_sem=3.0),
        entry(11, range_of_motion=69.0, range_sem=3.0),
        plank(12, 20.0),
        plank(13, 20.0 + 2.7 * sem_of("seconds")),
        plank(14, 20.0 + 5.6 * sem_of("seconds")),
    )
    assert [row["range_change_is"] for row in found] == [
        "",
        "",
        "within the error",
        "within the error",
        "up",
        *[""] * 3,
    ]
    assert found[2]["range_change"] == "8.0"
    assert {row["range_error"] for row in found} == {"5.88", ""}
    assert {row["range_detectable"] for row in found} == {"8.316", ""}
    assert [row["longest_hold_change_is"] for row in found[5:]] == ["", "within the error", "up"]
    assert float(found[5]["hold_error_s"]) == pytest.approx(1.96 * sem_of("seconds"), abs=0.001)


def test_dose_week_and_pain_stand_beside_each_session() -> None:
    asked = {"dose": DoseDone(8, 10, 0.8, "reps"), "days_a_week": 2}
    first, second = rows(
        entry(0, **asked, pain_before=6, pain_after=4), entry(2, **asked, pain_before=3, pain_after=None)
    )
    names = ("dose_done", "dose_asked", "dose_unit", "dose_share", "week", "week_days_done", "week_days_asked")
    assert [first[name] for name in names] == ["8", "10", "reps", "0.8", "2026-02-02", "2", "2"]
    assert first["week_adherence"] == "0.8"
    assert [first[name] for name in ("pain_before", "pain_after", "pain_before_change_is")] == ["6", "4", ""]
    assert [second[name] for name in ("pain_before", "pain_after", "pain_before_change_is")] == ["3", "", "down"]


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
