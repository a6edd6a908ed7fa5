"""The report as people read it: every sentence, row and figure once, for HTML, PDF, Markdown and the terminal to set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath, PureWindowsPath

from posturecam.judging import doubts
from posturecam.judging.verdicts import TOO_CLOSE
from posturecam.language import gettext, inside, msgid, ngettext, pgettext, retold
from posturecam.model import View
from posturecam.report import wording
from posturecam.report.dates import day_text
from posturecam.report.figures import Figure, figures, pain_figures, unit_of
from posturecam.report.summary import never_judged, one_side_only, summary_text
from posturecam.report.symmetry import SideRow, side_rows
from posturecam.report.types import Fault, HoldItem, Kind, RepItem, Report, Unknown

ACCURACY = msgid(
    "Angles come from one camera and carry an error of about 5 to 7 degrees; ± beside a figure is its own error: 95 of 100 "
    "values lie within it. A value between “right” and “wrong” is too close to call: it is never reported as a fault, and "
    "costs nothing. Lengths are percentages of the torso, from shoulder to hip."
)


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
    """One rep or hold; ``side`` in words, empty for none.

    ``role`` is its colour: good, minor, fault or unknown; ``status`` stands where there is none.
    """

    number: int
    side: str
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
        return f"{self.number} {self.side}".strip()

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
    kind: Kind
    rows_title: str
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
        score=score_words(report),
        summary=summary_text(report),
        figures=figures(report),
        faults=tuple(_card(report, fault) for fault in report.faults),
        kind=report.kind,
        rows_title=gettext("Every rep") if reps else gettext("Every hold"),
        head=_head(reps=reps),
        rows=tuple(_rep_row(report, item) for item in report.reps.items)
        if reps
        else tuple(_hold_row(report, item, number) for number, item in enumerate(report.holds.items, 1)),
        movement_note=_movement_note(report),
        sides=tuple(side_rows(report)),
        not_counted_title=gettext("Movements that were not counted")
        if reps
        else gettext("Holds that were not counted"),
        not_counted=tuple(
            Line(
                ", ".join(filter(None, [wording.clock_text(one.start_s), wording.side_word(one.side)])),
                retold(one.reason),
            )
            for one in report.reps.attempts
        ),
        problems=tuple(wording.problem_lines(report)),
        doubts=tuple(
            Line(gettext(item.name) if item.name else report.check_name(item.id), _doubt_text(report, item), item.share)
            for item in report.unknown
        ),
        limits=tuple(
            (
                gettext(check.name),
                gettext("not measurable from one camera")
                if not check.judged
                else wording.limit_text(check.ok, check.unit),
                "" if not check.judged else wording.limit_text(check.fault, check.unit),
            )
            for check in report.checks
        ),
        made=tuple(_made(report)),
        red_flags=tuple(gettext(flag) for flag in report.red_flags),
        disclaimer=gettext(report.disclaimer),
    )


def score_words(report: Report) -> str:
    """The score: "86 of 100", or that there is none."""
    if report.score is None:
        return gettext("no score")
    return gettext("{score} of 100", score=wording.score_number(report.score))


def _head(*, reps: bool) -> tuple[str, ...]:
    """What stands over the table's columns."""
    if reps:
        own = gettext("Rep"), gettext("At"), gettext("Range"), gettext("There · end · back")
    else:
        own = pgettext("noun", "Hold"), gettext("At"), gettext("Held"), gettext("From and to")
    return (*own, gettext("Score"), gettext("Findings"))


def severity_word(severity: str) -> str:
    """How grave a fault is."""
    return gettext("major") if severity == "major" else gettext("minor")


def limits_head() -> tuple[str, str, str]:
    """What stands over the table of limits."""
    return gettext("Check"), pgettext("form", "Right"), pgettext("form", "Wrong")


def verdict_words(report: Report) -> str:
    """The verdict in a few words, which never promise more than was judged."""
    if report.verdict == "unknown":
        return gettext("Not judged")
    if report.verdict == "faults":
        return gettext("Some things to work on")
    if any(item.faults for item in report.judged_items):
        return gettext("Mostly good form")
    if never_judged(report.unknown):
        return gettext("Good, as far as could be judged")
    if one_side_only(*_sides(report)):
        return gettext("Good form, on one side")
    return gettext("Good form")


def role_of(item: RepItem | HoldItem) -> str:
    """The colour role of a rep or hold: good, minor, fault, or unknown when it could not be judged."""
    if item.good is None:
        return "unknown"
    return "fault" if not item.good else "minor" if item.faults else "good"


def basename(path: str) -> str:
    """The file's name without its folders, whichever system wrote the path."""
    windows = "\\" in path and not path.startswith("/")
    return (PureWindowsPath(path) if windows else PurePath(path)).name or path


def terminal_lines(report: Report) -> list[str]:
    """The summary for a terminal."""
    shown = present(report)
    lines = [f"{shown.title}, {basename(report.source.path)}: {_named_score(report)}"]
    lines.append(f"  {shown.verdict}. {shown.summary}")
    lines += [f"  {one.label} {one.number} {one.remark}" for one in pain_figures(report)]
    lines += [f"  {card.name}{': ' if card.where else ''}{inside(card.where)}" for card in shown.faults]
    lines += [
        "  " + gettext("Not counted at {moment}: {reason}", moment=line.lead, reason=line.text)
        for line in shown.not_counted
    ]
    lines += ["  " + gettext("Note: {problem}", problem=problem) for problem in shown.problems]
    return lines


def _named_score(report: Report) -> str:
    if report.score is None:
        return score_words(report)
    return gettext("score {score}", score=score_words(report))


