"""Reps and attempts found in measured signals: one way, two ways, or cycles between two ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from posturecam.counting.signals import LONGEST_BRIDGE_S, Signal, stretches
from posturecam.counting.turning import OWN_SHARE, Half, Visit, halves, prominent, usual_range, visits
from posturecam.model import FloatArray, Side
from posturecam.spec.schema import Reps

FASTEST_S = 0.4
"""No body goes to an end position and back in less, but a landmark that jumped does. Smoothing makes a jump of up to three frames last 0.30 to 0.37 s, and a rep of 0.35 s 0.43 to 0.50 s."""
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
SEEN_SHARE = 0.5
"""Share of a movement's frames in which it must have been seen, in position."""
SURE_SHARE = 0.5
"""Share of a movement's time for which the position must be given, and not only not contradicted, to believe it by itself."""
PLANTED_TORSOS = 0.3
"""How far a planted point may move in a rep, in torso lengths: hips that shift sideways as a fault move by 0.2, in squats by 0.6."""
MOVED_SHARE = 0.1
"""Share of a movement's time for which a planted point may be further away: a landmark that jumped."""
EDGE_S = 0.5
"""A signal that begins or ends within this of the recording's own start or end was cut by it."""
CARRIED_SHARE = 0.6
"""A movement of one side smaller than this share of the other side's rep at the same time is carried along by it."""
CYCLE_SHARE = 0.25
"""Of a cycle's full range: neutral lies between its ends, so that the first way to an end and the last way back are a part of it only."""
FULL_SWING = 0.7
"""Share of the usual swing from which on a recording's first way shows an end position and not the way out of rest."""


@dataclass(frozen=True)
class Drive:
    """What is counted by: ``values`` (n,) of the measure, NaN where it is unseen or the person is out of position.

    ``sure`` (n,) tells the rows in which the position is given, and not only not contradicted. ``side`` is whose it is, None
    without sides; ``noise`` is the smallest change, in the measure's unit, that is told from its error; ``unrest`` how far
    a still value wanders. ``planted`` (n, k, 2) are the points that stay where they are while the exercise is done (the hips of
    somebody standing, the hands in a push-up), in torso lengths, NaN where unseen: a movement that carries them along is another.
    """

    values: FloatArray
    sure: NDArray[np.bool_]
    side: Side | None
    noise: float
    unrest: float
    planted: FloatArray | None = None


@dataclass(frozen=True)
class RepSpan:
    """The times of one rep before it is judged: ``visits`` holds the visit to each end position, in order of time.

    ``side`` is None for exercises without sides. ``from_value`` and ``to_value`` are the drive's, in its own unit and
    direction. ``joined``: made of the two halves that the recording's start and end cut off, so that its times are not known.
    """

    side: Side | None
    visits: tuple[tuple[str, Visit], ...]
    from_value: float
    to_value: float
    joined: bool = False

    @property
    def start_s(self) -> float:
        """Moment at which rest is left."""
        return self.visits[0][1].left_s

    @property
    def end_s(self) -> float:
        """Moment at which rest is reached again."""
        return self.visits[-1][1].returned_s


@dataclass(frozen=True)
class Movement:
    """A movement that did not count, before it is put into words.

    ``height`` was moved of the ``needed`` that count, in the drive's unit; ``cut`` tells that the recording began
    ("start") or ended ("end") in the middle of it.
    """

    side: Side | None
    start_s: float
    end_s: float
    height: float
    needed: float
    cut: str | None = None


@dataclass(frozen=True)
class Counted:
    """What was found in a recording: ``reps`` and ``movements`` that did not count, both in order of time.

    ``usual`` is the person's own range, in the drive's unit; 0 when nothing was counted.
    """

    reps: tuple[RepSpan, ...] = ()
    movements: tuple[Movement, ...] = ()
    usual: float = 0.0


@dataclass(frozen=True, eq=False)
class _Way:
    """One direction of one drive: its signals rise to the end called ``end``; ``sign`` turns them back into drive values."""

    end: str
    sign: float
    base: float
    side: Side | None
    drive: Drive
    signals: list[Signal] = field(default_factory=list)


