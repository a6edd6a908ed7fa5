"""``--exercise auto``: finding out which exercise a recording shows before it is judged."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from posturecam.app.looking import Looked, look
from posturecam.cli.console import model_file, progress_bar, say
from posturecam.errors import NothingJudgedError
from posturecam.judging.recognise import Candidate, Recognition, recognise
from posturecam.report import types
from posturecam.spec.catalogue import exercise_ids, load_exercise, load_spec
from posturecam.spec.schema import Exercise

AUTO = "auto"


@dataclass(frozen=True, eq=False)
class Recognised:
    """A recording whose exercise is known now, and its poses, so that they are not estimated twice."""

    exercise: Exercise
    recognition: Recognition
    looked: Looked

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
    video: Path, model: str | None, *, jobs: int | None = None, every_frame: bool = False
) -> Recognised:
    """Find the recording's poses and tell its exercise; NothingJudgedError when it is none of ours."""
    path = model_file(model)
    with progress_bar(f"{video.name}: which exercise?", None, "frames") as advance:
        looked = look(video, path, silhouette=True, jobs=jobs, every_frame=every_frame, progress=advance)
    if looked.interrupted:
        raise KeyboardInterrupt
    exercises = [exercise for name in exercise_ids() for exercise in load_spec(name).exercises.values()]
    recognition = recognise(exercises, looked.poses)
    if recognition.best is None:
        raise NothingJudgedError(
            f"{video} shows none of the exercises clearly{_nearest(recognition.ranking)}; name it with --exercise."
        )
    exercise = load_exercise(recognition.best.exercise, recognition.best.variant)
    variant = f" ({exercise.variant_name.lower()})" if exercise.variant_name else ""
    say(f"{video.name} shows {exercise.name}{variant}, {recognition.confidence:.0%} sure.")
    return Recognised(exercise, recognition, looked)


def _nearest(ranking: tuple[Candidate, ...]) -> str:
    names = " or ".join(one.exercise for one in ranking[:2] if one.evidence >= 0.1)
    return f" (perhaps {names})" if names else ""
