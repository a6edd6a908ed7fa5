"""Small exercises written inline, so that a test shows all that matters to it."""

from __future__ import annotations

from typing import Any

from posturecam.spec.schema import Check, Exercise

ELBOW = {"angle": ["near.shoulder", "near.elbow", "near.wrist"]}
HIP_LINE = {"line_offset": "near.hip", "of": ["near.shoulder", "near.ankle"], "towards": "up"}
LYING = {"trunk_tilt": "45..125"}


def check(**changes: Any) -> dict[str, Any]:
    """A check on ``hip_line`` during the rep; major."""
    base = {"name": "Hips sagging", "measure": "hip_line", "during": "rep", "ok": ">= -0.10", "fault": "< -0.15"}
    return base | {"severity": "major", "cue": "Lift your hips"} | changes


def make_check(**changes: Any) -> Check:
    return Check.model_validate(check(**changes))


def reps(**changes: Any) -> dict[str, Any]:
    return {"drive": "elbow", "from": "high", "min_range": 25, "max_seconds": 20} | changes


def exercise(**changes: Any) -> Exercise:
    """A push-up of one measure for everything; each part can be replaced."""
    base: dict[str, Any] = {
        "id": "test_move",
        "name": "Test movement",
        "category": "strengthen",
        "position": "prone",
        "camera": {"view": ["side"]},
        "dose": {"reps": 5},
        "measures": {
            "elbow": ELBOW,
            "hip_line": HIP_LINE,
            "trunk_tilt": {"tilt": ["near.hip", "near.shoulder"]},
        },
        "setup": {"position": LYING, "for": 0.5},
        "reps": reps(),
        "checks": {},
    }
    return Exercise.model_validate(base | changes)


def holding(**changes: Any) -> Exercise:
    """A plank: held while the hip line is somewhere near straight."""
    rule = {"while": {"trunk_tilt": "55..110", "hip_line": "-0.4..0.4"}}
    base: dict[str, Any] = {"reps": None, "hold": rule, "dose": {"seconds": 10}}
    return exercise(**(base | changes))


def arm_raise(**changes: Any) -> Exercise:
    """Each arm lifted sideways counts for its side."""
    base: dict[str, Any] = {
        "position": "upright",
        "camera": {"view": ["front"]},
        "measures": {
            "arm": {"between": [["active.hip", "active.shoulder"], ["active.elbow", "active.shoulder"]]},
            "elbow": {"angle": ["active.shoulder", "active.elbow", "active.wrist"], "space": "world"},
            "trunk_tilt": {"tilt": ["mid.hip", "mid.shoulder"]},
        },
        "setup": {"position": {"trunk_tilt": "<= 30"}, "for": 0.5},
        "reps": reps(drive="arm", sides="active") | {"from": "low"},
    }
    return exercise(**(base | changes))


def side_lean(**changes: Any) -> Exercise:
    """A lean to the left is a left rep, one to the right a right rep."""
    base: dict[str, Any] = {
        "position": "upright",
        "camera": {"view": ["front"]},
        "measures": {"lean": {"tilt": ["mid.hip", "mid.shoulder"], "towards": "left"}},
        "setup": {"position": {"lean": "-60..60"}, "for": 0.5},
        "reps": reps(drive="lean", sides="signed", min_range=12) | {"from": "middle"},
    }
    return exercise(**(base | changes))


def cat_cow(**changes: Any) -> Exercise:
    """Rounding and hollowing the back: both together make one rep."""
    base: dict[str, Any] = {
        "measures": {"back": {"spine": "flexion"}, "trunk_tilt": {"tilt": ["mid.hip", "mid.shoulder"]}},
        "reps": reps(drive="back", cycle=True, ends={"cat": "high", "cow": "low"}, min_range=15) | {"from": "middle"},
    }
    return exercise(**(base | changes))
