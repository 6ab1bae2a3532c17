"""Who gets nowhere."""

import numpy as np
import pytest

from dl_robotics.config import ConfigError
from dl_robotics.navigation.loitering import Loitering

PERIOD_S = 0.1
T = np.arange(300)[:, None] * PERIOD_S


def poses(x, y, yaw):
    return np.concatenate([np.broadcast_to(part, T.shape) for part in (x, y, yaw)], axis=1)


def wrapped(yaw):
    return (yaw + np.pi) % (2 * np.pi) - np.pi


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        (poses(0.2 * T, 0.0, 0.0), (False, False)),  # straight on
        (poses(1.0, 2.0, 0.3), (True, False)),  # standing
        (poses(1.0, 2.0, wrapped(1.0 * T)), (False, True)),  # turning on the spot: 10 rad in 10 s
        (poses(0.1 * np.cos(2 * T), 0.1 * np.sin(2 * T), wrapped(2 * T)), (False, True)),  # a small circle
        (poses(1.0 * np.cos(T), 1.0 * np.sin(T), wrapped(T)), (False, False)),  # a large one gets somewhere
        (poses(0.0, 0.0, 0.5 * np.sin(T)), (True, False)),  # wagging
        (poses(np.maximum(T - 8.0, 0.0), 0.0, 0.0), (False, False)),  # a wait shorter than the window
    ],
)
def test_stalling_and_circling(way, expected):
    assert Loitering(window_s=10.0, near_m=0.3, turns=1.5).judge(way, PERIOD_S) == expected


def test_an_episode_shorter_than_the_window_is_neither():
    assert Loitering(window_s=10.0).judge(poses(0.0, 0.0, 0.0)[:100], PERIOD_S) == (False, False)


def test_settings_are_positive():
    with pytest.raises(ConfigError, match="turns"):
        Loitering(turns=0.0)
