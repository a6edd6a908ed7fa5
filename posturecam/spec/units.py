"""Units of what is measured: their words, how their numbers are written, and what is little in each of them.

Nothing here knows an exercise; which unit a measure has says :func:`posturecam.spec.references.unit_of`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

from posturecam.language import decimals, gettext

Unit: TypeAlias = Literal["degrees", "torso", "ratio"]
"""What a measure can be in: ``torso`` lengths, and ``ratio`` for one length over another."""
Quantity: TypeAlias = Literal["degrees", "torso", "ratio", "seconds", "score"]
"""What a number in a report can be in: a measure's unit, seconds, or points of 100."""

MINUS = "−"


@dataclass(frozen=True)
class Scale:
    """What is little in a unit.

    ``known_error``: what MediaPipe's landmarks are off by at best (docs/accuracy.md), for measures that state no ``error`` of
    their own.
    ``hysteresis``: by how much a position's conditions widen once somebody is in it.
    ``sem``: the standard error of measurement of what a session is summed up in, where its exercise states none.
    ``least_span``: what a chart shows at least around a flat line.
    """

    known_error: float
    hysteresis: float
    sem: float
    least_span: float


SCALES: Mapping[Unit, Scale] = MappingProxyType(
    {
        "degrees": Scale(known_error=5.0, hysteresis=6.0, sem=5.0, least_span=10.0),
        "torso": Scale(known_error=0.04, hysteresis=0.06, sem=0.05, least_span=0.1),
        "ratio": Scale(known_error=0.05, hysteresis=0.06, sem=0.05, least_span=0.1),
    }
)
_SEMS: Mapping[str, float] = MappingProxyType({"seconds": 0.8, "tempo": 0.18, "score": 5.7, "pain": 0.7})
"""Of held time, of the mean time of a rep or one of its ways (seconds), of the score (points), and of pain from 0 to 10, which
makes two points the first change that counts (docs/accuracy.md)."""
_SECONDS_SPAN, _SCORE_SPAN = 2.0, 10.0


def sem_of(unit: str) -> float:
    """Standard error of measurement of one session's value in this unit; also of "tempo" and "pain"."""
    return _SEMS.get(unit) or _scale(unit).sem


def least_span(unit: str) -> float:
    """What a chart shows at least around a flat line."""
    return {"seconds": _SECONDS_SPAN, "score": _SCORE_SPAN}.get(unit) or _scale(unit).least_span


def _scale(unit: str) -> Scale:
    return next((scale for name, scale in SCALES.items() if name == unit), SCALES["torso"])


def number_text(value: float, unit: str) -> str:
    """A value as short as it stands on a picture or a chart: ``104°``, ``-12 %`` with a true minus, ``8.4 s``.

    Torso lengths and ratios are given in per cent, since nobody pictures 0.14 torso lengths.
    """
    if unit == "seconds":
        return _signed(f"{value:.1f}") + " s"
    whole = round(100 * value) if unit in ("torso", "ratio") else round(value)
    return _signed(str(whole)) + {"torso": " %", "ratio": " %", "degrees": "°"}.get(unit, "")


def tick_text(value: float, unit: str) -> str:
    """An axis number, as exact as it is: ``2.5°``, ``15 %``, ``0.5 s``."""
    if unit in ("torso", "ratio"):
        return _signed(f"{value * 100:g}") + " %"
    return _signed(f"{value:g}") + ("°" if unit == "degrees" else " s")


def _signed(number: str) -> str:
    """With a true minus; nothing is minus nought."""
    nought = not number.strip("-0.")
    return decimals(number.removeprefix("-") if nought else number.replace("-", MINUS))


def value_text(value: float, unit: str) -> str:
    """A value in a sentence: as :func:`number_text`, but torso lengths say what they are per cent of."""
    text = number_text(value, unit)
    return gettext("{value} of torso", value=text) if unit == "torso" else text
