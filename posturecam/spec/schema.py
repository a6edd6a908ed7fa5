"""The spec language, typed: the only truth about what an exercise file may say.

A file is YAML; :mod:`posturecam.spec.load` reads it, applies a variant's overrides and validates it against these types.
The vocabulary is closed: no expressions, nothing is evaluated. Lengths are torso lengths, angles degrees, times seconds.
"""

from __future__ import annotations

import math
import re
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    WithJsonSchema,
    model_validator,
)

from posturecam.model import Severity

BODY_PARTS = (
    "shoulder",
    "elbow",
    "wrist",
    "pinky",
    "index",
    "thumb",
    "hip",
    "knee",
    "ankle",
    "heel",
    "foot_index",
    "ear",
    "eye",
    "mouth",
)
SIDES = ("near", "far", "left", "right", "active", "passive", "mid")
POINT_PATTERN = rf"^(nose|({'|'.join(SIDES)})\.({'|'.join(BODY_PARTS)}))$"
ID_PATTERN = r"^[a-z][a-z0-9_]{1,40}$"
_NUMBER = r"[-+]?\d+(?:\.\d+)?"
_BOUND = re.compile(rf"^\s*(>=|<=|>|<)\s*({_NUMBER})\s*$")
_BETWEEN = re.compile(rf"^\s*(outside\s+)?({_NUMBER})\s*\.\.\s*({_NUMBER})\s*$")
RANGE_PATTERN = rf"^\s*((>=|<=|>|<)\s*{_NUMBER}|(outside\s+)?{_NUMBER}\s*\.\.\s*{_NUMBER})\s*$"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Range(_Model):
    """A range of numbers: ``low..high``, or with ``outside`` everything beyond it; a missing bound is infinite."""

    low: float = -math.inf
    high: float = math.inf
    outside: bool = False
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=True)

    def __contains__(self, value: float) -> bool:
        """Tell whether ``value`` lies in the range; NaN lies in none."""
        if math.isnan(value):
            return False
        inside = self.low <= value <= self.high
        return inside != self.outside

    def __str__(self) -> str:
        """Write the range as a spec does."""
        if math.isinf(self.low):
            return f"> {self.high:g}" if self.outside else f"<= {self.high:g}"
        if math.isinf(self.high):
            return f"< {self.low:g}" if self.outside else f">= {self.low:g}"
        return f"{'outside ' if self.outside else ''}{self.low:g}..{self.high:g}"


def parse_range(text: object) -> Range:
    """Read ``">= 140"``, ``"75..110"`` or ``"outside 65..120"``; raises ValueError with what was expected."""
    if isinstance(text, Range):
        return text
    if isinstance(text, dict):
        return Range(**text)
    expected = 'expected a range such as ">= 140", "< 0.1", "75..110" or "outside 65..120"'
    if not isinstance(text, str):
        raise ValueError(expected)
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
Point = Annotated[str, Field(pattern=POINT_PATTERN)]
Identifier = Annotated[str, Field(pattern=ID_PATTERN)]
Segment = Annotated[tuple[Point, Point], Field(description="from one point to another")]
Axis = Literal["up", "down", "forward", "backward", "left", "right", "trunk", "dorsal"]
"""Directions: up/down the picture; forward where the person faces (lying face down or on the back: where the head is);
left/right the person's own, front views; trunk from hips to shoulders; dorsal out of the back."""
Conditions: TypeAlias = dict[Identifier, RangeText]


class _Measure(_Model):
    label: str | None = Field(None, max_length=60, description="name for reports and charts")
    error: float | None = Field(None, gt=0, description="known measuring error, in the measure's unit")
    unit: Literal["degrees", "torso", "ratio"] | None = None


class AngleMeasure(_Measure):
    """Inner angle at the middle point, 0..180 degrees."""

    angle: tuple[Point, Point, Point]
    space: Literal["image", "world"] = "image"


