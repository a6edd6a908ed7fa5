"""Poses in clinicians' terms, and the joints and mesh that they give.

A pose is a flat dict of numbers, so that poses can be blended number by number. Absent = default.

Whole body: `x y z` (middle of the hips, m), `pitch` (+90 = face down, -90 = on the back), `roll`
(+90 = lying on the left side), `yaw` (turn to the left).
Trunk, degrees: `lumbar`, `thorax` (+ = rounding), `bend` (to the left), `twist` (to the left).
Head: `neck` (+ = chin down, low in the neck), `nod` (the same, at the skull), `neck_side` (left ear
to the left shoulder), `neck_turn` (look to the left).
Per side, `_l` or `_r`: `shrug`, `protract` (shoulder forwards), `raise` (upper arm from hanging),
`plane` (0 = raised forwards, 90 = to the side), `turn` (+ = outwards), `elbow` and `knee` (180 =
straight), `forearm` (+ = palm to the back), `wrist` (+ = hand bent back), `grip` (0..1),
`hip` (+ = flexion), `abduct`, `hipturn` (+ = outwards), `ankle` (+ = toes down), `toes` (+ = up).
Contacts: `reach` (0..1) pulls the wrist to `hand_x hand_y hand_z` with the elbow towards
`pole_out` (0 = feet, 90 = outwards) and `pole_fwd` (towards the chest's front); `palm` (0..1) lays
the palm on a plane of slope `palm_pitch` (0 = floor, 90 = wall ahead), fingers towards `palm_yaw`,
turned inwards in that plane by `palm_spin`;
`plant` (0..1) pulls the ankle to `foot_x foot_y foot_z`, knee towards the pelvis's front turned out
by `knee_out`; `sole` (0..1) holds the foot at `sole_pitch` (0 = flat, 90 = on the toes, 180 = on
its back) and `sole_yaw`.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from .body import NECK, SPINE, Body
from .rotation import X, Y, Z, about, axes, blend, cross, from_vector, shortest, twist_about, unit

Pose = dict[str, float]
SIDES = {"l": ("L", 1.0, "left"), "r": ("R", -1.0, "right")}
DEFAULTS = {"elbow": 172.0, "knee": 178.0, "raise": 8.0, "plane": 70.0, "grip": 0.25, "z": 0.95}


class Posed:
    """A body in a pose: joint positions in the world (metres), angles in degrees."""

    def __init__(self, body: Body, pose: Pose, whole: bool = False) -> None:
        self.body, self.pose, self.whole = body, pose, whole
        self._rot: dict[int, np.ndarray] = {}
        self._pos: dict[int, np.ndarray] = {}
        self._trunk()
        for side in SIDES:
            self._arm(side)
            self._leg(side)
        if whole:
            for i, parent in enumerate(body.parents):
                if i not in self._rot:
                    self._rot[i] = self._rot[parent]
                    self._pos[i] = self._pos[parent]

    def get(self, name: str, side: str = "") -> float:
        """A number of the pose, or its default."""
        key = f"{name}_{side}" if side else name
        return self.pose.get(key, DEFAULTS.get(name, 0.0))

    def point(self, bone: str) -> np.ndarray:
        """Where a bone starts (world, metres)."""
        i = self.body.index[bone]
        return self._rot[i] @ self.body.heads[i] + self._pos[i]

    def mark(self, name: str) -> np.ndarray:
        """A surface landmark (world, metres)."""
        i, p = self.body.marks[name]
        return self._rot[i] @ p + self._pos[i]

    def rotation(self, bone: str) -> np.ndarray:
        """A bone's turn from its rest pose (world)."""
        return self._rot[self.body.index[bone]]

    def _local(self, bone: str, turn: np.ndarray) -> None:
        i = self.body.index[bone]
        self._set(bone, self._rot[self.body.parents[i]] @ turn)

    def _set(self, bone: str, turn: np.ndarray) -> None:
        i = self.body.index[bone]
        parent = self.body.parents[i]
        head = self.body.heads[i]
        self._pos[i] = self._rot[parent] @ head + self._pos[parent] - turn @ head
        self._rot[i] = turn

    def _trunk(self) -> None:
        get, body = self.get, self.body
        turn = about(Z, get("yaw")) @ about(Y, get("roll")) @ about(X, get("pitch"))
        hips = (body.head("upperleg01.L") + body.head("upperleg01.R")) / 2
        root = body.index["root"]
        self._rot[root] = turn
        self._pos[root] = np.array([get("x"), get("y"), get("z")]) - turn @ hips
        for tag in "LR":
            self._local(f"pelvis.{tag}", np.eye(3))
        side = np.array([0.0, get("bend"), get("twist")]) / 5
        for bone in SPINE:
            share = get("lumbar") / 3 if bone in SPINE[:3] else get("thorax") / 2
            self._local(bone, from_vector(side + [share, 0, 0]))
        turn_side = np.array([0.0, get("neck_side"), get("neck_turn")]) / 4
        for bone in (*NECK, "head"):
            share = get("neck") / 2 if bone in NECK[:2] else get("nod") / 2
            self._local(bone, from_vector(turn_side + [share, 0, 0]))

    def _arm(self, s: str) -> None:
        tag, sign, _ = SIDES[s]
        get, body = self.get, self.body
        chest = self.rotation("spine01")
        target = np.array([get(f"hand_{a}", s) for a in "xyz"])
        lift, reach = get("raise", s), get("reach", s)
        if reach > 0:
            rough = chest.T @ (target - self._rest_shoulder(tag))
            angle = float(np.degrees(np.arccos(np.clip(-unit(rough)[2], -1, 1))))
            lift += (angle - lift) * reach
        shrug = get("shrug", s) + 0.22 * max(0.0, lift - 45.0)
        clavicle = about(Z, -sign * get("protract", s)) @ about(Y, -sign * shrug)
        self._local(f"clavicle.{tag}", clavicle)
        self._local(f"shoulder01.{tag}", np.eye(3))
        d, f, hinge = self._arm_fk(s, chest)
        shoulder_bone = self.body.index[f"shoulder01.{tag}"]
        start = self._rot[shoulder_bone] @ body.head(f"upperarm01.{tag}") + self._pos[shoulder_bone]
        upper, lower = body.head(f"lowerarm01.{tag}"), body.head(f"wrist.{tag}")
        l1 = float(np.linalg.norm(upper - body.head(f"upperarm01.{tag}")))
        l2 = float(np.linalg.norm(lower - upper))
        if reach > 0:
            goal = start + l1 * d + l2 * f
            goal = goal + (target - goal) * reach
            out, fwd = np.radians(get("pole_out", s)), np.radians(get("pole_fwd", s))
            pole = np.array([sign * np.sin(out), 0, -np.cos(out)]) * np.cos(fwd)
            pole = chest @ (pole - Y * np.sin(fwd))
            d, f, hinge = two_links(start, goal, l1, l2, pole)
        self._limb(f"upperarm01.{tag}", f"upperarm02.{tag}", f"lowerarm01.{tag}", d, hinge, chest)
        self._fore(s, tag, sign, f, hinge)

    def _rest_shoulder(self, tag: str) -> np.ndarray:
        i = self.body.index["spine01"]
        return self._rot[i] @ self.body.head(f"upperarm01.{tag}") + self._pos[i]

    def _arm_fk(self, s: str, chest: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        sign = SIDES[s][1]
        lift, plane = np.radians(self.get("raise", s)), np.radians(self.get("plane", s))
        level = np.array([sign * np.sin(plane), -np.cos(plane), 0.0])
        d = np.sin(lift) * level - np.cos(lift) * Z
        hinge = shortest(-Z, d) @ -X
        hinge = about(d, -sign * self.get("turn", s)) @ hinge
        f = about(hinge, 180.0 - self.get("elbow", s)) @ d
        return chest @ d, chest @ f, chest @ hinge

    def _limb(self, first: str, second: str, end: str, d: np.ndarray, hinge: np.ndarray, base: np.ndarray) -> None:
        """Sets an upper arm or thigh; half of its twist sits in the upper half of the segment."""
        rest = self.body.head(end) - self.body.head(first)
        full = axes(d, hinge) @ axes(rest, self._rest_hinge(end)).T
        twist = twist_about(base.T @ full, unit(rest))
        self._set(first, full @ about(unit(rest), -0.5 * twist))
        self._set(second, full)

    def _rest_hinge(self, joint: str) -> np.ndarray:
        if joint.startswith("lowerleg"):
            return X
        tag = joint[-1]
        body = self.body
        elbow = body.head(f"lowerarm01.{tag}")
        upper, lower = elbow - body.head(f"upperarm01.{tag}"), body.head(f"wrist.{tag}") - elbow
        return cross(upper, lower)

    def _fore(self, s: str, tag: str, sign: float, f: np.ndarray, hinge: np.ndarray) -> None:
        get, body = self.get, self.body
        rest = unit(body.head(f"wrist.{tag}") - body.head(f"lowerarm01.{tag}"))
        fore = axes(f, hinge) @ axes(rest, self._rest_hinge(f"lowerarm01.{tag}")).T
        fingers = unit(body.head(f"finger3-1.{tag}") - body.head(f"wrist.{tag}"))
        across = body.head(f"finger2-1.{tag}") - body.head(f"finger5-1.{tag}")
        palm = unit(cross(fingers, across)) * sign
        natural = fore @ about(rest, sign * get("forearm", s))
        natural = natural @ about(unit(across), sign * get("wrist", s))
        laid = about(Z, get("palm_yaw", s)) @ about(X, -get("palm_pitch", s))
        laid = laid @ about(Z, -sign * get("palm_spin", s))
        flat = laid @ axes(-Y, -Z) @ axes(fingers, palm).T
        hand = blend(natural, flat, get("palm", s))
        twist = twist_about(fore.T @ hand, rest)
        self._set(f"lowerarm01.{tag}", fore @ about(rest, 0.15 * twist))
        self._set(f"lowerarm02.{tag}", fore @ about(rest, 0.65 * twist))
        self._set(f"wrist.{tag}", hand)
        curl = -sign * (65.0 * get("grip", s) - 12.0 * get("palm", s))
        # landmarks need the first joints of two fingers; a mesh needs all
        for k in range(2, 6) if self.whole else (2, 5):
            self._local(f"metacarpal{k - 1}.{tag}", np.eye(3))
            for joint in (1, 2, 3) if self.whole else (1,):
                self._local(f"finger{k}-{joint}.{tag}", about(unit(across), curl))

    def _leg(self, s: str) -> None:
        tag, sign, _ = SIDES[s]
        get, body = self.get, self.body
        pelvis = self.rotation("root")
        start = self._rot[0] @ body.head(f"upperleg01.{tag}") + self._pos[0]
        knee, ankle = body.head(f"lowerleg01.{tag}"), body.head(f"foot.{tag}")
        l1 = float(np.linalg.norm(knee - body.head(f"upperleg01.{tag}")))
        l2 = float(np.linalg.norm(ankle - knee))
        h, out = np.radians(get("hip", s)), np.radians(get("abduct", s))
        d = np.array([sign * np.sin(out), -np.sin(h) * np.cos(out), -np.cos(h) * np.cos(out)])
        hinge = about(d, -sign * get("hipturn", s)) @ axes(d, X)[:, 1]
        f = about(hinge, 180.0 - get("knee", s)) @ d
        d, f, hinge = pelvis @ d, pelvis @ f, pelvis @ hinge
        plant = get("plant", s)
        if plant > 0:
            goal = start + l1 * d + l2 * f
            goal = goal + (np.array([get(f"foot_{a}", s) for a in "xyz"]) - goal) * plant
            turn = np.radians(get("knee_out", s))
            pole = pelvis @ np.array([sign * np.sin(turn), -np.cos(turn), 0.0])
            d, f, hinge = two_links(start, goal, l1, l2, pole)
        self._limb(f"upperleg01.{tag}", f"upperleg02.{tag}", f"lowerleg01.{tag}", d, hinge, pelvis)
        shin = axes(f, hinge) @ axes(ankle - knee, X).T
        foot = shin @ about(X, get("ankle", s))
        held = about(Z, get("sole_yaw", s)) @ about(X, get("sole_pitch", s))
        foot = blend(foot, held, get("sole", s))
        twist = twist_about(shin.T @ foot, unit(ankle - knee))
        self._set(f"lowerleg01.{tag}", shin @ about(unit(ankle - knee), 0.2 * twist))
        self._set(f"lowerleg02.{tag}", shin @ about(unit(ankle - knee), 0.6 * twist))
        self._set(f"foot.{tag}", foot)
        for k in range(1, 6) if self.whole else (2,):
            self._local(f"toe{k}-1.{tag}", about(X, -get("toes", s)))

    @cached_property
    def joints(self) -> dict[str, np.ndarray]:
        """MediaPipe-like landmark names to joint centres (world, metres)."""
        out = {"nose": self.mark("nose")}
        bones = {
            "shoulder": "upperarm01",
            "elbow": "lowerarm01",
            "wrist": "wrist",
            "index": "finger2-1",
            "pinky": "finger5-1",
            "hip": "upperleg01",
            "knee": "lowerleg01",
            "ankle": "foot",
            "foot_index": "toe2-1",
        }
        for tag, _, side in SIDES.values():
            for name, bone in bones.items():
                out[f"{side}_{name}"] = self.point(f"{bone}.{tag}")
            for name in ("ear", "heel"):
                out[f"{side}_{name}"] = self.mark(f"{side}_{name}")
        return out

    def angle(self, name: str, s: str) -> float:
        """True elbow, shoulder, hip or knee angle of a side, degrees (180 = straight)."""
        side = SIDES[s][2]
        a, b, c = {
            "elbow": ("shoulder", "elbow", "wrist"),
            "shoulder": ("hip", "shoulder", "elbow"),
            "hip": ("shoulder", "hip", "knee"),
            "knee": ("hip", "knee", "ankle"),
        }[name]
        p, q, r = (self.joints[f"{side}_{k}"] for k in (a, b, c))
        return float(np.degrees(np.arccos(np.clip(unit(p - q) @ unit(r - q), -1, 1))))


def two_links(
    start: np.ndarray, goal: np.ndarray, l1: float, l2: float, pole: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Directions of both segments and their hinge axis for an end that reaches `goal`.

    The middle joint bends towards `pole`. A goal out of reach is approached as far as possible.
    """
    span = goal - start
    reach = min(max(float(np.linalg.norm(span)), abs(l1 - l2) + 1e-3), (l1 + l2) * 0.9999)
    line = unit(span)
    across = unit(pole - line * (pole @ line))
    along = (l1 * l1 - l2 * l2 + reach * reach) / (2 * reach)
    side = np.sqrt(max(l1 * l1 - along * along, 0.0))
    d = (line * along + across * side) / l1
    f = unit(line * reach - d * l1)
    return d, f, unit(cross(line, -across))
