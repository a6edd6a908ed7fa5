"""Changes how a take is performed: size, tempo, pauses, sides, standing about, coming and going.

Everything works on the keys of a finished take, so the scripts of the exercises know nothing of it. Keys are settled again
where contacts hold, and what truly happened when (peaks, holds) moves along.
"""

from __future__ import annotations

import numpy as np

from .camera import Camera
from .conditions import Performance
from .motion import Key, Take, both, one
from .motions.supine import SEAT, grounded
from .motions.walking import past
from .skeleton import DEFAULTS, Pose
from .solve import Contacts, settle

UPRIGHT = ("upright", "standing")
LOW_M = 0.7


def perform(take: Take, how: Performance, camera: Camera) -> Take:
    """Applies everything but `begin` and `end`, which cut the played frames: see `window`."""
    if how.one_side:
        _one_side(take)
    if how.amplitude != 1.0:
        _resize(take, how.amplitude)
    if how.tempo != 1.0 or how.pause_s:
        _retime(take, how.tempo, how.pause_s)
    if how.lead != 1.0:
        _lead(take, how.lead)
    if how.hold_s is not None:
        _stay_for(take, how.hold_s)
    before, after = how.about_s
    if before:
        _about_before(take, before)
    if after:
        _about_after(take, after)
    if how.enters:
        _enter(take, camera)
    if how.leaves:
        _leave(take, camera)
    return take


def window(take: Take, how: Performance) -> tuple[float, float]:
    """Start and end (s) of what is filmed of a take."""
    rng = take.actor.rng
    start, end = 0.0, take.end
    if how.begin == "held":
        start = take.holds[0][0] + float(rng.uniform(0.5, 1.5))
    elif how.begin:
        a, b = (_way_out if how.begin == "out" else _way_back)(take, 0)
        start = a + (b - a) * float(rng.uniform(0.15, 0.38) if how.begin == "out" else rng.uniform(0.6, 0.75))
    if how.end == "held":
        end = take.holds[-1][1] - float(rng.uniform(0.5, 1.5))
    elif how.end:
        a, b = (_way_out if how.end == "out" else _way_back)(take, len(take.peaks) - 1)
        end = a + (b - a) * float(rng.uniform(0.2, 0.35) if how.end == "out" else rng.uniform(0.62, 0.85))
    return start, end


def cut(take: Take, start: float, end: float) -> None:
    """Leaves only the peaks and holds between two times (s); times stay as they are."""
    take.peaks = [p for p in take.peaks if start <= p[0] <= end]
    take.holds = [[max(a, start), min(b, end)] for a, b in take.holds if b > start and a < end]


def rest(name: str) -> float:
    """What a number of a pose is where the pose does not say."""
    return DEFAULTS.get(name.rsplit("_", 1)[0] if name[-2:] in ("_l", "_r") else name, 0.0)


def _key_at(take: Take, t: float) -> int:
    return int(np.argmin([abs(k.t - t) for k in take.keys]))


def _moves(take: Take, k: int) -> bool:
    """Whether something moves between a key and the one before."""
    a, b = take.keys[k - 1].pose, take.keys[k].pose
    return any(abs(a.get(n, rest(n)) - b.get(n, rest(n))) > 0.02 for n in a.keys() | b.keys())


def _way_out(take: Take, rep: int) -> tuple[float, float]:
    k = _key_at(take, take.peaks[rep][0])
    return take.keys[k - 1].t, take.keys[k].t


def _way_back(take: Take, rep: int) -> tuple[float, float]:
    k = _key_at(take, take.peaks[rep][0]) + 1
    while k < len(take.keys) - 1 and not _moves(take, k):
        k += 1
    return take.keys[k - 1].t, take.keys[k].t


def _spans(take: Take) -> list[tuple[int, int]]:
    return list(zip(take.rep_keys[:-1], take.rep_keys[1:], strict=True))


def _with_times(take: Take, steps: np.ndarray) -> None:
    """Gives the keys new distances in time (`steps` (keys - 1,), s)."""
    old = [k.t for k in take.keys]
    new = np.concatenate([[0.0], np.cumsum(steps)])
    take.peaks = [(float(np.interp(t, old, new)), side) for t, side in take.peaks]
    take.holds = [[float(np.interp(t, old, new)) for t in span] for span in take.holds]
    for key, t in zip(take.keys, new, strict=True):
        key.t = float(t)


