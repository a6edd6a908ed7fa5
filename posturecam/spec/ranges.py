"""Ranges of numbers as a spec writes them: ``">= 140"``, ``"75..110"``, ``"outside 65..120"``, ``"<= 20 if seen"``."""

from __future__ import annotations

import math
import re
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

ID_PATTERN = r"^[a-z][a-z0-9_]{1,40}$"
ID_RULE = "2 to 41 lower-case letters, digits and underscores, a letter first"
_NUMBER = r"[-+]?\d+(?:\.\d+)?"
_BOUND = re.compile(rf"^\s*(>=|<=|>|<)\s*({_NUMBER})\s*$")
_BETWEEN = re.compile(rf"^\s*(outside\s+)?({_NUMBER})\s*\.\.\s*({_NUMBER})\s*$")
_IF_SEEN = re.compile(r"\s+if\s+seen\s*$")
RANGE_PATTERN = rf"^\s*((>=|<=|>|<)\s*{_NUMBER}|(outside\s+)?{_NUMBER}\s*\.\.\s*{_NUMBER})(\s+if\s+seen)?\s*$"


class SpecModel(BaseModel):
    """Base of every type of the spec language: immutable, and no key it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Range(SpecModel):
    """A range of numbers: ``low..high``, or with ``outside`` everything beyond it; a missing bound is infinite.

    ``if_seen`` marks a condition of set-up or hold to which what cannot be seen is not an objection.
    """

    low: float = -math.inf
    high: float = math.inf
    outside: bool = False
    if_seen: bool = False
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=True)

    def __contains__(self, value: float) -> bool:
        """Tell whether ``value`` lies in the range; NaN lies in none."""
        if math.isnan(value):
            return False
        inside = self.low <= value <= self.high
        return inside != self.outside

    def __str__(self) -> str:
        """Write the range as a spec does."""
        return f"{self._bounds()}{' if seen' if self.if_seen else ''}"

    def _bounds(self) -> str:
        if math.isinf(self.low):
            return f"> {self.high:g}" if self.outside else f"<= {self.high:g}"
        if math.isinf(self.high):
            return f"< {self.low:g}" if self.outside else f">= {self.low:g}"
        return f"{'outside ' if self.outside else ''}{self.low:g}..{self.high:g}"


def is_id(text: str) -> bool:
    """Tell whether ``text`` can name an exercise, variant, measure or check."""
    return re.fullmatch(ID_PATTERN[1:-1], text) is not None


def parse_range(text: object) -> Range:
    """Read ``">= 140"``, ``"75..110"`` or ``"outside 65..120"``; raises ValueError with what was expected."""
    if isinstance(text, Range):
        return text
    if isinstance(text, dict):
        return Range(**text)
    expected = 'expected a range such as ">= 140", "< 0.1", "75..110" or "outside 65..120"'
    if not isinstance(text, str):
        raise ValueError(expected)
    if match := _IF_SEEN.search(text):
        return parse_range(text[: match.start()]).model_copy(update={"if_seen": True})
    if match := _BOUND.match(text):
        sign, number = match.group(1), float(match.group(2))
        # a strict "> 100" is what lies outside "<= 100": the limit itself never counts as beyond it
        if sign == ">=":
            return Range(low=number)
        if sign == "<=":
            return Range(high=number)
        return Range(high=number, outside=True) if sign == ">" else Range(low=number, outside=True)
    if match := _BETWEEN.match(text):
        low, high = float(match.group(2)), float(match.group(3))
        if low >= high:
            raise ValueError(f"the range's lower bound {low:g} is not under its upper bound {high:g}")
        return Range(low=low, high=high, outside=bool(match.group(1)))
    raise ValueError(expected)


RangeText = Annotated[Range, BeforeValidator(parse_range), WithJsonSchema({"type": "string", "pattern": RANGE_PATTERN})]
Identifier = Annotated[str, Field(pattern=ID_PATTERN)]
