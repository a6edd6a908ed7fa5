"""The measures a spec can name: closed vocabulary, each kind recognised by its one own key.

A kind is one class: it knows its words in YAML, its unit, the points and the other measures it reads, and whether it needs the
person's baseline. How it is computed stands in :mod:`posturecam.kinematics.kinds`, one function a kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag

from posturecam.spec.ranges import Identifier, SpecModel
from posturecam.spec.tree import Location
from posturecam.spec.units import Unit

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
SIDES = ("near", "far", "left", "right", "active", "passive", "mid", "each")
POINT_PATTERN = rf"^(nose|({'|'.join(SIDES)})\.({'|'.join(BODY_PARTS)}))$"
Point = Annotated[str, Field(pattern=POINT_PATTERN)]
Segment = Annotated[tuple[Point, Point], Field(description="from one point to another")]
Axis = Literal["up", "down", "forward", "backward", "left", "right", "outward", "inward", "trunk", "dorsal", "camera"]
"""Directions: up/down the picture; forward where the person faces (lying face down or on the back: where the head is), side
views; left/right the person's own, front views; outward/inward from and to the body's middle on the side of the measured point,
front views; trunk from hips to shoulders; dorsal out of the back; camera towards the camera, in world space only."""


class Measure(SpecModel):
    """What every kind of measure may say: its name for people, its known error, and its unit where that is not plain.

    ``absolute`` leaves the sign away. ``reduce`` makes one value of the two sides of a measure with ``each.`` points (after
    ``absolute``): the ``min``, ``max`` or ``mean``, or the mean ``weighted`` by how well the points of each side are seen; a side
    that cannot be measured is left out.
    """

    UNIT: ClassVar[Unit | None] = "degrees"
    """Unit of the kind; None: that of what it is made from."""
    POINT_FIELDS: ClassVar[tuple[str, ...]] = ()
    """Fields that name points."""
    SOURCE_FIELDS: ClassVar[tuple[str, ...]] = ()
    """Fields that name other measures."""
    NEEDS_BASELINE: ClassVar[bool] = False
    """Whether it is known only after the person's resting values are."""

    label: str | None = Field(None, max_length=60, description="name for reports and charts")
    error: float | None = Field(None, gt=0, description="known measuring error, in the measure's unit")
    unit: Unit | None = None
    absolute: bool = Field(False, description="without the sign")
    reduce: Literal["min", "max", "mean", "weighted"] | None = Field(
        None, description="how the two sides of each. points become one value"
    )

    def points(self) -> Iterator[tuple[Location, str]]:
        """Where in the measure a point of the body is named, and its name."""
        return self._named(self.POINT_FIELDS)

    def sources(self) -> Iterator[tuple[Location, str]]:
        """Where in the measure another measure is named, and its name."""
        return self._named(self.SOURCE_FIELDS)

    def needed_points(self) -> tuple[str, ...]:
        """The points without which nothing can be measured, whether the file names them or the kind implies them."""
        return tuple(point for _, point in self.points())

    def _named(self, fields: tuple[str, ...]) -> Iterator[tuple[Location, str]]:
        for name in fields:
            yield from _texts(getattr(self, name), (type(self).model_fields[name].alias or name,))


def _texts(value: object, location: Location) -> Iterator[tuple[Location, str]]:
    if isinstance(value, str):
        yield location, value
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _texts(item, (*location, index))


class AngleMeasure(Measure):
    """Inner angle at the middle point, 0..180 degrees.

    With ``in_plane`` it is known only where neither of its two segments looks shorter than that share of half of the limb: one
    that points at the camera, or whose end something hides, has no angle in the picture.

    With ``by_reach`` it is read from how far apart the limb's ends are, over the limb's length, its two segments taken for
    equally long: an elbow that flares towards the camera looks opener than it is, while shoulder and hand stay in the
    picture's plane.
    """

    POINT_FIELDS = ("angle",)

    angle: tuple[Point, Point, Point]
    space: Literal["image", "world"] = "image"
    in_plane: float | None = Field(
        None, gt=0, lt=1, description="least share of half of the limb's length; arms and legs"
    )
    by_reach: bool = Field(False, description="from the distance of the limb's ends; arms and legs, in the picture")


class BendMeasure(Measure):
    """Signed bend: 180 minus the angle, positive when the middle point lies ``towards`` that direction of the chord."""

    POINT_FIELDS = ("bend",)

    bend: tuple[Point, Point, Point]
    towards: Axis


class TiltMeasure(Measure):
    """Angle of a segment from the vertical (0 = second point right above the first, 0..180) or the horizontal (0..90).

    With ``towards`` it is signed, -180..180: positive when the segment leans that way. In ``world`` space (world landmarks)
    the only such direction is ``camera``: a lean towards the camera, which the picture does not show.
    """

    POINT_FIELDS = ("tilt",)

    tilt: Segment
    reference: Literal["vertical", "horizontal"] = Field("vertical", alias="from")
    towards: Axis | None = None
    space: Literal["image", "world"] = "image"


class BetweenMeasure(Measure):
    """Angle between two directed segments, 0..180 degrees."""

    POINT_FIELDS = ("between",)

    between: tuple[Segment, Segment]
    space: Literal["image", "world"] = "image"


