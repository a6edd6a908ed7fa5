"""``--exercise auto``: finding out which exercise a recording shows before it is judged."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from posturecam.cli import signals
from posturecam.cli.console import model_file, progress_bar, say
from posturecam.errors import NothingJudgedError
from posturecam.files import shown
from posturecam.judging.recognise import Candidate, Recognition, recognise
from posturecam.pipeline import Looked, look
from posturecam.pose.mediapipe import MediaPipeEstimator
from posturecam.report import types
from posturecam.sources.file import FileSource
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


def recognise_recording(video: Path, model: str | None) -> Recognised:
    """Find the recording's poses and tell its exercise; NothingJudgedError when it is none of ours."""
    with ExitStack() as stack:
        stack.enter_context(signals.deferred())
        with signals.interruptible():
            source = stack.enter_context(FileSource(video))
        estimator = stack.enter_context(MediaPipeEstimator(model_file(model), silhouette=True))
        total = float(source.info.frames) if source.info.frames else None
        advance = stack.enter_context(progress_bar(f"{shown(video.name)}: which exercise?", total, "frames"))
        looked = look(signals.Interruptible(source), estimator, progress=lambda frame: advance(frame.index + 1, total))
        if looked.interrupted and not len(looked.poses):
            raise KeyboardInterrupt
        return _recognised(video, looked)


def _recognised(video: Path, looked: Looked) -> Recognised:
    exercises = [exercise for name in exercise_ids() for exercise in load_spec(name).exercises.values()]
    recognition = recognise(exercises, looked.poses)
    if recognition.best is None:
        if looked.interrupted:
            raise KeyboardInterrupt
        raise NothingJudgedError(
            f"{shown(video)} shows none of the exercises clearly{_nearest(recognition.ranking)}; name it with --exercise."
        )
    exercise = load_exercise(recognition.best.exercise, recognition.best.variant)
    variant = f" ({exercise.variant_name.lower()})" if exercise.variant_name else ""
    say(f"{shown(video.name)} shows {exercise.name}{variant}, {recognition.confidence:.0%} sure.")
    return Recognised(exercise, recognition, looked)


def _nearest(ranking: tuple[Candidate, ...]) -> str:
    names = " or ".join(one.exercise for one in ranking[:2] if one.evidence >= 0.1)
    return f" (perhaps {names})" if names else ""