class BendMeasure(_Measure):
    """Signed bend: 180 minus the angle, positive when the middle point lies ``towards`` that direction of the chord."""

    bend: tuple[Point, Point, Point]
    towards: Axis


class TiltMeasure(_Measure):
    """Angle of a segment from the vertical (0 = second point right above the first, 0..180) or the horizontal (0..90).

    With ``towards`` it is signed, -180..180: positive when the segment leans that way.
    """

    tilt: Segment
    reference: Literal["vertical", "horizontal"] = Field("vertical", alias="from")
    towards: Axis | None = None


class BetweenMeasure(_Measure):
    """Angle between two directed segments, 0..180 degrees."""

    between: tuple[Segment, Segment]
    space: Literal["image", "world"] = "image"


class OffsetMeasure(_Measure):
    """How far a point lies from another along a direction, in torso lengths."""

    offset: Point
    origin: Point = Field(alias="from")
    along: Axis


class LineOffsetMeasure(_Measure):
    """How far a point lies from the line through two others, positive ``towards`` a direction, in torso lengths."""

    line_offset: Point
    of: Segment
    towards: Axis


class DistanceMeasure(_Measure):
    """Distance of two points in torso lengths."""

    distance: Segment


class TurnMeasure(_Measure):
    """Turn of a right-to-left segment about the vertical, degrees, from world landmarks; 0 = square to the camera.

    With ``relative_to`` the turn against another segment. Positive: the person's left side lies further from the camera.
    """

    turn: Segment
    relative_to: Segment | None = None


class SpineMeasure(_Measure):
    """Flexion of the spine from the silhouette, degrees from the person's own neutral; positive rounds, negative hollows.

    ``surface`` says which edge of the silhouette is read: ``front`` when the person lies on the back.
    """

    spine: Literal["flexion"]
    surface: Literal["back", "front"] = "back"


class HeadMeasure(_Measure):
    """Head angles: pitch (chin up positive), roll (ear to the left shoulder positive), yaw (nose to the left positive).

    Pitch against the horizontal in a side view when upright, against the trunk when lying; roll against the shoulder line.
    """

    head: Literal["pitch", "roll", "yaw"]


class DifferenceMeasure(_Measure):
    """First measure minus the second."""

    difference: tuple[Identifier, Identifier]
    absolute: bool = False


class ChangeMeasure(_Measure):
    """Change of a measure from the person's own value at rest (its first still second in position)."""

    change: Identifier
    absolute: bool = False


class RatioMeasure(_Measure):
    """A measure over the person's own value at rest: 1 = as at rest."""

    ratio: Identifier


class CombineMeasure(_Measure):
    """Mean, smallest, largest or absolute value of other measures; the mean leaves out what is unseen, the others do not."""

    combine: Literal["mean", "min", "max", "abs"]
    over: tuple[Identifier, ...] = Field(min_length=1)


MEASURE_KEYS: dict[str, type[_Measure]] = {
    "angle": AngleMeasure,
    "bend": BendMeasure,
    "tilt": TiltMeasure,
    "between": BetweenMeasure,
    "offset": OffsetMeasure,
    "line_offset": LineOffsetMeasure,
    "distance": DistanceMeasure,
    "turn": TurnMeasure,
    "spine": SpineMeasure,
    "head": HeadMeasure,
    "difference": DifferenceMeasure,
    "change": ChangeMeasure,
    "ratio": RatioMeasure,
    "combine": CombineMeasure,
}


def _measure_kind(value: Any) -> str | None:
    if isinstance(value, _Measure):
        return next(key for key, kind in MEASURE_KEYS.items() if isinstance(value, kind))
    if isinstance(value, dict):
        return next((key for key in MEASURE_KEYS if key in value), None)
    return None


