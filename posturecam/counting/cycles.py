"""Reps that go to and fro between two ends, as cat and cow do: a cycle is a visit to each, whichever comes first."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from posturecam.counting.movements import (
    EDGE_S,
    Counted,
    Movement,
    RepSpan,
    Signal,
    named,
    possible_and_carried,
    settled,
)
from posturecam.counting.signals import Segment, segmented
from posturecam.counting.turning import Visit, halves, usual_range, visits
from posturecam.model import FloatArray
from posturecam.spec.schema import Reps

CYCLE_SHARE = 0.25
"""Of a cycle's full range: neutral lies between its ends, so the first way to an end and the last way back are part of it."""
FULL_SWING = 0.7
"""Share of the usual swing from which on a recording's first way shows an end position and not the way out of rest."""
SHORT_OF_END = 0.25
"""Share of the usual swing by which a recording's first value may fall short of the other ends of its kind and still be one: a
table pose that lies nearer to the cow than to the cat (by up to 0.36 in renders) is not a cow."""


@dataclass(frozen=True)
class _Turn:
    high: bool
    visit: Visit


def count_cycles(rule: Reps, t_s: FloatArray, signal: Signal, known_range: float = 0.0) -> Counted:
    """Count the cycles that ``rule`` describes in the ``signal`` at ``t_s`` (n,); ``known_range`` as in ``count_reps``."""
    segments = segmented(t_s, signal.values)
    if not segments:
        return Counted()
    heights = [
        way.peaks.of_at_least(signal.least_change).prominence
        for segment in segments
        for way in (segment, segment.turned)
    ]
    spread = max(float(np.ptp(segment.values)) for segment in segments)
    usual = max(usual_range(np.concatenate(heights)), known_range) or spread
    least = max(signal.least_change, CYCLE_SHARE * usual)
    names = {True: "high", False: "low"} | {way == "high": name for name, way in rule.ends.items()}
    reps: list[RepSpan] = []
    movements: list[Movement] = []
    cut: list[Movement] = []
    carried: list[Movement] = []
    for segment in segments:
        turns, moved = _turns(t_s, segment, signal, least, usual)
        carried += [Movement(None, one.left_s, one.returned_s, one.height, least, "carried") for one in moved]
        cut += _cut_off(t_s, segment, turns, max(least, FULL_SWING * usual))
        while len(turns) >= 2:
            first, second = turns[:2]
            reps.append(_cycle(first, second, names))
            turns = turns[2:]
        movements += [
            Movement(None, turn.visit.left_s, turn.visit.returned_s, turn.visit.height, least, "end") for turn in turns
        ]
    movements += named(carried, usual if reps else None)
    found = settled(reps, movements, usual)
    # the last rep's way back is at the same time the way into what was cut off
    return replace(found, movements=(*found.movements, *cut))


def _cut_off(t_s: FloatArray, segment: Segment, turns: list[_Turn], least: float) -> list[Movement]:
    """The way from the last cycle to a next one that the recording's end cut off."""
    if not turns or len(turns) % 2 or t_s[-1] - segment.end_s > EDGE_S:
        return []
    rising = segment.turned if turns[-1].high else segment
    # from one end to the other: half of that only leads back to neutral
    swing = turns[-1].visit.peak + turns[-2].visit.peak
    least = max(least, FULL_SWING * swing)
    found = halves(rising, [turn.visit for turn in turns if turn.high != turns[-1].high], least)
    return [Movement(None, half.start_s, half.end_s, half.height, least, "end") for half in found if half.out]


def _turns(
    t_s: FloatArray, segment: Segment, signal: Signal, least: float, usual: float
) -> tuple[list[_Turn], list[Visit]]:
    """The end positions of a segment that goes to and fro, alternately high and low, the first way out of rest left out.

    And the visits to the upper end that carried along what should stay.
    """
    highs, carried = possible_and_carried(t_s, signal, _ends(segment, least, signal.noise, usual))
    lows, _ = possible_and_carried(t_s, signal, _ends(segment.turned, least, signal.noise, usual))
    turns = [*(_Turn(True, visit) for visit in highs), *(_Turn(False, visit) for visit in lows)]
    turns.sort(key=lambda turn: turn.visit.peak_s)
    alternating: list[_Turn] = []
    for turn in turns:
        if alternating and alternating[-1].high == turn.high:
            if turn.visit.peak > alternating[-1].visit.peak:
                alternating[-1] = turn
        else:
            alternating.append(turn)
    return alternating, carried


def _ends(segment: Segment, least: float, noise: float, usual: float) -> list[Visit]:
    """Visits to the upper end, and the recording's own start where it shows that end."""
    found = visits(segment, least, noise)
    values = segment.values
    start = int(np.argmax(values[: np.searchsorted(segment.t_s, found[0].left_s) + 1])) if found else 0
    stop = int(np.searchsorted(segment.t_s, found[0].peak_s)) if found else len(values)
    low = start + int(np.argmin(values[start : max(stop, start + 1)]))
    fall = float(values[start] - values[low])
    short = bool(found) and float(np.median([visit.peak for visit in found])) - values[start] > SHORT_OF_END * usual
    if fall >= max(least, FULL_SWING * usual) and start < low and not short:
        at_s, low_s = float(segment.t_s[start]), float(segment.t_s[low])
        departed = np.flatnonzero(values[start : low + 1] < values[start] - max(0.05 * fall, noise))
        departed_s = float(segment.t_s[start + departed[0]]) if len(departed) else low_s
        first = Visit(
            segment.start_s,
            segment.start_s,
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
