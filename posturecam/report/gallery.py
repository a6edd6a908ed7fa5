"""Which thumbnails a report shows, and what they say."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from posturecam.language import gettext
from posturecam.report.types import Fault, FaultMark, Report
from posturecam.report.wording import clock_text, fault_words

ThumbnailKey: TypeAlias = tuple[Literal["rep", "hold"], int, str]
"""A rep's index or a hold's number (from 1), and the check at fault."""

MAX_PICTURES = 12


@dataclass(frozen=True)
class Picture:
    """One worst moment.

    ``where`` ("Rep 4, 0:07.4"), ``name`` of the fault, ``measured`` value and limit, how far past it in ``plain`` words, and
    ``excess`` over it.
    """

    key: ThumbnailKey
    where: str
    name: str
    measured: str
    plain: str
    excess: float
    at_s: float | None

    @property
    def words(self) -> str:
        """Value and limit, then how far past it in plain words."""
        return ", ".join(filter(None, [self.measured, self.plain]))


def pictures(report: Report, present: Container[ThumbnailKey], limit: int = MAX_PICTURES) -> list[Picture]:
    """Pictures of the faults that have one, the worst of each fault before the second worst of any, ``limit`` at the most."""
    found = [
        _picture(report, ("rep", item.index, mark.id), mark)
        for item in report.reps.items
        for mark in item.faults
        if ("rep", item.index, mark.id) in present
    ]
    found += [
        _picture(report, ("hold", number, mark.id), mark)
        for number, item in enumerate(report.holds.items, 1)
        for mark in item.faults
        if ("hold", number, mark.id) in present
    ]
    return _by_turns(found, limit)


def _by_turns(found: list[Picture], limit: int) -> list[Picture]:
    by_fault: dict[str, list[Picture]] = {}
    for picture in sorted(found, key=lambda picture: -picture.excess):
        by_fault.setdefault(picture.key[2], []).append(picture)
    result: list[Picture] = []
    while by_fault and len(result) < limit:
        for check in list(by_fault):
            result.append(by_fault[check].pop(0))
            if not by_fault[check]:
                del by_fault[check]
    return result[:limit]


def _picture(report: Report, key: ThumbnailKey, mark: FaultMark) -> Picture:
    words = fault_words(report, mark)
    item = gettext("Rep {name}", name=key[1]) if key[0] == "rep" else gettext("Hold {name}", name=key[1])
    moment = f", {clock_text(mark.at_s)}" if mark.at_s is not None else ""
    return Picture(key, f"{item}{moment}", words.name, words.measured, words.plain, excess(mark), mark.at_s)


def excess(mark: FaultMark) -> float:
    """How far past the limit, in widths of the band before it, so that degrees compare with torso lengths."""
    if mark.value is None or mark.limit is None:
        return 0.0
    return abs(mark.value - mark.limit) / max(mark.margin or 0.0, 1e-3)


def best_of_fault(report: Report, fault: Fault, shown: Iterable[ThumbnailKey]) -> ThumbnailKey | None:
    """The picture that stands beside a fault's advice: its worst."""
    marks = {("rep", item.index, mark.id): mark for item in report.reps.items for mark in item.faults}
    marks |= {("hold", n, mark.id): mark for n, item in enumerate(report.holds.items, 1) for mark in item.faults}
    candidates = [key for key in shown if key[2] == fault.id]
    return max(candidates, key=lambda key: excess(marks[key]), default=None)
