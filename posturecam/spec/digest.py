"""A fingerprint of an exercise as it judges: two reports with the same one were judged by the same limits."""

from __future__ import annotations

import hashlib
import json

from posturecam.spec.ranges import Range
from posturecam.spec.schema import Exercise


def exercise_digest(exercise: Exercise) -> str:
    """SHA-256 of everything that judging rests on, variant included, however its file is laid out."""
    content = json.dumps(
        exercise.model_dump(exclude={"equipment"}), sort_keys=True, default=_plain, separators=(",", ":")
    )
    return hashlib.sha256(content.encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, Range):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no fingerprint")