def _about(report: Report) -> tuple[str, ...]:
    when = day_text(report.done_at)
    if report.recorded:
        when = (
            gettext("file dated {when}", when=when)
            if report.recorded.known_from == "file"
            else gettext("filmed {when}", when=when)
        )
    parts = [report.person_name or "", when, basename(report.source.path)]
    if report.source.duration_s and not report.source.is_still:
        parts.append(wording.seconds_text(report.source.duration_s))
    if report.variant_found:
        sure = wording.percent_text(report.variant_found.confidence)
        parts.append(gettext("variant recognised ({share} sure)", share=sure))
    if report.interrupted:
        parts.append(gettext("ended early"))
    return tuple(filter(None, parts))


def _sides(report: Report) -> tuple[float, float]:
    if report.kind == "reps":
        return float(report.reps.left or 0), float(report.reps.right or 0)
    return report.holds.left_s or 0.0, report.holds.right_s or 0.0


def _card(report: Report, fault: Fault) -> FaultCard:
    if report.kind == "reps" and fault.reps:
        reps, share = wording.reps_text(fault.reps), wording.percent_text(fault.share)
        where = gettext("In {reps}: {share} of the reps", reps=reps, share=share)
    elif fault.seconds:
        seconds, share = wording.seconds_text(fault.seconds), wording.percent_text(fault.share)
        where = gettext("For {time}: {share} of the held time", time=seconds, share=share)
    else:
        where = gettext("In this picture")
    words = (gettext(text) for text in (fault.cue, fault.advice))
    return FaultCard(fault.id, gettext(fault.name), fault.severity, where, *words)


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
        return gettext("could not be judged")
    return gettext("no faults in what could be judged") if item.unknown else gettext("no faults")


def _unclear(report: Report, item: RepItem | HoldItem) -> str:
    """The checks that could not be judged here, by what kept them."""
    by_reason: dict[str, list[str]] = {}
    for mark in item.unknown:
        by_reason.setdefault(retold(mark.reason), []).append(inside(report.check_name(mark.id)))
    return "; ".join(f"{wording.listed(names)}: {reason}" for reason, names in by_reason.items())


def _rep_row(report: Report, item: RepItem) -> ItemRow:
    unit = unit_of(report, item)
    ends = (wording.value_text(value, unit, short=True) for value in (item.range.start, item.range.to))
    return _row(report, item, item.index, " → ".join(ends), wording.tempo_text(item))


def _hold_row(report: Report, item: HoldItem, number: int) -> ItemRow:
    span = wording.span_text(wording.clock_text(item.start_s), wording.clock_text(item.end_s))
    return _row(report, item, number, wording.seconds_text(item.duration_s), span)


def _row(report: Report, item: RepItem | HoldItem, number: int, movement: str, time: str) -> ItemRow:
    return ItemRow(
        number=number,
        side=wording.side_word(item.side),
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


def _doubt_text(report: Report, item: Unknown) -> str:
    """What was not seen of a check, how much of it and why, and what to do about it."""
    share = wording.percent_text(item.share)
    if report.kind == "reps":
        how_much = gettext("{share} of the reps", share=share)
    else:
        how_much = gettext("{share} of the time", share=share)
    reason = retold(item.reason)
    if item.reason == TOO_CLOSE:
        return f"{reason} ({how_much})"
    info = next((info for info in report.checks if info.id == item.id), None)
    unseen = doubts.could_not_see(info.whether if info else "", item.name or report.check_name(item.id))
    return f"{unseen} ({reason}, {how_much}). {doubts.remedy(item.reason)}".rstrip()


def _movement_note(report: Report) -> str:
    if report.kind != "reps" or not report.reps.items:
        return ""
    measure = report.reps.items[0].range.measure
    summary = report.measures.get(measure)
    name = inside(gettext(summary.label) if summary and summary.label else measure.replace("_", " "))
    if any(item.seconds is not None for item in report.reps.items):
        return gettext(
            "Movement: {name} from rest to the end position; below it the seconds there, at the end position, and back.",
            name=name,
        )
    return gettext("Movement: {name} from rest to the end position.", name=name)


def _made(report: Report) -> Sequence[Line]:
    made, source = report.provenance, report.source
    lines = [
        Line(gettext("Program"), f"{made.program}, Python {made.python}"),
        Line(gettext("Packages"), ", ".join(f"{name} {version}" for name, version in made.packages.items())),
        Line(gettext("Pose model"), f"{made.model or ''} {(made.model_digest or '')[:16]}".strip()),
        Line(
            gettext("Exercise"),
            " ".join(filter(None, [report.exercise, report.variant or "", (made.spec_digest or "")[:16]])),
        ),
        Line(
            gettext("Recording"),
            f"{basename(source.path)}, {source.width} × {source.height}, "
            + ngettext("{number} frame", "{number} frames", source.frames),
        ),
        Line(
            gettext("Camera"),
            gettext(
                "{view}; somebody was seen in {seen} of the frames, judged in {judged}",
                view=view_words(report.tracking.view),
                seen=wording.percent_text(report.tracking.person),
                judged=wording.percent_text(report.tracking.judged),
            ),
        ),
        Line(gettext("Report"), gettext("made {when}", when=day_text(report.created))),
    ]
    return [line for line in lines if line.text]


def view_words(view: View) -> str:
    """From where the camera looked."""
    words: dict[View, str] = {
        "side": gettext("side view"),
        "front": gettext("front view"),
        "oblique": gettext("oblique view"),
        "back": gettext("back view"),
        "unknown": gettext("unknown view"),
    }
    return words[view]
