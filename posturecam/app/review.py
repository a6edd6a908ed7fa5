"""What a physiotherapist says of a session: kept beside the measurement, never mixed into it, and handed on as known truth.

A review lies in the session's folder as ``review.json``. The report stays as it was measured.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from posturecam.app.stored import Stored
from posturecam.errors import CallError, OutputError, SessionError
from posturecam.files import read_bounded, write_whole
from posturecam.language import gettext, inside, msgid
from posturecam.report.build import FEW_REPS, REPS_SHARE
from posturecam.report.types import HoldItem, RepItem, Report
from posturecam.report.wording import clock_text
from posturecam.store.folders import safe_name

REVIEW = "review.json"
TRUTH = "truth.json"
MAX_REVIEW = 2_000_000
DAY_S = 86_400.0
WORDS = {"ok": msgid("right"), "fault": msgid("a fault"), "unknown": msgid("not to be told")}

Seconds = Annotated[float, Field(ge=0, le=DAY_S)]
Share = Annotated[float, Field(ge=-1, le=2)]


class Part(BaseModel):
    """Base of a review's parts: no key that is not known, finite numbers only."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Said(Part):
    """The reviewer's verdict on one check of one measured rep or hold (``item`` from 1), confirming or overruling."""

    item: int = Field(ge=1, le=100_000)
    check: str = Field(max_length=60)
    verdict: Literal["ok", "fault", "unknown"]


class Added(Part):
    """A rep or hold that was not counted: ``at_s`` a rep's end position; ``side`` for exercises with sides."""

    start_s: Seconds
    end_s: Seconds
    at_s: Seconds | None = None
    side: Literal["left", "right"] | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Added:
        if not self.start_s < self.end_s or (self.at_s is not None and not self.start_s <= self.at_s <= self.end_s):
            raise ValueError("its end comes before its start")
        return self


class Comment(Part):
    """Words at a moment."""

    t_s: Seconds
    text: str = Field(min_length=1, max_length=2000)


class Mark(Part):
    """A line (two points) or an angle (three) on a frame, as shares of the picture."""

    t_s: Seconds
    points: list[tuple[Share, Share]] = Field(min_length=2, max_length=3)


class Review(Part):
    """A session's review. ``complete``: the reviewer has looked at every rep, so that what was not touched is right."""

    schema_id: Literal["posturecam.review/1"] = Field("posturecam.review/1", alias="schema")
    reviewer: str = Field("", max_length=100)
    complete: bool = False
    verdicts: list[Said] = Field([], max_length=5000)
    deleted: list[int] = Field([], max_length=5000)
    added: list[Added] = Field([], max_length=1000)
    comments: list[Comment] = Field([], max_length=1000)
    marks: list[Mark] = Field([], max_length=1000)

    @property
    def empty(self) -> bool:
        """Whether nothing was said."""
        return not (self.verdicts or self.deleted or self.added or self.comments or self.marks or self.complete)


def parse_review(content: bytes, report: Report) -> Review:
    """A review that fits its report; raises CallError that says what is wrong with it."""
    try:
        review = Review.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise CallError(f"The review cannot be kept ({'.'.join(map(str, first['loc']))}: {first['msg']}).") from error
    items, checks = len(report.judged_items), {check.id for check in report.checks}
    if any(said.item > items for said in review.verdicts) or any(not 1 <= one <= items for one in review.deleted):
        raise CallError("The review speaks of a repetition that there is not.")
    if any(said.check not in checks for said in review.verdicts):
        raise CallError("The review speaks of a check that the exercise does not have.")
    return review


def read_review(stored: Stored) -> Review:
    """What was said of a session; an empty review where nothing was. Raises SessionError for one that is damaged."""
    path = stored.session.folder / REVIEW
    try:
        return parse_review(read_bounded(path, MAX_REVIEW), stored.report)
    except FileNotFoundError:
        return Review.model_validate({"schema": "posturecam.review/1"})
    except (OSError, CallError) as error:
        raise SessionError(path, "", "it is not a review of this session") from error


def write_review(stored: Stored, review: Review) -> None:
    """Keep it; raises OutputError."""
    write_whole(stored.session.folder / REVIEW, review.model_dump_json(by_alias=True, indent=1) + "\n")


