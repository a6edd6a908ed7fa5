"""Holds are stays: in position and still. Arriving and leaving are not held, nor is what comes before the position is complete.

A joint that hides, an arm that threads under or a chest that turns does not end a stay while what carries it, the joints that an
exercise names as its anchor, stays where it was.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from posturecam.counting.positions import CONTRARY, GIVEN, Evidence, Interval, intervals
from posturecam.kinematics.filters import least_between
from posturecam.model import FloatArray, Side

NEAR_TORSOS = 0.03
"""A joint within this of where it is held, in torso lengths, has arrived: twice a joint's own error in the picture."""
ELSEWHERE = 2.6
"""A joint comes from elsewhere when it was so many times further away than what counts as near; real people drift by less."""
STEADY = 3.0
"""A joint that moves while the position is held has arrived within so many of its own usual deviations."""
ARRIVING_S = 4.0
"""Longest arriving and leaving, seconds: who moves for longer is not on the way, that is how this hold is."""
ROUNDS = 4
OTHER_POSITION_S = 12.0
"""Longest time, seconds, before or after a stay in which a like position (on the knees, hips on the floor) is not held."""
MOST_JOINTS = 0.5
GIVEN_SHARE = 0.1
"""Share of a stay in which the position must be seen to be given: hands fade behind a head, but nothing seen is nothing held."""
PASSING_S = 0.3
"""A joint that is near where it is held for less only passes."""
ANCHOR_TORSOS = 0.22
"""The anchor stands while it is within this of where it was, in torso lengths: sinking hips in a side plank move by 0.25."""
LONGEST_STANDING_S = 20.0
"""Longest time that an anchor alone speaks for the position, seconds."""

RISEN_TORSOS = 0.09
"""Who holds lies so much higher than at rest, in torso lengths: hips that sag by more have come down. Renders and a real person
rise by 0.18 to 0.42, and by 0.10 into a hold that sags badly; a level wanders by 0.02."""
DOWN_TORSOS = 0.18
"""Hips that lie so much lower than they are held, in torso lengths, are down, however high a tilted camera shows them."""
LEVEL_S = 1.0
"""A height or a place that is kept for so long, seconds, is a level or a rest, and no wobble."""
REST_OVER_S = 0.25
"""A joint at rest stays near where it was so many seconds before."""

LONGEST_UNSEEN_S = 1.5
"""Longest time without a frame that counts as held, seconds: a file that lacks more, or a camera that stalled, shows nothing."""

T = TypeVar("T")


@dataclass(frozen=True)
class HoldSpan:
    """A hold before it is judged; ``gaps`` are interruptions that were bridged and do not count as held."""

    side: Side | None
    start_s: float
    end_s: float
    gaps: tuple[tuple[float, float], ...] = ()

    @property
    def duration_s(self) -> float:
        """Held time without the gaps."""
        return self.end_s - self.start_s - sum(end - start for start, end in self.gaps)


@dataclass(frozen=True)
class StayRule:
    """How a stay is found: ``bridge_s`` longest break that is bridged (and not held), ``least_s`` shortest time in position.

    ``moves``: the joints go from place to place while it is held.
    """

    bridge_s: float
    least_s: float
    moves: bool = False


class Known:
    """What was found of a live session's spans, kept for as long as it is asked for again: most of them ended long ago.

    Rows that were seen do not change, so that what is found between the same times, on the same scale, is the same.
    """

    def __init__(self) -> None:
        """Nothing was found yet."""
        self._scale = np.nan
        self._before: dict[Hashable, Any] = {}
        self._now: dict[Hashable, Any] = {}

    def look_again(self, scale: float) -> None:
        """Before a next look, in which a torso is ``scale`` pixels long; what the last look did not ask for is forgotten."""
        self._before, self._now = (self._now if scale == self._scale else {}), {}
        self._scale = scale

    def found(self, of: Hashable, find: Callable[[], T]) -> T:
        """What was found ``of`` something, or is found now."""
        if of not in self._now:
            self._now[of] = self._before[of] if of in self._before else find()
        result: T = self._now[of]
        return result


