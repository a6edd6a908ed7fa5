"""When a live session tells what it found, and which way a movement goes: on either side of each limit."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from posturecam.counting.movements import Counted, RepSpan
from posturecam.counting.turning import Visit
from posturecam.judging import underway
from posturecam.judging.analyzer import Analyzer
from posturecam.judging.decide import Done
from tests.builders import make_pose
from tests.specs import exercise, holding


def judged(now_s: float, **what: Any) -> Any:
    """A judgement of rows up to now, all in position, in which ``what`` was found."""
    t_s = np.arange(0.0, now_s + 1e-9, 0.05)
    found: dict[str, Any] = {"reps": (), "held": (), "attempts": (), "judged_hold": lambda span: span} | what
    return SimpleNamespace(
        observed=SimpleNamespace(t_s=np.append(t_s[:-1], now_s)),
        done=SimpleNamespace(in_position=np.ones(len(t_s), dtype=bool), rule=None, counted=SimpleNamespace(usual=80.0)),
        **found,
    )


def span(start_s: float, end_s: float) -> Any:
    return SimpleNamespace(start_s=start_s, end_s=end_s, measure="elbow")


@pytest.mark.parametrize(("later_s", "told"), [(0.35, 0), (0.45, 1)])
def test_a_rep_is_told_four_tenths_of_a_second_after_its_return(later_s: float, told: int) -> None:
    assert len(Analyzer(exercise())._news(judged(10.0 + later_s, reps=(span(7.0, 10.0),))).reps) == told


@pytest.mark.parametrize(("later_s", "told"), [(2.8, 0), (3.2, 1)])
def test_a_hold_is_told_three_seconds_after_its_end_though_the_position_was_not_left(later_s: float, told: int) -> None:
    assert len(Analyzer(holding())._news(judged(10.0 + later_s, held=(span(2.0, 10.0),))).holds) == told


@pytest.mark.parametrize(("later_s", "told"), [(0.35, 0), (0.45, 1)])
def test_a_hold_that_was_left_is_told_four_tenths_of_a_second_after_its_grace(later_s: float, told: int) -> None:
    spec = holding(hold={"while": {"trunk_tilt": "55..110"}, "grace": 1.0})
    left = judged(11.0 + later_s, held=(span(2.0, 10.0),))
    left.done.in_position[-1] = False
    assert len(Analyzer(spec)._news(left).holds) == told


@pytest.mark.parametrize(("later_s", "told"), [(9.0, 0), (11.0, 1)])
def test_what_did_not_count_is_told_once_ten_seconds_have_made_nothing_of_it(later_s: float, told: int) -> None:
    attempts = (span(3.0, 5.0),)
    assert len(Analyzer(exercise())._news(judged(5.0 + later_s, attempts=attempts)).attempts) == told


class Rows:
    """A window that knows its times only."""

    def __init__(self, t_s: np.ndarray) -> None:
        self.t_s = t_s

    def forget(self, count: int) -> None:
        self.t_s = self.t_s[count:]


def kept_s(spec: Any, window_s: float) -> float:
    """How much of a window is looked at again."""
    analyzer = Analyzer(spec)
    rows = Rows(judged(window_s).observed.t_s)
    analyzer._window = rows  # type: ignore[assignment]
    analyzer._trim(judged(window_s))
    return float(np.ptp(rows.t_s))


@pytest.mark.parametrize(("window_s", "kept"), [(25.0, 25.0), (28.0, 20.0)])
def test_of_reps_twenty_seconds_are_looked_at_again(window_s: float, kept: float) -> None:
    spec = exercise(reps=exercise().reps.model_dump(by_alias=True, exclude_none=True) | {"max_seconds": 8})  # type: ignore[union-attr]
    assert kept_s(spec, window_s) == pytest.approx(kept, abs=0.3)


@pytest.mark.parametrize(("window_s", "kept"), [(70.0, 70.0), (100.0, 60.0)])
def test_of_holds_a_minute_is_looked_at_again(window_s: float, kept: float) -> None:
    assert kept_s(holding(), window_s) == pytest.approx(kept, abs=0.3)


@pytest.mark.parametrize(("back", "reps"), [(0.55, 0), (0.65, 1)])
def test_a_last_rep_is_shown_once_six_tenths_of_the_way_back_are_travelled(back: float, reps: int) -> None:
    visit = Visit(1.0, 2.0, 2.2, 2.4, 3.0, 0.0, 80.0, 80.0 * (1 - back))
    done = Done(np.ones(3, dtype=bool), Counted((RepSpan(None, (("end", visit),), 0.0, 80.0),), (), 80.0))
    assert len(Analyzer(exercise())._provisional(done).counted.reps) == reps


@pytest.mark.parametrize(
    ("now", "furthest", "phase"),
    [
        (0.13, 0.13, "rest"),
        (0.17, 0.17, "out"),
        (0.75, 0.75, "out"),
        (0.85, 0.85, "end"),
        (0.52, 0.60, "out"),
        (0.48, 0.60, "return"),
        (math.nan, math.nan, "rest"),
    ],
)
def test_which_way_a_movement_goes(now: float, furthest: float, phase: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(underway, "_way", lambda *_: None if math.isnan(now) else (now, furthest, None))
    judgement: Any = SimpleNamespace(done=SimpleNamespace(rule=exercise().reps, in_position=[True]))
    resting = Analyzer(exercise()).update(0.0, make_pose())
    assert underway.going_phase(judgement, replace(resting, phase="rest"), 80.0).phase == phase
