"""The report's types: the contract ``posturecam.report/2`` that other programs read.

Times are seconds on the recording's clock, angles degrees, other lengths torso lengths (mid-shoulder to mid-hip), shares
0..1 and scores 0..100. Numbers are finite or null. Keys may be added in later versions; readers keep keys they do not know.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field

from posturecam.language import gettext, inside
from posturecam.model import Severity, Side, View

SCHEMA: Literal["posturecam.report/2"] = "posturecam.report/2"

Judgement = Literal["ok", "faults", "unknown"]
Unit = Literal["degrees", "torso", "ratio", "seconds"]
Kind = Literal["reps", "hold"]


def _rounded(value: object) -> object:
    """Four decimals are finer than anything measured here; more only makes files long and comparisons noisy."""
    return round(value, 4) if isinstance(value, float) else value


Number = Annotated[float, BeforeValidator(_rounded)]
Share = Annotated[float, Field(ge=0, le=1), BeforeValidator(_rounded)]
PainScore = Annotated[int, Field(ge=0, le=10)]
Score = Annotated[float, Field(ge=0, le=100), BeforeValidator(_rounded)]


class Part(BaseModel):
    """Base of the report's parts: immutable, finite numbers only, unknown keys survive a round trip."""

    model_config = ConfigDict(extra="allow", frozen=True, allow_inf_nan=False)


class Source(Part):
    """What was judged. ``model`` is the pose model's name; ``warnings`` are sentences about the recording itself.

    ``fingerprint`` is the same for two copies of one recording, whatever they are called; None for a camera.
    """

    path: str
    duration_s: Number | None
    frames: int
    width: int
    height: int
    model: str | None
    fps: Number | None = None
    is_still: bool = False
    warnings: list[str] = []
    fingerprint: str | None = None


class TrackingPart(Part):
    """How well the person was seen: shares of the frames with a person and of those in which something was judged."""

    person: Share
    judged: Share
    view: View
    view_ok: bool | None
    problems: list[str]


class FaultMark(Part):
    """One fault in one rep or hold: the worst ``value``, the ``limit`` it passed, and when."""

    id: str
    value: Number | None
    limit: Number | None
    margin: Number | None
    at_s: Number | None


class UnknownMark(Part):
    """One check that could not be judged in one rep or hold, and why.

    ``views`` are those from which it could have been judged, when the camera stood elsewhere; ``joints`` the landmarks (model
    names such as ``left_elbow``) that could not be seen.
    """

    id: str
    reason: str
    views: list[View] = []
    joints: list[str] = []


class RangeOfMotion(Part):
    """Where the counting ``measure`` was at rest and at the rep's extreme."""

    measure: str
    start: Number = Field(validation_alias=AliasChoices("from", "start"), serialization_alias="from")
    to: Number


class RepItem(Part):
    """A counted rep. ``good``: no major fault and something could be judged; None when nothing could.

    ``out_s``, ``hold_s`` and ``return_s`` are None where times are in doubt, for the reason ``time_doubt``.
    """

    index: int
    side: Side | None
    start_s: Number
    end_position_s: Number
    end_s: Number
    range: RangeOfMotion
    out_s: Number | None
    hold_s: Number | None
    return_s: Number | None
    time_doubt: str | None = None
    score: Score | None
    faults: list[FaultMark]
    good: bool | None
    unknown: list[UnknownMark] = []

    @property
    def seconds(self) -> float | None:
        """How long it took altogether; None where times are in doubt."""
        parts = (self.out_s, self.hold_s, self.return_s)
        return None if any(part is None for part in parts) else sum(part for part in parts if part is not None)


class AttemptItem(Part):
    """A clear movement that was not counted, and the reason in words."""

    start_s: Number
    end_s: Number
    reason: str
    side: Side | None = None


class Reps(Part):
    """The counted reps; ``left`` and ``right`` are None for exercises without sides.

    ``range_error``: standard error of measurement of their mean range of motion; None: that of its unit.
    """

    count: int
    good: int
    left: int | None
    right: int | None
    items: list[RepItem]
    attempts: list[AttemptItem]
    range_error: Number | None = None


class HoldItem(Part):
    """A timed hold; ``duration_s`` leaves out bridged gaps."""

    side: Side | None
    start_s: Number
    end_s: Number
    duration_s: Number
    score: Score | None
    faults: list[FaultMark]
    good: bool | None
    unknown: list[UnknownMark] = []


class Holds(Part):
    """The timed holds; ``left_s`` and ``right_s`` are None for exercises without sides."""

    total_s: Number
    longest_s: Number
    items: list[HoldItem]
    left_s: Number | None = None
    right_s: Number | None = None


class Fault(Part):
    """What a physiotherapist would bring up: seen in a third of the reps, or in a fifth of the held time.

    ``reps`` are the indices of the reps (or of the holds, from 1) that have it, ``seconds`` the time spent in it, ``share`` its
    share of the reps or of the held time.
    """

    id: str
    name: str
    severity: Severity
    cue: str
    advice: str
    reps: list[int]
    seconds: Number
    share: Share
    unit: Unit = "degrees"


class Unknown(Part):
    """A check that could not be judged for a ``share`` of the reps or of the time it was asked for."""

    id: str
    reason: str
    share: Share
    name: str = ""