def stays(
    t_s: FloatArray,
    entered: Evidence,
    kept: Evidence,
    joints: FloatArray,
    anchor: FloatArray | None,
    rule: StayRule,
    sides: FloatArray | None = None,
    resting: NDArray[np.bool_] | None = None,
    known: Known | None = None,
) -> list[HoldSpan]:
    """Find the stays in a recording.

    ``entered`` and ``kept`` (n,) are the evidence for the position, strict and a little easier. ``joints`` (n, k, 2) are what
    must be still, in torso lengths, NaN where unseen; ``anchor`` (n, j, 2) what carries the position, None where nothing
    but the position itself does. The sign of ``sides`` (n,) tells left from right, which are never one stay; None where there
    are none. ``resting`` (n,) are the rows in which somebody rests in a like position, though what carries it stays in place.
    ``known`` is what was found in rows of which these are the next ones. The result has no sides.
    """
    if resting is None:
        resting = np.zeros(len(t_s), dtype=bool)
    known = known or Known()
    kept = np.where(resting, CONTRARY, kept)
    inside = kept >= 0
    spans = [
        run
        for run in _seen_runs(t_s, intervals(t_s, inside, bridge_s=0.2), rule.least_s)
        if _is_given(t_s, entered, run, rule.least_s)
    ]

    def stood(before: Interval, after: Interval) -> bool:
        between = (*_times(t_s, before), *_times(t_s, after))
        return known.found(between, functools.partial(_stands, t_s, before, after, anchor))

    spans = _joined(t_s, spans, stood, resting, rule.bridge_s, sides)
    return [
        known.found(
            (*_times(t_s, span), resting[span.first : span.stop].tobytes()),
            functools.partial(_settled, t_s, span, kept, joints, anchor, resting, rule.moves),
        )
        for span in spans
    ]


def _times(t_s: FloatArray, span: Interval) -> tuple[float, float]:
    return float(t_s[span.first]), float(t_s[span.stop - 1])


