"""Finds the pose in which contacts hold: small damped least squares over a few numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .body import Body
from .skeleton import SIDES, Pose, Posed

Goal = Callable[[Posed], float]
STEP = {"x": 0.002, "y": 0.002, "z": 0.002, "hand_y*": 0.002}


@dataclass(frozen=True)
class Contacts:
    """Numbers of the pose that may change (`free`) until every goal is met (zero, in metres).

    A free name that ends in `*` stands for the left and the right side together.
    """

    name: str
    free: tuple[str, ...]
    goals: tuple[Goal, ...]


def at(joint: str, axis: str, want: str | float) -> Goal:
    """A joint's coordinate equals a pose number (or a constant)."""
    k = "xyz".index(axis)

    def goal(posed: Posed) -> float:
        value = posed.pose[want] if isinstance(want, str) else want
        return float(posed.joints[joint][k] - value)

    return goal


def mid(joint: str, axis: str, want: str | float) -> Goal:
    """The middle of a left and a right joint (`shoulder`, `hip`, ...) lies at a pose number."""
    k = "xyz".index(axis)

    def goal(posed: Posed) -> float:
        value = posed.pose[want] if isinstance(want, str) else want
        both = posed.joints[f"left_{joint}"] + posed.joints[f"right_{joint}"]
        return float(both[k] / 2 - value)

    return goal


def arm_bent(side: str, want: str) -> Goal:
    """The shoulder stands as far from the reached-for wrist point as the elbow angle asks for."""

    def goal(posed: Posed) -> float:
        hand = np.array([posed.get(f"hand_{a}", side) for a in "xyz"])
        shoulder = posed.joints[f"{SIDES[side][2]}_shoulder"]
        l1, l2 = arm_lengths(posed.body)
        return float(np.linalg.norm(hand - shoulder) - chord(l1, l2, posed.pose[want]))

    return goal


def leg_bent(side: str, want: str) -> Goal:
    """The hip stands as far from the planted ankle point as the knee angle asks for."""

    def goal(posed: Posed) -> float:
        foot = np.array([posed.get(f"foot_{a}", side) for a in "xyz"])
        hip = posed.joints[f"{SIDES[side][2]}_hip"]
        l1, l2 = leg_lengths(posed.body)
        return float(np.linalg.norm(foot - hip) - chord(l1, l2, posed.pose[want]))

    return goal


def chord(l1: float, l2: float, degrees: float) -> float:
    """Distance between the ends of two segments that meet at an angle."""
    return float(np.sqrt(l1 * l1 + l2 * l2 - 2 * l1 * l2 * np.cos(np.radians(degrees))))


def arm_lengths(body: Body) -> tuple[float, float]:
    """Upper arm and forearm, metres."""
    a, b, c = (body.head(n) for n in ("upperarm01.L", "lowerarm01.L", "wrist.L"))
    return float(np.linalg.norm(b - a)), float(np.linalg.norm(c - b))


def leg_lengths(body: Body) -> tuple[float, float]:
    """Thigh and shin, metres."""
    a, b, c = (body.head(n) for n in ("upperleg01.L", "lowerleg01.L", "foot.L"))
    return float(np.linalg.norm(b - a)), float(np.linalg.norm(c - b))


def torso_length(body: Body) -> float:
    """Mid-shoulder to mid-hip in the rest pose, metres."""
    a = (body.head("upperarm01.L") + body.head("upperarm01.R")) / 2
    b = (body.head("upperleg01.L") + body.head("upperleg01.R")) / 2
    return float(np.linalg.norm(a - b))