class OffsetMeasure(Measure):
    """How far a point lies from another along a direction, in torso lengths."""

    UNIT = "torso"
    POINT_FIELDS = ("offset", "origin")

    offset: Point
    origin: Point = Field(alias="from")
    along: Axis


class LineOffsetMeasure(Measure):
    """How far a point lies from the line through two others, positive ``towards`` a direction, in torso lengths."""

    UNIT = "torso"
    POINT_FIELDS = ("line_offset", "of")

    line_offset: Point
    of: Segment
    towards: Axis


class DistanceMeasure(Measure):
    """Distance of two points in torso lengths."""

    UNIT = "torso"
    POINT_FIELDS = ("distance",)

    distance: Segment


class ReachMeasure(Measure):
    """Distance of a limb's two ends over the limb's length: 1 = stretched out, towards 0 = folded.

    ``reach`` names the ends and ``via`` the joint between them. In ``image`` space the limb's length is the upper quartile of the
    last seconds, since a limb that points to the camera only ever looks shorter; in ``world`` space it is that of the frame.
    """

    UNIT = "ratio"
    POINT_FIELDS = ("reach", "via")

    reach: Segment
    via: Point
    space: Literal["image", "world"] = "image"


class TurnMeasure(Measure):
    """Turn of a right-to-left segment about the vertical, degrees, from world landmarks; 0 = square to the camera.

    With ``relative_to`` the turn against another segment. Positive: the person's left side lies further from the camera.
    """

    POINT_FIELDS = ("turn", "relative_to")

    turn: Segment
    relative_to: Segment | None = None


class SpineMeasure(Measure):
    """Flexion of the spine from the silhouette, degrees from the person's own neutral; positive rounds, negative hollows.

    ``surface`` says which edge of the silhouette is read: ``front`` when the person lies on the back.
    """

    NEEDS_BASELINE = True

    spine: Literal["flexion"]
    surface: Literal["back", "front"] = "back"

    def needed_points(self) -> tuple[str, ...]:
        """The trunk's two ends."""
        return ("mid.shoulder", "mid.hip")


class HeadMeasure(Measure):
    """Head angles: pitch (chin up positive), roll (ear to the left shoulder positive), yaw (nose to the left positive).

    Pitch against the horizontal in a side view when upright, against the trunk when lying; roll against the shoulder line.
    """

    head: Literal["pitch", "roll", "yaw"]

    def needed_points(self) -> tuple[str, ...]:
        """The landmarks of the face that the angle is read from, and for roll the shoulders."""
        if self.head == "pitch":
            return ("nose", "near.ear")
        ears = ("left.ear", "right.ear")
        return (*ears, "left.shoulder", "right.shoulder") if self.head == "roll" else ("nose", *ears)


class DifferenceMeasure(Measure):
    """First measure minus the second."""

    UNIT = None
    SOURCE_FIELDS = ("difference",)

    difference: tuple[Identifier, Identifier]


class ChangeMeasure(Measure):
    """Change of a measure from the person's own value at rest (its first still second in position)."""

    UNIT = None
    SOURCE_FIELDS = ("change",)
    NEEDS_BASELINE = True

    change: Identifier


class BeyondMeasure(Measure):
    """How far a measure is beyond a fixed ``value`` in its unit: beside a change, where either of the two will do."""

    UNIT = None
    SOURCE_FIELDS = ("beyond",)

    beyond: Identifier
    value: float


class RatioMeasure(Measure):
    """A measure over the person's own value at rest: 1 = as at rest."""

    UNIT = "ratio"
    SOURCE_FIELDS = ("ratio",)
    NEEDS_BASELINE = True

    ratio: Identifier


class CombineMeasure(Measure):
    """Mean, smallest, largest or absolute value of other measures; the mean leaves out what is unseen, the others do not."""

    UNIT = None
    SOURCE_FIELDS = ("over",)

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
    "reach": ReachMeasure,
    "turn": TurnMeasure,
    "spine": SpineMeasure,
    "head": HeadMeasure,
    "difference": DifferenceMeasure,
    "change": ChangeMeasure,
    "beyond": BeyondMeasure,
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
    | Annotated[ReachMeasure, Tag("reach")]
    | Annotated[TurnMeasure, Tag("turn")]
    | Annotated[SpineMeasure, Tag("spine")]
    | Annotated[HeadMeasure, Tag("head")]
    | Annotated[DifferenceMeasure, Tag("difference")]
    | Annotated[ChangeMeasure, Tag("change")]
    | Annotated[BeyondMeasure, Tag("beyond")]
    | Annotated[RatioMeasure, Tag("ratio")]
    | Annotated[CombineMeasure, Tag("combine")],
    Discriminator(
        _measure_kind,
        custom_error_type="measure_kind",
        custom_error_message=f"expected a measure with one of the keys {', '.join(MEASURE_KEYS)}",
    ),
]

POINT_FIELDS = tuple(dict.fromkeys(name for kind in MEASURE_KEYS.values() for name in kind.POINT_FIELDS))
"""Fields of the measures that name points."""
LIMBS = (("shoulder", "elbow", "wrist"), ("hip", "knee", "ankle"))
"""The limbs that ``reach`` knows: from the trunk over the joint between to the end."""
