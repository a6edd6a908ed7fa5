"""What kept a recording from being judged, as far as its poses tell."""

from __future__ import annotations

from collections.abc import Sequence

from posturecam.judging.judge import Judge, judge
from posturecam.judging.recognise import CLEAR, recognise
from posturecam.judging.turned import against_gravity
from posturecam.language import gettext, inside
from posturecam.poses import PoseSequence
from posturecam.spec.catalogue import exercise_ids, load_spec
from posturecam.spec.schema import Exercise


def obstacle_of(exercise: Exercise, poses: PoseSequence) -> str | None:
    """The greatest obstacle to judging the poses as ``exercise``, as the end of a sentence; None when the poses tell none.

    Another exercise is named only when it is recognised; this judges the poses as every shipped exercise.
    """
    if not poses.seen.any():
        return None
    found = recognised(poses)
    if found is not None and (found.id, found.variant) != (exercise.id, exercise.variant):
        return _looks_like(found)
    if against_gravity(exercise, poses):
        if exercise.trunk_level:
            return gettext(
                "the person stands upright in the picture, while {exercise} is done lying; if the picture lies on its side, "
                "turn it with --rotate 90 or --rotate 270",
                exercise=gettext(exercise.name),
            )
        return gettext(
            "the person lies in the picture, while {exercise} is done upright; if the picture lies on its side, "
            "turn it with --rotate 90 or --rotate 270",
            exercise=gettext(exercise.name),
        )
    return None


def recognised(poses: PoseSequence) -> Exercise | None:
    """The shipped exercise that the poses clearly show, as they are; None when it is none, or nobody is seen."""
    shipped = _shipped()
    best = recognise(shipped, poses).best
    if best is None:
        return None
    return next(other for other in shipped if (other.id, other.variant) == (best.exercise, best.variant))


def shows_better(one: PoseSequence, exercises: Sequence[Exercise], other: PoseSequence, judge: Judge = judge) -> bool:
    """Whether poses show one of the ``exercises`` clearly better than the ``other`` ones show any shipped exercise.

    ``judge`` judges them as the ``exercises``: one that remembers has no need to do so again for the report.
    """
    wanted, rival = recognise(exercises, one, judge).ranking, recognise(_shipped(), other).best
    return bool(wanted) and (rival is None or wanted[0].evidence >= CLEAR * rival.evidence)


def _shipped() -> list[Exercise]:
    return [exercise for name in exercise_ids() for exercise in load_spec(name).exercises.values()]


def _looks_like(found: Exercise) -> str:
    variant = f" ({inside(gettext(found.variant_name))})" if found.variant_name else ""
    named = f"--exercise {found.id}" + (f" --variant {found.variant}" if found.variant else "")
    name = f"{gettext(found.name)}{variant}"
    return gettext("this looks like {exercise}; if it is, say {option}", exercise=name, option=named)
