"""Resting values: the person's own, from the first still second in position, at any frame rate."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from posturecam.judging import baseline
from posturecam.judging.baseline import Resting, resting, still_rows
from posturecam.judging.decide import decide
from posturecam.judging.observed import observe
from posturecam.model import Pose
from tests.builders import TORSO_PX, jittered, path, plank, record, standing, table, times
from tests.specs import cat_cow, exercise, holding
from tests.tracks import follow

PoseAt = Callable[[float], "Pose | None"]
UPRIGHT = exercise(
    position="upright",
    camera={"view": ["front"]},
    measures={"lean": {"tilt": ["mid.hip", "mid.shoulder"], "towards": "left"}, "change": {"change": "lean"},
              "arm": {"between": [["left.hip", "left.shoulder"], ["left.elbow", "left.shoulder"]]}},
    setup={"position": {"lean": "-40..40"}, "for": 0.5},
    reps={"drive": "arm", "from": "low", "min_range": 40, "max_seconds": 20},
)  # fmt: skip


def rest(pose_at: PoseAt, seconds: float, fps: float = 30, spec=UPRIGHT) -> Resting:
    observed = observe(spec, record(pose_at, times(seconds, fps)))
    return resting(observed, decide(observed))


def lean(found: Resting) -> float | None:
    return found.values["left"].get("lean")


ARM_DOWN = 18.0
"""What the arm measures at 10 degrees from the vertical: hips are narrower than shoulders."""


def swaying(t_s: float, **options: float) -> Pose:
    """Never still: the whole body on a small circle."""
    return standing(at_px=(320 + 20 * np.cos(6 * t_s), 420 + 20 * np.sin(6 * t_s)), **options)


@pytest.mark.parametrize("fps", [5, 15, 30, 60])
def test_a_still_person_has_a_resting_value_at_any_frame_rate(fps: float) -> None:
    found = rest(lambda t_s: standing(side_lean=7.0), 4.0, fps)
    assert lean(found) == pytest.approx(7.0, abs=0.5)
    assert found.final


@pytest.mark.parametrize(("still_s", "final"), [(1.1, False), (1.6, True)])
def test_it_is_final_after_a_still_second(still_s: float, final: bool) -> None:
    # a quarter of a second has to pass before anybody is known to be still
    assert rest(lambda t_s: standing(), still_s).final is final


def test_the_first_still_second_counts_and_not_a_later_one() -> None:
    turned = path((0, 4), (3, 4), (4, 20), (9, 20))
    assert lean(rest(lambda t_s: standing(side_lean=turned(t_s)), 9)) == pytest.approx(4.0, abs=0.5)


def test_nothing_is_learned_out_of_position() -> None:
    assert lean(rest(lambda t_s: standing(side_lean=60.0), 5.0)) is None
    bent = path((0, 60), (3, 60), (4, 5), (9, 5))
    assert lean(rest(lambda t_s: standing(side_lean=bent(t_s)), 9)) == pytest.approx(5.0, abs=0.7)


def test_movement_before_the_person_is_still_is_left_out() -> None:
    def session(t_s: float) -> Pose:
        return swaying(t_s, side_lean=25.0) if t_s < 2 else standing(side_lean=5.0)

    assert lean(rest(session, 5.0)) == pytest.approx(5.0, abs=0.5)


def test_who_never_keeps_still_gets_the_first_second_and_a_half() -> None:
    drifting = path((0, 6), (1.5, 6), (3.0, 30), (9, 30))
    found = rest(lambda t_s: swaying(t_s, side_lean=drifting(t_s)), 9)
    assert lean(found) == pytest.approx(6.0, abs=1.0)
    assert not found.final


def test_who_makes_reps_without_a_pause_rests_where_they_begin() -> None:
    arms = path(*[(1.0 * i, 10.0 if i % 2 == 0 else 110.0) for i in range(12)])
    found = rest(lambda t_s: standing(side_lean=3.0, abduction=arms(t_s + 0.5)), 10)
    assert found.values["left"]["arm"] == pytest.approx(ARM_DOWN, abs=6.0)


def test_time_within_reps_is_no_rest_even_when_it_is_still() -> None:
    arms = path((0, 10), (0.1, 10), (1.0, 100), (5.0, 100), (6.0, 10), (9, 10))
    assert rest(lambda t_s: standing(abduction=arms(t_s)), 9).values["left"]["arm"] == pytest.approx(ARM_DOWN, abs=2.0)


@pytest.mark.parametrize(("pixels", "still"), [(0.8, True), (8.0, False)])
def test_landmark_noise_is_stillness(pixels: float, still: bool) -> None:
    random = np.random.default_rng(5)
    assert rest(lambda t_s: jittered(standing(), random, pixels), 3.0).final is still


@pytest.mark.parametrize(("share", "still"), [(0.85, True), (1.2, False)])
def test_somebody_is_still_while_no_joint_moves_further_than_six_hundredths_of_a_torso(
    share: float, still: bool
) -> None:
    speed = share * 0.06 * TORSO_PX / 0.25

    def drifting(t_s: float) -> Pose:
        return standing(at_px=(200 + speed * t_s, 430.0))

    rows = still_rows(follow((t_s, drifting(t_s)) for t_s in times(3, 30)))
    assert rows[45:].all() == still
    assert rows[45:].any() == still


def test_too_few_joints_tell_no_stillness() -> None:
    hidden = ["nose", "wrist", "knee", "left_shoulder", "left_hip"]
    seen = still_rows(follow((t_s, standing(hidden=hidden[:4])) for t_s in times(2, 30)))
    unseen = still_rows(follow((t_s, standing(hidden=hidden)) for t_s in times(2, 30)))
    assert (bool(seen[-1]), bool(unseen[-1])) == (True, False)


def test_what_is_never_seen_has_no_resting_value() -> None:
    assert "arm" not in rest(lambda t_s: standing(hidden=["elbow"]), 3.0).values["left"]


def test_who_stands_has_no_rest_in_a_hold_and_who_lies_has() -> None:
    upright = exercise(
        position="upright", camera={"view": ["front"]}, reps=None, hold={"while": {"lean": ">= 15"}},
        measures={"lean": {"tilt": ["mid.hip", "mid.shoulder"], "towards": "left"}, "change": {"change": "lean"}},
        setup={"position": {}, "for": 0.5}, dose={"seconds": 10},
    )  # fmt: skip
    stretched = rest(lambda t_s: standing(side_lean=25.0), 8, spec=upright)
    assert "lean" not in stretched.values["left"]
    measures = exercise().model_dump(by_alias=True, exclude_none=True)["measures"]
    spec = holding(measures=measures | {"change": {"change": "hip_line"}})
    assert "hip_line" in rest(lambda t_s: plank(), 8, spec=spec).values["left"]


def test_a_calibrated_measure_rests_on_its_raw_value() -> None:
    found = rest(lambda t_s: table(bulge=0.03), 3.0, spec=cat_cow())
    assert found.values["left"]["back"] == pytest.approx(0.03 * 700, abs=1.0)


def test_a_back_that_never_keeps_still_rests_in_the_middle_of_its_cycles() -> None:
    back = path(*[(2.0 * i, 0.02 + 0.06 * (1 if i % 2 == 0 else -1)) for i in range(9)])
    found = rest(lambda t_s: table(bulge=back(t_s), shoulder=90 + 6 * np.sin(9 * t_s)), 15, spec=cat_cow())
    assert found.values["left"]["back"] == pytest.approx(0.02 * 700, abs=5.0)


@pytest.mark.parametrize(("swing", "at_the_end"), [(70.0, True), (95.0, False)])
def test_a_back_bends_from_flat_by_eighty_degrees_at_the_most_and_who_bends_further_rested_at_an_end(
    swing: float, at_the_end: bool
) -> None:
    cow, cat = -40.0, -40.0 + swing
    back = path(
        (0, cow / 700), (1.5, cow / 700), *[(1.5 + 2.0 * i, (cat if i % 2 else cow) / 700) for i in range(1, 8)]
    )
    found = rest(lambda t_s: table(bulge=back(t_s)), 15, spec=cat_cow())
    assert found.values["left"]["back"] == pytest.approx(cow if at_the_end else cow + swing / 2, abs=8.0)


def test_a_back_that_begins_flat_and_only_rounds_rests_flat() -> None:
    back = path((0, 0), (1.2, 0), *[(1.2 + second, 0.06 * (second % 4 in (1, 2))) for second in range(1, 12)])
    found = rest(lambda t_s: table(bulge=back(t_s)), 12.2, spec=cat_cow())
    assert found.values["left"]["back"] == pytest.approx(0.0, abs=3.0)


# limits: a measure whose value is the time it was taken at tells which moments rest is made of ------------------------------


class Moments(SimpleNamespace):
    """What resting reads of rows that were observed."""

    def __len__(self) -> int:
        return len(self.t_s)


def rest_from(
    monkeypatch: pytest.MonkeyPatch,
    *,
    still: tuple[float, float] = (0, 0),
    rep_s: float | None = None,
    from_s: float = 2,
) -> float:
    """The middle of the time that resting values are made of, of somebody in position from ``from_s`` on."""
    t_s = np.arange(0.0, 10.0, 0.01)
    clock = SimpleNamespace(
        names=("clock",), plan=SimpleNamespace(learned=(), calibrated=()), raw=lambda _name, _side: t_s
    )
    observed: Any = Moments(
        t_s=t_s,
        track=None,
        sides=("left",),
        columns=clock,
        exercise=UPRIGHT,
        positions={"left": SimpleNamespace(ready=np.where(t_s >= from_s, 1, -1))},
        rows=lambda first, last: slice(*np.searchsorted(t_s, [first - 1e-9, last + 1e-9])),
    )
    monkeypatch.setattr(baseline, "still_rows", lambda _track: (t_s >= still[0]) & (t_s < still[1]))
    reps = () if rep_s is None else (SimpleNamespace(start_s=rep_s, end_s=rep_s + 3),)
    done: Any = SimpleNamespace(counted=SimpleNamespace(reps=reps), holds=())
    return resting(observed, done).values["left"]["clock"]


@pytest.mark.parametrize(("still_s", "believed"), [(0.25, False), (0.35, True)])
def test_three_tenths_of_a_second_of_stillness_are_believed(
    still_s: float, believed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (rest_from(monkeypatch, still=(5.0, 5.0 + still_s)) > 5.0) is believed


def test_rest_is_made_of_the_first_still_second(monkeypatch: pytest.MonkeyPatch) -> None:
    assert rest_from(monkeypatch, still=(5.0, 9.0)) == pytest.approx(5.5, abs=0.02)


def test_without_any_stillness_it_is_the_first_second_and_a_half_in_position(monkeypatch: pytest.MonkeyPatch) -> None:
    assert rest_from(monkeypatch) == pytest.approx(2.75, abs=0.02)


def test_with_reps_it_is_where_they_begin_within_fifteen_hundredths_of_a_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert rest_from(monkeypatch, rep_s=4.0, from_s=4.0) == pytest.approx(4.075, abs=0.01)
