"""The report as people read it: every sentence, row and figure once, for HTML, PDF, Markdown and the terminal to set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath, PureWindowsPath

from posturecam.report import wording
from posturecam.report.summary import never_judged, one_side_only
from posturecam.report.symmetry import SideRow, side_rows
from posturecam.report.types import Fault, HoldItem, RepItem, Report

ACCURACY = (
    "Angles come from one camera and carry an error of about 5 to 7 degrees. A value between “right” and “wrong” is too close "
    "to call: it is never reported as a fault, and costs nothing. Lengths are percentages of the torso, from shoulder to hip."
)
KNOWN_FROM = {"tag": "filmed", "file": "file dated", "given": "filmed"}


@dataclass(frozen=True)
class Figure:
    """A number under the summary: "Reps", "2", "of 8"."""

    label: str
    number: str
    remark: str = ""


@dataclass(frozen=True)
class FaultCard:
    """What to work on: ``where`` it was seen, the ``cue`` to say, the ``advice``."""

    id: str
    name: str
    severity: str
    where: str
    cue: str
    advice: str


@dataclass(frozen=True)
class Finding:
    """One fault of one rep or hold: "−20 % (limit −12 %)", and in ``plain`` words how far that is."""

    name: str
    severity: str
    measured: str
    plain: str


@dataclass(frozen=True)
class ItemRow:
    """One rep or hold. ``role`` is its colour: good, minor, fault or unknown; ``status`` stands where there is no finding."""

    number: int
    side: str | None
    start_s: float
    at: str
    movement: str
    time: str
    score: float | None
    score_text: str
    role: str
    findings: tuple[Finding, ...]
    status: str
    unclear: str

    @property
    def name(self) -> str:
        """Number and side: "3 left"."""
        return f"{self.number} {self.side or ''}".strip()

    @property
    def findings_text(self) -> str:
        """The findings in one line, or what stands in their place."""
        found = "; ".join(f"{one.name} {one.measured}".rstrip() for one in self.findings)
        return found or self.status


@dataclass(frozen=True)
class Line:
    """A line of a list: ``lead`` is set off; ``share`` (0..1) is drawn as a bar where there is one."""

    lead: str
    text: str
    share: float | None = None


@dataclass(frozen=True)
class Presentation:
    """A report in words, ready to be set. Nothing in it is escaped: that is up to whoever sets it."""

    title: str
    about: tuple[str, ...]
    verdict: str
    score: str
    summary: str
    figures: tuple[Figure, ...]
    faults: tuple[FaultCard, ...]
    noun: str
    head: tuple[str, ...]
    rows: tuple[ItemRow, ...]
    movement_note: str
    sides: tuple[SideRow, ...]
    not_counted_title: str
    not_counted: tuple[Line, ...]
    problems: tuple[str, ...]
    doubts: tuple[Line, ...]
    limits: tuple[tuple[str, str, str], ...]
    made: tuple[Line, ...]
    red_flags: tuple[str, ...]
    disclaimer: str


def present(report: Report) -> Presentation:
    """Put a report into words."""
    reps = report.kind == "reps"
    return Presentation(
        title=report.title(),
        about=_about(report),
        verdict=verdict_words(report),
        score="no score" if report.score is None else f"{wording.score_number(report.score)} of 100",
        summary=report.summary,
        figures=(*(_rep_figures(report) if reps else _hold_figures(report)), *_pain_figures(report)),
        faults=tuple(_card(report, fault) for fault in report.faults),
        noun="rep" if reps else "hold",
        head=("Rep", "At", "Range", "There · end · back", "Score", "Findings")
        if reps
        else ("Hold", "At", "Held", "From and to", "Score", "Findings"),
        rows=tuple(_rep_row(report, item) for item in report.reps.items)
        if reps
        else tuple(_hold_row(report, item, number) for number, item in enumerate(report.holds.items, 1)),
        movement_note=_movement_note(report),
        sides=tuple(side_rows(report)),
        not_counted_title=f"{'Movements' if reps else 'Holds'} that were not counted",
        not_counted=tuple(
            Line(", ".join(filter(None, [wording.clock_text(one.start_s), one.side])), one.reason)
            for one in report.reps.attempts
        ),
        problems=tuple(wording.problem_lines(report)),
        doubts=tuple(
            Line(
                item.name or report.check_name(item.id),
                f"{item.reason} ({wording.percent_text(item.share)} of the {'reps' if reps else 'time'})",
                item.share,
            )
            for item in report.unknown
        ),
        limits=tuple(
            (
                check.name,
                "not measurable from one camera" if not check.judged else wording.limit_text(check.ok, check.unit),
                "" if not check.judged else wording.limit_text(check.fault, check.unit),
            )
            for check in report.checks
        ),
        made=tuple(_made(report)),
        red_flags=tuple(report.red_flags),
        disclaimer=report.disclaimer,
    )


def verdict_words(report: Report) -> str:
    """The verdict in a few words, which never promise more than was judged."""
    if report.verdict == "unknown":
        return "Not judged"
    if report.verdict == "faults":
        return "Some things to work on"
    if any(item.faults for item in report.judged_items):
        return "Mostly good form"
    if never_judged(report.unknown):
        return "Good, as far as could be judged"
    if one_side_only(*_sides(report)):
        return "Good form, on one side"
    return "Good form"


def role_of(item: RepItem | HoldItem) -> str:
    """The colour role of a rep or hold: good, minor, fault, or unknown when it could not be judged."""
    if item.good is None:
        return "unknown"
    return "fault" if not item.good else "minor" if item.faults else "good"


def basename(path: str) -> str:
    """The file's name without its folders, whichever system wrote the path."""
    windows = "\\" in path and not path.startswith("/")
    return (PureWindowsPath(path) if windows else PurePath(path)).name or path


