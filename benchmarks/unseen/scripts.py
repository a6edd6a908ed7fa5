"""What can be performed: every exercise and variant with the faults that its script can show."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """An exercise and variant. `reps` = how many fit into a dozen seconds; `cuts` = where the picture may end below."""

    exercise: str
    variant: str
    view: str
    kind: str  # reps, sides, hold
    faults: tuple[str, ...]
    camera_m: float = 0.8
    reps: int = 3
    cuts: tuple[str, ...] = ()
    upright: bool = False
    walks: bool = False

    @property
    def name(self) -> str:
        """Exercise and variant in one word."""
        return f"{self.exercise}_{self.variant}" if self.variant else self.exercise


_PLANK = (
    "hips_sagging",
    "hips_too_high",
    "back_not_neutral",
    "shoulders_not_over_support",
    "head_dropping",
    "head_lifted",
    "knees_bent",
)
_HIGH, _MID = ("knees", "hips", "elbows"), ("knees", "hips")


def _floor(exercise: str, variant: str, kind: str, *faults: str, view: str = "side", **more: object) -> Part:
    return Part(exercise, variant, view, kind, faults, **more)  # type: ignore[arg-type]


def _stood(exercise: str, variant: str, view: str, kind: str, *faults: str, **more: object) -> Part:
    more.setdefault("camera_m", 1.1)
    return Part(exercise, variant, view, kind, faults, upright=True, **more)  # type: ignore[arg-type]


PARTS: tuple[Part, ...] = (
    _floor("push_up", "floor", "reps", "hips_sagging", "hips_too_high", "not_low_enough", "arms_not_straight",
           "head_dropping", "too_fast", reps=3, walks=True),
    _floor("push_up", "knee", "reps", "hips_too_high", "not_low_enough", "arms_not_straight", "head_dropping", reps=3),
    _floor("push_up", "incline", "reps", "hips_sagging", "hips_too_high", "not_low_enough", reps=3),
    _stood("push_up", "wall", "side", "reps", "not_low_enough", "arms_not_straight", reps=3, cuts=("knees",)),
    _floor("plank", "high", "hold", *_PLANK, walks=True),
    _floor("plank", "forearm", "hold", *(f for f in _PLANK if f != "head_lifted"), walks=True),
    _floor("plank", "rotation", "hold", "arm_not_vertical"),
    _floor("cat_cow", "", "reps", "hands_not_under_shoulders", "knees_not_under_hips", "back_not_rounded",
           "back_not_arched", "head_not_tucked", "head_not_lifted", "elbows_bent", "too_fast", reps=2, walks=True),
    _floor("trunk_rotation", "", "sides", "knees_straightening", "knees_apart", "shallow_rotation", "shoulders_lifting",
           "too_fast", reps=2),
    _floor("thoracic_extension", "", "reps", "hips_lifting", "head_unsupported", "shallow_extension", "too_fast", reps=2),
    _floor("side_plank", "classic", "hold", "hips_sagging", "hips_too_high", "support_not_under_shoulder",
           "trunk_rolling", "knees_bent", view="front", camera_m=0.6),
    _floor("side_plank", "star", "hold", "hips_sagging", "knees_bent", view="front", camera_m=0.6),
    _floor("child_pose", "classic", "hold", "hips_off_heels", "arms_not_stretched", "head_up", "hands_off_floor"),
    _floor("child_pose", "thread_needle", "hold", "hips_off_heels"),
    _stood("neck_flexion", "", "front", "sides", "chin_not_down", "shoulders_shrugged", "trunk_leaning", "shallow_tilt",
           "too_fast", reps=4, cuts=_HIGH, camera_m=1.2),
    _stood("overhead_reach", "", "front", "sides", "elbows_bent", "arms_not_overhead", "shallow_lean", "hips_shifting",
           "leaning_forward", reps=2, cuts=("knees",), walks=True),
    _stood("shoulder_rolls", "", "front", "reps", "shallow_roll", "uneven_shoulders", "arms_swinging", reps=4,
           cuts=_HIGH, walks=True),
    _stood("external_rotation", "", "front", "sides", "elbow_leaving_side", "elbow_not_bent", "shallow_rotation",
           "trunk_twisting", reps=4, cuts=_MID, walks=True),
    _stood("reverse_fly", "", "front", "reps", "hands_too_low", "hands_too_high", "elbows_bent", "shoulders_shrugged",
           "leaning_back", "shallow_pull", "uneven_arms", reps=2, cuts=_MID, walks=True),
    _floor("reverse_fly", "bent_over", "reps", "leaning_back", "shallow_pull", "elbows_bent", reps=2),
    _stood("shoulder_extension", "", "side", "reps", "elbows_bent", "shallow_pull", "trunk_swinging",
           "shoulders_shrugged", "too_fast", reps=2, cuts=("knees",), walks=True),
    _stood("standing_row", "", "side", "reps", "shallow_pull", "no_squeeze", "shoulders_shrugged", "trunk_swinging",
           "elbows_flaring", reps=2, cuts=_MID, walks=True),
    _stood("chin_tuck", "", "side", "reps", "head_nodding", "shallow_tuck", "trunk_leaning", "too_fast", reps=2,
           cuts=_HIGH, camera_m=1.0),
    _stood("chest_stretch_wall", "", "front", "hold", "elbow_not_90", "elbow_too_low", "no_twist", cuts=_MID),
    _stood("pectoral_stretch", "", "side", "hold", "hands_too_low", "no_lean", "hips_bending", cuts=("knees",)),
    _stood("trapezius_stretch", "free", "front", "hold", "shallow_tilt", "shoulders_shrugged", "head_turned",
           "trunk_leaning", cuts=_HIGH, camera_m=1.2, reps=1),
    _stood("trapezius_stretch", "hand_assisted", "front", "hold", "shallow_tilt", "head_turned", "trunk_leaning",
           cuts=_HIGH, camera_m=1.2, reps=1),
    _stood("hands_behind_head", "", "front", "hold", "hands_not_behind_head", "chin_not_down", "trunk_leaning",
           cuts=_MID),
)  # fmt: skip

#: script, view, camera height; none of them holds an exercise of ours
NEGATIVES: tuple[tuple[str, str, float], ...] = (
    ("negative_idle", "front", 1.1),
    ("negative_idle", "side", 1.1),
    ("negative_walk", "front", 1.0),
    ("negative_squats", "side", 0.9),
    ("negative_squats", "front", 0.9),
    ("negative_sit", "side", 0.9),
    ("negative_bend", "side", 0.9),
    ("negative_bend", "front", 0.9),
)