def count_reps(
    rule: Reps, t_s: FloatArray, drives: Sequence[Drive], *, neutral: float = 0.0, known_range: float = 0.0
) -> Counted:
    """Count the reps that ``rule`` describes in the ``drives`` at ``t_s`` (n,).

    ``neutral`` is the drive's value in the middle of a two-way movement. ``known_range`` is the person's own range where more
    of it was seen than is given here (a live session looks at its last stretch only); 0 when nothing is known.
    """
    if len(t_s) < 3:
        return Counted()
    if rule.cycle:
        return _cycles(rule, t_s, drives[0], known_range)
    ways = [way for drive in drives for way in _ways(rule, t_s, drive, neutral)]
    return _one_ways(t_s, ways, known_range, rule)


def _ways(rule: Reps, t_s: FloatArray, drive: Drive, neutral: float) -> list[_Way]:
    names = {way: name for name, way in rule.ends.items()}
    if rule.rest == "middle":
        signed = rule.sides == "signed"
        return [
            _way(names.get("high", "end"), 1.0, neutral, "left" if signed else None, t_s, drive),
            _way(names.get("low", "end"), -1.0, neutral, "right" if signed else None, t_s, drive),
        ]
    sign = 1.0 if rule.rest == "low" else -1.0
    return [_way(names.get("high" if sign > 0 else "low", "end"), sign, np.nan, drive.side, t_s, drive)]


def _way(end: str, sign: float, base: float, side: Side | None, t_s: FloatArray, drive: Drive) -> _Way:
    two_way = not np.isnan(base)
    values = (drive.values - base) * sign if two_way else drive.values * sign
    signals = stretches(t_s, values)
    if two_way:
        signals = [replace(signal, values=np.maximum(signal.values, 0.0)) for signal in signals]
    return _Way(end, sign, base if two_way else 0.0, side, drive, signals)


def _one_ways(t_s: FloatArray, ways: list[_Way], known_range: float, rule: Reps) -> Counted:
    heights = [prominent(signal.values, way.drive.noise)[1] for way in ways for signal in way.signals]
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
    return _settled(reps, movements, usual)


@dataclass(frozen=True, eq=False)
class _SortedOut:
    """The visits of one way: all ``large`` ones, those ``believed`` by themselves, and the ``doubtful`` rest; ``clear`` is believed."""

    way: _Way
    large: list[Visit]
    believed: list[Visit]
    doubtful: list[tuple[_Way, Visit]]
    clear: float


def _sorted_out(t_s: FloatArray, ways: list[_Way], usual: float, rule: Reps) -> list[_SortedOut]:
    """Tell reps from doubtful movements, way by way; one clear rep on either side speaks for the other side as well."""
    least = {id(way): max(way.drive.noise, OWN_SHARE * usual) for way in ways}
    found = [(way, *_large_and_small(t_s, way, least[id(way)])) for way in ways]
    clear = max(rule.min_range, *(CLEAR_FACTOR * way.drive.noise for way in ways))
    sure = {
        id(way): [v for v in large if _sure(t_s, way, v) and not (rule.to_rest and not _level(v))]
        for way, large, _ in found
    }
    heights = [visit.prominence for visits_ in sure.values() for visit in visits_]
    any_clear = bool(heights) and max(heights) >= clear
    result = []
    for way, large, small in found:
        believed = [v for v in large if v in sure[id(way)] or _alike(v, heights, rule)] if any_clear else []
        needed = least[id(way)] if any_clear else max(least[id(way)], clear)
        doubtful = [(way, visit) for visit in [*large, *small] if visit not in believed]
        result.append(_SortedOut(way, large, believed, doubtful, needed))
    return result


def _alike(visit: Visit, heights: list[float], rule: Reps) -> bool:
    """Whether a visit is like the reps of these ``heights``, though the position was not given throughout."""
    return not rule.to_rest and min(heights) / ALIKE <= visit.prominence <= ALIKE * max(heights)


def _sure(t_s: FloatArray, way: _Way, visit: Visit) -> bool:
    first, stop = np.searchsorted(t_s, [visit.left_s, visit.returned_s])
    return bool(way.drive.sure[first : stop + 1].mean() >= SURE_SHARE)