def day_text(created: str) -> str:
    """A moment as people write it; the text itself when it is not a date."""
    try:
        moment = datetime.fromisoformat(created)
    except ValueError:
        return created
    day = f"{moment.day} {moment:%B %Y}"
    return day if "T" not in created and " " not in created else f"{day}, {moment:%H:%M}"


def terminal_lines(report: Report) -> list[str]:
    """The summary for a terminal."""
    shown = present(report)
    lines = [
        f"{shown.title}, {basename(report.source.path)}: {'score ' if report.score is not None else ''}{shown.score}"
    ]
    lines.append(f"  {shown.verdict}. {shown.summary}")
    lines += [f"  {one.label} {one.number} {one.remark}" for one in _pain_figures(report)]
    lines += [f"  {card.name}{': ' if card.where else ''}{card.where.lower()}" for card in shown.faults]
    lines += [f"  Not counted at {line.lead}: {line.text}" for line in shown.not_counted]
    lines += [f"  Note: {problem}" for problem in shown.problems]
    return lines


def _about(report: Report) -> tuple[str, ...]:
    when = day_text(report.done_at)
    if report.recorded:
        when = f"{KNOWN_FROM[report.recorded.known_from]} {when}"
    parts = [report.person_name or "", when, basename(report.source.path)]
    if report.source.duration_s and not report.source.is_still:
        parts.append(wording.seconds_text(report.source.duration_s))
    if report.variant_found:
        parts.append(f"variant recognised ({wording.percent_text(report.variant_found.confidence)} sure)")
    if report.interrupted:
        parts.append("ended early")
    return tuple(filter(None, parts))


def _sides(report: Report) -> tuple[float, float]:
    if report.kind == "reps":
        return float(report.reps.left or 0), float(report.reps.right or 0)
    return report.holds.left_s or 0.0, report.holds.right_s or 0.0


def _unit(report: Report, item: RepItem) -> str:
    summary = report.measures.get(item.range.measure)
    return summary.unit if summary else "degrees"


def _rep_figures(report: Report) -> list[Figure]:
    items, wanted = report.reps.items, report.dose.reps
    of = f"of {wanted}" if wanted else ""
    if report.reps.left is not None:
        figures = [
            Figure("Left and right", f"{report.reps.left} / {report.reps.right}", f"{of} per side" if of else "")
        ]
    else:
        figures = [Figure("Reps", str(report.reps.count), of)]
    if items:
        judged = sum(item.good is not None for item in items)
        if judged:
            figures.append(Figure("Good reps", str(report.reps.good), f"of {report.reps.count}"))
        mean = sum(abs(item.range.to - item.range.start) for item in items) / len(items)
        figures.append(
            Figure("Range of motion", wording.value_text(mean, _unit(report, items[0]), short=True), _mean(len(items)))
        )
        timed = [item.seconds for item in items if item.seconds is not None]
        if timed:
            figures.append(Figure("Tempo", f"{sum(timed) / len(timed):.1f} s", _mean(len(timed))))
    return [*figures, _judged(report)]


def _mean(number: int) -> str:
    return "mean per rep" if number > 1 else ""


def _hold_figures(report: Report) -> list[Figure]:
    of = f"of {wording.seconds_text(report.dose.seconds)}" if report.dose.seconds else ""
    several, sides = len(report.holds.items) > 1, report.holds.left_s is not None and report.holds.right_s is not None
    figures = [Figure("Held", wording.seconds_text(report.holds.total_s), "" if several or sides else of)]
    if several:
        figures.append(Figure("Longest hold", wording.seconds_text(report.holds.longest_s), "" if sides else of))
    if sides:
        left, right = report.holds.left_s or 0.0, report.holds.right_s or 0.0
        figures.append(Figure("Left and right", f"{left:.0f} / {right:.0f} s", f"{of} per side" if of else ""))
    return [*figures, _judged(report)]


