"""What a report may not say at once: score, verdict, sentence, table and timeline have to agree (DESIGN.md, section 7)."""

from __future__ import annotations

from collections.abc import Iterator

from posturecam.judging.verdicts import TOO_CLOSE
from posturecam.report.presentation import present
from posturecam.report.types import HoldItem, RepItem, Report
from posturecam.report.wording import seconds_text

DONE = ("Reps", "Left and right", "Held", "Longest hold")
"""The figures that stand beside what was asked for."""
PRAISE = ("were good", "was good", "Nothing stood out")


def contradictions(report: Report) -> list[str]:
    """Every pair of statements in the report that cannot both be true; none in a report that is fit to be handed on."""
    return [
        *_items(report),
        *_verdict(report),
        *_sentence(report),
        *_faults(report),
        *_timeline(report),
        *_table(report),
        *_scores(report),
        *_dose(report),
    ]


def _all(report: Report) -> list[tuple[int, RepItem | HoldItem]]:
    reps: list[tuple[int, RepItem | HoldItem]] = [(item.index, item) for item in report.reps.items]
    return reps + list(enumerate(report.holds.items, 1))


def _items(report: Report) -> Iterator[str]:
    severity = {check.id: check.severity for check in report.checks}
    for number, item in _all(report):
        major = any(severity.get(mark.id) == "major" for mark in item.faults)
        if item.good and major:
            yield f"{number} is good and has a major fault"
        if item.good is False and not major:
            yield f"{number} is not good, without a major fault"
        if (item.good is None) != (item.score is None):
            yield f"{number} has a score of {item.score} and is good: {item.good}"
        if item.score == 100 and item.faults:
            yield f"{number} scores 100 with a fault"
        if item.score is not None and item.score < 100 and not item.faults:
            yield f"{number} loses points without a fault"
        both = {mark.id for mark in item.faults} & {mark.id for mark in item.unknown}
        if both:
            yield f"{number}: {both} are at fault and unknown"
    if report.reps.count != len(report.reps.items):
        yield "the count is not that of the reps"
    if report.reps.good != sum(item.good is True for item in report.reps.items):
        yield "the good reps are not those that are good"


def _verdict(report: Report) -> Iterator[str]:
    if (report.verdict == "faults") != bool(report.faults) and report.verdict != "unknown":
        yield f"the verdict is {report.verdict} with {len(report.faults)} faults"
    if report.verdict == "unknown" and report.score is not None:
        yield "a score, and nothing judged"
    if report.verdict == "unknown" and report.faults:
        yield "faults, and nothing judged"
    anything = report.faults or any(item.faults for _, item in _all(report))
    if present(report).score == "100 of 100" and anything:
        yield "100 of 100 with a fault"
    if report.score is not None and report.score < 100 and not anything:
        yield "points lost without a fault"


def _sentence(report: Report) -> Iterator[str]:
    shown = present(report)
    never = {check.id for check in report.checks if not check.judged}
    missed = [item for item in report.unknown if item.share == 1 and item.reason != TOO_CLOSE and item.id not in never]
    if len(shown.doubts) != len(report.unknown):
        yield "a doubt is not listed"
    seen = {mark.id for _, item in _all(report) for mark in item.faults} | {fault.id for fault in report.faults}
    if "Nothing stood out" in shown.summary and (seen or missed):
        yield "nothing stood out, beside a fault or a check never judged"
    if shown.verdict == "Good form" and (seen or missed):
        yield "good form, beside a fault or a check never judged"
    if shown.summary.startswith(("All ", "Both ", "The one rep was good")) and seen:
        yield "all good, beside a fault"
    if report.verdict != "unknown" and missed and "Not judged:" not in shown.summary:
        yield "a check never judged goes unmentioned"
    if report.verdict != "unknown" and len(seen) <= 3:
        for check in seen:
            if report.check_name(check).lower() not in shown.summary.lower():
                yield f"{check} goes unmentioned"
    if report.verdict == "unknown" and any(word in shown.summary for word in PRAISE):
        yield "praise for what was not judged"
    sides = (
        [report.reps.left, report.reps.right] if report.kind == "reps" else [report.holds.left_s, report.holds.right_s]
    )
    if None not in sides and bool(sides[0]) != bool(sides[1]) and report.verdict != "unknown":
        if "side was done" not in shown.summary:
            yield "a side left out goes unmentioned"
        if shown.verdict == "Good form":
            yield "good form, with a side left out"


