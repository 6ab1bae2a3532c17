"""How a camera projects: ``sensor_msgs/CameraInfo``."""

from __future__ import annotations

import array
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from sensor_msgs.msg import CameraInfo

from dl_robotics.messages.errors import check
from dl_robotics.messages.header import decode_header, encode_header
from dl_robotics.ops.geometry import Array


@dataclass(frozen=True, eq=False)
class CameraModel:
    """A calibrated monocular camera that is not cropped or binned; ``frame_id`` is optical: z forward, x right, y down.

    :param intrinsics: (3, 3), px: [[fx, 0, cx], [0, fy, cy], [0, 0, 1]].
    :param distortion_model: a name of ``sensor_msgs/distortion_models``, e.g. ``"plumb_bob"``.
    :param distortion: (n,) the model's coefficients; ``plumb_bob`` has k1, k2, t1, t2, k3.
    """

    stamp_ns: int
    frame_id: str
    width: int
    height: int
    intrinsics: Array
    distortion_model: str
    distortion: Array

    def __post_init__(self) -> None:
        check(self.width > 0, "width", "> 0", self.width)
        check(self.height > 0, "height", "> 0", self.height)
        _check_finite("k", self.intrinsics)
        _check_finite("d", self.distortion)
        for index in (0, 4):
            focal_length = float(self.intrinsics.flat[index])
            check(focal_length > 0.0, f"k[{index}]", "a focal length > 0 (a calibrated camera)", focal_length)


def pinhole(stamp_ns: int, frame_id: str, width: int, height: int, horizontal_fov: float) -> CameraModel:
    """The model of an ideal camera with square pixels and the principal point in the middle, as Gazebo publishes it.

    :param horizontal_fov: rad, in (0, pi).
    """
    check(0.0 < horizontal_fov < math.pi, "horizontal_fov", "in (0, pi)", horizontal_fov)
    focal_length = width / 2.0 / math.tan(horizontal_fov / 2.0)
    intrinsics = np.array([[focal_length, 0.0, width / 2.0], [0.0, focal_length, height / 2.0], [0.0, 0.0, 1.0]])
    return CameraModel(stamp_ns, frame_id, width, height, intrinsics, "plumb_bob", np.zeros(5))


def decode_camera_info(message: Any) -> CameraModel:
    """Read a ``sensor_msgs/CameraInfo``; what stereo rectification adds (``r``, ``p``) is left out.

    :raises MessageError: for an empty image, an uncalibrated camera, or a number that is not finite.
    """
    return CameraModel(
        *decode_header(message.header),
        width=int(message.width),
        height=int(message.height),
        intrinsics=np.array(message.k, dtype=np.float64).reshape(3, 3),
        distortion_model=str(message.distortion_model),
        distortion=np.array(message.d, dtype=np.float64),
    )


def encode_camera_info(camera: CameraModel) -> CameraInfo:
    """The ``sensor_msgs/CameraInfo`` of a monocular camera: no rectification, projection [K | 0]."""
    return CameraInfo(
        header=encode_header(camera.stamp_ns, camera.frame_id),
        width=int(camera.width),
        height=int(camera.height),
        distortion_model=camera.distortion_model,
        d=array.array("d", np.asarray(camera.distortion, dtype=np.float64).tobytes()),
        k=np.asarray(camera.intrinsics, dtype=np.float64).ravel(),
        r=np.eye(3).ravel(),
        p=np.hstack([camera.intrinsics, np.zeros((3, 1))]).ravel(),
    )


def _check_finite(field: str, values: Array) -> None:
    for index, value in enumerate(values.flat):
        check(math.isfinite(value), f"{field}[{index}]", "a finite number", float(value))
