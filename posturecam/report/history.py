"""Progress over sessions: one line of numbers a session, and in plain words what has changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from posturecam.language import gettext, msgid
from posturecam.report.adherence import DoseDone, dose_done
from posturecam.report.anonymise import nameless_path
from posturecam.report.change import change, range_sem
from posturecam.report.presentation import basename
from posturecam.report.types import Person, Report
from posturecam.report.wording import score_number, seconds_text, side_word, value_text
from posturecam.spec.units import MINUS, sem_of


@dataclass(frozen=True)
class Entry:
    """One session in the history.

    ``reps``, ``good`` and ``range_of_motion`` (mean per rep, in ``unit``) are None for holds, ``held_s`` and ``longest_s`` for
    reps. ``side_difference`` is left minus right: range of motion in ``unit``, or held seconds; None without two sides.
    ``faults`` maps the names of what was to be worked on to their shares (0..1), the gravest first. ``basis`` tells what the
    numbers rest on: sessions of another basis (limits, pose model, program) compare less well. ``created`` is when the exercise
    was done: when it was filmed, where that is known. ``recording`` is the same for two analyses of one recording (None for a
    live session), ``analysed`` when the report was made. ``recovered``: the program died in this session, which may have gone on.
    ``person_id`` is the person's id in the store, None for a name that was only written down. ``range_sem`` is the standard error
    of measurement of the range (None: that of its unit). ``dose`` is what was done of what was asked, ``days_a_week`` how often
    it was asked. ``pain_before`` and ``pain_after`` are 0 to 10 and None where it was not told; ``sitting`` is when it was asked.
    ``duration_s`` is how long was judged, ``program`` what judged it.
    """

    session: str
    created: datetime
    exercise: str
    variant: str | None
    title: str
    person: str | None
    score: float | None
    reps: int | None = None
    good: int | None = None
    range_of_motion: float | None = None
    unit: str = "degrees"
    held_s: float | None = None
    longest_s: float | None = None
    side_difference: float | None = None
    side_unit: str = "degrees"
    faults: dict[str, float] = field(default_factory=dict)
    verdict: str = "unknown"
    basis: tuple[str, ...] = ()
    recording: tuple[object, ...] | None = None
    analysed: str = ""
    recovered: bool = False
    person_id: str | None = None
    range_sem: float | None = None
    dose: DoseDone | None = None
    days_a_week: int | None = None
    pain_before: int | None = None
    pain_after: int | None = None
    sitting: str | None = None
    duration_s: float | None = None
    height_cm: float | None = None
    program: str = "posturecam"

    @property
    def range_error(self) -> float:
        """Standard error of measurement of the range of motion, in ``unit``."""
        return self.range_sem if self.range_sem is not None else sem_of(self.unit)

    @property
    def whose(self) -> str | None:
        """What tells people apart: the id, or else the name."""
        return self.person_id or (self.person.casefold() if self.person else None)

    @property
    def main_fault(self) -> str | None:
        """The fault seen most often in this session."""
        return max(self.faults, key=lambda name: self.faults[name], default=None)


@dataclass(frozen=True)
class Course:
    """One person's sessions of one exercise in one variant, oldest first."""

    exercise: str
    variant: str | None
    title: str
    entries: tuple[Entry, ...]

    @property
    def kind(self) -> str:
        """What is counted: ``reps`` or ``hold``."""
        return "reps" if self.entries[-1].reps is not None else "hold"

    @property
    def unit(self) -> str:
        """Unit of the range of motion."""
        return self.entries[-1].unit

    def fault_counts(self) -> list[tuple[str, int]]:
        """In how many sessions each fault had to be worked on, the most frequent first."""
        return Counter(name for entry in self.entries for name in entry.faults).most_common()

    def changes_of_basis(self) -> list[tuple[Entry, list[str]]]:
        """Sessions that rest on something else than the one before, and what that is."""
        found = []
        for before, after in zip(self.entries, self.entries[1:], strict=False):
            names = (msgid("pose model"), msgid("limits"))
            changed = [name for name, old, new in zip(names, before.basis, after.basis, strict=False) if old != new]
            if changed:
                found.append((after, changed))
        return found


