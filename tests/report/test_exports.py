"""The report as CSV, Markdown and PDF."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from pathlib import Path

import pytest

from posturecam.model import Attempt
from posturecam.report.csv import COLUMNS, render_csv
from posturecam.report.markdown import render_markdown
from posturecam.report.pdf import render_pdf
from posturecam.report.types import Report
from tests import builders_report as make

NASTY = "=cmd|'/c calc'!A1 <script>alert(1)</script> \"Ana\" 🙂 ../../x"


def rows(report: Report) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(render_csv(report))))


def test_csv_has_a_row_for_every_rep_and_attempt() -> None:
    found = rows(make.make_report())
    assert [row["kind"] for row in found] == ["rep"] * 5 + ["attempt"]
    fourth = found[3]
    assert (fourth["number"], fourth["range_from"], fourth["range"], fourth["good"]) == ("4", "168", "84", "no")
    assert fourth["faults"] == "hips_sagging"
    assert fourth["fault_values"] == "hips_sagging -0.2 (limit -0.12)"


def test_csv_of_holds() -> None:
    report = make.make_report(make.make_session(holds=[make.make_hold(1, 17, side="left")]), make.plank())
    (row,) = rows(report)
    assert (row["kind"], row["side"], row["start_s"], row["hold_s"], row["good"]) == ("hold", "left", "1", "16", "yes")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", " =", "\r"])
def test_csv_text_is_never_a_formula(start: str) -> None:
    session = make.make_session([make.make_rep()], attempts=[Attempt(0.0, 1.0, f"{start}1+1")])
    reason = rows(make.make_report(session))[-1]["unknown"]
    assert reason.startswith("'")


def test_csv_numbers_stay_numbers_when_negative() -> None:
    session = make.make_session([make.make_rep(range_from=-12.5)])
    assert rows(make.make_report(session))[0]["range_from"] == "-12.5"


def test_csv_without_reps_is_its_header() -> None:
    assert render_csv(make.make_report(make.make_session())).splitlines() == [",".join(COLUMNS)]


def test_markdown_says_the_same_as_the_page() -> None:
    text = render_markdown(make.make_report())
    assert text.startswith("# Push-up (on the toes): form report\n")
    assert "3 of 5 reps were good." in text
    assert "| 4 | 0:12.0 | 168° → 84° | 0.9 · 0.3 · 0.8 s | 70 | Hips sagging −20 % (limit −12 %) |" in text
    assert "moved 18 of the 25 degrees that count" in text
    assert text.count("not a medical device") == 1


def test_markdown_escapes_what_a_user_typed() -> None:
    text = render_markdown(make.make_report(person="<script>*x*</script> [a](b)"))
    assert r"\<script\>\*x\*\</script\> \[a\](b)" in text
    assert "<script>" not in text


def pdf_text(content: bytes, path: Path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler) is not installed")
    path.write_bytes(content)
    return subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize(("paper", "points"), [("A4", b"595.28 841.89"), ("Letter", b"612.00 792.00")])
def test_pdf_comes_on_both_papers(paper, points: bytes) -> None:
    content = render_pdf(make.make_report(), paper=paper)
    assert content.startswith(b"%PDF")
    assert points in content


def test_pdf_holds_the_words_and_numbers_of_the_report(tmp_path: Path) -> None:
    pictures = {("rep", 5, "hips_sagging"): make.jpeg(), ("rep", 4, "hips_sagging"): make.jpeg(48, 64)}
    text = pdf_text(render_pdf(make.make_report(), thumbnails=pictures), tmp_path / "r.pdf")
    for words in (
        "Push-up (on the toes)",
        "3 of 5 reps were good",
        "Lift your hips",
        "168° → 84°",
        "not a medical device",
    ):
        assert words in text
    assert "moved 18 of the 25 degrees that count" in text
    assert "Worst moments" in text


def test_pdf_shows_what_its_font_lacks_as_a_box_and_runs_nothing(tmp_path: Path) -> None:
    text = pdf_text(render_pdf(make.make_report(person=NASTY)), tmp_path / "r.pdf")
    assert "<script>alert(1)</script>" in text
    assert "□" in text


def test_pdf_of_many_reps_and_long_names_keeps_every_row(tmp_path: Path) -> None:
    reps = [
        make.make_rep(i, make.fault(), make.fault("not_low_enough", 120, 100), make.fault("too_fast", 0.2, 0.5))
        for i in range(1, 81)
    ]
    trace = make.make_trace(250)
    report = make.make_report(make.make_session(reps, trace=trace), person="Wolfeschlegelsteinhausenbergerdorff " * 6)
    text = pdf_text(render_pdf(report), tmp_path / "r.pdf")
    for index in (1, 40, 80):
        assert f"\n{index} " in text or f"\n {index} " in text


def test_pdf_of_nothing_is_still_a_page(tmp_path: Path) -> None:
    text = pdf_text(render_pdf(make.make_report(make.make_session())), tmp_path / "r.pdf")
    assert "No reps were counted" in text


def test_pdf_is_the_same_for_the_same_report() -> None:
    assert render_pdf(make.make_report()) == render_pdf(make.make_report())