def settle(body: Body, pose: Pose, contacts: Contacts, rounds: int = 12) -> Pose:
    """The pose with its free numbers changed so that the goals hold to a millimetre."""
    pose = dict(pose)
    names = contacts.free
    steps = np.array([STEP.get(n, 0.3) for n in names])

    def errors(p: Pose) -> np.ndarray:
        posed = Posed(body, p)
        return np.array([g(posed) for g in contacts.goals])

    now = errors(pose)
    for _ in range(rounds):
        if np.abs(now).max() < 5e-4:
            break
        slope = np.empty((len(now), len(names)))
        for k, name in enumerate(names):
            moved = _moved(pose, name, steps[k])
            slope[:, k] = errors(moved) - now
        damp = 1e-7 * np.eye(len(names))
        change = np.linalg.solve(slope.T @ slope + damp, -slope.T @ now)
        change = np.clip(change, -60, 60)
        for share in (1.0, 0.5, 0.2):
            trial = dict(pose)
            for k, name in enumerate(names):
                trial = _moved(trial, name, share * change[k] * steps[k])
            after = errors(trial)
            if after @ after < now @ now:
                pose, now = trial, after
                break
        else:
            break
    return pose


class Follower:
    """Settles one pose after another, each close to the one before: the slopes of the last are used as long as they serve."""

    GOOD_M = 1.5e-3

    def __init__(self, body: Body) -> None:
        self.body = body
        self.contacts: Contacts | None = None
        self.slope: np.ndarray | None = None
        self.change: Pose = {}

    def settle(self, pose: Pose, contacts: Contacts) -> Pose:
        """The pose with its free numbers changed so that the goals hold to a millimetre or two."""
        names = contacts.free
        steps = np.array([STEP.get(n, 0.3) for n in names])
        near = pose
        if self.contacts is contacts and self.slope is not None:
            # moved as the last one had to be: where two poses hold the contacts, the one that is like the last
            for name in names:
                near = _moved(near, name, self.change[name])
            tried = near
            for _ in range(3):
                now = _errors(self.body, tried, contacts)
                if np.abs(now).max() < self.GOOD_M:
                    return self._keep(pose, tried, contacts)
                change = np.linalg.lstsq(self.slope, -now, rcond=1e-6)[0]
                for k, name in enumerate(names):
                    tried = _moved(tried, name, float(np.clip(change[k], -60, 60)) * steps[k])
        # old slopes that do not lead there have led away: the search starts anew
        found = settle(self.body, near, contacts)
        now = _errors(self.body, found, contacts)
        if np.abs(now).max() > self.GOOD_M:
            found = settle(self.body, pose, contacts)
            now = _errors(self.body, found, contacts)
        slope = [_errors(self.body, _moved(found, n, s), contacts) - now for n, s in zip(names, steps, strict=True)]
        self.contacts, self.slope = contacts, np.array(slope).T
        return self._keep(pose, found, contacts)

    def _keep(self, given: Pose, found: Pose, contacts: Contacts) -> Pose:
        """``found``, with what it took to come there from the pose that was ``given`` kept for the next one."""
        one = {name: f"{name[:-1]}_l" if name.endswith("*") else name for name in contacts.free}
        self.change = {name: found.get(n, 0.0) - given.get(n, 0.0) for name, n in one.items()}
        return found


def _errors(body: Body, pose: Pose, contacts: Contacts) -> np.ndarray:
    posed = Posed(body, pose)
    return np.array([g(posed) for g in contacts.goals])


def _moved(pose: Pose, name: str, by: float) -> Pose:
    names = (f"{name[:-1]}_l", f"{name[:-1]}_r") if name.endswith("*") else (name,)
    return pose | {n: pose.get(n, 0.0) + by for n in names}


def height_over(body: Body, pose: Pose, bone: str, region: set[str], thick: float = 0.0) -> float:
    """How high a joint is over the lowest point of some bones' skin (metres) in a pose.

    This is where the joint has to be for that part of the body to rest on the floor; `thick` is
    what lies between skin and floor (shoe sole, cloth).
    """
    from .skin import skin

    posed = Posed(body, pose, whole=True)
    rows = np.flatnonzero(body.weight_of(region) > 0.5)
    placed, _ = skin(posed, body.vertices[rows], body.normals[rows], body.weights[rows])
    return float(posed.point(bone)[2] - placed[:, 2].min() + thick)
