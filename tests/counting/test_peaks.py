"""Peaks: where they are, how far they stand out, and that SciPy finds the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import find_peaks

from posturecam.counting.peaks import peaks_of


@pytest.mark.parametrize(
    ("values", "rows", "prominence"),
    [
        ([0.0, 10.0, 4.0, 6.0, 0.0], [1, 3], [10.0, 2.0]),
        ([5.0, 10.0, 0.0, 12.0, 8.0], [1, 3], [5.0, 4.0]),
        ([0.0, 3.0, 3.0, 3.0, 3.0, 1.0], [2], [2.0]),
        ([0.0, 2.0, 1.0, 2.0, 0.0], [1, 3], [2.0, 2.0]),
        ([3.0, 2.0, 1.0], [], []),
        ([3.0, 3.0, 1.0, 3.0, 3.0], [], []),
        ([4.0], [], []),
        ([], [], []),
    ],
    ids=["higher valley", "ends", "level top", "equals do not end a way", "falling", "level ends", "one", "none"],
)
def test_a_peak_stands_out_over_the_higher_of_both_valleys(
    values: list[float], rows: list[int], prominence: list[float]
) -> None:
    found = peaks_of(np.array(values))
    assert (found.rows.tolist(), found.prominence.tolist()) == (rows, prominence)


@pytest.mark.parametrize(("least", "rows"), [(2.0, [1, 3]), (2.1, [1])])
def test_only_those_that_stand_out_are_asked_for(least: float, rows: list[int]) -> None:
    assert peaks_of(np.array([0.0, 10.0, 4.0, 6.0, 0.0])).of_at_least(least).rows.tolist() == rows


whole = st.lists(st.integers(0, 6).map(float), max_size=60)
broken = st.lists(st.floats(-1e6, 1e6), max_size=60)


@given(whole | broken, st.sampled_from([1e-9, 1.0, 2.5]))
def test_scipy_finds_the_same_peaks_to_the_last_bit(values: list[float], least: float) -> None:
    rows, properties = find_peaks(np.array(values), prominence=least, plateau_size=1)
    found = peaks_of(np.array(values)).of_at_least(least)
    assert found.rows.tolist() == rows.tolist()
    assert found.prominence.tolist() == properties["prominences"].tolist()
