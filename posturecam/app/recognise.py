"""``--exercise auto``: finding out which exercise a recording shows before it is judged."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from posturecam.app.host import Host, frames_bar
from posturecam.app.pose_model import model_file
from posturecam.app.seeing import Seen, Wanted, see
from posturecam.errors import NothingJudgedError
from posturecam.files import shown
from posturecam.judging.recognise import Candidate, Recognition, recognise
from posturecam.report import types
from posturecam.sources.file import AS_IT_SAYS, Reading
from posturecam.spec.catalogue import exercise_ids, load_exercise, load_spec
from posturecam.spec.schema import Exercise


@dataclass(frozen=True, eq=False)
class Recognised:
    """A recording whose exercise is known now, and how it was seen, so that it is not looked at twice."""

    exercise: Exercise
    recognition: Recognition
    seen: Seen

    def part(self) -> types.Recognised:
        """What the report says of it."""
        return types.Recognised(
            confidence=self.recognition.confidence,
            ranking=[
                types.RankedExercise(exercise=one.exercise, variant=one.variant, evidence=one.evidence)
                for one in self.recognition.ranking[:5]
            ],
        )


def recognise_recording(
    video: Path, model: str | None, host: Host, reading: Reading = AS_IT_SAYS, jobs: int | None = None
) -> Recognised:
    """Find the recording's poses and tell its exercise; NothingJudgedError when it is none of ours."""
    exercises = [exercise for name in exercise_ids() for exercise in load_spec(name).exercises.values()]
    wanted = Wanted(video, model_file(model, host), exercises, reading=reading, jobs=jobs)
    with host.deferred():
        bar = frames_bar(host, f"{shown(video.name)}: which exercise?")
        seen = see(wanted, bar, host.frames, host.waiting)
        if seen.looked.interrupted and not len(seen.looked.poses):
            raise KeyboardInterrupt
    recognition = recognise(exercises, seen.looked.poses)
    if recognition.best is None:
        if seen.looked.interrupted:
            raise KeyboardInterrupt
        raise NothingJudgedError(
            f"{shown(video)} shows none of the exercises clearly{_nearest(recognition.ranking)}; name it with --exercise."
        )
    exercise = load_exercise(recognition.best.exercise, recognition.best.variant)
    variant = f" ({exercise.variant_name.lower()})" if exercise.variant_name else ""
    host.say(f"{shown(video.name)} shows {exercise.name}{variant}, {recognition.confidence:.0%} sure.")
    return Recognised(exercise, recognition, seen)


def _nearest(ranking: tuple[Candidate, ...]) -> str:
    names = " or ".join(one.exercise for one in ranking[:2] if one.evidence >= 0.1)
    return f" (perhaps {names})" if names else ""
