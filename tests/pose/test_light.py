"""Dark pictures are made lighter before the model sees them, and all others are left as they are."""

from __future__ import annotations

import numpy as np
import pytest

from posturecam.pose.light import lit


def grey(mean: float, spread: float = 15.0) -> np.ndarray:
    random = np.random.default_rng(5)
    return np.clip(random.normal(mean, spread, (480, 640, 3)), 0, 255).astype(np.uint8)


@pytest.mark.parametrize(("mean", "changed"), [(69.0, True), (72.0, False), (140.0, False)])
def test_a_picture_is_dark_under_a_mean_grey_of_70(mean: float, changed: bool) -> None:
    image = grey(mean, 3.0)
    assert (lit(image) is not image) is changed


@pytest.mark.parametrize("mean", [20.0, 40.0, 65.0])
def test_the_greys_of_a_dark_picture_are_spread_from_black_to_white(mean: float) -> None:
    image = np.repeat(np.linspace(mean / 2, mean * 1.5, 640)[None, :, None], 480, axis=0).repeat(3, axis=2)
    lighter = lit(np.round(image).astype(np.uint8))[240, :, 0].astype(int)
    assert lighter[3] <= 5
    assert lighter[-4] >= 250
    assert (np.diff(lighter) >= 0).all()


def test_its_noise_is_smoothed_and_an_edge_stays_where_it_is() -> None:
    image = grey(30.0, 4.0)
    image[:, 320:] = grey(80.0, 4.0)[:, 320:]
    lighter = lit(image).astype(float)
    assert lighter[:, 20:300].std() < 0.5 * 255 / 70 * 4.0
    across = lighter.mean(axis=(0, 2))
    assert abs(int(np.argmax(np.diff(across))) - 319) <= 1


@pytest.mark.parametrize(("spread", "changed"), [(11, False), (14, True)])
def test_a_covered_lens_shows_nothing_that_could_be_spread(spread: int, changed: bool) -> None:
    image = np.full((480, 640, 3), 8, np.uint8)
    image[:, 320:] += np.uint8(spread)
    assert (lit(image) is not image) is changed


def test_a_black_picture_is_no_division_by_zero() -> None:
    assert lit(np.zeros((48, 64, 3), np.uint8)).max() == 0