def at_rest(t_s: FloatArray, kept: Evidence, height: FloatArray, resting: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The rows (n,) in which somebody rests in a like position, such as with the hips on the floor, and does not hold it.

    ``resting`` (n,) are the rows in which it may be a rest; it is one where the same run of ``kept`` has a level that is clearly
    higher: hips that only ever sag lie as low, and are held. Under the highest by as much as nobody sags, any row is one.
    ``height`` (n,) in torso lengths, NaN where unseen.
    """
    result = np.zeros(len(t_s), dtype=bool)
    for run in intervals(t_s, kept >= 0, bridge_s=0.2):
        rows = slice(run.first, run.stop)
        under = _level(t_s[rows], height[rows]) - height[rows]
        result[rows] = ((under > RISEN_TORSOS) & resting[rows]) | (under > DOWN_TORSOS)
    return result


def _level(t_s: FloatArray, height: FloatArray) -> float:
    """The greatest height that is kept for a while; -inf where none is."""
    seen = ~np.isnan(height)
    times, heights = t_s[seen], height[seen]
    ends = np.searchsorted(times, times + LEVEL_S)
    full = np.flatnonzero(ends < len(times))
    return float(least_between(heights, full, ends[full] + 1).max(initial=-np.inf))


def _seen_runs(t_s: FloatArray, runs: list[Interval], least_s: float) -> list[Interval]:
    """The runs, cut where frames are missing, that are at least ``least_s`` long."""
    gaps = np.flatnonzero(np.diff(t_s) > LONGEST_UNSEEN_S) + 1
    pieces = []
    for run in runs:
        bounds = [run.first, *(int(gap) for gap in gaps if run.first < gap < run.stop), run.stop]
        pieces += [Interval(first, stop) for first, stop in pairwise(bounds)]
    return [piece for piece in pieces if t_s[piece.stop - 1] - t_s[piece.first] >= least_s]


def _is_given(t_s: FloatArray, entered: Evidence, run: Interval, least_s: float) -> bool:
    """Whether the position was seen to be given for most of the run, or for long enough in one go."""
    share = float((entered[run.first : run.stop] == GIVEN).mean())
    return share >= 0.5 or (share >= GIVEN_SHARE and _longest(t_s, entered, run) >= least_s)


def _longest(t_s: FloatArray, evidence: Evidence, run: Interval) -> float:
    rows = slice(run.first, run.stop)
    found = intervals(t_s[rows], evidence[rows] == GIVEN, bridge_s=0.2)
    return max((float(t_s[rows][one.stop - 1] - t_s[rows][one.first]) for one in found), default=0.0)


def _joined(
    t_s: FloatArray,
    spans: list[Interval],
    stood: Callable[[Interval, Interval], bool],
    resting: NDArray[np.bool_],
    bridge_s: float,
    sides: FloatArray | None,
) -> list[Interval]:
    """Spans with those put together between which the position ``stood``, or that are parted by a short break only."""
    joined: list[Interval] = []
    for span in spans:
        before = joined[-1] if joined else None
        if (
            before is not None
            and not _change_sides(sides, before, span)
            and (
                t_s[span.first] - t_s[before.stop - 1] <= bridge_s
                or (not resting[before.stop : span.first].any() and stood(before, span))
            )
        ):
            joined[-1] = Interval(before.first, span.stop)
        else:
            joined.append(span)
    return joined


def _change_sides(sides: FloatArray | None, before: Interval, after: Interval) -> bool:
    """Whether one is held to the left and the other to the right."""
    if sides is None:
        return False
    one, other = (_side_of(sides[span.first : span.stop]) for span in (before, after))
    return one is not None and other is not None and one != other


def _side_of(values: FloatArray) -> Side | None:
    """The side that the sign of ``values`` (n,), positive = left, tells over all of them; None where they are unknown."""
    known = values[~np.isnan(values)]
    return None if not len(known) else "left" if np.sum(known) >= 0 else "right"


def _stands(t_s: FloatArray, before: Interval, after: Interval, anchor: FloatArray | None) -> bool:
    unseen_s = float(np.diff(t_s[before.stop - 1 : after.first + 1]).max())
    if anchor is None or unseen_s > LONGEST_UNSEEN_S or t_s[after.first] - t_s[before.stop - 1] > LONGEST_STANDING_S:
        return False
    held = np.concatenate((anchor[before.first : before.stop], anchor[after.first : after.stop]))
    away = np.linalg.norm(anchor[before.stop : after.first] - _medians(held.T).T, axis=2)
    seen = ~np.isnan(away)
    return bool(seen.any(axis=1).mean() >= 0.5 and (away[seen] <= ANCHOR_TORSOS).mean() >= 0.9)


def _settled(
    t_s: FloatArray,
    span: Interval,
    kept: Evidence,
    joints: FloatArray,
    anchor: FloatArray | None,
    resting: NDArray[np.bool_],
    moves: bool,
) -> HoldSpan:
    rows = slice(span.first, span.stop)
    times, broken = t_s[rows], kept[rows] == CONTRARY
    start, stop = _stay(times, joints[rows], moves)
    if anchor is not None and broken.any():
        broken &= _fallen(anchor[rows]) | resting[rows]
    gaps = _gaps(times[start:stop], broken[start:stop])
    return HoldSpan(None, float(times[start]), float(times[stop - 1]), gaps)


def _fallen(anchor: FloatArray) -> NDArray[np.bool_]:
    """Where an anchor (n, j, 2) is seen away from where it usually is."""
    away = np.linalg.norm(anchor - _medians(anchor.T).T, axis=2)
    fallen: NDArray[np.bool_] = (away > ANCHOR_TORSOS).any(axis=1)
    return fallen


def _stay(t_s: FloatArray, places: FloatArray, moves: bool) -> tuple[int, int]:
    """First row and end of the stay in a span, closing in: the less arriving is in it, the better it tells where joints are.

    Joints that go from place to place while they hold (``moves``) have arrived where they first rest, wherever that is.
    """
    whole = _away(places)
    begun, ended = start, stop = _with_most_joints(t_s, whole)
    begun_s, ended_s = t_s[start], t_s[stop - 1]
    for _ in range(ROUNDS):
        times = t_s[start:stop]
        away = whole if len(times) == len(t_s) else _away(places[start:stop])
        arriving = _arrived(times, away, ARRIVING_S - (times[0] - begun_s))
        leaving = _arrived(times[-1] - times[::-1], away[:, ::-1], ARRIVING_S - (ended_s - times[-1]))
        first, end = start + arriving, stop - leaving
        if end - first < 2 or (first, end) == (start, stop):
            break
        start, stop = first, end
    if moves:
        rests = [rest for rest in _rests(t_s, places) if begun <= rest.first and rest.stop <= ended]
        start = min([start, *(rest.first for rest in rests)])
        stop = max([stop, *(rest.stop for rest in rests)])
    return start, stop


def _rests(t_s: FloatArray, places: FloatArray) -> list[Interval]:
    """The runs in which no joint that is seen leaves its place."""
    before = np.searchsorted(t_s, t_s - REST_OVER_S)
    with np.errstate(invalid="ignore"):
        moved = np.linalg.norm(places - places[before], axis=2) > NEAR_TORSOS
    found = intervals(t_s, ~moved.any(axis=1), LEVEL_S, bridge_s=0.0)
    return [Interval(int(before[run.first]), run.stop) for run in found]


def _with_most_joints(t_s: FloatArray, away: FloatArray) -> tuple[int, int]:
    """The rows of a span without another position before or after, in which most joints are clearly elsewhere."""
    there = intervals(t_s, (away >= ELSEWHERE).sum(axis=0) < MOST_JOINTS * len(away), PASSING_S, bridge_s=0.0)
    if not there:
        return 0, len(t_s)
    first, end = there[0].first, there[-1].stop
    start = first if t_s[first] - t_s[0] <= OTHER_POSITION_S else 0
    stop = end if t_s[-1] - t_s[end - 1] <= OTHER_POSITION_S else len(t_s)
    return start, stop


def _away(places: FloatArray) -> FloatArray:
    """How far joints (n, k, 2) are from where they usually are, in what counts as near (m, n); NaN where unseen.

    Joints that are seen in less than half of the rows are left out.
    """
    xy = places.T
    xy = xy[:, 2 * np.count_nonzero(np.isnan(xy[0]), axis=1) <= len(places)]
    xy -= _medians(xy)
    xy *= xy
    away: FloatArray = np.sqrt(xy[0] + xy[1])
    return away / np.maximum(NEAR_TORSOS, STEADY * _medians(away))


def _medians(values: FloatArray) -> FloatArray:
    """The median of each row of ``values`` (..., n), NaN left out, as (..., 1); NaN where there is nothing else."""
    rows = values.reshape(-1, values.shape[-1])
    known = rows.shape[1] - np.count_nonzero(np.isnan(rows), axis=1)
    middle = np.full(len(rows), np.nan)
    for count in {*known.tolist()} - {0}:
        ordered, high = rows[known == count], count // 2
        # NaN comes last in order; asked for one place alone, NumPy takes a third of the time
        ordered.partition(high, axis=1)
        low = ordered[:, high] if count % 2 else ordered[:, :high].max(axis=1)
        middle[known == count] = (low + ordered[:, high]) / 2
    return middle.reshape(*values.shape[:-1], 1)


def _arrived(t_s: FloatArray, away: FloatArray, longest_s: float) -> int:
    """The first row from which on all joints (m, n) stay near that came from clearly elsewhere; 0 where they only drift.

    Who takes longer than ``longest_s`` is not arriving: that is how this hold is.
    """
    arriving = int(np.searchsorted(t_s - t_s[0], longest_s, side="right"))
    # by some rows more, of which one at least lies so late that it shows whether a joint that has just come stays
    rows = slice(int(np.searchsorted(t_s - t_s[0], longest_s + 2 * PASSING_S, side="right")) + 1)
    away = _since_seen(away[:, rows])
    elsewhere = away[:, :arriving] >= ELSEWHERE
    coming = elsewhere.any(axis=1)
    if not coming.any():
        return 0
    there = _first_there(t_s[rows], away[coming] <= 1.0)
    came = (elsewhere[coming].argmax(axis=1) < there) & (there < arriving)
    return int(there[came].max(initial=0))


def _since_seen(away: FloatArray) -> FloatArray:
    """``away`` (m, n) with what a joint was last seen at where it is unseen: hidden on its way it has not arrived; else 0."""
    last = np.maximum.accumulate(np.where(np.isnan(away), 0, np.arange(away.shape[1])), axis=1)
    return np.nan_to_num(np.take_along_axis(away, last, axis=1))


def _first_there(t_s: FloatArray, near: NDArray[np.bool_]) -> NDArray[np.intp]:
    """The first row (m,) of the first run of each of ``near`` (m, n) that is a stay and no passing through; n where none is."""
    count = len(t_s)
    framed = np.zeros((len(near), count + 2), dtype=np.bool_)
    framed[:, 1:-1] = near
    joint, bound = (framed[:, 1:] != framed[:, :-1]).nonzero()
    first, stop = bound[::2], bound[1::2]
    lasting = t_s[stop - 1] - t_s[first] >= PASSING_S
    result = np.full(len(near), count)
    np.minimum.at(result, joint[::2][lasting], first[lasting])
    return result


def _gaps(t_s: FloatArray, broken: NDArray[np.bool_]) -> tuple[tuple[float, float], ...]:
    return tuple(
        (float(t_s[max(0, run.first - 1)]), float(t_s[min(run.stop, len(t_s) - 1)]))
        for run in intervals(t_s, broken, bridge_s=0.0)
        if t_s[run.stop - 1] - t_s[run.first] > 0.2
    )


def with_side(span: HoldSpan, t_s: FloatArray, values: FloatArray) -> HoldSpan:
    """The span with the side that the sign of ``values`` (n,), positive = left, tells over it."""
    inside = (t_s >= span.start_s) & (t_s <= span.end_s)
    return HoldSpan(_side_of(values[inside]), span.start_s, span.end_s, span.gaps)
