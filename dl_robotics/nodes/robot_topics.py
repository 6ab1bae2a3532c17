"""What a simulated robot publishes: each topic at its rate in simulated time, and only what somebody reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from nav_msgs.msg import Odometry as OdometryMessage
from rclpy.node import Node
from ros_gz_interfaces.msg import Contacts
from rosgraph_msgs.msg import Clock
from sensor_msgs.msg import Imu as ImuMessage
from sensor_msgs.msg import LaserScan
from std_msgs.msg import Bool
from tf2_msgs.msg import TFMessage

from dl_robotics.messages.clock import encode_clock
from dl_robotics.messages.contacts import StampedContacts, encode_contacts
from dl_robotics.messages.flag import encode_flag
from dl_robotics.messages.imu import encode_imu
from dl_robotics.messages.laser_scan import Scan, encode_scan
from dl_robotics.messages.odometry import encode_odometry
from dl_robotics.messages.transform import TransformData, encode_tf
from dl_robotics.nodes.outputs import LATCHED, Output
from dl_robotics.nodes.pacer import Schedule
from dl_robotics.nodes.robot_camera import CameraTopics
from dl_robotics.nodes.robot_frames import static_transforms
from dl_robotics.nodes.robot_motion import RobotMotion
from dl_robotics.nodes.robot_sensors import CameraSensor, ImuSensor, LidarSensor
from dl_robotics.ops.contacts import Contact
from dl_robotics.ops.geometry import inverse, planar, transform_from_planar
from dl_robotics.sim.labels import ClassList
from dl_robotics.sim.mujoco.simulation import Simulation
from dl_robotics.sim.robot import drive_of
from dl_robotics.sim.world import Imu, Lidar, Link, Sensor

Send = Callable[[int], None]  # takes the stamp, ns


class Rates(NamedTuple):
    """Of what the world file gives no rate for."""

    clock_hz: float
    tf_hz: float


class RobotTopics:
    """The publishers of a simulation and its robot.

    Of several sensors of a kind the first has the usual topic, the others ``NAME/TOPIC``.

    ``scans`` counts what was sent of them.

    :param rng: draws the sensors' noise.
    :param world_frame: frame of the ground truth, and parent of the odometry frame as a perfect localiser has it; empty
        publishes no such transform.
    :param classes: names of the world's labels.
    """

    def __init__(
        self,
        node: Node,
        simulation: Simulation,
        rng: np.random.Generator,
        world_frame: str,
        rates: Rates,
        classes: ClassList,
    ) -> None:
        self._node, self._rng = node, rng
        self._world_frame, self._rates = world_frame, rates
        self.clock = Output(node, "/clock", Clock, encode_clock)
        self._odometry = Output(node, "odom", OdometryMessage, encode_odometry)
        self._truth = Output(node, "~/ground_truth", OdometryMessage, encode_odometry)
        self._tf = Output(node, "/tf", TFMessage, encode_tf)
        self._tf_static = Output(node, "/tf_static", TFMessage, encode_tf, LATCHED)
        self._collision = Output(node, "~/collision", Bool, encode_flag, LATCHED)
        self._contacts = Output(node, "~/contacts", Contacts, encode_contacts)
        self._touched: list[Contact] = []  # since the last message
        self.scans = 0
        self._classes = classes
        self._cameras: dict[str, CameraTopics] = {}  # by prefix
        self._sensors: dict[str, Output[[Any]]] = {}  # by topic
        self.enter(simulation)

    def enter(self, simulation: Simulation) -> None:
        """Tell of this simulation from now on, on the same topics."""
        self._simulation, self._robot = simulation, simulation.world.robot
        self._motion = RobotMotion(simulation, self._world_frame or "world")
        self._streams: list[tuple[Schedule, Send]] = []
        self._every(self._rates.clock_hz, self.clock)
        self._every(drive_of(self._robot).odom_publish_frequency_hz, self._send_odometry)
        self._every(self._rates.tf_hz, self._send_frames)
        self._add_sensors()

    def reset(self, stamp_ns: int) -> None:
        """Begin anew with a robot that has just been put somewhere."""
        self._motion.reset()
        self._collided = False
        self._collision(False)
        self._touched.clear()
        self._look_for_contacts()
        self._tf_static(static_transforms(self._robot, stamp_ns))

    def publish_all(self, stamp_ns: int) -> None:
        """Send one message on each topic, in the order of :meth:`publish`."""
        for _, send in self._streams:
            send(stamp_ns)

    @property
    def failure(self) -> str:
        """Why no image can be sent; empty if any can be, or there is no camera."""
        return next((camera.failure for camera in self._cameras.values()), "")

    def publish(self, tick: int, stamp_ns: int) -> None:
        """Send what is due in this tick; the clock goes first and scans, which set a navigator going, last.

        :param tick: counted from the last reset.
        """
        self._look_for_contacts()
        for schedule, send in self._streams:
            if schedule.is_due(tick):
                send(stamp_ns)
        if self._simulation.collided and not self._collided:
            self._collided = True
            self._collision(True)

    def _every(self, rate_hz: float, send: Send) -> None:
        self._streams.append((Schedule(rate_hz, self._simulation.physics_step_s), send))

    def _add_sensors(self) -> None:
        known: set[type[Sensor]] = set()
        # Scans go last: they set a navigator going, which then has all else of the same instant.
        for link, sensor in sorted(self._robot.sensors(), key=lambda pair: isinstance(pair[1], Lidar)):
            prefix = f"{sensor.name}/" if type(sensor) in known else ""
            known.add(type(sensor))
            self._every(sensor.rate_hz, self._stream(link, sensor, prefix))

    def _stream(self, link: Link, sensor: Sensor, prefix: str) -> Send:
        if isinstance(sensor, Lidar):
            scan = self._sensor_output(f"{prefix}scan", LaserScan, encode_scan)
            return self._scans(scan, LidarSensor(self._simulation, link, sensor, self._rng))
        if isinstance(sensor, Imu):
            imu = self._sensor_output(f"{prefix}imu", ImuMessage, encode_imu)
            unit = ImuSensor(self._simulation, link, sensor, self._rng)
            return lambda stamp_ns: imu(unit.read(stamp_ns)) if imu.wanted else None
        camera = CameraSensor(self._simulation, link, sensor, self._rng)
        if prefix not in self._cameras:
            self._cameras[prefix] = CameraTopics(self._node, prefix, camera, self._classes)
        self._cameras[prefix].camera = camera
        return self._cameras[prefix]

    def _sensor_output(self, topic: str, message_type: type[Any], encode: Callable[[Any], Any]) -> Output[[Any]]:
        if topic not in self._sensors:
            self._sensors[topic] = Output(self._node, topic, message_type, encode)
        return self._sensors[topic]

    def _scans(self, output: Output[[Scan]], lidar: LidarSensor) -> Send:
        def send(stamp_ns: int) -> None:
            if output.wanted:
                output(lidar.read(stamp_ns))
                self.scans += 1

        return send

    def _look_for_contacts(self) -> None:
        if self._simulation.touching and self._contacts.wanted:
            self._touched += self._simulation.contacts()

    def _send_odometry(self, stamp_ns: int) -> None:
        """Contacts at the same rate, be there any or none: so who listens knows when all up to a time have come."""
        self._contacts(StampedContacts(stamp_ns, self._world_frame or "world", tuple(self._touched)))
        self._touched.clear()
        self._odometry(self._motion.odometry(stamp_ns))
        if self._truth.wanted:
            self._truth(self._motion.truth(stamp_ns))

    def _send_frames(self, stamp_ns: int) -> None:
        if not self._tf.wanted:
            return
        odometry = self._motion.odometry(stamp_ns)
        transforms = [TransformData(stamp_ns, odometry.frame_id, odometry.child_frame_id, odometry.pose)]
        if self._world_frame:  # a perfect localiser: the world's frame makes up for the drift of the wheels
            drift = transform_from_planar(planar(self._motion.truth(stamp_ns).pose)) @ inverse(odometry.pose)
            transforms.append(TransformData(stamp_ns, self._world_frame, odometry.frame_id, drift))
        self._tf(transforms)
