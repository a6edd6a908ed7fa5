"""The gestures of a live session. The one that ends it: both arms crossed before the chest, each hand at the other shoulder.

No exercise of the catalogue contains it: in side views it cannot be seen, in front views no exercise brings both wrists
across the body at shoulder height. Folded arms (hands at the elbows, under the chest) are not it, because people rest so.

In a programme one straight arm, raised beside the head by somebody upright, turns to the next exercise (right) or back (left).
It is watched for only while nothing is counted, as overhead exercises contain it.
"""

from __future__ import annotations

import math

from posturecam.model import ELBOWS, HIPS, LANDMARK_INDEX, SHOULDERS, WRISTS, Pose, Side

HELD_S = 1.5
FLICKER_S = 0.3
SEEN = 0.5

_HANDS = [[LANDMARK_INDEX[f"{side}_{part}"] for part in ("wrist", "index", "pinky")] for side in ("left", "right")]
_NOSE = LANDMARK_INDEX["nose"]
_NEEDED = [*SHOULDERS, *ELBOWS, *WRISTS]

CROSSED_BY = 0.15
"""How far the hands must have changed sides, in shoulder widths; MediaPipe reads crossed arms as less crossed than they are."""
HAND_ABOVE = -0.35
HAND_BELOW = 0.55
"""How far over (negative) and under the shoulders a wrist may be, in shoulder widths."""
FOREARM_RISES = 0.25
TILT = 0.45
WORLD_ACROSS = 0.75


def arms_crossed(pose: Pose) -> bool:
    """Tell whether the arms are crossed before the chest, hands at the opposite shoulders, by somebody upright and facing us."""
    if any(pose.visibility[index] < SEEN for index in _NEEDED):
        return False
    points = pose.points
    (left_x, left_y), (right_x, right_y) = (points[index].tolist() for index in SHOULDERS)
    width = left_x - right_x
    # somebody who faces the camera has their left on the picture's right
    if width <= 0 or abs(left_y - right_y) > TILT * width or float(points[_NOSE][1]) > (left_y + right_y) / 2:
        return False
    across = pose.world[SHOULDERS[0]] - pose.world[SHOULDERS[1]]
    length = math.sqrt(float((across**2).sum()))
    if not length > 0 or abs(float(across[0])) / length < WORLD_ACROSS:
        return False
    left_hand, right_hand = (float(points[indices, 0].mean()) for indices in _HANDS)
    if right_hand - left_hand < CROSSED_BY * width:
        return False
    left_wrist_y, right_wrist_y = (float(points[index][1]) for index in WRISTS)
    (left_elbow_x, left_elbow_y), (right_elbow_x, right_elbow_y) = (points[index].tolist() for index in ELBOWS)
    if left_elbow_x - right_elbow_x < 0.5 * width:
        return False
    rises = left_elbow_y - left_wrist_y, right_elbow_y - right_wrist_y
    if min(rises) < FOREARM_RISES * width:
        return False
    drops = left_wrist_y - right_y, right_wrist_y - left_y
    return bool(HAND_ABOVE * width <= min(drops) and max(drops) <= HAND_BELOW * width)


RAISED = 0.45
"""How far the wrist is over the nose, in lengths of the trunk: a hand at the head is not it."""
UPRIGHT = 0.8


def raised_arm(pose: Pose) -> Side | None:
    """Which arm somebody upright holds straight up while the other one hangs; None for none or both."""
    if any(pose.visibility[index] < SEEN for index in (*_NEEDED, *HIPS)):
        return None
    points = pose.points
    shoulders, hips = points[SHOULDERS].mean(axis=0), points[HIPS].mean(axis=0)
    trunk = float(math.hypot(*(hips - shoulders)))
    if trunk <= 0 or float(hips[1] - shoulders[1]) < UPRIGHT * trunk:
        return None
    nose_y = float(points[_NOSE][1])
    up = [nose_y - float(points[index][1]) >= RAISED * trunk for index in WRISTS]
    hangs = [
        float(points[wrist][1]) > float(points[shoulder][1]) for wrist, shoulder in zip(WRISTS, SHOULDERS, strict=True)
    ]
    if up[0] and hangs[1]:
        return "left"
    return "right" if up[1] and hangs[0] else None


class TurnGesture:
    """Watches for the raised arm; it counts once it was held for 1.5 seconds, flicker under 0.3 s aside."""

    def __init__(self) -> None:
        self._sides: dict[Side, _Held] = {"left": _Held(), "right": _Held()}

    def update(self, t_s: float, pose: Pose | None) -> tuple[Side | None, float]:
        """Take the next pose; returns the arm that is up, and how much of the time it was held for, 0..1; 1 means done."""
        raised = raised_arm(pose) if pose is not None else None
        shares: dict[Side, float] = {side: held.update(t_s, raised == side) for side, held in self._sides.items()}
        side: Side = max(shares, key=lambda one: shares[one])
        return (side, shares[side]) if shares[side] > 0 else (None, 0.0)


class FinishGesture:
    """Watches for the gesture; it counts once it was held for 1.5 seconds, flicker under 0.3 s aside."""

    def __init__(self) -> None:
        self._held = _Held()

    def update(self, t_s: float, pose: Pose | None) -> float:
        """Take the next pose (None: nobody seen); returns how much of the time it was held for, 0..1; 1 means done."""
        return self._held.update(t_s, pose is not None and arms_crossed(pose))


class _Held:
    """How long something has been seen without a break."""

    def __init__(self) -> None:
        self._since_s = math.nan
        self._last_s = math.nan

    def update(self, t_s: float, seen: bool) -> float:
        if seen:
            if math.isnan(self._since_s):
                self._since_s = t_s
            self._last_s = t_s
        elif not t_s - self._last_s <= FLICKER_S:
            self._since_s = math.nan
        if math.isnan(self._since_s):
            return 0.0
        return min(1.0, (self._last_s - self._since_s) / HELD_S)