def _judged(report: Report) -> Figure:
    return Figure("Could be judged", wording.percent_text(report.tracking.judged), "of the recording")


def _pain_figures(report: Report) -> list[Figure]:
    pain = report.pain
    if pain is None or not pain.told:
        return []
    both = pain.before is not None and pain.after is not None
    number = " → ".join(str(score) for score in (pain.before, pain.after) if score is not None)
    when = "before and after" if both else "before" if pain.before is not None else "after"
    return [Figure("Pain", number, f"{when}, of 10")]


def _card(report: Report, fault: Fault) -> FaultCard:
    if report.kind == "reps" and fault.reps:
        where = f"In {wording.reps_text(fault.reps)}: {wording.percent_text(fault.share)} of the reps"
    elif fault.seconds:
        where = f"For {wording.seconds_text(fault.seconds)}: {wording.percent_text(fault.share)} of the held time"
    else:
        where = "In this picture"
    return FaultCard(fault.id, fault.name, fault.severity, where, fault.cue, fault.advice)


def _findings(report: Report, item: RepItem | HoldItem) -> tuple[Finding, ...]:
    severity = {check.id: str(check.severity) for check in report.checks}
    return tuple(
        Finding(words.name, severity.get(mark.id, "major"), words.measured, words.plain)
        for mark in item.faults
        for words in (wording.fault_words(report, mark),)
    )


def _status(item: RepItem | HoldItem) -> str:
    if item.faults:
        return ""
    if item.good is None:
        return "could not be judged"
    return "no faults in what could be judged" if item.unknown else "no faults"


def _unclear(report: Report, item: RepItem | HoldItem) -> str:
    """The checks that could not be judged here, by what kept them."""
    by_reason: dict[str, list[str]] = {}
    for mark in item.unknown:
        by_reason.setdefault(mark.reason, []).append(report.check_name(mark.id).lower())
    return "; ".join(f"{wording.listed(names)}: {reason}" for reason, names in by_reason.items())


def _rep_row(report: Report, item: RepItem) -> ItemRow:
    unit = _unit(report, item)
    ends = (wording.value_text(value, unit, short=True) for value in (item.range.start, item.range.to))
    return _row(report, item, item.index, " → ".join(ends), wording.tempo_text(item))


def _hold_row(report: Report, item: HoldItem, number: int) -> ItemRow:
    span = f"{wording.clock_text(item.start_s)} to {wording.clock_text(item.end_s)}"
    return _row(report, item, number, wording.seconds_text(item.duration_s), span)


def _row(report: Report, item: RepItem | HoldItem, number: int, movement: str, time: str) -> ItemRow:
    return ItemRow(
        number=number,
        side=item.side,
        start_s=item.start_s,
        at=wording.clock_text(item.start_s),
        movement=movement,
        time=time,
        score=item.score,
        score_text=wording.score_number(item.score),
        role=role_of(item),
        findings=_findings(report, item),
        status=_status(item),
        unclear=_unclear(report, item),
    )


def _movement_note(report: Report) -> str:
    if report.kind != "reps" or not report.reps.items:
        return ""
    measure = report.reps.items[0].range.measure
    summary = report.measures.get(measure)
    name = summary.label if summary and summary.label else measure.replace("_", " ")
    timed = any(item.seconds is not None for item in report.reps.items)
    below = "; below it the seconds there, at the end position, and back" if timed else ""
    return f"Movement: {name.lower()} from rest to the end position{below}."


def _made(report: Report) -> Sequence[Line]:
    made, source = report.provenance, report.source
    lines = [
        Line("Program", f"{made.program}, Python {made.python}"),
        Line("Packages", ", ".join(f"{name} {version}" for name, version in made.packages.items())),
        Line("Pose model", f"{made.model or ''} {(made.model_digest or '')[:16]}".strip()),
        Line(
            "Exercise",
            " ".join(filter(None, [report.exercise, report.variant or "", (made.spec_digest or "")[:16]])),
        ),
        Line(
            "Recording",
            f"{basename(source.path)}, {source.width} × {source.height}, {wording.counted(source.frames, 'frame')}",
        ),
        Line(
            "Camera",
            f"{report.tracking.view} view; somebody was seen in {wording.percent_text(report.tracking.person)} of the frames, "
            f"judged in {wording.percent_text(report.tracking.judged)}",
        ),
        Line("Report", f"made {day_text(report.created)}"),
    ]
    return [line for line in lines if line.text]