def entry_of(session: str, created: datetime, report: Report) -> Entry:
    """One session's line. ``session`` is its id in the store, ``created`` when its report was made."""
    entry = Entry(
        session=session,
        created=_done_at(report, created),
        recording=_recording(report),
        analysed=created.isoformat(),
        exercise=report.exercise,
        variant=report.variant,
        title=report.title(),
        person=report.person_name,
        person_id=report.person.id if isinstance(report.person, Person) else None,
        score=report.score,
        faults={fault.name: fault.share for fault in report.faults},
        verdict=report.verdict,
        recovered=report.recovered,
        duration_s=report.source.duration_s,
        height_cm=report.height_cm,
        program=report.provenance.program,
        dose=dose_done(report),
        days_a_week=report.dose.days_a_week,
        pain_before=report.pain.before if report.pain else None,
        pain_after=report.pain.after if report.pain else None,
        sitting=report.pain.sitting if report.pain else None,
        basis=(report.provenance.model or report.source.model or "", _limits(report)),
    )
    if report.kind == "hold":
        left, right = report.holds.left_s, report.holds.right_s
        both = left is not None and right is not None and left + right > 0
        return replace(
            entry,
            held_s=report.holds.total_s,
            longest_s=report.holds.longest_s,
            side_difference=left - right if both and left is not None and right is not None else None,
            side_unit="seconds",
        )
    summary = report.measures.get(report.reps.items[0].range.measure) if report.reps.items else None
    unit = summary.unit if summary else "degrees"
    return replace(
        entry,
        reps=report.reps.count,
        good=report.reps.good,
        range_of_motion=_mean_range(report),
        range_sem=range_sem(report),
        unit=unit,
        side_difference=_side_difference(report),
        side_unit=unit,
    )


def courses(entries: Iterable[Entry]) -> list[Course]:
    """The entries by person, exercise and variant; what was done last comes first.

    The title bears the person's name where others did the same exercise.
    """
    groups: dict[tuple[str, str | None, str | None], list[Entry]] = {}
    for entry in each_recording_once(entries):
        groups.setdefault((entry.exercise, entry.variant, entry.whose), []).append(entry)
    shared = Counter((exercise, variant) for exercise, variant, _ in groups)
    result = []
    for (exercise, variant, _), group in groups.items():
        group.sort(key=lambda entry: (entry.created, entry.session))
        last = group[-1]
        several = shared[exercise, variant] > 1
        title = f"{last.title}, {last.person or gettext('nobody named')}" if several else last.title
        result.append(Course(exercise, variant, title, tuple(group)))
    return sorted(result, key=lambda course: course.entries[-1].created, reverse=True)


def each_recording_once(entries: Iterable[Entry]) -> list[Entry]:
    """The entries with only the last analysis of each recording, of whoever it is: analysing it again is not progress."""
    last: dict[object, Entry] = {}
    for entry in sorted(entries, key=lambda entry: (entry.analysed, entry.session)):
        key = (entry.exercise, entry.variant, entry.whose, entry.recording) if entry.recording else entry.session
        last[key] = entry
    return list(last.values())


def _done_at(report: Report, created: datetime) -> datetime:
    """When it was filmed, in the same kind of time as ``created``, so that the two can be put in order."""
    if report.recorded is None:
        return created
    try:
        filmed = datetime.fromisoformat(report.recorded.at)
    except ValueError:
        return created
    return filmed if filmed.tzinfo else filmed.replace(tzinfo=created.tzinfo)


def _recording(report: Report) -> tuple[object, ...] | None:
    """What tells a recording from others, even after its name was left out; None for a live session."""
    source = report.source
    if source.path.startswith("camera ") or report.provenance.command == "live" or not source.frames:
        return None
    if source.fingerprint:
        return (source.fingerprint,)
    filmed = report.recorded.at if report.recorded and report.recorded.known_from != "file" else None
    # without a name and a date, two recordings of one length cannot be told apart: both are kept
    if filmed is None and source.path == nameless_path(source.path):
        return None
    return basename(source.path), filmed, source.frames, source.duration_s, source.width, source.height


def difference_text(entry: Entry) -> str:
    """The left-right difference as people read it: "left +8°", "even"; empty without two sides."""
    difference = entry.side_difference
    if difference is None:
        return ""
    sem = sem_of("seconds") if entry.side_unit == "seconds" else entry.range_error
    if not change(0.0, difference, sem).real:
        return gettext("even")
    side = side_word("left" if difference > 0 else "right")
    return f"{side} +{value_text(abs(difference), entry.side_unit, short=True)}"


def number_text(value: float, unit: str) -> str:
    """A value of any unit, "score" included."""
    if unit == "score":
        return score_number(value)
    if unit == "pain":
        return f"{value:.0f}"
    return seconds_text(value) if unit == "seconds" else value_text(value, unit, short=True)


def change_text(difference: float, unit: str) -> str:
    """A signed difference with its unit; what is nothing once it is rounded has no direction."""
    size = number_text(abs(difference), unit)
    sign = "±" if size == number_text(0.0, unit) else "+" if difference > 0 else MINUS
    return f"{sign}{size}"


def _mean_range(report: Report, side: str | None = None) -> float | None:
    spans = [abs(item.range.to - item.range.start) for item in report.reps.items if side is None or item.side == side]
    return sum(spans) / len(spans) if spans else None


def _side_difference(report: Report) -> float | None:
    left, right = _mean_range(report, "left"), _mean_range(report, "right")
    return left - right if left is not None and right is not None else None


def _limits(report: Report) -> str:
    return "|".join(f"{check.id} {check.ok} {check.fault}" for check in report.checks)


def newest_first(entries: Sequence[Entry]) -> list[Entry]:
    """For tables: what was done last stands first."""
    return sorted(entries, key=lambda entry: (entry.created, entry.session), reverse=True)
