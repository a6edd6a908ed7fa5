"""The spec language, typed: the only truth about what an exercise file may say.

A file is YAML; :mod:`posturecam.spec.load` reads it, applies a variant's overrides and validates it against these types.
The vocabulary is closed: no expressions, nothing is evaluated. Lengths are torso lengths, angles degrees, times seconds.
"""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from posturecam.spec.measures import AnyMeasure, Point, SpineMeasure
from posturecam.spec.ranges import Identifier, RangeText, SpecModel

# posturecam.model has the same type, but importing it would bring numpy: listing exercises must stay quick
Severity: TypeAlias = Literal["major", "minor"]
Conditions: TypeAlias = dict[Identifier, RangeText]


class Camera(SpecModel):
    """Where the camera stands and what must be in the picture."""

    view: tuple[Literal["side", "front"], ...] = Field(min_length=1)
    frame: Literal["full_body", "upper_body"] = "full_body"
    advice: str = Field("", max_length=300, description="how to place the camera, in words")
    turned_s: float = Field(
        5.0,
        ge=0,
        le=600,
        description="how long the view may seem wrong while the position is right: some exercises turn the trunk",
    )


class Dose(SpecModel):
    """How much to do: reps or seconds a set; per side for two-sided exercises; on so many ``days_a_week``, None: not said."""

    sets: int = Field(1, ge=1, le=20)
    reps: int | None = Field(None, ge=1, le=200)
    seconds: float | None = Field(None, gt=0, le=3600)
    days_a_week: int | None = Field(None, ge=1, le=7)
    origin: Literal["article", "ours"] = "ours"

    @model_validator(mode="after")
    def _one_of(self) -> Dose:
        if (self.reps is None) == (self.seconds is None):
            raise ValueError("expected either reps or seconds")
        return self


class Setup(SpecModel):
    """When counting may begin and must pause.

    ``position`` must hold for ``hold_s`` before anything counts, and throughout, then eased by each measure's own error.
    What cannot be seen is not known to hold, unless the condition ends in ``if seen``.
    """

    position: Conditions
    planted: tuple[Point, ...] | None = Field(
        None, description="points that stay where they are in every rep; without it the hips of somebody upright"
    )
    hold_s: float = Field(0.5, ge=0, le=5, alias="for")


class OtherSignal(SpecModel):
    """What reps are counted by where the ``drive`` itself is hardly seen: hands or hips outside of the picture."""

    signal: Identifier = Field(alias="drive")
    rest: Literal["high", "low"] = Field(alias="from")
    min_range: float = Field(gt=0)


class Reps(SpecModel):
    """How reps are counted on the ``drive`` measure.

    ``rest`` is where the drive lies between reps; ``middle`` for two-way movements, whose ``ends`` name the two end positions
    (cat: high, cow: low). ``sides``: ``signed`` = a high end is a left rep and a low end a right one; ``active`` = the drive is
    measured for each side of the body (``active.`` points) and each side counts its own; ``measured`` = the sign of the measure
    ``side`` at the end position tells it (positive = left). ``cycle`` = both ends make one rep.
    ``neutral`` is the drive's value in the middle where that is known by nature (a level head: 0); otherwise it is learned at
    rest. ``to_rest``: a rep counts only once the drive has settled near where it began, which tells a movement of a few
    centimetres from swaying about. ``otherwise`` is counted by instead where the drive is hardly seen or shows nothing.
    ``min_range`` is the movement, in the drive's unit, from which on a single one is believed; a smaller one counts when it is
    repeated.
    """

    signal: Identifier = Field(alias="drive")
    rest: Literal["high", "low", "middle"] = Field(alias="from")
    to_rest: bool = False
    sides: Literal["none", "signed", "active", "measured"] = "none"
    side: Identifier | None = None
    cycle: bool = False
    neutral: float | None = None
    ends: dict[Identifier, Literal["high", "low"]] = Field(default_factory=dict)
    otherwise: OtherSignal | None = None
    min_range: float = Field(gt=0)
    max_seconds: float = Field(30.0, gt=0, le=300)
    range_error: float | None = Field(
        None, gt=0, description="standard error of measurement of a session's mean range, in the drive's unit"
    )