def _settled(reps: Iterable[RepSpan], movements: Iterable[Movement], usual: float) -> Counted:
    """In order of time, without what one side's rep carries along on the other."""
    everything = sorted(reps, key=lambda rep: rep.start_s)
    ordered = [rep for rep in everything if not any(_carries(other, rep) for other in everything)]
    kept = [one for one in movements if not any(rep.start_s < one.end_s and one.start_s < rep.end_s for rep in ordered)]
    return Counted(tuple(ordered), tuple(sorted(kept, key=lambda one: one.start_s)), usual)


def _carries(rep: RepSpan, other: RepSpan) -> bool:
    """Whether ``rep`` of one side moves ``other`` of the other side along."""
    return (
        rep.side != other.side
        and rep.start_s < other.end_s
        and other.start_s < rep.end_s
        and abs(other.to_value - other.from_value) < CARRIED_SHARE * abs(rep.to_value - rep.from_value)
    )


def _large_and_small(t_s: FloatArray, way: _Way, least: float) -> tuple[list[Visit], list[Visit]]:
    def found(smallest: float) -> list[Visit]:
        return [
            visit
            for signal in way.signals
            for visit in visits(signal, smallest, way.drive.unrest)
            if _possible(t_s, way.drive, visit)
        ]

    large = found(least)
    if least <= way.drive.noise:
        return large, []
    small = [visit for visit in found(way.drive.noise) if not any(_overlap(visit, one) for one in large)]
    return large, small


def _possible(t_s: FloatArray, drive: Drive, visit: Visit) -> bool:
    """Whether a body can have made this visit, in position and without moving what carries it."""
    if visit.returned_s - visit.left_s < FASTEST_S:
        return False
    first, stop = np.searchsorted(t_s, [visit.left_s, visit.returned_s])
    seen = 1.0 - float(np.isnan(drive.values[first : stop + 1]).mean())
    return seen >= SEEN_SHARE and is_planted(t_s, drive.planted, visit)


def is_planted(t_s: FloatArray, planted: FloatArray | None, visit: Visit) -> bool:
    """Whether what carries the body stayed where it was during a movement; what is not seen does not speak against it."""
    if planted is None:
        return True
    first, stop = np.searchsorted(t_s, [visit.left_s, visit.returned_s])
    places = planted[first : stop + 1]
    with np.errstate(invalid="ignore"):
        away = np.linalg.norm(places - places[0], axis=2)
    return not bool((away > PLANTED_TORSOS).mean(axis=0).max() > MOVED_SHARE)


def _overlap(a: Visit, b: Visit) -> bool:
    return a.left_s < b.returned_s and b.left_s < a.returned_s


def _repeated(doubtful: list[tuple[_Way, Visit]], believed: list[Visit]) -> list[tuple[_Way, Visit]]:
    """Those of the ``doubtful`` visits that repeat one movement at least three times, with no believed one between them."""
    found: list[tuple[_Way, Visit]] = []
    run: list[tuple[_Way, Visit]] = []
    for way, visit in doubtful:
        same = bool(run) and _goes_on([one for _, one in run], visit)
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


def _goes_on(run: list[Visit], visit: Visit) -> bool:
    heights = [one.prominence for one in (*run, visit)]
    seconds = [one.returned_s - one.left_s for one in (*run, visit)]
    return (
        visit.left_s - run[-1].returned_s <= LONGEST_PAUSE_S
        and max(heights) <= ALIKE * min(heights)
        and max(seconds) <= ALIKE_IN_TIME * min(seconds)
    )


def _rep(way: _Way, visit: Visit, *, joined: bool = False) -> RepSpan:
    low, peak = (way.base + way.sign * value for value in (visit.low, visit.peak))
    return RepSpan(way.side, ((way.end, visit),), low, peak, joined)


def _cut_off(way: _Way, t_s: FloatArray, large: list[Visit], least: float) -> tuple[list[RepSpan], list[Movement]]:
    """What the recording's start and end cut off: two halves make one rep, one half alone is named."""
    found: list[Half] = []
    for signal in way.signals:
        inside = [visit for visit in large if signal.start_s <= visit.peak_s <= signal.end_s]
        for half in halves(signal, inside, least):
            at_edge = t_s[-1] - signal.end_s <= EDGE_S if half.out else signal.start_s - t_s[0] <= EDGE_S
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


