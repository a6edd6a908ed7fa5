"""Dark pictures are made lighter before the model sees them, and all others are left as they are."""

from __future__ import annotations

import numpy as np
import pytest

from posturecam.pose.light import LIGHT, lit


def grey(mean: float, spread: float = 15.0) -> np.ndarray:
    random = np.random.default_rng(5)
    return np.clip(random.normal(mean, spread, (480, 640, 3)), 0, 255).astype(np.uint8)


@pytest.mark.parametrize(("mean", "changed"), [(69.0, True), (72.0, False), (140.0, False)])
def test_a_picture_is_dark_under_a_mean_grey_of_70(mean: float, changed: bool) -> None:
    image = grey(mean, 3.0)
    assert (lit(image) is not image) is changed


@pytest.mark.parametrize("mean", [20.0, 40.0, 65.0])
def test_a_dark_picture_comes_near_the_light_of_others(mean: float) -> None:
    assert lit(grey(mean, mean / 4)).mean() == pytest.approx(LIGHT, abs=6)


def test_black_stays_black_white_stays_white_and_what_was_lighter_stays_lighter() -> None:
    image = grey(30.0)
    image[:2, :2], image[-2:, -2:] = 0, 255
    lighter = lit(image)
    assert (lighter[:2, :2] == 0).all()
    assert (lighter[-2:, -2:] == 255).all()
    order = np.argsort(image.ravel(), kind="stable")
    assert (np.diff(lighter.ravel()[order].astype(int)) >= 0).all()


def test_a_black_picture_is_no_division_by_zero() -> None:
    assert lit(np.zeros((48, 64, 3), np.uint8)).max() == 0
