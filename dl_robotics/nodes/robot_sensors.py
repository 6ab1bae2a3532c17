"""The sensors of a simulated robot, with the noise that the world file gives them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sensor_msgs.msg import Image
from std_msgs.msg import Header

from dl_robotics.messages.camera_info import CameraModel, pinhole
from dl_robotics.messages.header import encode_header
from dl_robotics.messages.image import encode_image
from dl_robotics.messages.imu import Imu as ImuData
from dl_robotics.messages.laser_scan import Scan
from dl_robotics.nodes.robot_frames import sensor_frame
from dl_robotics.ops.geometry import Array
from dl_robotics.sim.labels import BoxRule, GroundTruth
from dl_robotics.sim.mujoco.camera import CameraView
from dl_robotics.sim.mujoco.imu import InertialUnit
from dl_robotics.sim.mujoco.lidar import Scanner
from dl_robotics.sim.mujoco.simulation import Simulation
from dl_robotics.sim.world import Camera, Imu, Lidar, Link, Noise

FULL_SCALE = 255.0  # of a colour


class LidarSensor:
    """A lidar whose measurements are noisy and limited as Gazebo's are.

    :param rng: draws the noise.
    """

    def __init__(self, simulation: Simulation, link: Link, sensor: Lidar, rng: np.random.Generator) -> None:
        self._scanner = Scanner.of_sensor(simulation, link, sensor)
        self._sensor, self._rng = sensor, rng
        self._frame = sensor_frame(link, sensor)
        self._increment = (sensor.angle_max - sensor.angle_min) / max(sensor.samples - 1, 1)

    def read(self, stamp_ns: int) -> Scan:
        """The scan now; what is nearer than the shortest range is -inf, where nothing returns inf (REP-117)."""
        sensor, true = self._sensor, self._scanner.scan()
        noisy = np.clip(_noisy(true, sensor.noise, self._rng), sensor.range_min_m, sensor.range_max_m)
        ranges = np.where(np.isfinite(true), noisy, np.inf)
        ranges[true < sensor.range_min_m] = -np.inf
        return Scan(
            stamp_ns,
            self._frame,
            angle_min=sensor.angle_min,
            angle_increment=self._increment or 1.0,  # of a single ray nobody can tell
            range_min_m=sensor.range_min_m,
            range_max_m=sensor.range_max_m,
            ranges=ranges.astype(np.float32),
        )


class ImuSensor:
    """An inertial unit with noise; its orientation has none.

    :param rng: draws the noise.
    """

    def __init__(self, simulation: Simulation, link: Link, sensor: Imu, rng: np.random.Generator) -> None:
        self._unit = InertialUnit(simulation, link, sensor)
        self._sensor, self._rng = sensor, rng
        self._frame = sensor_frame(link, sensor)

    def read(self, stamp_ns: int) -> ImuData:
        """The measurement now."""
        reading = self._unit.read()
        return ImuData(
            stamp_ns,
            self._frame,
            reading.orientation,
            _noisy(reading.angular_velocity, self._sensor.angular_velocity_noise, self._rng),
            _noisy(reading.linear_acceleration, self._sensor.linear_acceleration_noise, self._rng),
        )


class CameraSensor:
    """A camera in colour, with the distances and the labels of what it sees; of these three only colours are noisy.

    :param rng: draws the noise.
    """

    def __init__(self, simulation: Simulation, link: Link, sensor: Camera, rng: np.random.Generator) -> None:
        self._view = CameraView(simulation, link, sensor)
        self._sensor, self._rng = sensor, rng
        self._frame = sensor_frame(link, sensor)

    def picture(self) -> npt.NDArray[np.uint8]:
        """(height, width, 3) colours now, red first.

        :raises RuntimeError: where no OpenGL can be had.
        """
        picture = np.ascontiguousarray(self._view.rgb())
        if self._sensor.noise != Noise():  # drawing it takes longer than the picture
            noisy = _noisy(picture / FULL_SCALE, self._sensor.noise, self._rng)
            picture = np.rint(np.clip(noisy, 0.0, 1.0) * FULL_SCALE).astype(np.uint8)
        return picture

    def depth(self, stamp_ns: int) -> Image:
        """Distances along the optical axis now, 32FC1 in m; ``inf`` where nothing is seen (REP-118).

        :raises RuntimeError: where no OpenGL can be had.
        """
        return encode_image(self._view.depth(), "32FC1", self.header(stamp_ns))

    def truth(self, things: int, rule: BoxRule) -> GroundTruth:
        """What is truly in the picture now, see :meth:`CameraView.truth`.

        :raises RuntimeError: where no OpenGL can be had.
        """
        return self._view.truth(things, rule)

    def header(self, stamp_ns: int) -> Header:
        """Of everything that the camera measures at a time."""
        return encode_header(stamp_ns, self._frame)

    def model(self, stamp_ns: int) -> CameraModel:
        """How it projects."""
        sensor = self._sensor
        return pinhole(stamp_ns, self._frame, sensor.width, sensor.height, sensor.horizontal_fov)


def _noisy(values: Array, noise: Noise, rng: np.random.Generator) -> Array:
    return values + rng.normal(noise.mean, noise.stddev, values.shape)