# cycles ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Turn:
    high: bool
    visit: Visit


def _cycles(rule: Reps, t_s: FloatArray, drive: Drive, known_range: float) -> Counted:
    signals = stretches(t_s, drive.values)
    if not signals:
        return Counted()
    heights = [prominent(sign * signal.values, drive.noise)[1] for signal in signals for sign in (1.0, -1.0)]
    spread = max(float(np.ptp(signal.values)) for signal in signals)
    usual = max(usual_range(np.concatenate(heights)), known_range) or spread
    least = max(drive.noise, CYCLE_SHARE * usual)
    names = {True: "high", False: "low"} | {way == "high": name for name, way in rule.ends.items()}
    reps: list[RepSpan] = []
    movements: list[Movement] = []
    for signal in signals:
        turns = _turns(t_s, signal, drive, least, usual)
        while len(turns) >= 2:
            first, second = turns[:2]
            reps.append(_cycle(first, second, names))
            turns = turns[2:]
        movements += [
            Movement(None, turn.visit.left_s, turn.visit.returned_s, turn.visit.height, least, "end") for turn in turns
        ]
    return _settled(reps, movements, usual)


def _turns(t_s: FloatArray, signal: Signal, drive: Drive, least: float, usual: float) -> list[_Turn]:
    """The end positions of a signal that goes to and fro, alternately high and low, the first way out of rest left out."""
    turns = [
        _Turn(high, visit)
        for high in (True, False)
        for visit in _ends(replace(signal, values=signal.values * (1.0 if high else -1.0)), least, drive.unrest, usual)
        if _possible(t_s, drive, visit)
    ]
    turns.sort(key=lambda turn: turn.visit.peak_s)
    alternating: list[_Turn] = []
    for turn in turns:
        if alternating and alternating[-1].high == turn.high:
            if turn.visit.peak > alternating[-1].visit.peak:
                alternating[-1] = turn
        else:
            alternating.append(turn)
    return alternating


def _ends(signal: Signal, least: float, unrest: float, usual: float) -> list[Visit]:
    """Visits to the upper end, and the recording's own start where it shows that end."""
    found = visits(signal, least, unrest)
    values = signal.values
    start = int(np.argmax(values[: np.searchsorted(signal.t_s, found[0].left_s) + 1])) if found else 0
    stop = int(np.searchsorted(signal.t_s, found[0].peak_s)) if found else len(values)
    low = start + int(np.argmin(values[start : max(stop, start + 1)]))
    fall = float(values[start] - values[low])
    if fall >= max(least, FULL_SWING * usual) and start < low:
        at_s, low_s = float(signal.t_s[start]), float(signal.t_s[low])
        departed = np.flatnonzero(values[start : low + 1] < values[start] - max(0.05 * fall, unrest))
        departed_s = float(signal.t_s[start + departed[0]]) if len(departed) else low_s
        first = Visit(
            signal.start_s,
            signal.start_s,
            at_s,
            departed_s,
            low_s,
            float(values[low]),
            float(values[start]),
            float(values[low]),
        )
        return [first, *found]
    return found


def _cycle(first: _Turn, second: _Turn, names: dict[bool, str]) -> RepSpan:
    peaks = {turn.high: turn.visit.peak * (1.0 if turn.high else -1.0) for turn in (first, second)}
    return RepSpan(
        None,
        tuple((names[turn.high], turn.visit) for turn in (first, second)),
        from_value=peaks[False],
        to_value=peaks[True],
    )


def in_gap(t_s: FloatArray, start_s: float, end_s: float, longest_s: float) -> bool:
    """Whether the recording has a gap of over ``longest_s`` between two moments."""
    low, high = np.searchsorted(t_s, [start_s, end_s])
    steps: NDArray[np.float64] = np.diff(t_s[max(0, low - 1) : high + 1])
    return bool(len(steps) and steps.max() > longest_s)


__all__ = ["LONGEST_BRIDGE_S", "Counted", "Drive", "Movement", "RepSpan", "count_reps", "in_gap"]
