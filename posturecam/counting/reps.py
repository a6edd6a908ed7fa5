"""Reps and attempts found in measured signals: one way, two ways, or cycles between two ends."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from posturecam.counting.cycles import count_cycles
from posturecam.counting.movements import (
    EDGE_S,
    Counted,
    Movement,
    RepSpan,
    Signal,
    is_possible,
    named,
    possible_and_carried,
    settled,
)
from posturecam.counting.signals import Segment, segmented
from posturecam.counting.turning import OWN_SHARE, Half, Visit, halves, usual_range, visits
from posturecam.model import FloatArray, Side
from posturecam.spec.schema import Reps

ALIKE = 1.8
"""Movements are the same one repeated while the highest is not over so many times the lowest."""
ALIKE_IN_TIME = 2.5
"""And while the longest takes no longer than so many times the shortest: a drift at rest lengthens a small movement."""
LEVEL_SHARE = 0.4
"""The same movement comes back to where it began, within this share of its height; swaying about does not."""
LONGEST_PAUSE_S = 12.0
"""Longest pause within a set, seconds."""
REPEATED = 3
"""A small movement made so often is an exercise done shallowly, not fidgeting (field notes, second round)."""
CLEAR_FACTOR = 2.0
"""A single movement is believed from so many times the noise on; a smaller one must be repeated."""
SURE_SHARE = 0.5
"""Share of a movement's time for which the position must be given, and not only not contradicted, to believe it by itself."""


@dataclass(frozen=True, eq=False)
class _Way:
    """One direction of one signal: its segments rise to the end called ``end``; ``sign`` turns them back into signal values."""

    end: str
    sign: float
    base: float
    side: Side | None
    signal: Signal
    segments: list[Segment]


def count_reps(
    rule: Reps, t_s: FloatArray, signals: Sequence[Signal], *, neutral: float = 0.0, known_range: float = 0.0
) -> Counted:
    """Count the reps that ``rule`` describes in the ``signals`` at ``t_s`` (n,).

    ``neutral`` is the signal's value in the middle of a two-way movement. ``known_range`` is the person's own range where more
    of it was seen than is given here (a live session looks at its last stretch only); 0 when nothing is known.
    """
    if len(t_s) < 3:
        return Counted()
    if rule.cycle:
        return count_cycles(rule, t_s, signals[0], known_range)
    ways = [way for signal in signals for way in _ways(rule, t_s, signal, neutral)]
    return _one_ways(t_s, ways, known_range, rule)


def _ways(rule: Reps, t_s: FloatArray, signal: Signal, neutral: float) -> list[_Way]:
    names = {way: name for name, way in rule.ends.items()}
    if rule.rest == "middle":
        signed = rule.sides == "signed"
        return [
            _way(names.get("high", "end"), 1.0, neutral, "left" if signed else None, t_s, signal),
            _way(names.get("low", "end"), -1.0, neutral, "right" if signed else None, t_s, signal),
        ]
    sign = 1.0 if rule.rest == "low" else -1.0
    return [_way(names.get("high" if sign > 0 else "low", "end"), sign, np.nan, signal.side, t_s, signal)]


def _way(end: str, sign: float, base: float, side: Side | None, t_s: FloatArray, signal: Signal) -> _Way:
    two_way = not np.isnan(base)
    values = (signal.values - base) * sign if two_way else signal.values * sign
    segments = segmented(t_s, values)
    if two_way:
        segments = [replace(segment, values=np.maximum(segment.values, 0.0)) for segment in segments]
    return _Way(end, sign, base if two_way else 0.0, side, signal, segments)