AnyMeasure: TypeAlias = Annotated[
    Annotated[AngleMeasure, Tag("angle")]
    | Annotated[BendMeasure, Tag("bend")]
    | Annotated[TiltMeasure, Tag("tilt")]
    | Annotated[BetweenMeasure, Tag("between")]
    | Annotated[OffsetMeasure, Tag("offset")]
    | Annotated[LineOffsetMeasure, Tag("line_offset")]
    | Annotated[DistanceMeasure, Tag("distance")]
    | Annotated[TurnMeasure, Tag("turn")]
    | Annotated[SpineMeasure, Tag("spine")]
    | Annotated[HeadMeasure, Tag("head")]
    | Annotated[DifferenceMeasure, Tag("difference")]
    | Annotated[ChangeMeasure, Tag("change")]
    | Annotated[RatioMeasure, Tag("ratio")]
    | Annotated[CombineMeasure, Tag("combine")],
    Discriminator(
        _measure_kind,
        custom_error_type="measure_kind",
        custom_error_message=f"expected a measure with one of the keys {', '.join(MEASURE_KEYS)}",
    ),
]


class Camera(_Model):
    """Where the camera stands and what must be in the picture."""

    view: tuple[Literal["side", "front"], ...] = Field(min_length=1)
    frame: Literal["full_body", "upper_body"] = "full_body"
    advice: str = Field("", max_length=300, description="how to place the camera, in words")


class Dose(_Model):
    """How much to do: reps or seconds a set; per side for two-sided exercises."""

    sets: int = Field(1, ge=1, le=20)
    reps: int | None = Field(None, ge=1, le=200)
    seconds: float | None = Field(None, gt=0, le=3600)
    origin: Literal["article", "ours"] = "ours"

    @model_validator(mode="after")
    def _one_of(self) -> Dose:
        if (self.reps is None) == (self.seconds is None):
            raise ValueError("expected either reps or seconds")
        return self


class Setup(_Model):
    """When counting may begin and must pause.

    ``position`` must hold for ``hold_s`` before anything counts, and (widened by a tenth) throughout; ``start`` must hold as
    well at the beginning only, typically the drive at its resting place.
    """

    position: Conditions
    start: Conditions = Field(default_factory=dict)
    hold_s: float = Field(0.5, ge=0, le=5, alias="for")


class Reps(_Model):
    """How reps are counted on the ``drive`` measure.

    ``rest`` is where the drive lies between reps; ``middle`` for two-way movements, whose ``ends`` name the two end positions
    (cat: high, cow: low). ``sides``: ``signed`` = a high end is a left rep and a low end a right one; ``active`` = the drive is
    measured for each side of the body (``active.`` points) and each side counts its own. ``cycle`` = both ends make one rep.
    ``min_range`` is the smallest movement that can count, in the drive's unit; ``min_seconds`` the shortest rep.
    """

    drive: Identifier
    rest: Literal["high", "low", "middle"] = Field(alias="from")
    sides: Literal["none", "signed", "active"] = "none"
    cycle: bool = False
    ends: dict[Identifier, Literal["high", "low"]] = Field(default_factory=dict)
    min_range: float = Field(gt=0)
    min_seconds: float = Field(0.5, ge=0.1, le=30)
    max_seconds: float = Field(30.0, gt=0, le=300)


class HoldRule(_Model):
    """When a timed hold runs: while every condition is true; it starts after ``start_after`` and survives gaps under ``grace``.

    ``side`` names a measure whose sign tells the side (positive = left) of a two-sided hold.
    """

    position: Conditions = Field(alias="while")
    side: Identifier | None = None
    start_after: float = Field(0.5, ge=0, le=5)
    grace: float = Field(1.0, ge=0, le=5)
    min_seconds: float = Field(2.0, ge=0.5, le=30)


At = Literal["end", "start", "return", "middle"]
During = Literal["rep", "down", "end", "up", "hold", "always"]
Take = Literal["lasting", "min", "max", "median", "range"]


def _short_cue(text: str) -> str:
    if len(text.split()) > 5:
        raise ValueError("a cue is spoken: 5 words at the most")
    return text