class MeasureSummary(Part):
    """One measure over the time in which the person was in position (the whole recording when there was none)."""

    min: Number
    median: Number
    max: Number
    unit: Unit = "degrees"
    label: str = ""


class CheckInfo(Part):
    """A check of the spec with the limits used, as written there; ``whether`` ("your hips sag") may be empty."""

    id: str
    name: str
    whether: str = ""
    severity: Severity
    unit: Unit
    measure: str | None
    ok: str
    fault: str
    judged: bool


class Stretch(Part):
    """A stretch of the timeline."""

    start_s: Number
    end_s: Number
    what: str


class Curve(Part):
    """The counting measure over time, thinned out so that every extreme stays; None where it was not measured."""

    measure: str
    label: str
    unit: Unit
    t_s: list[Number]
    values: list[Number | None]


class Timeline(Part):
    """The session over time: phases, and for each check the stretches of "fault" and "unknown"."""

    curve: Curve | None
    phases: list[Stretch]
    checks: dict[str, list[Stretch]]


class Provenance(Part):
    """What made this report: programs, model and spec, so that a result can be explained and repeated."""

    program: str
    python: str
    packages: dict[str, str] = {}
    model: str | None = None
    model_digest: str | None = None
    spec_digest: str | None = None
    spec_path: str | None = None
    command: str | None = None


class Dose(Part):
    """What was asked for: reps or seconds per set, per side for two-sided exercises, on ``days_a_week`` (None: not said)."""

    sets: int
    reps: int | None
    seconds: Number | None
    days_a_week: Annotated[int, Field(ge=1, le=7)] | None = None


class RankedExercise(Part):
    """An exercise that a recording might show, with its evidence."""

    exercise: str
    variant: str | None
    evidence: Share


class Recognised(Part):
    """How the exercise was recognised: ``confidence`` in the chosen one, and the likeliest exercises, best first."""

    confidence: Share
    ranking: list[RankedExercise]


class VariantFound(Part):
    """The variant that was recognised because none was given, and the ``confidence`` in it."""

    variant: str
    confidence: Share


class Recorded(Part):
    """When it was filmed (ISO 8601), and where that is known from: the recording's own tag, its file's date, or the user."""

    at: str
    known_from: Literal["tag", "file", "given"]


class Person(Part):
    """Whose exercise it is. ``height_cm`` turns torso lengths into centimetres."""

    name: str
    id: str | None = None
    height_cm: Number | None = None


class Pain(Part):
    """Pain as the person told it, from 0 (none) to 10 (the worst imaginable), before and after a sitting; None: not told.

    ``sitting``: when it began (ISO 8601). All exercises of one sitting bear the same, since it was asked once for all of them.
    """

    before: PainScore | None = None
    after: PainScore | None = None
    sitting: str | None = None

    @property
    def told(self) -> bool:
        """Whether anything was told."""
        return self.before is not None or self.after is not None


class Report(Part):
    """The whole report; ``schema_id`` is written as ``schema``.

    ``recovered``: the program died during the session, and the next start made this report of what was on the disk.
    """

    schema_id: Literal["posturecam.report/2"] = Field(
        validation_alias=AliasChoices("schema", "schema_id"), serialization_alias="schema"
    )
    exercise: str
    variant: str | None
    created: str
    version: str
    source: Source
    tracking: TrackingPart
    score: Score | None
    verdict: Judgement
    reps: Reps
    holds: Holds
    faults: list[Fault]
    unknown: list[Unknown]
    measures: dict[str, MeasureSummary]
    name: str
    variant_name: str = ""
    kind: Kind
    summary: str
    person: Person | str | None = None
    pain: Pain | None = None
    recorded: Recorded | None = None
    variant_found: VariantFound | None = None
    interrupted: bool = False
    recovered: bool = False
    recognised: Recognised | None = None
    dose: Dose
    steps: list[str] = []
    camera_advice: str = ""
    checks: list[CheckInfo]
    timeline: Timeline
    red_flags: list[str]
    disclaimer: str
    provenance: Provenance

    def to_json(self) -> str:
        """The contract's JSON text, indented, in UTF-8 characters as they are."""
        return self.model_dump_json(by_alias=True, indent=2) + "\n"

    def title(self) -> str:
        """Exercise and variant, as people say it, in the language spoken here."""
        name = gettext(self.name)
        return f"{name} ({inside(gettext(self.variant_name))})" if self.variant_name else name

    @property
    def person_name(self) -> str | None:
        """The person's name, however much else is known of them."""
        return self.person.name if isinstance(self.person, Person) else self.person

    @property
    def height_cm(self) -> float | None:
        """The person's height, where it was given."""
        return self.person.height_cm if isinstance(self.person, Person) else None

    @property
    def done_at(self) -> str:
        """When the exercise was done: when it was filmed, or else when the report was made (ISO 8601)."""
        return self.recorded.at if self.recorded else self.created

    @property
    def judged_items(self) -> list[RepItem | HoldItem]:
        """The reps, then the holds."""
        return [*self.reps.items, *self.holds.items]

    def check_name(self, check: str) -> str:
        """Name of a check in the language spoken here; an id that the spec no longer has, spelt out."""
        names = {info.id: gettext(info.name) for info in self.checks}
        return names.get(check, check.replace("_", " ").capitalize())
