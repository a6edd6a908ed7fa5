"""Reps and movements as counting knows them, and what is asked of each: that a body can have made it, and only once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from posturecam.counting.turning import Visit
from posturecam.model import FloatArray, Side

FASTEST_S = 0.4
"""No body goes to an end position and back in less, but a landmark that jumped does.

Smoothing makes a jump of up to three frames last 0.30 to 0.37 s, and a rep of 0.35 s 0.43 to 0.50 s.
"""
SEEN_SHARE = 0.5
"""Share of a movement's frames in which it must have been seen, in position."""
LASTS_S = 0.8
"""The posture lasts for so long before or after a rep, seconds: who bends over or squats only passes through it.

Around each of 1,475 reps in rendered and real clips it lasted for 5.9 s or to the recording's end; ten bends and squats that were
taken for reps passed through it within 0.6 s.
"""
PLANTED_TORSOS = 0.3
"""How far a planted point may move in a rep, in torso lengths: hips shift sideways by 0.2 as a fault, in squats by 0.6."""
MOVED_SHARE = 0.1
"""Share of a movement's time for which a planted point may be further away: a landmark that jumped."""
EDGE_S = 0.5
"""A signal that begins or ends within this of the recording's own start or end was cut by it."""
CARRIED_SHARE = 0.6
"""A movement of one side smaller than this share of the other side's rep at the same time is carried along by it.

What carries along what should stay is told as a rep that did not count from this share of the smallest rep on.
"""


@dataclass(frozen=True)
class Signal:
    """What is counted by: ``values`` (n,) of the measure, NaN where it is unseen or the person is out of position.

    ``sure`` (n,) tells the rows in which the position is given, and not only not contradicted. ``side`` is whose it is, None
    without sides; ``least_change`` is the smallest change, in the measure's unit, that is told from its error; ``noise`` how far
    a still value wanders. ``planted`` (n, k, 2) are the points that stay where they are while the exercise is done (the hips of
    somebody standing, the hands in a push-up), in torso lengths, NaN where unseen: a movement that carries them along is another.
    ``otherwise`` (n,) tells the rows in which the person is seen in another posture: upright instead of lying, or the other way.
    """

    values: FloatArray
    sure: NDArray[np.bool_]
    side: Side | None
    least_change: float
    noise: float
    planted: FloatArray | None = None
    otherwise: NDArray[np.bool_] | None = None


@dataclass(frozen=True)
class RepSpan:
    """The times of one rep before it is judged: ``visits`` holds the visit to each end position, in order of time.

    ``side`` is None for exercises without sides. ``from_value`` and ``to_value`` are the signal's, in its own unit and
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

    ``height`` was moved of the ``needed`` that count, in the signal's unit; ``cut`` tells that the recording began
    ("start") or ended ("end") in the middle of it, that it took too "long", or that it "carried" along what should stay.
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

    ``usual`` is the person's own range, in the signal's unit; 0 when nothing was counted.
    """

    reps: tuple[RepSpan, ...] = ()
    movements: tuple[Movement, ...] = ()
    usual: float = 0.0


def is_possible(t_s: FloatArray, signal: Signal, visit: Visit) -> bool:
    """Whether a body can have made this visit, in position and without moving what carries it."""
    return _is_made(t_s, signal, visit) and is_planted(t_s, signal.planted, visit)


def possible_and_carried(t_s: FloatArray, signal: Signal, found: Iterable[Visit]) -> tuple[list[Visit], list[Visit]]:
    """The visits that are :func:`is_possible`, and those that would be, had they not moved what should carry the body."""
    made = [visit for visit in found if _is_made(t_s, signal, visit)]
    planted = [is_planted(t_s, signal.planted, visit) for visit in made]
    possible = [visit for visit, stayed in zip(made, planted, strict=True) if stayed]
    return possible, [visit for visit, stayed in zip(made, planted, strict=True) if not stayed]


def _is_made(t_s: FloatArray, signal: Signal, visit: Visit) -> bool:
    """Whether a body can move so fast, and was seen to, in position."""
    if visit.returned_s - visit.left_s < FASTEST_S:
        return False
    first, stop = np.searchsorted(t_s, [visit.left_s, visit.returned_s])
    seen = 1.0 - float(np.isnan(signal.values[first : stop + 1]).mean())
    return seen >= SEEN_SHARE and _lasts(t_s, signal.otherwise, visit)


def _lasts(t_s: FloatArray, otherwise: NDArray[np.bool_] | None, visit: Visit) -> bool:
    """Whether the posture lasts for a while before or after a movement, or the recording begins or ends in it."""
    if otherwise is None:
        return True
    times = t_s[otherwise]
    before, after = np.searchsorted(times, [visit.left_s, visit.returned_s])
    return bool(
        before == 0
        or after == len(times)
        or max(visit.left_s - times[before - 1], times[after] - visit.returned_s) >= LASTS_S
    )


def is_planted(t_s: FloatArray, planted: FloatArray | None, visit: Visit) -> bool:
    """Whether what carries the body stayed where it was during a movement; what is not seen does not speak against it."""
    if planted is None:
        return True
    first, stop = np.searchsorted(t_s, [visit.left_s, visit.returned_s])
    places = planted[first : stop + 1]
    # from where each was first seen: somebody who comes into the picture is not seen when the movement seems to begin
    seen = ~np.isnan(places[:, :, 0])
    begun = places[seen.argmax(axis=0), np.arange(places.shape[1])]
    with np.errstate(invalid="ignore"):
        away = np.linalg.norm(places - begun, axis=2)
    return not bool((away > PLANTED_TORSOS).mean(axis=0).max() > MOVED_SHARE)


def named(carried: Sequence[Movement], smallest_rep: float | None) -> list[Movement]:
    """Of movements that ``carried`` along what should stay, those to be told: each that comes near the smallest rep.

    Where nothing counts (None) it is another exercise, and they are told as one, however many there are.
    """
    if smallest_rep is not None:
        return [one for one in carried if one.height >= CARRIED_SHARE * smallest_rep]
    first = sorted(carried, key=lambda one: one.start_s)[:1]
    return [replace(one, side=None, end_s=max(other.end_s for other in carried)) for one in first]


def settled(reps: Iterable[RepSpan], movements: Iterable[Movement], usual: float) -> Counted:
    """In order of time, without what one side's rep carries along on the other."""
    everything = sorted(reps, key=lambda rep: rep.start_s)
    starts = [rep.start_s for rep in everything]
    longest_s = max((rep.end_s - rep.start_s for rep in everything), default=0.0)

    def meanwhile(rep: RepSpan) -> list[RepSpan]:
        return everything[bisect_left(starts, rep.start_s - longest_s) : bisect_left(starts, rep.end_s)]

    ordered = [rep for rep in everything if not any(_carries(other, rep) for other in meanwhile(rep))]
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


def in_gap(t_s: FloatArray, start_s: float, end_s: float, longest_s: float) -> bool:
    """Whether the recording has a gap of over ``longest_s`` between two moments."""
    low, high = np.searchsorted(t_s, [start_s, end_s])
    steps: NDArray[np.float64] = np.diff(t_s[max(0, low - 1) : high + 1])
    return bool(len(steps) and steps.max() > longest_s)
