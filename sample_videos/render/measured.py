"""Which faults a performance truly shows: catalogue limits applied to the joints of the posed body, and to its timing.

A script's own faults are large and stay as they are. What a changed amplitude or tempo makes of a good script is measured
here: past the limit by more than the margin it is a fault, within the margin it is open and is not scored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .clips import Clip
from .motion import Take

Arrays = Mapping[str, np.ndarray]


class Seen:
    """The joints of a clip by name (T, 3), metres, left and right as in the picture."""

    def __init__(self, arrays: Arrays) -> None:
        self.arrays = arrays
        self.names = [str(n) for n in arrays["joint_names"]]
        self.t_s = arrays["t_s"].astype(float)
        up = self.mid("shoulder") - self.mid("hip")
        self.torso = float(np.percentile(np.linalg.norm(up, axis=1), 75))

    def joint(self, name: str) -> np.ndarray:
        """A joint's way through space (T, 3)."""
        return self.arrays["world"][:, self.names.index(name)].astype(float)

    def mid(self, part: str) -> np.ndarray:
        """The middle of the left and right joint (T, 3)."""
        return (self.joint(f"left_{part}") + self.joint(f"right_{part}")) / 2

    def row(self, t: float) -> int:
        """The frame nearest to a time."""
        return int(np.argmin(np.abs(self.t_s - t)))

    def front(self) -> np.ndarray:
        """Unit vectors (T, 3) out of the chest."""
        up = self.mid("shoulder") - self.mid("hip")
        out = np.cross(self.joint("left_shoulder") - self.joint("right_shoulder"), up)
        return _unit(out)


def _unit(v: np.ndarray) -> np.ndarray:
    return v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-9)