class HoldRule(SpecModel):
    """When a timed hold runs: while every condition is true; it starts after ``start_after`` and survives gaps under ``grace``.

    ``side`` names a measure whose sign tells the side (positive = left) of a two-sided hold. ``rest`` names a height and what it
    reads while the person rests in a like position: that is not held where the hold itself lies clearly higher.
    """

    position: Conditions = Field(alias="while")
    rest: Conditions = Field(
        default_factory=dict,
        description="a height, and what it reads at rest: not held where the hold is clearly higher",
    )
    side: Identifier | None = None
    moves: bool = Field(
        False, description="arms or chest move while it is held: arriving is told by hips and legs alone"
    )
    start_after: float = Field(0.5, ge=0, le=5)
    grace: float = Field(1.0, ge=0, le=5)
    min_seconds: float = Field(2.0, ge=0.5, le=30)


At = Literal["end", "start", "return", "middle"]
During = Literal["rep", "out", "end", "return", "hold", "always"]
Take = Literal["lasting", "min", "max", "median", "range"]


def _renamed_way(word: object) -> object:
    """The ways' names of the spec language's first version, which its files may still use."""
    return {"down": "out", "up": "return"}.get(word, word) if isinstance(word, str) else word


def _short_cue(text: str) -> str:
    if len(text.split()) > 5:
        raise ValueError("a cue is spoken: 5 words at the most")
    return text


class Source(SpecModel):
    """Where a check's limits come from; all of it is text for people, and plain text alone is read as the ``rule``.

    ``rule`` what is right and who says so, of the true body; ``offset`` how what is measured differs from that; ``read`` which
    sets of people read what; ``see`` the document and heading that hold the evidence.
    """

    rule: Annotated[str, Field(max_length=300, description="what is right, of the true body, and who says so")] = ""
    offset: Annotated[str, Field(max_length=300, description="how what is measured differs from the true body")] = ""
    read: Annotated[str, Field(max_length=300, description="which sets of people read what")] = ""
    see: Annotated[str, Field(max_length=100, description="document and heading, as docs/evidence.md#plank")] = ""

    @property
    def text(self) -> str:
        """Everything in one line; empty when nothing is said."""
        said = [self.rule, self.offset and f"As measured: {self.offset}", self.read and f"Read: {self.read}"]
        return " ".join([part for part in said if part] + ([f"({self.see})"] if self.see else []))


def _source(said: object) -> object:
    if isinstance(said, str):
        return {"rule": said}
    if not isinstance(said, (dict, Source)):
        raise ValueError("expected text, or a mapping of rule, offset, read and see")
    return said


def _text_or_mapping(schema: dict[str, Any]) -> None:
    schema["anyOf"] = [{"type": "string", "maxLength": 300}, {"$ref": schema.pop("$ref")}]