def _steps(take: Take) -> np.ndarray:
    return np.diff([k.t for k in take.keys])


def _resize(take: Take, share: float) -> None:
    """Every repetition goes only part of its way from where it comes back to."""
    a = take.actor
    for first, last in _spans(take):
        base = take.keys[last].pose
        size = share * float(a.rng.uniform(0.94, 1.06))
        for key in take.keys[first + 1 : last]:
            names = key.pose.keys() | base.keys()
            start = {n: base.get(n, rest(n)) for n in names}
            pose: Pose = {n: start[n] + size * (key.pose.get(n, rest(n)) - start[n]) for n in names}
            if "lift_l" in pose:
                pose["z"] = grounded(a, pose, SEAT)
            if key.contacts is not None:
                pose = settle(a.body, pose, key.contacts, rounds=60)
            key.pose = pose


def _retime(take: Take, tempo: float, pause_s: float) -> None:
    steps = _steps(take)
    for first, last in _spans(take):
        steps[first:last] *= tempo
        steps[last - 1] += pause_s * float(take.actor.rng.uniform(0.4, 1.3))
    _with_times(take, steps)


def _lead(take: Take, share: float) -> None:
    """Shortens what is waited before the first repetition or hold and after the last one."""
    steps = _steps(take)
    if take.rep_keys:
        first, last = take.rep_keys[0], take.rep_keys[-1]
    elif take.holds:
        first, last = _key_at(take, take.holds[0][0]), _key_at(take, take.holds[-1][1])
    else:
        return
    for k in [*range(first), *range(last, len(steps))]:
        if not _moves(take, k + 1):
            steps[k] *= share
    _with_times(take, steps)


def _stay_for(take: Take, seconds: float) -> None:
    """The longest stay within a hold lasts so long."""
    steps = _steps(take)
    for a, b in [(_key_at(take, s), _key_at(take, e)) for s, e in take.holds]:
        longest = a + int(np.argmax(steps[a:b]))
        if not _moves(take, longest + 1):
            steps[longest] = seconds
    _with_times(take, steps)


def _one_side(take: Take) -> None:
    """Leaves only the repetitions of the side that comes first."""
    keep = take.peaks[0][1]
    spans, peaks = _spans(take), take.peaks
    steps = _steps(take).tolist()
    drop = [span for span, (_, side) in zip(spans, peaks, strict=True) if side != keep]
    gone = {k for first, last in drop for k in range(first + 1, last + 1)}
    kept_peaks = [_key_at(take, t) for t, side in peaks if side == keep]
    rows = [k for k in range(len(take.keys)) if k not in gone]
    place = {k: i for i, k in enumerate(rows)}
    take.rep_keys = sorted({place[k] for k in take.rep_keys if k in place})
    keys = [take.keys[k] for k in rows]
    times = np.concatenate([[0.0], np.cumsum([steps[k - 1] for k in rows[1:]])])
    for key, t in zip(keys, times, strict=True):
        key.t = float(t)
    take.keys = keys
    take.peaks = [(keys[place[k]].t, keep) for k in kept_peaks]


def _insert(take: Take, at: int, keys: list[tuple[float, Pose]], held: Contacts | None) -> None:
    """Puts keys (seconds after the one before, pose) behind row `at`."""
    new, t = [], take.keys[at].t
    for seconds, pose in keys:
        t += seconds
        settled = settle(take.actor.body, pose, held, rounds=60) if held is not None else pose
        new.append(Key(t, dict(settled), held))
    _shift(take, at + 1, t - take.keys[at].t, len(new))
    take.keys[at + 1 : at + 1] = new


def _prepend(take: Take, keys: list[tuple[float, Pose]]) -> None:
    """Puts keys (seconds to the one after, pose) before the first."""
    times = np.concatenate([[0.0], np.cumsum([seconds for seconds, _ in keys])])
    _shift(take, 0, float(times[-1]), len(keys))
    take.keys = [Key(float(t), dict(pose), None) for t, (_, pose) in zip(times, keys, strict=False)] + take.keys


