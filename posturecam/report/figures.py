"""The numbers under a report's summary."""

from __future__ import annotations

from dataclasses import dataclass

from posturecam.language import decimals, gettext
from posturecam.report import wording
from posturecam.report.change import error_of, range_sem
from posturecam.report.types import RepItem, Report
from posturecam.spec.units import sem_of


@dataclass(frozen=True)
class Figure:
    """A number under the summary: "Reps", "2", "of 8"."""

    label: str
    number: str
    remark: str = ""


def figures(report: Report) -> tuple[Figure, ...]:
    """How much was done, how good it was, and how much of it could be judged."""
    done = _rep_figures(report) if report.kind == "reps" else _hold_figures(report)
    return (*done, *pain_figures(report))


def pain_figures(report: Report) -> list[Figure]:
    """The pain before and after; none where nothing was told of it."""
    pain = report.pain
    if pain is None or not pain.told:
        return []
    number = " → ".join(str(score) for score in (pain.before, pain.after) if score is not None)
    if pain.before is not None and pain.after is not None:
        return [Figure(gettext("Pain"), number, gettext("before and after, of 10"))]
    when = gettext("before, of 10") if pain.before is not None else gettext("after, of 10")
    return [Figure(gettext("Pain"), number, when)]


def unit_of(report: Report, item: RepItem) -> str:
    """Unit of a rep's range of motion."""
    summary = report.measures.get(item.range.measure)
    return summary.unit if summary else "degrees"


def _rep_figures(report: Report) -> list[Figure]:
    items, wanted = report.reps.items, report.dose.reps
    if report.reps.left is not None:
        of = gettext("of {number} per side", number=wanted) if wanted else ""
        figures = [Figure(gettext("Left and right"), f"{report.reps.left} / {report.reps.right}", of)]
    else:
        of = gettext("of {number}", number=wanted) if wanted else ""
        figures = [Figure(gettext("Reps"), str(report.reps.count), of)]
    if items:
        judged = sum(item.good is not None for item in items)
        if judged:
            of_all = gettext("of {number}", number=report.reps.count)
            figures.append(Figure(gettext("Good reps"), str(report.reps.good), of_all))
        mean = sum(abs(item.range.to - item.range.start) for item in items) / len(items)
        unit = unit_of(report, items[0])
        span, error = wording.value_text(mean, unit, short=True), plus_minus(range_sem(report), unit)
        remark = ", ".join(filter(None, (error, _mean(len(items)))))
        figures.append(Figure(gettext("Range of motion"), span, remark))
        timed = [item.seconds for item in items if item.seconds is not None]
        if timed:
            seconds = decimals(f"{sum(timed) / len(timed):.1f} s")
            figures.append(Figure(gettext("Tempo"), seconds, _mean(len(timed))))
    return [*figures, _judged(report)]


def plus_minus(sem: float, unit: str) -> str:
    """The measuring error of a value with this standard error of measurement, as it stands beside it."""
    return f"± {wording.value_text(error_of(sem), unit, short=True)}"


def _mean(number: int) -> str:
    return gettext("mean per rep") if number > 1 else ""


def _hold_figures(report: Report) -> list[Figure]:
    of = gettext("of {number}", number=wording.seconds_text(report.dose.seconds)) if report.dose.seconds else ""
    several, sides = len(report.holds.items) > 1, report.holds.left_s is not None and report.holds.right_s is not None
    error = plus_minus(sem_of("seconds"), "seconds") if report.holds.items else ""
    longest = ", ".join(filter(None, (error, "" if sides else of)))
    held = of if not report.holds.items else "" if several or sides else longest
    figures = [Figure(gettext("Held"), wording.seconds_text(report.holds.total_s), held)]
    if several:
        figures.append(Figure(gettext("Longest hold"), wording.seconds_text(report.holds.longest_s), longest))
    if sides:
        left, right = report.holds.left_s or 0.0, report.holds.right_s or 0.0
        per_side = gettext("{of} per side", of=of) if of else ""
        figures.append(Figure(gettext("Left and right"), f"{left:.0f} / {right:.0f} s", per_side))
    return [*figures, _judged(report)]


def _judged(report: Report) -> Figure:
    return Figure(gettext("In position"), wording.percent_text(report.tracking.judged), gettext("of the recording"))