class Check(SpecModel):
    """One fault that is looked for.

    A check reads a ``measure`` (``at`` one moment of the rep, or ``during`` a part of it or of the hold) or a ``tempo`` (seconds
    that a part of the rep lasts). ``ok`` is right, ``fault`` is wrong, between them it is too close to call. ``take`` says how
    the values of a stretch of time become one: ``lasting`` = the worst value that was held for ``for`` seconds. ``when`` limits
    judging to frames in which other measures lie in a range. ``end`` names the end position of a two-way movement. ``view``:
    seen from there only, unknown when the camera stands elsewhere; ``any`` for what reads the same from anywhere. ``whether``
    names what is looked for as a question to the person: "whether your hips sag" is said where that could not be seen.
    """

    name: str = Field(min_length=3, max_length=60)
    whether: str = Field("", max_length=80, description="what could not be seen, after 'whether': your hips sag")
    measure: Identifier | None = None
    tempo: Annotated[Literal["out", "return", "end", "rep", "cycle"] | None, BeforeValidator(_renamed_way)] = None
    at: At | None = None
    end: Identifier | None = Field(None, description="which end position, for two-way movements")
    during: Annotated[During | None, BeforeValidator(_renamed_way)] = None
    take: Take | None = None
    lasting_s: float = Field(0.4, ge=0, le=10, alias="for")
    when: Conditions = Field(default_factory=dict)
    view: Literal["side", "front", "any"] | None = None
    ok: RangeText
    fault: RangeText
    severity: Severity = "minor"
    cue: Annotated[str, AfterValidator(_short_cue)] = Field(min_length=2, max_length=40)
    advice: str = Field("", max_length=400)
    praise: str = Field("Good", max_length=40)
    source: Annotated[Source, BeforeValidator(_source)] = Field(
        default_factory=Source, description="where the limits come from", json_schema_extra=_text_or_mapping
    )
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
        if any(wanted.if_seen for wanted in (self.ok, self.fault, *self.when.values())):
            raise ValueError('"if seen" is for the conditions of set-up and hold only')
        if self.fault.low > self.ok.low or self.fault.high < self.ok.high:
            raise ValueError(f"ok ({self.ok}) and fault ({self.fault}) overlap")
        if math.isinf(self.fault.low) != math.isinf(self.ok.low) or math.isinf(self.fault.high) != math.isinf(
            self.ok.high
        ):
            raise ValueError(f"ok ({self.ok}) and fault ({self.fault}) do not bound the same side")
        return self


Equipment = Literal["band", "dumbbells", "roller", "wall", "doorway", "bench"]
"""What an exercise may need beside a floor or a chair."""


class Exercise(SpecModel):
    """One exercise in one variant, complete: what the analyzer needs and what documents are made from."""

    id: Identifier
    name: str = Field(min_length=3, max_length=60)
    variant: Identifier | None = None
    variant_name: str = Field("", max_length=60)
    category: Literal["mobilise", "strengthen", "stretch"]
    position: Literal["upright", "bent_over", "prone", "supine", "side_lying"]
    muscles: tuple[str, ...] = ()
    camera: Camera
    dose: Dose
    source: str = Field("", max_length=300)
    steps: tuple[str, ...] = Field((), description="how to do it, a sentence each")
    equipment: tuple[Equipment, ...] = Field((), description="what has to be at hand")
    measures: dict[Identifier, AnyMeasure] = Field(max_length=100)
    setup: Setup
    reps: Reps | None = None
    hold: HoldRule | None = None
    checks: dict[Identifier, Check] = Field(max_length=60)

    @model_validator(mode="after")
    def _reps_or_hold(self) -> Exercise:
        if (self.reps is None) == (self.hold is None):
            raise ValueError("expected either reps or hold")
        return self

    @property
    def lying(self) -> bool:
        """Tell whether the person lies face down or on the back, so that forward is where the head lies."""
        return self.position in ("prone", "supine")

    @property
    def trunk_level(self) -> bool:
        """Whether the trunk is near the level: lying on any side, or on all fours."""
        return self.position in ("prone", "supine", "side_lying")

    @property
    def needs_silhouette(self) -> bool:
        """Tell whether a measure reads the silhouette."""
        return any(isinstance(measure, SpineMeasure) for measure in self.measures.values())


class ProgrammeStep(SpecModel):
    """One exercise of a programme; ``dose`` replaces the exercise's own, ``rest_s`` follows it."""

    exercise: Identifier
    variant: Identifier | None = None
    dose: Dose | None = None
    rest_s: float = Field(20.0, ge=0, le=600)


class Programme(SpecModel):
    """A routine of exercises with the red flags that are shown before it; ``days_a_week`` says how often it is to be done."""

    id: Identifier
    name: str = Field(min_length=3, max_length=80)
    description: str = Field("", max_length=600)
    days_a_week: int | None = Field(None, ge=1, le=7)
    steps: tuple[ProgrammeStep, ...] = Field(min_length=1, max_length=60)
    red_flags: tuple[str, ...] = Field(min_length=1)
