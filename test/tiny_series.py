"""Series whose class and future are known, as files of arrays and as bags; and small models of them."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from geometry_msgs.msg import Quaternion
from sensor_msgs.msg import Imu
from std_msgs.msg import String

from dl_robotics import checkpoint, config
from dl_robotics.data.recordings import BagWriter
from dl_robotics.data.series.config import SignalConfig
from dl_robotics.messages.header import encode_header
from dl_robotics.messages.vectors import encode_vector
from dl_robotics.sequences.anomaly import fit_errors
from dl_robotics.sequences.config import SequenceConfig
from dl_robotics.sequences.model import KIND, build_model

IMU = "sensor_msgs/msg/Imu"
FIELDS = ("linear_acceleration.x", "angular_velocity.z")
SIGNAL = SignalConfig("/imu", IMU, FIELDS)
BEGIN_NS = 1_700_000_000_000_000_000
RATE_HZ = 50.0


def waves(count: int, seed: int = 0, steps: int = 24) -> tuple[np.ndarray, np.ndarray]:
    """Two channels of slow and low ("walk") or fast and high ("run") waves, and the words."""
    rng = np.random.default_rng(seed)
    fast = rng.integers(0, 2, count)
    times = np.arange(steps) / steps
    angles = 2.0 * np.pi * (np.where(fast, 5.0, 2.0)[:, None] * times + rng.random((count, 1)))
    waves = np.stack([np.sin(angles), np.cos(angles)], 2) * np.where(fast, 4.5, 2.0)[:, None, None]
    series = waves + 1.0 + rng.normal(0.0, 0.05, waves.shape)
    return series.astype(np.float32), np.where(fast, "run", "walk")


def save_waves(path: Path, count: int = 48, steps: int = 24) -> Path:
    """Arrays with labels; the first half is the official training data."""
    series, words = waves(count, steps=steps)
    np.savez(path, series=series, labels=words, train_size=count // 2)
    return path


def imu_at(stamp_ns: int, x: float, z: float = 0.0) -> Imu:
    return Imu(
        header=encode_header(stamp_ns, "wrist"),
        orientation=Quaternion(),
        linear_acceleration=encode_vector([x, 0.0, 9.81]),
        angular_velocity=encode_vector([0.0, 0.0, z]),
    )


def save_bag(path: Path, seconds: float = 8.0, gap_s: tuple[float, float] = (0.0, 0.0), jitter: float = 0.3) -> Path:
    """An IMU at about 50 Hz whose x is the time and whose z twice that; "walk", then "run" from half on, unstamped.

    :param gap_s: no message is between these times.
    """
    rng = np.random.default_rng(0)
    with BagWriter(path) as bag:
        bag.write_message("/activity", String(data="walk"), BEGIN_NS)
        told = False
        for number in range(int(seconds * RATE_HZ)):
            time_s = (number + jitter * rng.random()) / RATE_HZ
            stamp_ns = BEGIN_NS + round(time_s * 1e9)
            if not told and time_s >= seconds / 2:
                bag.write_message("/activity", String(data="run"), stamp_ns)
                told = True
            if not gap_s[0] <= time_s < gap_s[1]:
                bag.write_message("/imu", imu_at(stamp_ns, time_s, 2.0 * time_s), stamp_ns)
    return path


def settings(**changed: Any) -> SequenceConfig:
    """A small model of the IMU's signals."""
    told: dict[str, Any] = {
        "channels": SIGNAL.channels,
        "signals": (SIGNAL,),
        "classes": ("walk", "run"),
        "length": 12,
        "rate_hz": RATE_HZ,
        "mean": (0.0, 0.0),
        "std": (1.0, 1.0),
        "network": {"kind": "gru", "hidden": 8},
        "seasonal_period": 3,
    }
    return config.from_dict(SequenceConfig, told | changed)


def save_model(path: Path, **changed: Any) -> Path:
    """A checkpoint with random weights."""
    torch.manual_seed(0)
    told = settings(**changed)
    if told.goal == "anomaly" and told.errors is None:
        rng = np.random.default_rng(0)
        errors = fit_errors([rng.normal(0.0, 1.0, (told.horizon, len(told.channels))) for _ in range(100)])
        told = settings(**changed, errors=errors)
    model = build_model(told)
    for weight in model.parameters():
        torch.nn.init.normal_(weight, 0.0, 0.3)
    checkpoint.save(path, checkpoint.Checkpoint(KIND, model.state_dict(), config.to_dict(told)))
    return path
