"""Looking at a recording as often as it takes: at one person, at everybody where there are several, closer at somebody small.

One person who fills the picture is looked at once. Whatever had to be decided about the picture is said in ``notes``.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from posturecam import pipeline
from posturecam.app.kept_looks import KeptLooks, first_look, further_look
from posturecam.app.looking import Watch, Watched, look
from posturecam.app.obstacles import shows_better
from posturecam.app.workers import Waiting, cores
from posturecam.judging.judge import Judge, Remembers
from posturecam.judging.turned import turned, turns_needed
from posturecam.judging.whose import does_something, exerciser
from posturecam.kinematics.bodies import changed_over, tracks_of
from posturecam.language import msgid, stored
from posturecam.model import Frame, SourceInfo
from posturecam.pose.closer import (
    Box,
    Closer,
    floor_of,
    found_in_part,
    is_cut_off,
    parts_around,
    worth_a_closer_look,
)
from posturecam.pose.mediapipe import MediaPipeEstimator
from posturecam.pose.people import MOST_PEOPLE
from posturecam.poses import PoseSequence
from posturecam.sources.file import AS_IT_SAYS, FileSource, Reading
from posturecam.spec.schema import Exercise

HARDLY_SEEN = 0.05
"""Share of the frames with somebody up to which somebody too small to be found is looked for."""
SEARCHES = 6
TURNED = {
    1: msgid("The picture lay on its side and was turned by 90° to the left; --rotate 0 leaves it as it is"),
    2: msgid("The picture stood on its head and was turned by 180°; --rotate 0 leaves it as it is"),
    3: msgid("The picture lay on its side and was turned by 90° to the right; --rotate 0 leaves it as it is"),
}

Bar = Callable[[str, float | None], contextlib.AbstractContextManager[Callable[[float, float | None], None]]]
"""Shows the progress of one look, named: gives what is told the frames done and their total, where that is known."""


@dataclass(frozen=True)
class Wanted:
    """What to look for: one of the ``exercises`` (with all their ``variants``) in ``video``, read as ``reading`` says.

    ``turn`` allows a picture that lies on its side to be turned; ``jobs`` processes look at it, None: one for each core. A
    look that is ``kept`` is not taken again.
    """

    video: Path
    model: Path
    exercises: Sequence[Exercise]
    variants: Sequence[Exercise] = ()
    reading: Reading = AS_IT_SAYS
    turn: bool = True
    jobs: int | None = None
    kept: KeptLooks | None = None

    @property
    def silhouette(self) -> bool:
        """Whether one of the exercises reads the silhouette, or one that a kept look is to serve might."""
        return self.kept is not None or any(exercise.needs_silhouette for exercise in self.exercises)


@dataclass(frozen=True, eq=False)
class Seen:
    """A recording that was looked at: the exerciser's poses in ``looked``, and the source's ``info`` at its end.

    ``reading`` says how the pictures have to be read to match the poses; ``notes``, sentences on what was decided, stand among
    the warnings of ``info`` as well. ``judge`` knows what was judged already to see it.
    """

    looked: pipeline.Looked
    info: SourceInfo
    reading: Reading
    notes: tuple[str, ...] = ()
    judge: Judge = field(default_factory=Remembers)


def see(
    wanted: Wanted,
    bar: Bar,
    watched: Watched = lambda source: source,
    waiting: Waiting = contextlib.nullcontext,
) -> Seen:
    """Look at the recording until the exerciser is known; raises PosturecamError. Ctrl-C ends it with what was seen so far.

    The first look is shared by processes, which are waited for inside ``waiting()``.
    """
    watch = Watch(wanted.video, wanted.model, wanted.silhouette, wanted.reading)
    with bar("", None) as advance:
        found = first_look(wanted.kept, lambda: look(watch, wanted.jobs or cores(), advance, watched, waiting))
    seen = Seen(pipeline.Looked(found.poses, found.interrupted), found.info, wanted.reading)
    if found.interrupted:
        return seen
    several = found.crowded or changed_over(found.poses)
    seen = (_whose if several else _alone)(wanted, seen, bar, watched)
    if wanted.turn and not seen.looked.interrupted:
        seen = _upright(wanted, seen)
    return replace(seen, info=replace(seen.info, warnings=[*seen.info.warnings, *seen.notes]))


@contextlib.contextmanager
def _told(source: FileSource, bar: Bar, what: str) -> Iterator[pipeline.ProgressCallback]:
    """What :func:`pipeline.look` tells its progress to."""
    total = float(source.info.frames) if source.info.frames else None
    with bar(what, total) as advance:
        yield lambda frame: advance(frame.index + 1, total)


def _whose(wanted: Wanted, seen: Seen, bar: Bar, watched: Watched) -> Seen:
    """The poses of the one among several people who does most of the exercise."""
    slots = further_look(wanted.kept, "everybody", seen.info, lambda: _everybody(wanted, bar, watched))
    if slots is None:
        return replace(seen, looked=replace(seen.looked, interrupted=True))
    people = tracks_of(slots)
    if len(people) < 2:
        return _on_the_floor(wanted, seen, bar, watched)
    # whoever was followed at first may have been the right one; who is alone in a part of the picture is followed best
    candidates = [seen.looked.poses, *people]
    floor = floor_of(people[0]) if _all_on_the_floor(wanted) else None
    for box in [*parts_around(people), *([floor] if floor is not None else [])]:
        looked = _look_at_part(wanted, box, seen.info, bar, watched)
        if looked.interrupted:
            return replace(seen, looked=replace(seen.looked, interrupted=True))
        if box is not floor or not any(is_cut_off(looked.poses, person, box) for person in people):
            candidates.append(looked.poses)
    chosen = candidates[exerciser(wanted.exercises, candidates, seen.judge)]
    note = stored(
        "There were {number} people in the picture; the one who did most of the exercise was judged", number=len(people)
    )
    return replace(seen, looked=pipeline.Looked(chosen), notes=(*seen.notes, note))


def _everybody(wanted: Wanted, bar: Bar, watched: Watched) -> list[PoseSequence] | None:
    """All bodies of every frame, in no lasting order; None when that was interrupted."""
    slots = [PoseSequence() for _ in range(MOST_PEOPLE)]
    with (
        FileSource(wanted.video, wanted.reading) as source,
        # each frame for itself: while it follows, MediaPipe takes bodies whose surroundings overlap for one
        MediaPipeEstimator(wanted.model, wanted.silhouette, MOST_PEOPLE, apart=True) as everybody,
        _told(source, bar, "everybody") as progress,
    ):
        try:
            for frame in watched(source):
                _put(slots, frame, everybody)
                progress(frame)
        except KeyboardInterrupt:
            return None
    return slots


def _put(slots: list[PoseSequence], frame: Frame, everybody: MediaPipeEstimator) -> None:
    height, width = frame.image.shape[:2]
    bodies = everybody.estimate_all(frame)
    for place, slot in enumerate(slots):
        slot.append(frame.t_s, bodies[place] if place < len(bodies) else None, width, height)


def _alone(wanted: Wanted, seen: Seen, bar: Bar, watched: Watched) -> Seen:
    """The poses of the one person who was found: small, far away, or hidden by somebody who was found first."""
    seen = _closer(wanted, seen, bar, watched)
    return seen if seen.looked.interrupted else _on_the_floor(wanted, seen, bar, watched)


def _closer(wanted: Wanted, seen: Seen, bar: Bar, watched: Watched) -> Seen:
    """The poses from a look at the part of the picture where somebody small is, where that shows more of the exercise."""
    poses = seen.looked.poses
    if seen.info.is_still:
        return seen
    if poses.seen.mean() < HARDLY_SEEN:
        (poses,) = further_look(wanted.kept, "searched", seen.info, lambda: [_searched(wanted, poses)]) or [poses]
        # of any size: it is only in a part of the picture that they are found
        box = next(iter(parts_around([poses])), None)
    else:
        box = worth_a_closer_look(poses)
    if box is None:
        return seen
    looked = _look_at_part(wanted, box, seen.info, bar, watched)
    if looked.interrupted:
        return replace(seen, looked=replace(seen.looked, interrupted=True))
    if exerciser(wanted.exercises, [seen.looked.poses, looked.poses], seen.judge) == 0:
        return seen
    note = msgid(
        "The person was hard to find in the whole picture; a closer look was taken at the part of it that they are in"
    )
    return replace(seen, looked=looked, notes=(*seen.notes, note))


def _on_the_floor(wanted: Wanted, seen: Seen, bar: Bar, watched: Watched) -> Seen:
    """The poses from a look at the floor alone, where an exercise done on it was not seen at all: somebody standing hides it."""
    if seen.info.is_still or not _all_on_the_floor(wanted):
        return seen
    box = floor_of(seen.looked.poses)
    if box is None or does_something(wanted.exercises, seen.looked.poses, seen.judge):
        return seen
    looked = _look_at_part(wanted, box, seen.info, bar, watched)
    if looked.interrupted:
        return replace(seen, looked=replace(seen.looked, interrupted=True))
    if is_cut_off(looked.poses, seen.looked.poses, box) or not does_something(
        wanted.exercises, looked.poses, seen.judge
    ):
        return seen
    note = msgid("Somebody else was found at first; the one on the floor does the exercise and was judged")
    return replace(seen, looked=looked, notes=(*seen.notes, note))


def _all_on_the_floor(wanted: Wanted) -> bool:
    return all(exercise.trunk_level for exercise in wanted.exercises)


def _look_at_part(wanted: Wanted, box: Box, info: SourceInfo, bar: Bar, watched: Watched) -> pipeline.Looked:
    def take() -> list[PoseSequence] | None:
        with (
            FileSource(wanted.video, wanted.reading) as source,
            MediaPipeEstimator(wanted.model, wanted.silhouette) as estimator,
            _told(source, bar, "closer") as progress,
        ):
            looked = pipeline.look(watched(source), Closer(estimator, box), progress=progress)
        return None if looked.interrupted else [looked.poses]

    name = f"part-{box.left}-{box.top}-{box.right}-{box.bottom}"
    found = further_look(wanted.kept, name, info, take)
    return pipeline.Looked(found[0]) if found else pipeline.Looked(PoseSequence(), interrupted=True)


def _searched(wanted: Wanted, poses: PoseSequence) -> PoseSequence:
    """Somebody too small to be found in the whole picture, as seen in parts of some of the frames."""
    found = PoseSequence()
    every = max(1, len(poses) // SEARCHES)
    with (
        FileSource(wanted.video, wanted.reading) as source,
        MediaPipeEstimator(wanted.model, silhouette=False, apart=True) as estimator,
    ):
        for row, frame in enumerate(source):
            if row % every == every // 2:
                height, width = frame.image.shape[:2]
                found.append(frame.t_s, found_in_part(estimator, frame), width, height)
    return found


def _upright(wanted: Wanted, seen: Seen) -> Seen:
    """The same, turned where the picture certainly lies on its side."""
    if len(wanted.exercises) != 1:
        return seen
    turns = turns_needed(wanted.exercises[0], wanted.variants, seen.looked.poses, seen.judge)
    if not turns:
        return seen
    looked = replace(seen.looked, poses=turned(seen.looked.poses, turns))
    # asked last, as it judges every exercise: what shows another one as well as it is needs no turning
    if not shows_better(looked.poses, wanted.variants or wanted.exercises, seen.looked.poses, seen.judge):
        return seen
    info, reading = seen.info, replace(seen.reading, turns=(seen.reading.turns + turns) % 4)
    if turns % 2:
        info = replace(info, width=info.height, height=info.width)
    note = TURNED[turns]
    return Seen(looked, info, reading, (*seen.notes, note), seen.judge)
