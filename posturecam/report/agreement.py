"""How far raters agree on the same clips, among each other and with the program.

A rater is a list of :class:`~posturecam.report.evaluation.Truth`. Two questions are asked of every clip that both have rated:
was it done correctly (``label``, else whether there are ``faults``), and which faults were there.
Counts are compared where both counted.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from posturecam.errors import CallError
from posturecam.report.evaluation import Truth

PROGRAM = "posturecam"


@dataclass(frozen=True)
class Agreement:
    """Two raters' agreement. A kappa is None where nothing was rated by both, or both always said the same one thing.

    ``confusion`` counts clips: [[both correct, only ``first`` correct], [only ``second`` correct, both wrong]].
    ``fault_kappa`` is over every clip and every fault that somebody saw in its exercise.
    ``exact`` and ``off_by_one`` are shares of the ``counted``
    clips whose reps agree, and agree but for one; None when there is none.
    """

    first: str
    second: str
    clips: int
    kappa: float | None
    agreed: float | None
    confusion: tuple[tuple[int, int], tuple[int, int]]
    fault_kappa: float | None
    counted: int
    exact: float | None
    off_by_one: float | None


@dataclass(frozen=True)
class Agreements:
    """Every pair of raters; the means are over the pairs' kappas, None where no pair has one."""

    pairs: tuple[Agreement, ...]
    among_raters: float | None
    with_program: float | None


def agreements(raters: Mapping[str, Sequence[Truth]]) -> Agreements:
    """The agreement of every two raters, who may include :data:`PROGRAM`; raises CallError when there are fewer than two.

    Raises CallError too when a rater has a clip twice, or scikit-learn (the extra ``agreement``) is not installed.
    """
    if len(raters) < 2:
        raise CallError("Agreement needs two raters; give two files or more.")
    by_clip = {name: _by_clip(name, truths) for name, truths in raters.items()}
    faults = _faults_of(truth for truths in raters.values() for truth in truths)
    pairs = tuple(_pair(a, b, by_clip[a], by_clip[b], faults) for a, b in combinations(raters, 2))
    among = [pair.kappa for pair in pairs if PROGRAM not in (pair.first, pair.second)]
    program = [pair.kappa for pair in pairs if PROGRAM in (pair.first, pair.second)]
    return Agreements(pairs, _mean(among), _mean(program))


def said_correct(truth: Truth) -> bool | None:
    """Whether a rater called a clip correct; None when they did not say."""
    if truth.label is not None:
        return truth.label == "correct"
    return None if truth.faults is None else not truth.faults


def _pair(
    first: str, second: str, one: Mapping[str, Truth], other: Mapping[str, Truth], faults: Mapping[str, Sequence[str]]
) -> Agreement:
    clips = [clip for clip in one if clip in other]
    said = [
        (mine, theirs)
        for clip in clips
        if (mine := said_correct(one[clip])) is not None and (theirs := said_correct(other[clip])) is not None
    ]
    named = [
        (fault in my_faults, fault in their_faults)
        for clip in clips
        if (my_faults := one[clip].faults) is not None and (their_faults := other[clip].faults) is not None
        for fault in faults.get(one[clip].exercise or "", ())
    ]
    errors = [
        abs(mine_count - their_count)
        for clip in clips
        if (mine_count := one[clip].reps) is not None and (their_count := other[clip].reps) is not None
    ]
    return Agreement(
        first=first,
        second=second,
        clips=len(said),
        kappa=_kappa(said),
        agreed=_mean(float(mine == theirs) for mine, theirs in said),
        confusion=(
            (said.count((True, True)), said.count((True, False))),
            (said.count((False, True)), said.count((False, False))),
        ),
        fault_kappa=_kappa(named),
        counted=len(errors),
        exact=_mean(float(error == 0) for error in errors),
        off_by_one=_mean(float(error <= 1) for error in errors),
    )


def _kappa(said: Sequence[tuple[bool, bool]]) -> float | None:
    """Cohen's kappa, by scikit-learn; None where it is not defined."""
    try:
        from sklearn.metrics import cohen_kappa_score
    except ImportError:
        raise CallError("Agreement needs scikit-learn: pip install 'posturecam[agreement]'.") from None
    if len({answer for pair in said for answer in pair}) < 2:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return float(cohen_kappa_score([mine for mine, _ in said], [theirs for _, theirs in said]))


def _by_clip(name: str, truths: Sequence[Truth]) -> dict[str, Truth]:
    found = {truth.clip: truth for truth in truths}
    if len(found) < len(truths):
        raise CallError(f"{name} rates a clip twice; keep one line for each clip.")
    return found


def _faults_of(truths: Iterable[Truth]) -> dict[str, list[str]]:
    """Every fault that somebody saw, by exercise."""
    found: dict[str, list[str]] = {}
    for truth in truths:
        known = found.setdefault(truth.exercise or "", [])
        known += [fault for fault in dict.fromkeys(truth.faults or ()) if fault not in known]
    return found


def _mean(values: Iterable[float | None]) -> float | None:
    listed = [value for value in values if value is not None]
    return sum(listed) / len(listed) if listed else None
