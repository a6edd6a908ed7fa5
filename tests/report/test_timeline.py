"""The timeline keeps every extreme and finding of a session of any length."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from posturecam.report.timeline import MAX_BINS, build_timeline, stretches, thinned
from tests import builders_report as make


def test_an_hour_is_thinned_out_without_losing_its_extremes() -> None:
    values = np.sin(np.linspace(0, 900, 108_000))
    values[70_123], values[12_345] = 9.0, -7.0
    kept = thinned(values)
    assert len(kept) <= 2 * MAX_BINS
    assert {70_123, 12_345} <= set(kept)
    assert kept == sorted(kept)


def test_a_gap_stays_a_gap() -> None:
    values = np.ones(8000)
    values[4000:5000] = np.nan
    assert any(np.isnan(values[index]) for index in thinned(values))


def test_a_short_curve_is_kept_whole() -> None:
    assert thinned(np.arange(50.0)) == list(range(50))


def test_stretches_follow_the_names_and_swallow_flickers() -> None:
    t_s = np.arange(0, 3, 0.1)
    names = ["rest"] * 10 + ["down"] * 10 + ["end"] + ["down"] * 4 + ["up"] * 5
    assert [(s.what, s.start_s, s.end_s) for s in stretches(t_s, names, 3.0)] == [
        ("rest", 0.0, 1.0),
        ("down", 1.0, 2.5),
        ("up", 2.5, 3.0),
    ]


def test_checks_become_stretches_of_fault_and_doubt() -> None:
    states = [1] * 10 + [-1] * 10 + [1] * 2 + [-1] * 8 + [1] * 10 + [-2] * 20 + [1] * 20 + [-1] + [1] * 119
    rep = make.make_rep(1, make.fault(), start_s=0.0, end_s=10.0)
    session = make.make_session([rep], trace=make.make_trace(checks={"hips_sagging": states}))
    found = build_timeline(make.push_up(), session).checks["hips_sagging"]
    # the gap of 0.2 s is bridged, the single frame of fault left out
    assert [(s.what, pytest.approx(s.start_s), pytest.approx(s.end_s)) for s in found] == [
        ("fault", 1.0, 3.0),
        ("unknown", 4.0, 6.0),
    ]


def test_the_curve_is_the_counting_measures() -> None:
    curve = build_timeline(make.push_up(), make.make_session()).curve
    assert curve is not None
    assert (curve.measure, curve.label, curve.unit) == ("elbow", "Elbow angle", "degrees")


def test_a_moments_fault_outside_what_the_table_calls_faulty_is_not_drawn() -> None:
    states = [-1] * 100 + [1] * 100
    reps = [make.make_rep(1), make.make_rep(2, make.fault())]
    session = make.make_session(reps, trace=make.make_trace(checks={"hips_sagging": states}))
    found = build_timeline(make.push_up(), session).checks["hips_sagging"]
    assert [(s.what, s.start_s, s.end_s) for s in found] == [("fault", 6.0, 8.0)]


def test_the_curve_does_not_run_straight_across_a_gap() -> None:
    trace = make.make_trace()
    kept = (trace.t_s < 5) | (trace.t_s > 8)
    parts = {name: values[kept] for name, values in trace.measures.items()}
    stages = trace.stage[: kept.sum()]
    cut = replace(trace, t_s=trace.t_s[kept], stage=stages, phase=stages, end=(None,) * len(stages), measures=parts)
    curve = build_timeline(make.push_up(), make.make_session(trace=cut)).curve
    assert curve is not None
    after = next(i for i, t in enumerate(curve.t_s) if t > 8)
    assert curve.values[after] is None