def findings(report: Report, review: Review) -> list[str]:
    """What the reviewer says, a sentence each, with what was measured beside it."""
    lines = []
    for said in sorted(review.verdicts, key=lambda one: (one.item, one.check)):
        measured, word = measured_verdict(report, said.item, said.check), gettext(WORDS[said.verdict])
        what = f"{item_name(report, said.item)}, {inside(report.check_name(said.check))}"
        if measured == said.verdict:
            lines.append(gettext("{what}: confirmed, {verdict}.", what=what, verdict=word))
        else:
            other = gettext(WORDS[measured])
            lines.append(
                gettext("{what}: {verdict}, where {other} was measured.", what=what, verdict=word, other=other)
            )
    lines += [
        gettext("{item} is none, and should not count.", item=item_name(report, item))
        for item in sorted(set(review.deleted))
    ]
    missed = (
        msgid("A hold from {start} to {end} was not counted, and should.")
        if report.kind == "hold"
        else msgid("A repetition from {start} to {end} was not counted, and should.")
    )
    lines += [gettext(missed, start=clock_text(one.start_s), end=clock_text(one.end_s)) for one in review.added]
    lines += [
        gettext("At {moment}: {text}", moment=clock_text(one.t_s), text=one.text)
        for one in sorted(review.comments, key=lambda one: one.t_s)
    ]
    if review.complete:
        lines.append(gettext("The reviewer has looked at every repetition."))
    return lines


def item_name(report: Report, item: int) -> str:
    """What to call a rep or hold, from 1."""
    return gettext("Hold {name}", name=item) if report.kind == "hold" else gettext("Rep {name}", name=item)


def measured_verdict(report: Report, item: int, check: str) -> Literal["ok", "fault", "unknown"]:
    """What the program found."""
    one = report.judged_items[item - 1]
    if any(fault.id == check for fault in one.faults):
        return "fault"
    return "unknown" if any(unknown.id == check for unknown in one.unknown) else "ok"


def truth_of(report: Report, review: Review, clip: str) -> dict[str, Any]:
    """The session as an entry of ``truth.json``; what the reviewer has not looked through to the end is null: not known."""
    said = {(one.item, one.check): one.verdict for one in review.verdicts}
    kept = [(number, one) for number, one in enumerate(report.judged_items, 1) if number not in review.deleted]
    holds = [[one.start_s, one.end_s] for _, one in kept if isinstance(one, HoldItem)]
    peaks = [one.end_position_s for _, one in kept if isinstance(one, RepItem)]
    sides = [one.side for _, one in kept] + [one.side for one in review.added]
    added = [[one.start_s, one.end_s] for one in review.added]
    added_peaks = [one.at_s if one.at_s is not None else (one.start_s + one.end_s) / 2 for one in review.added]
    known, held = review.complete, report.kind == "hold"
    faults = _faults(report, kept, said)
    comments = " ".join(f"{clock_text(one.t_s)}: {one.text}" for one in review.comments)
    return {
        "clip": clip,
        "exercise": report.exercise,
        "variant": report.variant,
        "view": report.tracking.view if report.tracking.view in ("side", "front") else None,
        "reps": len(kept) + len(added) if known and not held else None,
        "left_reps": sides.count("left") if known and report.reps.left is not None else None,
        "right_reps": sides.count("right") if known and report.reps.right is not None else None,
        "rep_peaks_s": sorted(peaks + added_peaks) if not held else [],
        "hold_intervals_s": sorted(holds + added) if known and held else None,
        "faults": faults if known else None,
        "label": ("wrong" if faults else "correct") if known else None,
        "notes": " ".join(part for part in (f"reviewed by {review.reviewer or 'hand'}", comments) if part),
    }


def _faults(
    report: Report, kept: list[tuple[int, RepItem | HoldItem]], said: Mapping[tuple[int, str], str]
) -> list[str]:
    """The checks at fault in as many of the kept reps as a report would bring up."""

    def at_fault(check: str) -> int:
        return sum(said.get((number, check), measured_verdict(report, number, check)) == "fault" for number, _ in kept)

    least = 1 if len(kept) < FEW_REPS else len(kept) * REPS_SHARE - 1e-9
    return [check.id for check in report.checks if check.judged and at_fault(check.id) >= max(1, least)]


def export_truth(stored: Stored, review: Review, recording: Path | None, folder: Path) -> Path:
    """Add the session to a folder of labelled clips that ``specs test`` reads; returns the folder. Raises OutputError.

    The clip is linked where the disk can, else copied. Without a recording there is nothing to be tested: CallError.
    """
    if recording is None:
        raise CallError("This session has no recording, so it cannot become a labelled clip.")
    clip = f"{safe_name(stored.session.id)}{recording.suffix}"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not (folder / clip).is_file():
            try:
                os.link(recording, folder / clip)
            except OSError:
                shutil.copyfile(recording, folder / clip)
        known = json.loads(read_bounded(folder / TRUTH, 20_000_000)) if (folder / TRUTH).is_file() else []
    except (OSError, ValueError) as error:
        raise OutputError(f"{folder} cannot be added to ({error}).") from error
    others = [one for one in known if isinstance(one, dict) and one.get("clip") != clip]
    entries = [*others, truth_of(stored.report, review, clip)]
    write_whole(folder / TRUTH, json.dumps(entries, indent=1, ensure_ascii=False) + "\n")
    return folder