def _one_ways(t_s: FloatArray, ways: list[_Way], known_range: float, rule: Reps) -> Counted:
    heights = [one.peaks.of_at_least(way.signal.least_change).prominence for way in ways for one in way.segments]
    usual = max(usual_range(np.concatenate(heights)) if heights else 0.0, known_range)
    found = _sorted_out(t_s, ways, usual, rule)
    doubtful = sorted([one for part in found for one in part.doubtful], key=lambda one: one[1].peak_s)
    believed = [visit for part in found for visit in part.believed]
    repeated = _repeated(doubtful, believed)
    reps: list[RepSpan] = []
    movements: list[Movement] = []
    for way, visit in [*((part.way, visit) for part in found for visit in part.believed), *repeated]:
        if visit.returned_s - visit.left_s > rule.max_seconds:
            movements.append(Movement(way.side, visit.left_s, visit.returned_s, visit.height, 0.0, "long"))
        else:
            reps.append(_rep(way, visit))
    movements += _carried(found, reps)
    needed = {id(part.way): part.clear for part in found}
    movements += [
        Movement(way.side, one.left_s, one.returned_s, one.prominence, needed[id(way)])
        for way, one in doubtful
        if (way, one) not in repeated
    ]
    for part in found:
        joined, cut = _cut_off(part.way, t_s, part.large, part.clear)
        reps += joined
        movements += cut
    return settled(reps, movements, usual)


@dataclass(frozen=True, eq=False)
class _SortedOut:
    """The visits of one way: all ``large`` ones, those ``believed`` by themselves, and the ``doubtful`` rest.

    A visit of ``clear`` is believed. As large as ``large`` ones are those that ``carried`` along what should stay.
    """

    way: _Way
    large: list[Visit]
    carried: list[Visit]
    believed: list[Visit]
    doubtful: list[tuple[_Way, Visit]]
    clear: float


def _sorted_out(t_s: FloatArray, ways: list[_Way], usual: float, rule: Reps) -> list[_SortedOut]:
    """Tell reps from doubtful movements, way by way; one clear rep on either side speaks for the other side as well."""
    least = {id(way): max(way.signal.least_change, OWN_SHARE * usual) for way in ways}
    found = [(way, *_large_and_small(t_s, way, least[id(way)])) for way in ways]
    clear = max(rule.min_range, *(CLEAR_FACTOR * way.signal.least_change for way in ways))
    sure = {
        id(way): [v for v in large if _sure(t_s, way, v) and not (rule.to_rest and not _level(v))]
        for way, large, _, _ in found
    }
    heights = [visit.prominence for visits_ in sure.values() for visit in visits_]
    any_clear = bool(heights) and max(heights) >= clear
    result = []
    for way, large, small, carried in found:
        known = {id(visit) for visit in sure[id(way)]}
        believed = [v for v in large if id(v) in known or _alike(v, heights, rule)] if any_clear else []
        needed = least[id(way)] if any_clear else max(least[id(way)], clear)
        taken = {id(visit) for visit in believed}
        doubtful = [(way, visit) for visit in [*large, *small] if id(visit) not in taken]
        result.append(_SortedOut(way, large, carried, believed, doubtful, needed))
    return result


def _alike(visit: Visit, heights: list[float], rule: Reps) -> bool:
    """Whether a visit is like the reps of these ``heights``, though the position was not given throughout."""
    return not rule.to_rest and min(heights) / ALIKE <= visit.prominence <= ALIKE * max(heights)


def _sure(t_s: FloatArray, way: _Way, visit: Visit) -> bool:
    first, stop = np.searchsorted(t_s, [visit.left_s, visit.returned_s])
    return bool(way.signal.sure[first : stop + 1].mean() >= SURE_SHARE)


def _large_and_small(t_s: FloatArray, way: _Way, least: float) -> tuple[list[Visit], list[Visit], list[Visit]]:
    """Visits of ``least``, smaller ones that meet none of these, and those of ``least`` that carried along what should stay."""

    def found(segments: list[Segment], smallest: float) -> list[Visit]:
        return [visit for segment in segments for visit in visits(segment, smallest, way.signal.noise)]

    large, carried = possible_and_carried(t_s, way.signal, found(way.segments, least))
    smallest = way.signal.least_change
    with_more = [
        one
        for one in way.segments
        if len(one.peaks.of_at_least(smallest).rows) > len(one.peaks.of_at_least(least).rows)
    ]
    starts = [one.left_s for one in large]

    def meets_large(visit: Visit) -> bool:
        # large visits follow one another: of those that begin before its end the last one lasts longest
        begun = bisect_left(starts, visit.returned_s)
        return begun > 0 and large[begun - 1].returned_s > visit.left_s

    small = [
        visit for visit in found(with_more, smallest) if is_possible(t_s, way.signal, visit) and not meets_large(visit)
    ]
    return large, small, carried


