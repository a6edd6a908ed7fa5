"""The measures a spec can name: closed vocabulary, each kind recognised by its one own key."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag

from posturecam.spec.ranges import Identifier, SpecModel

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
Point = Annotated[str, Field(pattern=POINT_PATTERN)]
Segment = Annotated[tuple[Point, Point], Field(description="from one point to another")]
Axis = Literal["up", "down", "forward", "backward", "left", "right", "outward", "inward", "trunk", "dorsal", "camera"]
"""Directions: up/down the picture; forward where the person faces (lying face down or on the back: where the head is), side
views; left/right the person's own, front views; outward/inward from and to the body's middle on the side of the measured point,
front views; trunk from hips to shoulders; dorsal out of the back; camera towards the camera, in world space only."""


class Measure(SpecModel):
    """What every kind of measure may say: its name for people, its known error, and its unit where that is not plain."""

    label: str | None = Field(None, max_length=60, description="name for reports and charts")
    error: float | None = Field(None, gt=0, description="known measuring error, in the measure's unit")
    unit: Literal["degrees", "torso", "ratio"] | None = None


class AngleMeasure(Measure):
    """Inner angle at the middle point, 0..180 degrees."""

    angle: tuple[Point, Point, Point]
    space: Literal["image", "world"] = "image"


class BendMeasure(Measure):
    """Signed bend: 180 minus the angle, positive when the middle point lies ``towards`` that direction of the chord."""

    bend: tuple[Point, Point, Point]
    towards: Axis


class TiltMeasure(Measure):
    """Angle of a segment from the vertical (0 = second point right above the first, 0..180) or the horizontal (0..90).

    With ``towards`` it is signed, -180..180: positive when the segment leans that way. In ``world`` space (world landmarks)
    the only such direction is ``camera``: a lean towards the camera, which the picture does not show.
    """

    tilt: Segment
    reference: Literal["vertical", "horizontal"] = Field("vertical", alias="from")
    towards: Axis | None = None
    space: Literal["image", "world"] = "image"


class BetweenMeasure(Measure):
    """Angle between two directed segments, 0..180 degrees."""

    between: tuple[Segment, Segment]
    space: Literal["image", "world"] = "image"


class OffsetMeasure(Measure):
    """How far a point lies from another along a direction, in torso lengths."""

    offset: Point
    origin: Point = Field(alias="from")
    along: Axis


class LineOffsetMeasure(Measure):
    """How far a point lies from the line through two others, positive ``towards`` a direction, in torso lengths."""

    line_offset: Point
    of: Segment
    towards: Axis


class DistanceMeasure(Measure):
    """Distance of two points in torso lengths."""

    distance: Segment


class TurnMeasure(Measure):
    """Turn of a right-to-left segment about the vertical, degrees, from world landmarks; 0 = square to the camera.

    With ``relative_to`` the turn against another segment. Positive: the person's left side lies further from the camera.
    """

    turn: Segment
    relative_to: Segment | None = None


class SpineMeasure(Measure):
    """Flexion of the spine from the silhouette, degrees from the person's own neutral; positive rounds, negative hollows.

    ``surface`` says which edge of the silhouette is read: ``front`` when the person lies on the back.
    """

    spine: Literal["flexion"]
    surface: Literal["back", "front"] = "back"


class HeadMeasure(Measure):
    """Head angles: pitch (chin up positive), roll (ear to the left shoulder positive), yaw (nose to the left positive).

    Pitch against the horizontal in a side view when upright, against the trunk when lying; roll against the shoulder line.
    """

    head: Literal["pitch", "roll", "yaw"]


class DifferenceMeasure(Measure):
    """First measure minus the second."""

    difference: tuple[Identifier, Identifier]
    absolute: bool = False


class ChangeMeasure(Measure):
    """Change of a measure from the person's own value at rest (its first still second in position)."""

    change: Identifier
    absolute: bool = False


class RatioMeasure(Measure):
    """A measure over the person's own value at rest: 1 = as at rest."""

    ratio: Identifier


class CombineMeasure(Measure):
    """Mean, smallest, largest or absolute value of other measures; the mean leaves out what is unseen, the others do not."""

    combine: Literal["mean", "min", "max", "abs"]
    over: tuple[Identifier, ...] = Field(min_length=1)


MEASURE_KEYS: dict[str, type[Measure]] = {
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
    if isinstance(value, Measure):
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

POINT_FIELDS = (
    "angle",
    "bend",
    "tilt",
    "between",
    "offset",
    "origin",
    "line_offset",
    "of",
    "distance",
    "turn",
    "relative_to",
)
"""Fields of the measures that name points."""
