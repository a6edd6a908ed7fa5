"""Motions: key poses and timing, eased like human movement, with contacts that hold.

A motion is a function `motion(actor) -> Take`. It asks `actor.pick(fault, good, bad)` for every
number that a fault changes, so a fault is a named modification of the good motion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from .body import Body
from .skeleton import DEFAULTS, Pose
from .solve import Contacts, Follower, settle


def both(**numbers: float) -> Pose:
    """The same numbers for the left and the right side."""
    return {f"{name.rstrip('_')}_{side}": value for name, value in numbers.items() for side in "lr"}


def one(side: str, **numbers: float) -> Pose:
    """Numbers for one side, `l` or `r`."""
    return {f"{name.rstrip('_')}_{side}": value for name, value in numbers.items()}


@dataclass
class Actor:
    """Who performs: body, faults to show, and the dice for tempo and sway.

    `near` is the side towards the camera, `l` or `r`, in a side view, so that props leave the view free.
    """

    body: Body
    faults: frozenset[str]
    rng: np.random.Generator
    reps: int = 4
    variant: str = ""
    fault_reps: frozenset[int] | None = None
    shoe: float = 0.008
    rep: int = 0
    near: str = ""
    #: the take in which this person moves now
    take: Take | None = field(default=None, repr=False, compare=False)

    def has(self, fault: str) -> bool:
        """Whether the fault is shown in the repetition that is being built."""
        chosen = self.fault_reps is None or self.rep in self.fault_reps
        return fault in self.faults and chosen

    def pick(self, fault: str, good: float, bad: float) -> float:
        """The number for this repetition."""
        return bad if self.has(fault) else good

    def each_rep(self) -> Iterator[int]:
        """Counts `rep` through the repetitions, from 0, and notes in the take where each begins and the last one ends."""
        for rep in range(self.reps):
            self.rep = rep
            self._note()
            yield rep
        self._note()

    def _note(self) -> None:
        if self.take is not None:
            self.take.rep_keys.append(len(self.take.keys) - 1)

    def vary(self, value: float, share: float = 0.1) -> float:
        """The value, a little different every time."""
        return float(value * (1 + share * self.rng.uniform(-1, 1)))


@dataclass(frozen=True)
class Prop:
    """Something in the room: `box` (centre, size), `roller` (start, end, radius) or `band`.

    A band runs from the world point `start` (or from the joint `start_joint`) to every joint in
    `joints`, e.g. `left_index`. Metres; `turn` in degrees about the vertical.
    """

    kind: str
    centre: tuple[float, float, float] = (0, 0, 0)
    size: tuple[float, float, float] = (1, 1, 1)
    colour: tuple[int, int, int] = (150, 110, 70)
    turn: float = 0.0
    start: tuple[float, float, float] = (0, 0, 0)
    end: tuple[float, float, float] = (0, 0, 0)
    radius: float = 0.012
    start_joint: str = ""
    joints: tuple[str, ...] = ()


@dataclass
class Key:
    """A pose at a time; `contacts` hold between neighbours that share them."""

    t: float
    pose: Pose
    contacts: Contacts | None


@dataclass
class Take:
    """A performed motion: keys in time, and what truly happened when (seconds)."""

    actor: Actor
    keys: list[Key] = field(default_factory=list)
    peaks: list[tuple[float, str]] = field(default_factory=list)
    holds: list[list[float]] = field(default_factory=list)
    props: list[Prop] = field(default_factory=list)
    sway: dict[str, float] = field(
        default_factory=lambda: {"pitch": 0.35, "thorax": 0.6, "neck": 0.8, "neck_turn": 1.0}
    )

    #: rows of `keys` at which repetitions begin, and at which the last one ends
    rep_keys: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.actor.take = self

    @property
    def end(self) -> float:
        """Time of the last key."""
        return self.keys[-1].t

    def start(self, pose: Pose, contacts: Contacts | None = None) -> Take:
        """The first pose, at time zero."""
        if contacts is not None:
            pose = settle(self.actor.body, pose, contacts, rounds=60)
        self.keys = [Key(0.0, dict(pose), contacts)]
        return self

    def to(
        self,
        seconds: float,
        changes: Pose | None = None,
        contacts: Contacts | str | None = "same",
    ) -> Take:
        """Moves on: `changes` to the last pose, reached after `seconds`."""
        last = self.keys[-1]
        held = last.contacts if isinstance(contacts, str) else contacts
        pose = {**last.pose, **(changes or {})}
        if held is not None:
            pose = settle(self.actor.body, pose, held, rounds=60)
        self.keys.append(Key(last.t + seconds, pose, held))
        return self

    def stay(self, seconds: float) -> Take:
        """Keeps the last pose."""
        return self.to(seconds)

    def peak(self, side: str = "") -> Take:
        """Says that the last key is a repetition's end position (side `left`, `right` or none)."""
        self.peaks.append((self.end, side))
        return self

    def hold_begins(self) -> Take:
        """Says that a timed hold starts at the last key."""
        self.holds.append([self.end, self.end])
        return self

    def hold_ends(self) -> Take:
        """Says that the timed hold ends at the last key."""
        self.holds[-1][1] = self.end
        return self

    def play(self, fps: float) -> list[tuple[float, Pose]]:
        """Every frame's time (s) and pose, with sway, contacts settled."""
        return self.play_at([i / fps for i in range(int(self.end * fps) + 1)])

    def play_at(self, times: Sequence[float], follower: Follower | None = None) -> list[tuple[float, Pose]]:
        """The same at given times (s); a `follower` settles faster, to a millimetre or two."""
        waves = {
            name: (size, self.actor.rng.uniform(0.12, 0.45, 3), self.actor.rng.uniform(0, 6.3, 3))
            for name, size in self.sway.items()
        }
        out: list[tuple[float, Pose]] = []
        for t in times:
            pose, contacts = self._between(t)
            for name, (size, rates, phases) in waves.items():
                wave = float(np.sin(2 * np.pi * rates * t + phases).mean()) * size
                pose[name] = pose.get(name, DEFAULTS.get(name, 0.0)) + wave
            if contacts is not None:
                pose = follower.settle(pose, contacts) if follower else settle(self.actor.body, pose, contacts)
            if follower:
                # a solver's last bits depend on where memory lies; a picture must not
                pose = {name: round(value, 9) for name, value in pose.items()}
            out.append((t, pose))
        return out

    def _between(self, t: float) -> tuple[Pose, Contacts | None]:
        times = [k.t for k in self.keys]
        j = min(int(np.searchsorted(times, t, side="right")), len(self.keys) - 1)
        a, b = self.keys[max(j - 1, 0)], self.keys[j]
        span = b.t - a.t
        share = 1.0 if span <= 0 else min(max((t - a.t) / span, 0.0), 1.0)
        s = share**3 * (10 - 15 * share + 6 * share * share)
        pose: Pose = {}
        for name in a.pose.keys() | b.pose.keys():
            rest = DEFAULTS.get(name.rsplit("_", 1)[0] if name[-2:] in ("_l", "_r") else name, 0.0)
            x, y = a.pose.get(name, rest), b.pose.get(name, rest)
            pose[name] = x + (y - x) * s
        return pose, a.contacts if a.contacts is b.contacts else None


Motion = Callable[[Actor], Take]
