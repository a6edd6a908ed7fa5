"""Fingerprints of an exercise: of all that it judges by, and of everything that it says."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from posturecam.spec.ranges import Range
from posturecam.spec.schema import Exercise

_SAID: dict[str, Any] = {
    # what people read, do or are reminded of
    "name": True,
    "variant_name": True,
    "category": True,
    "muscles": True,
    "dose": True,
    "source": True,
    "steps": True,
    "equipment": True,
    "camera": {"advice"},
    "measures": {"__all__": {"label"}},
    "checks": {"__all__": {"name", "whether", "cue", "advice", "praise", "source"}},
}


def exercise_digest(exercise: Exercise) -> str:
    """SHA-256 of all that judges: two reports with the same one were judged by the same limits, whatever the wording.

    The variant is part of it, the layout of the file is not.
    """
    return _digest(exercise.model_dump(by_alias=True, exclude=_SAID))


def whole_digest(exercise: Exercise) -> str:
    """SHA-256 of everything in the exercise, wording included: two reports of one recording with the same one are the same."""
    return _digest(exercise.model_dump(by_alias=True))


def _digest(content: dict[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, default=_plain, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, Range):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no fingerprint")
