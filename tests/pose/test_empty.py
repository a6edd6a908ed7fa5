"""Looks saved while nobody is in a picture that stays as it is; somebody who comes in is looked for at once."""

from __future__ import annotations

import numpy as np
import pytest

from posturecam.model import Frame, ImageArray
from posturecam.pose.empty import EmptyPicture

HZ = 20
ROOM = np.random.default_rng(3).integers(40, 200, (480, 640, 3)).astype(np.uint8)


def noisy(seed: int) -> ImageArray:
    """The room as a camera in low light sees it."""
    noise = np.random.default_rng(seed).normal(0.0, 8.0, ROOM.shape)
    return np.clip(ROOM + noise, 0, 255).astype(np.uint8)


def looks(empty: EmptyPicture, images: list[ImageArray], somebody: frozenset[int] = frozenset()) -> list[int]:
    """The frames that are looked at, when somebody is found in those numbers."""
    told = []
    for number, image in enumerate(images):
        frame = Frame(number, number / HZ, image)
        if not empty.same(frame):
            told.append(number)
            empty.looked(frame, number in somebody)
    return told


def test_an_empty_room_is_looked_at_twice_a_second_once_nobody_came_for_a_second() -> None:
    told = looks(EmptyPicture(), [ROOM] * (3 * HZ))
    assert told == [*range(HZ), 29, 39, 49, 59]


def test_noise_is_no_change() -> None:
    told = looks(EmptyPicture(), [noisy(number) for number in range(2 * HZ)])
    assert len(told) == HZ + 2


def test_a_hand_in_a_corner_is_looked_at_at_once() -> None:
    entered = ROOM.copy()
    entered[:30, :30] = 220
    told = looks(EmptyPicture(), [ROOM] * 25 + [entered])
    assert told[-1] == 25


@pytest.mark.parametrize(("levels", "looked"), [(3, False), (6, True)])
def test_a_cell_has_changed_when_its_mean_differs_by_more_than_four_levels(levels: int, looked: bool) -> None:
    brighter = ROOM.copy()
    brighter[100:140, 100:140] += levels
    told = looks(EmptyPicture(), [ROOM] * 25 + [brighter])
    assert (told[-1] == 25) is looked


def test_somebody_found_now_and_then_is_looked_for_in_every_frame() -> None:
    told = looks(EmptyPicture(), [ROOM] * (3 * HZ), frozenset(range(0, 3 * HZ, HZ - 5)))
    assert told == list(range(3 * HZ))
