"""The motion studio: angles come out as asked for, contacts hold. Needs the `render` extra."""

import numpy as np
import pytest

pytest.importorskip("anny")
pytest.importorskip("scipy")

from sample_videos.render.body import Shape, load_body
from sample_videos.render.motion import both
from sample_videos.render.rotation import about, twist_about
from sample_videos.render.skeleton import Posed


@pytest.fixture(scope="module")
def body():
    return load_body(Shape())


@pytest.mark.parametrize("elbow", [60.0, 90.0, 120.0, 170.0])
@pytest.mark.parametrize("lift", [0.0, 45.0, 90.0, 170.0])
def test_asked_elbow_angle_is_the_true_one(body, elbow, lift):
    posed = Posed(body, both(elbow=elbow, raise_=lift, plane=90.0, turn=30.0))
    assert posed.angle("elbow", "l") == pytest.approx(elbow, abs=0.1)
    assert posed.angle("elbow", "r") == pytest.approx(elbow, abs=0.1)


def test_reached_hand_lies_on_its_target(body):
    target = np.array([0.25, -0.35, 1.2])
    posed = Posed(body, {"reach_l": 1.0, "hand_x_l": 0.25, "hand_y_l": -0.35, "hand_z_l": 1.2})
    assert np.linalg.norm(posed.joints["left_wrist"] - target) < 1e-3


def test_twist_is_read_back():
    axis = np.array([0.0, 0.0, 1.0])
    assert twist_about(about(axis, 37.0), axis) == pytest.approx(37.0)