def _angle(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.degrees(np.arccos(np.clip((_unit(a) * _unit(b)).sum(axis=-1), -1, 1)))


@dataclass(frozen=True)
class Moment:
    """One repetition of a clip: the frame at rest after it, the one at its end position, and all of them."""

    seen: Seen
    rest: int
    end: int
    span: slice


Value = Callable[[Moment], float]


def _elbow(m: Moment) -> float:
    return float(m.seen.arrays["elbow_deg"][m.span].astype(float).mean(axis=1).min())


def _knees_lowered(m: Moment) -> float:
    knee = m.seen.mid("knee")[:, 2] - 0.06
    return float(1 - knee[m.end] / knee[m.rest])


def _head_roll(m: Moment) -> float:
    return float(abs(m.seen.arrays["head_roll_deg"][m.end].astype(float)))


def _side_lean(m: Moment) -> float:
    up = m.seen.mid("shoulder")[m.end] - m.seen.mid("hip")[m.end]
    across = _unit(m.seen.joint("left_hip")[m.end] - m.seen.joint("right_hip")[m.end])
    return float(np.degrees(np.arctan2(abs(up @ across), up[2])))


def _opened(m: Moment) -> float:
    spine = m.seen.arrays["spine_flexion_deg"].astype(float)
    return float(spine[m.rest] - spine[m.end])


def _shoulders_moved(m: Moment) -> float:
    height = m.seen.mid("shoulder")[m.span, 2]
    return float(np.ptp(height) / m.seen.torso)


def _forearm_out(m: Moment) -> float:
    front = m.seen.front()[m.end] * [1, 1, 0]
    out = []
    for side in ("left", "right"):
        fore = (m.seen.joint(f"{side}_wrist")[m.end] - m.seen.joint(f"{side}_elbow")[m.end]) * [1, 1, 0]
        away = m.seen.joint(f"{side}_shoulder")[m.end] - m.seen.mid("shoulder")[m.end]
        out.append(_angle(fore, front) * np.sign(fore @ away))
    return float(max(out))


def _arms_opened(m: Moment) -> float:
    front = m.seen.front()[m.end]
    arms = [m.seen.joint(f"{s}_wrist")[m.end] - m.seen.joint(f"{s}_shoulder")[m.end] for s in ("left", "right")]
    return float(np.mean([_angle(arm, front) for arm in arms]))


def _wrists_under(m: Moment) -> float:
    return float((m.seen.mid("shoulder")[m.end, 2] - m.seen.mid("wrist")[m.end, 2]) / m.seen.torso)


def _arm_ahead(m: Moment) -> float:
    arm = m.seen.mid("wrist")[m.end] - m.seen.mid("shoulder")[m.end]
    down = m.seen.mid("hip")[m.end] - m.seen.mid("shoulder")[m.end]
    return float(np.degrees(np.arctan2(arm @ m.seen.front()[m.end], arm @ _unit(down))))


def _ear_back(m: Moment) -> float:
    ear = m.seen.mid("ear") - m.seen.mid("shoulder")
    front = m.seen.front()[m.rest] * [1, 1, 0]
    return float((ear[m.rest] - ear[m.end]) @ _unit(front) / m.seen.torso)


def _elbow_behind(m: Moment) -> float:
    away = m.seen.mid("elbow")[m.end] - m.seen.mid("shoulder")[m.end]
    return float(-(away @ m.seen.front()[m.end]) / m.seen.torso)


def _rounded(m: Moment) -> float:
    return float(m.seen.arrays["spine_flexion_deg"][m.span].astype(float).max())


def _arched(m: Moment) -> float:
    return float(-m.seen.arrays["spine_flexion_deg"][m.span].astype(float).min())


@dataclass(frozen=True)
class Limit:
    """A fault when the value is under `least` (or over `most`) by more than `margin`."""

    fault: str
    value: Value
    least: float | None = None
    most: float | None = None
    margin: float = 0.0
    variants: tuple[str, ...] = ()


RANGE: dict[str, tuple[Limit, ...]] = {
    "push_up": (
        Limit("not_low_enough", _elbow, most=100.0, margin=7.0, variants=("floor", "knee", "incline")),
        Limit("not_low_enough", _elbow, most=110.0, margin=7.0, variants=("wall",)),
    ),
    "trunk_rotation": (Limit("shallow_rotation", _knees_lowered, least=0.5, margin=0.1),),
    "neck_flexion": (Limit("shallow_tilt", _head_roll, least=20.0, margin=4.0),),
    "overhead_reach": (Limit("shallow_lean", _side_lean, least=12.0, margin=2.5),),
    "thoracic_extension": (Limit("shallow_extension", _opened, least=10.0, margin=4.0),),
    "shoulder_rolls": (Limit("shallow_roll", _shoulders_moved, least=0.05, margin=0.012),),
    "external_rotation": (Limit("shallow_rotation", _forearm_out, least=35.0, margin=7.0),),
    "reverse_fly": (
        Limit("shallow_pull", _arms_opened, least=65.0, margin=8.0),
        Limit("hands_too_low", _wrists_under, most=0.15, margin=0.05),
    ),
    "shoulder_extension": (Limit("shallow_pull", _arm_ahead, most=0.0, margin=6.0),),
    "chin_tuck": (Limit("shallow_tuck", _ear_back, least=0.04, margin=0.012),),
    "standing_row": (Limit("shallow_pull", _elbow_behind, least=0.10, margin=0.04),),
    "cat_cow": (
        Limit("back_not_rounded", _rounded, least=20.0, margin=6.0),
        Limit("back_not_arched", _arched, least=10.0, margin=4.0),
    ),
}
#: what a smaller movement leaves unclear, because the catalogue gives no number: open under this share of the usual
UNCLEAR = {"cat_cow": (("head_not_tucked", "head_not_lifted"), 0.85)}

#: fault, which time of a repetition (s), clearly a fault under, clearly none over
TEMPO: dict[str, tuple[str, str, float, float]] = {
    "push_up": ("too_fast", "out", 0.70, 1.15),
    "cat_cow": ("too_fast", "stay", 0.35, 1.10),
    "trunk_rotation": ("too_fast", "stay", 0.35, 1.10),
    "thoracic_extension": ("too_fast", "stay", 0.35, 1.10),
    "chin_tuck": ("too_fast", "stay", 0.35, 1.10),
    "shoulder_extension": ("too_fast", "back", 0.60, 1.20),
    "standing_row": ("no_squeeze", "stay", 0.10, 0.60),
    "neck_flexion": ("too_fast", "across", 1.70, 2.60),
}


def judge_truth(clip: Clip, take: Take, sidecar: Path, first_s: float) -> tuple[list[str], list[str], dict[str, Any]]:
    """Faults, open faults, and the measured values behind them; `first_s` = the take's time of the first frame."""
    with np.load(sidecar) as loaded:
        seen = Seen({name: loaded[name] for name in loaded.files})
    faults, unsure, values = set(clip.faults), set(), {}
    reps = _reps(take)
    for limit in RANGE.get(clip.exercise, ()):
        if limit.variants and clip.variant not in limit.variants:
            continue
        found = [limit.value(_moment(seen, take, rep, first_s)) for rep in reps]
        if found:
            values[limit.fault] = [round(v, 3) for v in found]
            _decide(limit.fault, [_past(limit, v) for v in found], clip, faults, unsure)
    if clip.exercise in TEMPO:
        fault, which, short, long = TEMPO[clip.exercise]
        lasted = [x for x in _lasted(take, reps, which) if x is not None]
        values[f"{fault} ({which}, s)"] = [round(x, 2) for x in lasted]
        verdicts = [-1 if x < short else 1 if x > long else 0 for x in lasted]
        _decide(fault, [-v for v in verdicts], clip, faults, unsure)
    names, share = UNCLEAR.get(clip.exercise, ((), 0.0))
    usual = {"cat_cow": 55.0}.get(clip.exercise, 1.0)
    if names and values and float(np.mean(values["back_not_rounded"])) < share * usual:
        unsure |= set(names) - faults
    return sorted(faults), sorted(unsure), values


def _past(limit: Limit, value: float) -> int:
    """1 = past the limit, -1 = clearly not, 0 = too close."""
    off = limit.least - value if limit.least is not None else value - float(limit.most or 0.0)
    return 0 if abs(off) <= limit.margin else 1 if off > 0 else -1


def _decide(fault: str, verdicts: list[int], clip: Clip, faults: set[str], unsure: set[str]) -> None:
    """A fault is what a third of the repetitions show (one of fewer than four); open what might be that many."""
    if not verdicts:
        return
    needed = 1 if len(verdicts) < 4 else int(np.ceil(len(verdicts) / 3))
    if sum(v > 0 for v in verdicts) >= needed:
        faults.add(fault)
    elif sum(v >= 0 for v in verdicts) >= needed:
        faults.discard(fault)
        unsure.add(fault)
    elif fault in clip.faults:
        # the script says so, the body does not show it
        faults.discard(fault)
        unsure.add(fault)


@dataclass(frozen=True)
class _Rep:
    first: int
    peak: int
    last: int


def _reps(take: Take) -> list[_Rep]:
    """Rows of keys of every repetition whose end position is filmed."""
    out = []
    for first, last in zip(take.rep_keys[:-1], take.rep_keys[1:], strict=True):
        for t, _ in take.peaks:
            peak = int(np.argmin([abs(k.t - t) for k in take.keys]))
            if first < peak <= last:
                out.append(_Rep(first, peak, last))
    return out


def _moment(seen: Seen, take: Take, rep: _Rep, first_s: float) -> Moment:
    start, peak, end = (take.keys[k].t - first_s for k in (rep.first, rep.peak, rep.last))
    span = slice(seen.row(start), max(seen.row(end), seen.row(start)) + 1)
    # where the recording ends on the way back, the rest is the one before
    rest = end if end <= seen.t_s[-1] else start
    return Moment(seen, seen.row(rest), seen.row(peak), span)


def _lasted(take: Take, reps: list[_Rep], which: str) -> list[float | None]:
    t = [k.t for k in take.keys]
    if which == "out":
        return [t[r.peak] - t[r.peak - 1] for r in reps]
    if which == "across":
        peaks = [t[r.peak] for r in reps]
        sides = [side for _, side in take.peaks]
        return [b - a for a, b, x, y in zip(peaks, peaks[1:], sides, sides[1:], strict=False) if x != y]
    out: list[float | None] = []
    for r in reps:
        k = r.peak + 1
        while k < r.last and take.keys[k].pose == take.keys[r.peak].pose:
            k += 1
        out.append(t[k - 1] - t[r.peak] if which == "stay" else t[k] - t[k - 1])
    return out