def _shift(take: Take, row: int, seconds: float, rows: int) -> None:
    """Moves the keys from `row` on, with what happens at them, to later."""
    since = take.keys[row].t if row < len(take.keys) else np.inf
    for key in take.keys[row:]:
        key.t += seconds
    take.peaks = [(t + seconds if t >= since else t, side) for t, side in take.peaks]
    take.holds = [[t + seconds if t >= since else t for t in span] for span in take.holds]
    take.rep_keys = [k + rows if k >= row else k for k in take.rep_keys]


def _fidgets(take: Take, pose: Pose, seconds: float) -> list[tuple[float, Pose]]:
    """Keys of somebody who waits: looks about, shifts the weight, touches the head or the hips."""
    rng = take.actor.rng
    contacts = take.keys[0].contacts
    free = contacts is not None and contacts.name in UPRIGHT and not pose.get("reach_r")
    out: list[tuple[float, Pose]] = []
    left = seconds
    while left > 0.4:
        step = min(float(rng.uniform(0.7, 1.4)), left)
        changes: Pose = {
            "neck_turn": float(rng.uniform(-28, 28)),
            "nod": pose.get("nod", 0.0) + float(rng.uniform(-4, 10)),
        }
        if free:
            changes |= {"x": pose.get("x", 0.0) + float(rng.uniform(-0.03, 0.03)), "twist": float(rng.uniform(-6, 6))}
            if rng.random() < 0.4:
                s = str(rng.choice(["l", "r"]))
                changes |= one(s, raise_=float(rng.uniform(40, 115)), plane=45.0, elbow=float(rng.uniform(45, 90)))
        out.append((step, {**pose, **changes}))
        left -= step
    return out


def _about_before(take: Take, seconds: float) -> None:
    pose = dict(take.keys[0].pose)
    _insert(take, 0, [*_fidgets(take, pose, seconds), (0.6, pose)], take.keys[0].contacts)


def _about_after(take: Take, seconds: float) -> None:
    pose = dict(take.keys[-1].pose)
    _insert(take, len(take.keys) - 1, [*_fidgets(take, pose, seconds), (0.6, pose)], take.keys[-1].contacts)


def _walk(take: Take, camera: Camera, leaving: bool) -> list[tuple[float, Pose]]:
    """A walk from outside the picture to the mat's side, or away from it, as keys."""
    across = np.array([camera.back[1], -camera.back[0]])
    side = float(take.actor.rng.choice([-1, 1]))
    pose = take.keys[-1 if leaving else 0].pose
    here = np.array([pose.get("x", 0.0), pose.get("y", 0.0)])
    there = here + across * side * 2.6 - camera.back[:2] * 0.3
    start, end = (here, there) if leaving else (there, here)
    poses = past(take.actor.body, start, end, 12.0)
    return [(1 / 12.0, p) for p in poses]


def _between(upright: Pose, low: Pose) -> Pose:
    """Half way down from standing to the floor: bent knees and hips, hands on their way."""
    z = (upright.get("z", 0.9) + low.get("z", 0.3)) / 2
    return {**upright, "z": z, "pitch": 45.0, **both(raise_=60.0, elbow=140.0), "yaw": low.get("yaw", 0.0)}


def _enter(take: Take, camera: Camera) -> None:
    walk = _walk(take, camera, False)
    first = take.keys[0].pose
    if first.get("z", rest("z")) < LOW_M:
        walk = [*walk[:-1], (1.0, walk[-1][1]), (1.3, _between(walk[-1][1], first))]
    else:
        walk = [*walk[:-1], (1.0, walk[-1][1])]
    _prepend(take, walk)


def _leave(take: Take, camera: Camera) -> None:
    walk = _walk(take, camera, True)
    last = take.keys[-1].pose
    low = last.get("z", rest("z")) < LOW_M
    steps = [*([(1.0, _between(walk[0][1], last))] if low else []), (0.9, walk[0][1]), *walk[1:]]
    _insert(take, len(take.keys) - 1, steps, None)
