"""Whole movements: what a recording comes to, whatever the frame rate, the side, the mirror and the noise."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from posturecam.counting.movements import Movement
from posturecam.judging import judge as judge_module
from posturecam.judging.frames import frames
from posturecam.judging.judge import JUDGEMENTS_KEPT, Remembers, judge
from posturecam.judging.observed import followed
from posturecam.judging.outcome import BEGAN, BODY_MOVED, ENDED, HANDS_MOVED, attempt
from posturecam.judging.verdicts import COUNTED_BY_ANOTHER, TIMES_DOUBTED
from posturecam.kinematics.track import Track
from posturecam.model import FrameResult, Pose, Rep
from posturecam.poses import PoseSequence
from posturecam.spec.catalogue import load_exercise
from tests.builders import (
    YAW,
    jittered,
    mirrored,
    path,
    plank,
    push_up,
    record,
    rounds,
    run,
    scaled,
    standing,
    table,
    times,
)
from tests.specs import LYING, arm_raise, cat_cow, check, exercise, holding, reps, side_lean

PUSH_UP = load_exercise("push_up")
SLOW, SECONDS = rounds(172.0, [85.0] * 4, way_s=1.6, stay_s=0.6)
Change = Callable[[Pose], Pose]


def doing(pose: Callable[..., Pose] = push_up, **options: object) -> Callable[[float], Pose]:
    return lambda t_s: pose(SLOW(t_s), **options)


def faults(rep: Rep) -> set[str]:
    return {verdict.check for verdict in rep.faults}


# counting does not depend on how it was filmed --------------------------------------------------------------------------


@pytest.mark.parametrize("fps", [10, 15, 30, 60])
@pytest.mark.parametrize("yaw", ["right", "left"])
def test_good_push_ups(fps: int, yaw: str) -> None:
    result = run(PUSH_UP, doing(yaw=YAW[yaw]), SECONDS, fps)
    assert len(result.reps) == 4
    assert result.attempts == ()
    assert [faults(rep) for rep in result.reps] == [set()] * 4
    assert result.score is not None
    assert result.score > 90
    assert result.reps[0].range_from == pytest.approx(172, abs=3)
    assert result.reps[0].range_to == pytest.approx(85, abs=3)


@pytest.mark.parametrize(
    "change", [mirrored, lambda p: scaled(p, 0.5), lambda p: scaled(p, 3.0)], ids=["mirror", "half size", "triple size"]
)
def test_a_mirror_or_another_resolution_changes_nothing(change: Change) -> None:
    first = run(PUSH_UP, doing(), SECONDS)
    second = run(PUSH_UP, lambda t_s: change(push_up(SLOW(t_s))), SECONDS)
    assert [rep.start_s for rep in second.reps] == [rep.start_s for rep in first.reps]
    assert second.score == pytest.approx(first.score)


def test_uneven_frame_times_change_no_count() -> None:
    random = np.random.default_rng(7)
    poses = record(doing(), np.cumsum(random.uniform(0.01, 0.12, 320)).tolist())
    assert len(judge(PUSH_UP, poses).result().reps) == 4


@pytest.mark.parametrize("seed", range(3))
def test_noise_on_the_landmarks_changes_no_count_and_invents_no_major_fault(seed: int) -> None:
    random = np.random.default_rng(seed)
    result = run(PUSH_UP, lambda t_s: jittered(push_up(SLOW(t_s)), random, 1.5), SECONDS)
    assert len(result.reps) == 4
    assert all(verdict.check == "too_fast" for rep in result.reps for verdict in rep.faults)


def test_noise_alone_is_nothing() -> None:
    random = np.random.default_rng(1)
    result = run(PUSH_UP, lambda t_s: jittered(plank(), random, 1.0), 20)
    assert (result.reps, result.attempts) == ((), ())


# faults are found where they are ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "bad"),
    [
        ("hips_sagging", lambda elbow: push_up(elbow, shift={"hip": (0, 0.3)})),
        ("hips_too_high", lambda elbow: push_up(elbow, shift={"hip": (0, -0.4)})),
        ("not_low_enough", lambda elbow: push_up(max(elbow, 125))),
        ("arms_not_straight", lambda elbow: push_up(min(elbow, 140))),
        ("head_dropping", lambda elbow: push_up(elbow, neck=45)),
    ],
)
def test_a_fault_of_the_second_half_is_found_there_and_only_there(fault: str, bad: Callable[[float], Pose]) -> None:
    half_s = 1.5 + 2 * (2 * 1.6 + 2 * 0.6)
    result = run(PUSH_UP, lambda t_s: push_up(SLOW(t_s)) if t_s < half_s + 0.1 else bad(SLOW(t_s)), SECONDS)
    assert len(result.reps) == 4
    # the change falls into the second rep's return
    assert [fault in faults(rep) for rep in result.reps][::3] == [False, True]
    (worst,) = [verdict for verdict in result.reps[3].faults if verdict.check == fault]
    assert worst.value is not None
    assert result.reps[3].start_s - 0.2 <= worst.at_s <= result.reps[3].end_s + 0.6


def test_lowering_too_fast() -> None:
    value, seconds = rounds(172.0, [85.0] * 3, way_s=0.55, stay_s=0.6)
    result = run(PUSH_UP, lambda t_s: push_up(value(t_s)), seconds)
    assert [faults(rep) for rep in result.reps] == [{"too_fast"}] * 3


@pytest.mark.parametrize(
    ("hidden", "unknown"), [("right_ear", {"head_dropping"}), ("ankle", {"hips_sagging", "hips_too_high"})]
)
def test_what_hangs_on_a_hidden_joint_is_unknown_and_listed_as_doubt(hidden: str, unknown: set[str]) -> None:
    result = run(PUSH_UP, doing(hidden=[hidden], shift={"hip": (0, 0.3)}, neck=45), SECONDS)
    assert len(result.reps) == 4
    for rep in result.reps:
        states = {verdict.check: verdict.state for verdict in rep.verdicts}
        assert {name for name in unknown if states[name] == "unknown"} == unknown
    doubts = {doubt.check: doubt for doubt in result.doubts}
    assert unknown <= set(doubts)
    assert all(doubts[name].share == 1.0 and "hidden" in doubts[name].reason for name in unknown)


def test_nan_in_a_recording_never_becomes_a_verdict() -> None:
    def blind(t_s: float) -> Pose:
        pose = push_up(SLOW(t_s), bulge=0.0)
        pose.points[:] = np.nan
        pose.world[:] = np.nan
        return pose

    for spec in (PUSH_UP, load_exercise("plank"), side_lean(), cat_cow()):
        result = run(spec, blind, 5)
        assert (result.reps, result.holds, result.attempts, result.score) == ((), (), (), None)
        assert not any((states == 1).any() or (states == -1).any() for states in result.trace.checks.values())


# nothing counts before the position -------------------------------------------------------------------------------------------


def test_arm_movements_while_standing_are_no_push_ups() -> None:
    result = run(PUSH_UP, lambda t_s: standing(yaw=90, elbow=172 - SLOW(t_s)), SECONDS)
    assert result.reps == ()


def test_from_a_wrong_view_it_is_counted_and_what_the_camera_cannot_tell_is_unknown() -> None:
    result = run(PUSH_UP, doing(yaw=45), SECONDS)
    assert len(result.reps) == 4
    assert (result.tracking.view, result.tracking.view_ok) == ("oblique", False)
    assert result.tracking.problems[0].startswith("Turn a little more side-on")
    for rep in result.reps:
        line = next(verdict for verdict in rep.verdicts if verdict.check == "hips_sagging")
        assert (line.state, line.reason) == ("unknown", "can only be judged from the side")


def test_nobody_in_the_picture() -> None:
    result = run(PUSH_UP, lambda t_s: None, 3)
    assert (result.reps, result.score, result.tracking.person, result.tracking.view_ok) == ((), None, 0.0, None)


def test_getting_down_is_no_attempt_and_leaving_in_the_middle_is_one() -> None:
    def session(t_s: float) -> Pose:
        # half way down the fourth time, then up on the feet with the arms still bent
        upright = t_s < 2 or t_s > SECONDS - 4.6
        return standing(yaw=90, trunk=30, elbow=70) if upright else push_up(SLOW(t_s))

    result = run(PUSH_UP, session, SECONDS + 2)
    assert len(result.reps) == 3
    assert all(attempt.start_s > 10 for attempt in result.attempts)


def test_a_small_dip_is_an_attempt_with_a_reason() -> None:
    value, seconds = rounds(172.0, [155.0])
    result = run(exercise(), lambda t_s: push_up(value(t_s)), seconds)
    assert result.reps == ()
    (attempt,) = result.attempts
    assert attempt.reason == "moved 17° of the 25° that count"


@pytest.mark.parametrize(("planted", "reason"), [(["near.wrist"], HANDS_MOVED), (["mid.hip"], BODY_MOVED)])
def test_what_would_have_counted_but_carried_along_what_should_stay_is_an_attempt(
    planted: list[str], reason: str
) -> None:
    spec = exercise(setup={"position": LYING, "for": 0.5, "planted": planted})
    assert spec.reps is not None
    found = attempt(spec, spec.reps, Movement(None, 2.0, 5.0, 80.0, 25.0, "carried"))
    assert (found.start_s, found.end_s, found.reason) == (2.0, 5.0, reason)


def test_the_end_in_the_middle_of_a_rep_is_an_attempt() -> None:
    result = run(PUSH_UP, doing(), 1.5 + 1.3)
    assert result.reps == ()
    assert [attempt.reason for attempt in result.attempts] == [ENDED]


def test_a_recording_that_begins_in_the_middle_of_a_rep_names_it() -> None:
    result = run(PUSH_UP, lambda t_s: push_up(SLOW(t_s + 1.5 + 1.6 + 0.6 + 0.6)), SECONDS - 4.3)
    assert len(result.reps) == 3
    assert [attempt.reason for attempt in result.attempts] == [BEGAN]


def test_half_a_rep_at_either_end_makes_one_rep_of_unknown_tempo() -> None:
    start_s, end_s = 1.5 + 1.6 + 0.6 + 0.6, SECONDS - 1.5 - 0.6 - 1.6 - 0.6 - 0.6
    result = run(PUSH_UP, lambda t_s: push_up(SLOW(t_s + start_s)), end_s - start_s)
    assert len(result.reps) == 3
    assert result.attempts == ()
    (joined,) = [rep for rep in result.reps if rep.out_s is None]
    assert (joined.hold_s, joined.return_s, joined.time_doubt) == (None, None, TIMES_DOUBTED)


@pytest.mark.parametrize("gone_s", [0.3, 0.7, 1.2])
def test_a_moment_without_a_person_loses_no_rep_but_its_tempo(gone_s: float) -> None:
    result = run(PUSH_UP, lambda t_s: None if 8.0 < t_s < 8.0 + gone_s else push_up(SLOW(t_s)), SECONDS)
    assert len(result.reps) == 4


@pytest.mark.parametrize(("missing_s", "known"), [(0.1, True), (0.4, False)])
def test_lost_frames_make_a_reps_tempo_unknown_and_no_other_reps(missing_s: float, known: bool) -> None:
    when = [t_s for t_s in times(SECONDS, 30) if not 8.0 < t_s < 8.0 + missing_s]
    result = judge(PUSH_UP, record(doing(), when)).result()
    assert [rep.out_s is not None for rep in result.reps] == [True, known, True, True]
    tempo = [next(v for v in rep.verdicts if v.check == "too_fast") for rep in result.reps]
    assert [verdict.reason == TIMES_DOUBTED for verdict in tempo] == [False, not known, False, False]


def test_a_recording_whose_times_are_doubted_has_no_tempo() -> None:
    result = judge(PUSH_UP, record(doing(), times(SECONDS, 30)), doubted="its times were mended").result()
    assert [rep.time_doubt for rep in result.reps] == ["its times were mended"] * 4


def test_24_of_25_degrees_four_times_is_a_shallow_set() -> None:
    value, seconds = rounds(172.0, [148.0] * 4)
    shallow = check(measure="elbow", during=None, at="end", ok="<= 95", fault="> 100")
    result = run(exercise(checks={"shallow": shallow}), lambda t_s: push_up(value(t_s)), seconds)
    assert [faults(rep) for rep in result.reps] == [{"shallow"}] * 4
    assert result.attempts == ()


# frame by frame -----------------------------------------------------------------------------------------------------


def results() -> list[FrameResult]:
    poses = record(doing(), times(SECONDS, 30))
    return list(frames(judge(PUSH_UP, poses), poses))


def test_every_frame_tells_stage_phase_and_progress_in_order() -> None:
    shown = results()
    assert {frame.stage for frame in shown} == {"active"}, "the whole recording is in view"
    counts = [frame.progress.reps for frame in shown]
    assert counts == sorted(counts)
    assert counts[-1] == 4
    assert shown[-1].progress.good_reps == 4
    phases = [frame.phase for frame in shown if frame.phase]
    order = [phase for i, phase in enumerate(phases) if i == 0 or phases[i - 1] != phase]
    assert order == ["rest", *["out", "end", "return", "rest"] * 4]
    assert sum(len(frame.finished_reps) for frame in shown) == 4


def test_a_frame_shows_what_is_measured_and_where() -> None:
    frame = results()[60]
    assert (frame.view, frame.near, frame.side, frame.end) == ("side", "right", None, None)
    assert set(frame.measures) == set(PUSH_UP.measures)


def test_the_trace_has_one_entry_a_frame() -> None:
    result = run(PUSH_UP, doing(), SECONDS)
    trace = result.trace
    assert result.frames == len(trace.t_s) == len(trace.stage) == len(trace.phase) == len(trace.end)
    assert all(len(column) == result.frames for column in (*trace.measures.values(), *trace.checks.values()))


def test_an_empty_session_is_a_session() -> None:
    result = judge(PUSH_UP, record(doing(), [])).result(interrupted=True)
    assert (result.frames, result.reps, result.score, result.interrupted) == (0, (), None, True)


# sides and cycles ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", ["left", "right"])
def test_whichever_arm_begins_and_alone_is_counted(first: str) -> None:
    value, seconds = rounds(5.0, [100.0] * 3)
    lifted = {"abduction": value, "right_abduction": lambda t_s: 5.0}
    if first == "right":
        lifted = {"abduction": lambda t_s: 5.0, "right_abduction": value}
    result = run(arm_raise(), lambda t_s: standing(**{name: of(t_s) for name, of in lifted.items()}), seconds)
    assert [rep.side for rep in result.reps] == [first] * 3


@pytest.mark.parametrize("flip", [False, True], ids=["as it is", "mirrored"])
@pytest.mark.parametrize("fps", [15, 30, 60])
def test_a_lean_to_each_side_counts_for_that_side(flip: bool, fps: int) -> None:
    value, seconds = rounds(0.0, [30.0, -30.0, 30.0])
    change = mirrored if flip else lambda pose: pose
    result = run(side_lean(), lambda t_s: change(standing(side_lean=value(t_s))), seconds, fps)
    expected = ["left", "right", "left"]
    swap = {"left": "right", "right": "left"}
    assert [rep.side for rep in result.reps] == [swap[side] if flip else side for side in expected]


def test_each_arm_counts_and_is_judged_by_itself() -> None:
    left, seconds = rounds(15.0, [100.0, 100.0])
    right, later = rounds(15.0, [100.0])
    spec = arm_raise(checks={"bent": check(measure="elbow", during="rep", ok=">= 150", fault="< 140")})

    def both(t_s: float) -> Pose:
        return standing(abduction=left(t_s), right_abduction=right(t_s - seconds), elbow=5.0, right_elbow=60.0)

    result = run(spec, both, seconds + later)
    assert [rep.side for rep in result.reps] == ["left", "left", "right"]
    assert [bool(rep.faults) for rep in result.reps] == [False, False, True]


@pytest.mark.parametrize("yaw", ["right", "left"])
@pytest.mark.parametrize("first", [1, -1], ids=["cat first", "cow first"])
@pytest.mark.parametrize("offset", [0.0, 0.04])
def test_cat_cow_is_counted_in_cycles_from_the_persons_own_neutral(yaw: str, first: int, offset: float) -> None:
    ends = {"cat": check(measure="back", during=None, at="end", end="cat", ok=">= 20", fault="< 15")}
    ends["cow"] = check(measure="back", during=None, at="end", end="cow", ok="<= -10", fault="> -5")
    keys = [(0.0, 0.0), (2.0, 0.0)]
    for sign in [first, -first] * 3:
        keys += [(keys[-1][0] + 2, 0.06 * sign), (keys[-1][0] + 3, 0.06 * sign)]
    keys += [(keys[-1][0] + 2, 0.0), (keys[-1][0] + 4, 0.0)]
    value = path(*keys)
    result = run(cat_cow(checks=ends), lambda t_s: table(yaw=YAW[yaw], bulge=offset + value(t_s)), keys[-1][0])
    assert len(result.reps) == 3
    for rep in result.reps:
        values = {verdict.check: verdict.value for verdict in rep.verdicts}
        assert values["cat"] == pytest.approx(42, abs=6)
        assert values["cow"] == pytest.approx(-42, abs=6)
        assert rep.faults == ()


@pytest.mark.parametrize(("end", "sign"), [("cow", 1), ("cat", -1)])
@pytest.mark.parametrize("fps", [12, 30])
def test_a_back_that_only_rounds_or_only_hollows_is_flat_at_its_other_end(end: str, sign: int, fps: int) -> None:
    ends = {"cat": check(measure="back", during=None, at="end", end="cat", ok=">= 20", fault="< 15")}
    ends["cow"] = check(measure="back", during=None, at="end", end="cow", ok="<= -10", fault="> -5")
    keys = [(0.0, 0.0), (1.2, 0.0)]
    for bulge in [0.06 * sign, 0.0] * 3:
        keys += [(keys[-1][0] + 1, bulge), (keys[-1][0] + 2, bulge)]
    value = path(*keys)
    # cut off in the last end, so that the only stillness out of a rep is that before the first one
    result = run(cat_cow(checks=ends), lambda t_s: table(bulge=value(t_s)), keys[-1][0] - 1, fps)
    assert len(result.reps) >= 2
    for rep in result.reps:
        values = {verdict.check: verdict.value for verdict in rep.verdicts}
        assert values[end] == pytest.approx(0, abs=6)
        assert [fault.check for fault in rep.faults] == [end]


# holds --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fps", [5, 15, 30, 60])
def test_a_plank_is_timed_from_its_beginning(fps: int) -> None:
    result = run(load_exercise("plank"), lambda t_s: plank() if 2 <= t_s <= 14 else standing(yaw=90), 17, fps)
    (hold,) = result.holds
    assert hold.duration_s == pytest.approx(12.0, abs=0.7)
    assert hold.faults == ()


def test_a_hold_survives_a_short_gap_and_ends_with_a_long_one() -> None:
    def session(t_s: float) -> Pose:
        down = 5 < t_s < 5.6 or 10 < t_s < 12
        return plank(shift={"hip": (0, -0.9)}) if down else plank()

    result = run(holding(), session, 16)
    assert len(result.holds) == 2
    assert result.holds[0].end_s == pytest.approx(10, abs=0.3)
    assert result.holds[0].duration_s == pytest.approx(9.2, abs=0.6)


def test_a_short_hold_is_an_attempt() -> None:
    result = run(holding(), lambda t_s: plank() if t_s < 1.5 else standing(yaw=90), 6)
    assert result.holds == ()
    assert result.attempts[0].reason.endswith("of the 2.0 seconds that count")


def test_held_fault_time_and_score_of_a_sagging_plank() -> None:
    spec = load_exercise("plank")
    good = run(spec, lambda t_s: plank(), 12)
    sagging = run(spec, lambda t_s: plank(shift={"hip": (0, 0.3)}) if t_s > 6 else plank(), 12)
    assert good.held_fault_s.get("hips_sagging") is None
    assert sagging.held_fault_s["hips_sagging"] == pytest.approx(6, abs=0.7)
    assert sagging.score is not None
    assert good.score is not None
    assert sagging.score < good.score - 20


def test_the_catalogue_loads_and_folds_without_a_person() -> None:
    from posturecam.spec.catalogue import exercise_ids, load_spec

    for name in exercise_ids():
        for one in load_spec(name).exercises.values():
            for pose in (standing(), standing(yaw=90), table(bulge=0.02), None):
                run(one, lambda t_s, pose=pose: pose, 0.3, 10)


def test_a_tempo_counted_by_a_stand_in_is_unknown() -> None:
    value, seconds = rounds(172.0, [85.0] * 3, way_s=0.55, stay_s=0.6)
    seen = run(PUSH_UP, lambda t_s: push_up(value(t_s)), seconds)
    result = run(PUSH_UP, lambda t_s: push_up(value(t_s), hidden=["wrist"]), seconds)
    assert [rep.out_s is None for rep in seen.reps] == [False] * 3
    assert len(result.reps) == 3
    assert {rep.measure for rep in result.reps} == {"chest_height"}
    assert [rep.time_doubt for rep in result.reps] == [COUNTED_BY_ANOTHER] * 3
    assert not any("too_fast" in faults(rep) for rep in result.reps)


@pytest.mark.parametrize(("lost", "measure"), [(0.19, "elbow"), (0.31, "chest_height")])
def test_where_the_hands_are_often_out_of_sight_reps_are_counted_by_the_chest(lost: float, measure: str) -> None:
    value, seconds = rounds(172.0, [85.0] * 5)
    hidden_until = lost * seconds
    result = run(PUSH_UP, lambda t_s: push_up(value(t_s), hidden=["wrist"] if t_s < hidden_until else []), seconds)
    assert {rep.measure for rep in result.reps} == {measure}


@pytest.mark.parametrize(("reps", "counted"), [(1, 0), (2, 2), (3, 3)])
def test_arms_seen_end_on_are_counted_by_the_chest_from_two_reps_on(reps: int, counted: int) -> None:
    # head-on, a bending elbow keeps shoulder, elbow and hand in one line
    value, seconds = rounds(172.0, [85.0] * reps)
    result = run(PUSH_UP, lambda t_s: push_up(value(t_s), yaw=0.0), seconds)
    assert len(result.reps) == counted
    assert {rep.measure for rep in result.reps} <= {"chest_height"}


def test_what_a_signal_that_did_not_show_the_reps_tells_is_unknown() -> None:
    shallow = check(measure="bend", during=None, at="end", view="any", ok="<= 100", fault="> 120")
    spec = exercise(
        measures={
            "elbow": {"angle": ["near.shoulder", "near.elbow", "near.wrist"]},
            "bend": {"combine": "min", "over": ["elbow"]},
            "chest": {"offset": "near.shoulder", "from": "near.hip", "along": "up", "error": 0.02},
            "trunk_tilt": {"tilt": ["near.hip", "near.shoulder"]},
        },
        reps=reps(otherwise={"drive": "chest", "from": "high", "min_range": 0.08}),
        checks={"shallow": shallow},
    )
    value, seconds = rounds(172.0, [85.0] * 3)
    sideways, end_on = (run(spec, lambda t_s, yaw=yaw: push_up(value(t_s), yaw=yaw), seconds) for yaw in (90.0, 0.0))
    assert [verdict.state for rep in sideways.reps for verdict in rep.verdicts] == ["ok"] * 3
    assert [verdict.reason for rep in end_on.reps for verdict in rep.verdicts] == [COUNTED_BY_ANOTHER] * 3


def test_a_judgement_is_remembered_for_the_same_poses_and_the_same_exercise_only() -> None:
    judge_once, poses = Remembers(), record(doing(), times(3, 20))
    first = judge_once(PUSH_UP, poses)
    assert judge_once(load_exercise("push_up"), poses) is first
    assert judge_once(load_exercise("push_up", "knee"), poses) is not first
    assert judge_once(PUSH_UP, poses[:]) is not first
    assert judge_once(PUSH_UP, poses, still=True) is not first
    for _ in range(JUDGEMENTS_KEPT):
        judge_once(PUSH_UP, poses[:])
    assert judge_once(PUSH_UP, poses) is not first


def test_exercises_done_lying_share_one_track_and_are_judged_as_if_each_had_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tracks: list[bool] = []

    def counted(poses: PoseSequence, *, lying: bool) -> Track:
        tracks.append(lying)
        return followed(poses, lying=lying)

    monkeypatch.setattr(judge_module, "followed", counted)
    judge_once, poses = Remembers(), record(doing(), times(3, 20))
    lying = [load_exercise("push_up", variant) for variant in ("floor", "knee")]
    upright = [load_exercise("push_up", "wall"), load_exercise("reverse_fly")]
    for asked in [*lying, *upright, *lying]:
        alone, shared = judge(asked, poses).result(), judge_once(asked, poses).result()
        assert (shared.reps, shared.attempts, shared.score) == (alone.reps, alone.attempts, alone.score)
    assert [one.lying for one in (*lying, *upright)] == [True, True, False, False]
    assert tracks == [True, False]


def test_a_rest_is_read_on_the_side_that_holds() -> None:
    spec = holding(
        position="upright",
        camera={"view": ["front"]},
        measures={
            "trunk": {"tilt": ["mid.hip", "mid.shoulder"], "from": "vertical"},
            "holder": {"offset": "right.shoulder", "from": "left.shoulder", "along": "left"},
            "hand": {"offset": "active.wrist", "from": "active.hip", "along": "up"},
        },
        setup={"position": {"trunk": "<= 20"}, "for": 0.3},
        hold={"while": {"trunk": "<= 20"}, "rest": {"hand": "<= 0.15"}, "side": "holder"},
    )

    def right_hand(t_s: float) -> Pose:
        pose = standing()
        hip = pose.points[24]
        torso = np.linalg.norm(pose.points[11:13].mean(axis=0) - pose.points[23:25].mean(axis=0))
        places = {"left_wrist": 0.6, "right_wrist": 0.05 if t_s < 6 else 0.6}
        return standing(points={name: (hip[0], hip[1] - up * torso) for name, up in places.items()})

    result = run(spec, right_hand, 12)
    assert [hold.side for hold in result.holds] == ["right"]
    assert result.holds[0].duration_s == pytest.approx(6.0, abs=0.4)
