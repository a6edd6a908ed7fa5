"""Judging a recording: the one call that ``analyse``, ``rescore``, ``specs test`` and the end of ``live`` make."""

from __future__ import annotations

import functools
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from posturecam.counting.stays import HoldSpan
from posturecam.judging.baseline import resting
from posturecam.judging.decide import Done, decide, sided
from posturecam.judging.moments import Moments, check_states, moments, shown_values
from posturecam.judging.observed import Observed, followed, observe, observed_rows
from posturecam.judging.outcome import attempt, judged_hold, judged_rep, short_hold
from posturecam.judging.summary import summarise, tracking
from posturecam.judging.verdicts import COUNTED_BY_ANOTHER
from posturecam.kinematics.track import Track
from posturecam.model import PHASES, STAGES, Attempt, Hold, Rep, SessionResult, Trace
from posturecam.poses import PoseSequence
from posturecam.spec.schema import Exercise

JUDGEMENTS_KEPT = 6
"""An exercise has up to four variants; an hour's judgement takes tens of megabytes."""
TRACKS_KEPT = 2
"""Of one recording: of somebody lying, and of somebody who is not. Judgements hold theirs anyway."""


@dataclass(frozen=True, eq=False)
class Judgement:
    """A judged recording row by row: what was ``observed``, what was ``done``, the rows' ``moments``, and the spans judged.

    ``held`` are the stays that are long enough to count; ``states`` check id -> (n,) codes as in
    :mod:`posturecam.judging.moments`.
    """

    observed: Observed
    done: Done
    moments: Moments
    reps: tuple[Rep, ...]
    held: tuple[HoldSpan, ...]
    attempts: tuple[Attempt, ...]
    states: Mapping[str, NDArray[np.int8]]

    @property
    def exercise(self) -> Exercise:
        """What it was judged as."""
        return self.observed.exercise

    @functools.cached_property
    def holds(self) -> tuple[Hold, ...]:
        """The stays that are ``held`` judged, once somebody asks: live nobody does before they have ended."""
        return tuple(self.judged_hold(span) for span in self.held)

    def judged_hold(self, span: HoldSpan) -> Hold:
        """One of the stays, judged."""
        return judged_hold(self.observed, span)

    def trace(self) -> Trace:
        """The session over time."""
        at, observed = self.moments, self.observed
        ends = [at.end_at(row) for row in range(len(observed))] if at.ends else [None] * len(observed)
        return Trace(
            t_s=observed.t_s,
            stage=tuple(STAGES[code] for code in at.stage.tolist()),
            phase=tuple(PHASES[code] for code in at.phase.tolist()),
            end=tuple(ends),
            measures={name: shown_values(observed, name, at.side) for name in observed.columns.names},
            checks=self.states,
        )

    def result(self, *, interrupted: bool = False) -> SessionResult:
        """Everything the session came to."""
        return summarise(
            self.exercise,
            self.trace(),
            tracking(self.exercise, self.observed.track, self.moments.judging),
            self.reps,
            self.holds,
            self.attempts,
            interrupted=interrupted,
        )


class Judge(Protocol):
    """What judges a whole recording: :func:`judge`, or one that :class:`Remembers`."""

    def __call__(
        self, exercise: Exercise, poses: PoseSequence, *, still: bool = False, doubted: str | None = None
    ) -> Judgement:
        """As :func:`judge`."""


class Remembers:
    """:func:`judge` for poses that no longer grow: asked again for one of its last judgements, it gives that one.

    Exercises that ask for the same track of the same poses share it.
    """

    def __init__(self) -> None:
        """Nothing was judged yet."""
        self._tracks: deque[tuple[PoseSequence, bool, Track]] = deque(maxlen=TRACKS_KEPT)
        self._kept: deque[tuple[Exercise, PoseSequence, bool, str | None, Judgement]] = deque(maxlen=JUDGEMENTS_KEPT)

    def __call__(
        self, exercise: Exercise, poses: PoseSequence, *, still: bool = False, doubted: str | None = None
    ) -> Judgement:
        """As :func:`judge`; poses are known again when they are the very same, an exercise when it says the same."""
        for known, of_poses, as_still, as_doubted, judgement in self._kept:
            if of_poses is poses and (as_still, as_doubted) == (still, doubted) and known == exercise:
                return judgement
        track = self._track(poses, exercise.lying)
        judgement = judge(exercise, poses, still=still, doubted=doubted, track=track)
        self._kept.append((exercise, poses, still, doubted, judgement))
        return judgement

    def _track(self, poses: PoseSequence, lying: bool) -> Track:
        for of_poses, as_lying, track in self._tracks:
            if of_poses is poses and as_lying == lying:
                return track
        track = followed(poses, lying=lying)
        self._tracks.append((poses, lying, track))
        return track


def judge(
    exercise: Exercise,
    poses: PoseSequence,
    *,
    still: bool = False,
    doubted: str | None = None,
    track: Track | None = None,
) -> Judgement:
    """Judge a whole recording. ``still``: it is a single picture, of which only the position is judged.

    ``doubted`` says why the recording's times cannot be trusted, None when they can. ``track``: what following the poses came
    to, as the exercise asks for it; None: they are followed here.
    """
    observed = observe(exercise, poses) if track is None else observed_rows(exercise, track)
    done = decide(observed, still=still)
    observed = observed.with_baseline(resting(observed, done).values)
    return judged(observed, sided(observed, done), still=still, doubted=doubted)


def judged(
    observed: Observed,
    done: Done,
    *,
    still: bool = False,
    doubted: str | None = None,
    first_rep: int = 1,
    traced: bool = True,
    was_active: bool = False,
) -> Judgement:
    """Judge what was found in rows whose resting values are known as far as they can be; reps count from ``first_rep``.

    Without ``traced`` the checks' states of every row are left out: live, only the last row is shown.
    """
    exercise = observed.exercise
    at = moments(observed, done, still=still, was_active=was_active)
    rule, counted = done.rule, done.counted
    if rule is not None and exercise.reps is not None and rule.signal != exercise.reps.signal:
        doubted = doubted or COUNTED_BY_ANOTHER
    reps = tuple(
        judged_rep(observed, rule, span, number, doubted) for number, span in enumerate(counted.reps, first_rep) if rule
    )
    holds = [(span, short_hold(exercise, span)) for span in done.holds]
    return Judgement(
        observed=observed,
        done=done,
        moments=at,
        reps=reps,
        held=tuple(span for span, short in holds if short is None),
        attempts=(
            *(attempt(exercise, rule, movement) for movement in counted.movements if rule),
            *(short for _, short in holds if short is not None),
        ),
        states={name: check_states(observed, at, check, still=still) for name, check in exercise.checks.items()}
        if traced
        else {},
    )
