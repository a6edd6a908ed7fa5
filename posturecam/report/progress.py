"""What has become of somebody over their sessions, in plain sentences in the language spoken here."""

from __future__ import annotations

from posturecam.language import gettext, ngettext
from posturecam.report.adherence import Adherence, adherence
from posturecam.report.change import Change, change, change_in
from posturecam.report.history import Course, number_text
from posturecam.report.summary import NOTHING
from posturecam.report.wording import percent_text, sessions_counted


def progress_sentence(course: Course) -> str:
    """Two or three plain sentences: how it has gone, and what keeps coming up. Changes within the measuring error are none."""
    judged = [entry for entry in course.entries if entry.score is not None]
    sentences = []
    if len(judged) < 2:
        sessions = sessions_counted(len(course.entries))
        sentences.append(gettext("{sessions} so far; progress shows from two judged sessions on.", sessions=sessions))
    else:
        first, last = judged[0], judged[-1]
        sentences.append(_score_change(len(judged), first.score, last.score))
        ranges = first.range_of_motion, last.range_of_motion
        moved = change(*ranges, first.range_error, last.range_error)
        sentences.append(_range_change(*ranges, course.unit, moved))
        sentences.append(_hold_change(first.longest_s, last.longest_s))
    sentences.append(_pain_sentence(course))
    return " ".join(filter(None, [*sentences, _fault_sentence(course)]))


def _score_change(sessions: int, before: float | None, after: float | None) -> str:
    if before is None or after is None:
        return ""
    found = change_in(before, after, "score")
    values = {"sessions": sessions, "old": number_text(before, "score"), "new": number_text(after, "score")}
    if found.kind == "up":
        return gettext("Score over {sessions} sessions up from {old} to {new}.", **values)
    if found.kind == "down":
        return gettext("Score over {sessions} sessions down from {old} to {new}.", **values)
    return gettext("Score over {sessions} sessions unchanged within the measuring error ({old} to {new}).", **values)


def _range_change(before: float | None, after: float | None, unit: str, found: Change) -> str:
    if before is None or after is None:
        return ""
    old, new = number_text(before, unit), number_text(after, unit)
    if found.kind == "up":
        return gettext("Range of motion up from {old} to {new}.", old=old, new=new)
    if found.kind == "down":
        return gettext("Range of motion down from {old} to {new}.", old=old, new=new)
    return gettext("Range of motion unchanged within the measuring error ({old} to {new}).", old=old, new=new)


def _hold_change(before: float | None, after: float | None) -> str:
    if before is None or after is None:
        return ""
    found = change_in(before, after, "seconds")
    old, new = number_text(before, "seconds"), number_text(after, "seconds")
    if found.kind == "up":
        return gettext("Longest hold up from {old} to {new}.", old=old, new=new)
    if found.kind == "down":
        return gettext("Longest hold down from {old} to {new}.", old=old, new=new)
    return gettext("Longest hold unchanged within the measuring error ({old} to {new}).", old=old, new=new)


def _pain_sentence(course: Course) -> str:
    """What has become of the pain before the exercise since it was first told."""
    told = [entry.pain_before for entry in course.entries if entry.pain_before is not None]
    if len(told) < 2:
        return ""
    found, old, new = change_in(told[0], told[-1], "pain"), told[0], told[-1]
    if found.kind == "up":
        return gettext("Pain before it up from {old} to {new} of 10.", old=old, new=new)
    if found.kind == "down":
        return gettext("Pain before it down from {old} to {new} of 10.", old=old, new=new)
    return gettext("Pain before it unchanged within its error ({old} to {new} of 10).", old=old, new=new)


def _fault_sentence(course: Course) -> str:
    counts = course.fault_counts()
    if not counts:
        return gettext(NOTHING) if any(e.verdict == "ok" for e in course.entries) else ""
    name, count = counts[0]
    last = course.entries[-1]
    if count == 1 and len(course.entries) > 1 and name not in last.faults:
        return ""
    fault, sessions = gettext(name), sessions_counted(len(course.entries))
    if name in last.faults:
        return gettext(
            "Most frequent fault: {fault} (in {count} of {sessions}).", fault=fault, count=count, sessions=sessions
        )
    return gettext(
        "Most frequent fault: {fault} (in {count} of {sessions}, not in the last one).",
        fault=fault,
        count=count,
        sessions=sessions,
    )


def adherence_sentence(course: Course) -> str:
    """How the dose was kept to, in a sentence; empty where no dose is known."""
    kept = adherence(course.entries)
    if kept is None or kept.dose is None:
        return ""
    dose = percent_text(kept.dose)
    if kept.asked is not None and kept.share is not None:
        return gettext(
            "Adherence {share}: done on {days} of the {asked} asked in {weeks}, with {dose} of the dose on average.",
            share=percent_text(kept.share),
            days=kept.kept_days,
            asked=_days(kept.asked),
            weeks=_weeks(kept),
            dose=dose,
        )
    if len(kept.weeks) < 2 and kept.days == 1:
        return gettext("Done: {dose} of the dose.", dose=dose)
    if len(kept.weeks) < 2:
        return gettext("Done on {days}, with {dose} of the dose on average.", days=_days(kept.days), dose=dose)
    return gettext(
        "Done on {days} in {weeks}, with {dose} of the dose on average.",
        days=_days(kept.days),
        weeks=_weeks(kept),
        dose=dose,
    )


def _days(number: int) -> str:
    return ngettext("{number} day", "{number} days", number)


def _weeks(kept: Adherence) -> str:
    return ngettext("{number} week", "{number} weeks", len(kept.weeks))