def _faults(report: Report) -> Iterator[str]:
    for fault in report.faults:
        having = [number for number, item in _all(report) if any(mark.id == fault.id for mark in item.faults)]
        if fault.reps != having:
            yield f"{fault.id} is said of {fault.reps} and found in {having}"
        if report.kind == "reps" and having and abs(fault.share - len(having) / report.reps.count) > 1e-3:
            yield f"{fault.id} has a share of {fault.share}"


def _timeline(report: Report) -> Iterator[str]:
    if report.source.is_still:
        return
    for check, stretches in report.timeline.checks.items():
        for stretch in stretches:
            inside = [
                item
                for _, item in _all(report)
                if item.start_s - 1e-3 <= stretch.start_s and stretch.end_s <= item.end_s + 1e-3
            ]
            if stretch.what == "fault" and not any(mark.id == check for item in inside for mark in item.faults):
                yield f"the timeline marks {check} at {stretch.start_s}, where the table has none"


def _table(report: Report) -> Iterator[str]:
    for row, (number, item) in zip(present(report).rows, _all(report), strict=True):
        if len(row.findings) != len(item.faults):
            yield f"row {number} leaves out a fault"
        if row.status == "no faults" and (item.faults or item.unknown):
            yield f"row {number} has no faults, beside one or a doubt"
        if row.score_text == "100" and item.faults:
            yield f"row {number} shows 100 with a fault"
        for finding in row.findings:
            value, _, limit = finding.measured.partition(" (limit ")
            mark = next(mark for mark in item.faults if report.check_name(mark.id) == finding.name)
            if value and value == limit.removesuffix(")") and abs((mark.value or 0) - (mark.limit or 0)) > 0.01:
                yield f"row {number}: {finding.measured} is past its limit"
            if "−0°" in finding.measured or "−0 %" in finding.measured:
                yield f"row {number}: minus nought"


def _scores(report: Report) -> Iterator[str]:
    """The fewer the faults, the higher the score; of those with the same ones, what is in doubt costs nothing."""
    scored = [
        (frozenset(mark.id for mark in item.faults), item.score) for _, item in _all(report) if item.score is not None
    ]
    spotless = [score for faults, score in scored if not faults]
    faulty = [score for faults, score in scored if faults]
    if spotless and faulty and min(spotless) < max(faulty):
        yield "one without a fault scores lower than one with a fault"
    if spotless and min(spotless) < 100:
        yield "one without a fault loses points"
    if report.kind == "reps":
        scores: dict[frozenset[str], set[float]] = {}
        for faults, score in scored:
            scores.setdefault(faults, set()).add(round(score, 6))
        if any(len(different) > 1 for different in scores.values()):
            yield "the same faults cost differently in different reps"


def _dose(report: Report) -> Iterator[str]:
    """Whatever is said to be "of" something is said of what was asked for."""
    asked = report.dose.reps if report.kind == "reps" else report.dose.seconds
    shown = [figure.remark for figure in present(report).figures if figure.label in DONE]
    # beside it the measuring error may stand
    remarks = [part for remark in shown for part in remark.split(", ")]
    told = [remark for remark in remarks if remark.startswith("of ")]
    words = f"of {asked}" if report.kind == "reps" else f"of {seconds_text(asked)}" if asked else ""
    if asked and not told:
        yield "what was asked for goes unmentioned"
    if any(remark not in (words, f"{words} per side") for remark in told):
        yield f"{told} is said of {asked}"
