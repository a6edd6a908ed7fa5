"""Numbers and lists in plain words: shared by the summary sentence, HTML, PDF and Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from posturecam.report.types import FaultMark, RepItem, Report
from posturecam.spec import units

DASH = "–"


def value_text(value: float | None, unit: str, *, short: bool = False) -> str:
    """A measured value with its unit; a long dash when there is none.

    Torso lengths are given in per cent of the torso, since nobody pictures 0.14 torso lengths.
    """
    if value is None:
        return DASH
    return units.number_text(value, unit) if short else units.value_text(value, unit)


def limit_text(limit: str, unit: str) -> str:
    """A spec's range ("< -0.12", "75..110") in words with its unit."""
    words = {">=": "at least", "<=": "at most", ">": "over", "<": "under"}
    head, _, rest = limit.partition(" ")
    if head in words:
        return f"{words[head]} {value_text(float(rest), unit)}"
    low, high = (value_text(float(part), unit, short=True) for part in limit.removeprefix("outside ").split(".."))
    return f"outside {low} to {high}" if head == "outside" else f"{low} to {high}"


def tempo_text(item: RepItem) -> str:
    """The three parts of a rep's time, or that they are not known."""
    if item.seconds is None:
        return "not known"
    return f"{item.out_s:.1f} · {item.hold_s:.1f} · {item.return_s:.1f} s"


def seconds_text(seconds: float) -> str:
    """A length of time: "8.4 s", "16 s", "2 min 5 s"."""
    if 0 < seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"


def clock_text(seconds: float) -> str:
    """A moment of the recording: "0:07.4"."""
    tenths = round(max(seconds, 0.0) * 10)
    return f"{tenths // 600}:{tenths // 10 % 60:02d}.{tenths % 10}"


def percent_text(share: float) -> str:
    """A share as whole per cent; never 0 or 100 unless it is."""
    percent = round(100 * share)
    if percent == 0 and share > 0:
        return "under 1 %"
    if percent == 100 and share < 1:
        return "99 %"
    return f"{percent} %"


def numbers_text(numbers: Sequence[int]) -> str:
    """Indices with runs drawn together: [1, 4, 5, 6] -> "1, 4–6"."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}{DASH}{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def counted(number: int, noun: str) -> str:
    """Number and noun: "1 rep", "6 reps"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def reps_text(numbers: Sequence[int], noun: str = "rep") -> str:
    """Name reps by number: "rep 4", "reps 1, 4–6"."""
    return f"{noun} {numbers_text(numbers)}" if len(numbers) == 1 else f"{noun}s {numbers_text(numbers)}"


def listed(parts: Iterable[str]) -> str:
    """Parts as a sentence lists them: "a", "a and b", "a, b and c"."""
    *head, last = list(parts)
    return f"{', '.join(head)} and {last}" if head else last


class FaultWords(NamedTuple):
    """A fault of one rep or hold as people read it: its ``name`` and "104° (limit 100°)"."""

    name: str
    measured: str


def fault_words(report: Report, mark: FaultMark) -> FaultWords:
    """Put one fault mark into words."""
    info = next((info for info in report.checks if info.id == mark.id), None)
    unit = info.unit if info else "degrees"
    if mark.value is None or mark.limit is None:
        return FaultWords(report.check_name(mark.id), "")
    short = unit == "torso"
    measured = f"{value_text(mark.value, unit, short=short)} (limit {value_text(mark.limit, unit, short=short)})"
    return FaultWords(report.check_name(mark.id), measured)


def problem_lines(report: Report) -> list[str]:
    """What stood in the way of judging: camera, light, recording; and how to place the camera if that was wrong."""
    lines = [*report.tracking.problems, *report.source.warnings]
    if report.tracking.view_ok is False and report.camera_advice:
        lines.append(f"Next time: {report.camera_advice[:1].lower()}{report.camera_advice[1:]}")
    return lines