class Check(_Model):
    """One fault that is looked for.

    A check reads a ``measure`` (``at`` one moment of the rep, or ``during`` a part of it or of the hold) or a ``tempo`` (seconds
    that a part of the rep lasts). ``ok`` is right, ``fault`` is wrong, between them it is too close to call. ``take`` says how
    the values of a stretch of time become one: ``lasting`` = the worst value that was held for ``for`` seconds. ``when`` limits
    judging to frames in which other measures lie in a range. ``end`` names the end position of a two-way movement.
    """

    name: str = Field(min_length=3, max_length=60)
    measure: Identifier | None = None
    tempo: Literal["down", "up", "end", "rep", "cycle"] | None = None
    at: At | None = None
    end: Identifier | None = Field(None, description="which end position, for two-way movements")
    during: During | None = None
    take: Take | None = None
    lasting_s: float = Field(0.4, ge=0, le=10, alias="for")
    when: Conditions = Field(default_factory=dict)
    ok: RangeText
    fault: RangeText
    severity: Severity = "minor"
    cue: Annotated[str, AfterValidator(_short_cue)] = Field(min_length=2, max_length=40)
    advice: str = Field("", max_length=400)
    praise: str = Field("Good", max_length=40)
    source: str = Field("", max_length=300, description="where the limits come from")
    judged: bool = Field(True, description="false: cannot be measured from one camera; always reported as unknown")

    @model_validator(mode="after")
    def _complete(self) -> Check:
        if (self.measure is None) == (self.tempo is None):
            raise ValueError("expected either measure or tempo")
        if self.measure is not None and (self.at is None) == (self.during is None):
            raise ValueError("expected either at or during")
        if self.tempo is not None and (self.at or self.during or self.take):
            raise ValueError("a tempo check has no at, during or take")
        if self.ok.outside or not self.fault.outside:
            raise ValueError('expected ok as ">=", "<=" or "a..b" and fault as "<", ">" or "outside a..b"')
        if self.fault.low > self.ok.low or self.fault.high < self.ok.high:
            raise ValueError(f"ok ({self.ok}) and fault ({self.fault}) overlap")
        if math.isinf(self.fault.low) != math.isinf(self.ok.low) or math.isinf(self.fault.high) != math.isinf(
            self.ok.high
        ):
            raise ValueError(f"ok ({self.ok}) and fault ({self.fault}) do not bound the same side")
        return self


class Exercise(_Model):
    """One exercise in one variant, complete: what the analyzer needs and what documents are made from."""

    id: Identifier
    name: str = Field(min_length=3, max_length=60)
    variant: Identifier | None = None
    variant_name: str = Field("", max_length=60)
    category: Literal["mobilise", "strengthen", "stretch"]
    position: Literal["upright", "prone", "supine", "side_lying"]
    muscles: tuple[str, ...] = ()
    camera: Camera
    dose: Dose
    source: str = Field("", max_length=300)
    steps: tuple[str, ...] = Field((), description="how to do it, a sentence each")
    measures: dict[Identifier, AnyMeasure]
    setup: Setup
    reps: Reps | None = None
    hold: HoldRule | None = None
    checks: dict[Identifier, Check]

    @model_validator(mode="after")
    def _reps_or_hold(self) -> Exercise:
        if (self.reps is None) == (self.hold is None):
            raise ValueError("expected either reps or hold")
        return self

    @property
    def needs_silhouette(self) -> bool:
        """Tell whether a measure reads the silhouette."""
        return any(isinstance(measure, SpineMeasure) for measure in self.measures.values())


class ProgrammeStep(_Model):
    """One exercise of a programme; ``dose`` replaces the exercise's own, ``rest_s`` follows it."""

    exercise: Identifier
    variant: Identifier | None = None
    dose: Dose | None = None
    rest_s: float = Field(20.0, ge=0, le=600)


class Programme(_Model):
    """A routine of exercises with the red flags that are shown before it."""

    id: Identifier
    name: str = Field(min_length=3, max_length=80)
    description: str = Field("", max_length=600)
    steps: tuple[ProgrammeStep, ...] = Field(min_length=1, max_length=60)
    red_flags: tuple[str, ...] = Field(min_length=1)