def _carried(found: list[_SortedOut], reps: list[RepSpan]) -> list[Movement]:
    """What would have counted, had it not carried along what should stay."""
    carried = [
        Movement(part.way.side, one.left_s, one.returned_s, one.prominence, part.clear, "carried")
        for part in found
        for one in part.carried
        if one.prominence >= part.clear
    ]
    return named(carried, min((abs(rep.to_value - rep.from_value) for rep in reps), default=None))


def _repeated(doubtful: list[tuple[_Way, Visit]], believed: list[Visit]) -> list[tuple[_Way, Visit]]:
    """Those of the ``doubtful`` visits that repeat one movement at least three times, with no believed one between them."""
    found: list[tuple[_Way, Visit]] = []
    run: list[tuple[_Way, Visit]] = []
    for way, visit in doubtful:
        same = bool(run) and _goes_on([*run, (way, visit)])
        between = bool(run) and any(run[-1][1].peak_s < one.peak_s < visit.peak_s for one in believed)
        if not _level(visit):
            found += run if len(run) >= REPEATED else []
            run = []
        elif same and not between:
            run.append((way, visit))
        else:
            found += run if len(run) >= REPEATED else []
            run = [(way, visit)]
    return found + (run if len(run) >= REPEATED else [])


def _level(visit: Visit) -> bool:
    """Whether a movement came back to where it began."""
    return abs(visit.low_after - visit.low) <= LEVEL_SHARE * visit.height


def _goes_on(run: list[tuple[_Way, Visit]]) -> bool:
    """Whether the last of a run of visits is made like those before it, and soon after them."""
    heights = [one.prominence for _, one in run]
    seconds = [_above_half_s(way, one) for way, one in run]
    (_, before), (_, last) = run[-2:]
    return (
        last.left_s - before.returned_s <= LONGEST_PAUSE_S
        and max(heights) <= ALIKE * min(heights)
        and max(seconds) <= ALIKE_IN_TIME * min(seconds)
    )


def _above_half_s(way: _Way, visit: Visit) -> float:
    """Seconds above the middle between lowest and highest: where rest drifts, a movement seems to begin and end in the drift."""
    middle = visit.peak - visit.prominence / 2.0
    for segment in way.segments:
        if segment.start_s <= visit.peak_s <= segment.end_s:
            inside = (segment.t_s >= visit.left_s) & (segment.t_s <= visit.returned_s)
            times = segment.t_s[inside & (segment.values >= middle)]
            return float(times[-1] - times[0])
    return visit.returned_s - visit.left_s


def _rep(way: _Way, visit: Visit, *, joined: bool = False) -> RepSpan:
    low, peak = (way.base + way.sign * value for value in (visit.low, visit.peak))
    return RepSpan(way.side, ((way.end, visit),), low, peak, joined)


def _cut_off(way: _Way, t_s: FloatArray, large: list[Visit], least: float) -> tuple[list[RepSpan], list[Movement]]:
    """What the recording's start and end cut off: two halves make one rep, one half alone is named."""
    found: list[Half] = []
    for segment in way.segments:
        inside = [visit for visit in large if segment.start_s <= visit.peak_s <= segment.end_s]
        for half in halves(segment, inside, least):
            at_edge = t_s[-1] - segment.end_s <= EDGE_S if half.out else segment.start_s - t_s[0] <= EDGE_S
            if at_edge:
                found.append(half)
    starts = [half for half in found if not half.out]
    ends = [half for half in found if half.out]
    if starts and ends:
        last = ends[0]
        low, peak = 0.0, last.height
        visit = Visit(last.start_s, last.end_s, last.end_s, last.end_s, last.end_s, low, peak, low)
        return [_rep(way, visit, joined=True)], []
    return [], [
        Movement(way.side, half.start_s, half.end_s, half.height, least, "end" if half.out else "start")
        for half in found
    ]
