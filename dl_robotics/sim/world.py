"""What a world file says, resolved: every pose is a 4x4 transform in the frame its docstring names.

These plain objects are what the SDF reader produces and all engines consume. Lengths are metres, angles radians,
masses kilograms, axes as REP-103 (x forward, y left, z up).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Transform: TypeAlias = npt.NDArray[np.float64]  # (4, 4), homogeneous
Colour: TypeAlias = tuple[float, float, float, float]  # RGBA in [0, 1]


@dataclass(frozen=True)
class Box:
    """A box centred in its frame; ``size`` are full edge lengths."""

    size: tuple[float, float, float]


@dataclass(frozen=True)
class Cylinder:
    """A cylinder along z, centred in its frame."""

    radius: float
    length: float


@dataclass(frozen=True)
class Sphere:
    """A sphere centred in its frame."""

    radius: float


@dataclass(frozen=True)
class Capsule:
    """A cylinder of ``length`` along z with a half sphere on either end, centred in its frame."""

    radius: float
    length: float


@dataclass(frozen=True)
class Plane:
    """An infinite plane through the origin of its frame; ``size`` only bounds what a camera sees of it."""

    normal: tuple[float, float, float] = (0.0, 0.0, 1.0)
    size: tuple[float, float] = (1.0, 1.0)


Shape: TypeAlias = Box | Cylinder | Sphere | Capsule | Plane


@dataclass(frozen=True)
class Material:
    """Colours of a visual."""

    ambient: Colour = (0.7, 0.7, 0.7, 1.0)
    diffuse: Colour = (0.7, 0.7, 0.7, 1.0)
    specular: Colour = (0.0, 0.0, 0.0, 1.0)
    emissive: Colour = (0.0, 0.0, 0.0, 1.0)


@dataclass(frozen=True, eq=False)
class Collision:
    """A solid part of a link; ``pose`` in the link frame, ``friction`` is Coulomb's mu."""

    name: str
    pose: Transform
    shape: Shape
    friction: float = 1.0


@dataclass(frozen=True, eq=False)
class Visual:
    """What cameras and the gpu_lidar see of a link; ``pose`` in the link frame.

    :param label: its class for cameras that label, 1 to 255 (``gz::sim::systems::Label``); 0 for none.
    """

    name: str
    pose: Transform
    shape: Shape
    material: Material = Material()
    label: int = 0


@dataclass(frozen=True, eq=False)
class Inertial:
    """Mass, centre-of-mass frame (``pose`` in the link frame) and the 3x3 inertia about it in kg m^2."""

    mass: float
    pose: Transform
    inertia: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Noise:
    """Gaussian noise of a sensor."""

    mean: float = 0.0
    stddev: float = 0.0


@dataclass(frozen=True, eq=False)
class Lidar:
    """A planar gpu_lidar: ``samples`` rays evenly from ``angle_min`` to ``angle_max`` inclusive, in its own frame."""

    name: str
    pose: Transform  # in the link frame
    rate_hz: float
    samples: int
    angle_min: float
    angle_max: float
    range_min_m: float
    range_max_m: float
    noise: Noise = Noise()
    topic: str = ""


@dataclass(frozen=True, eq=False)
class Camera:
    """A pinhole camera looking along +x of ``pose`` (SDF's convention), with its horizontal field of view."""

    name: str
    pose: Transform  # in the link frame
    rate_hz: float
    width: int
    height: int
    horizontal_fov: float
    near_m: float
    far_m: float
    topic: str = ""
    noise: Noise = Noise()  # on each colour of each pixel, whose full scale is 1


@dataclass(frozen=True, eq=False)
class Imu:
    """An inertial measurement unit."""

    name: str
    pose: Transform  # in the link frame
    rate_hz: float
    angular_velocity_noise: Noise = Noise()  # rad/s
    linear_acceleration_noise: Noise = Noise()  # m/s^2
    topic: str = ""


Sensor: TypeAlias = Lidar | Camera | Imu


@dataclass(frozen=True, eq=False)
class Link:
    """A rigid body; ``pose`` in the model frame."""

    name: str
    pose: Transform
    inertial: Inertial
    collisions: tuple[Collision, ...] = ()
    visuals: tuple[Visual, ...] = ()
    sensors: tuple[Sensor, ...] = ()
    gravity: bool = True


@dataclass(frozen=True, eq=False)
class Joint:
    """A fixed or revolute joint; ``pose`` in the model frame, ``axis`` in the joint frame.

    A continuous joint is a revolute one whose limits are infinite.
    """

    name: str
    fixed: bool
    parent: str  # a link's name, or "world"
    child: str
    pose: Transform
    axis: tuple[float, float, float] = (0.0, 0.0, 1.0)
    lower: float = -np.inf
    upper: float = np.inf
    damping: float = 0.0  # N m s/rad
    friction: float = 0.0  # N m
    effort: float = np.inf  # N m
    velocity: float = np.inf  # rad/s


@dataclass(frozen=True)
class DiffDrive:
    """Gazebo's differential drive (``gz::sim::systems::DiffDrive``); limits are infinite where the file sets none."""

    left_joints: tuple[str, ...]
    right_joints: tuple[str, ...]
    wheel_separation_m: float
    wheel_radius_m: float
    max_linear_velocity: float = np.inf  # m/s
    min_linear_velocity: float = -np.inf
    max_angular_velocity: float = np.inf  # rad/s
    min_angular_velocity: float = -np.inf
    max_linear_acceleration: float = np.inf  # m/s^2
    min_linear_acceleration: float = -np.inf
    max_angular_acceleration: float = np.inf  # rad/s^2
    min_angular_acceleration: float = -np.inf
    odom_publish_frequency_hz: float = 50.0
    topic: str = "cmd_vel"
    odom_topic: str = "odom"
    frame_id: str = "odom"
    child_frame_id: str = "base_footprint"


@dataclass(frozen=True)
class TrajectoryFollower:
    """Gazebo's waypoint follower (``gz::sim::systems::TrajectoryFollower``): a force along the link's x axis while the
    next waypoint lies within the bearing tolerance, else a torque about z; waypoints are (x, y) in the world frame."""

    link: str
    waypoints: tuple[tuple[float, float], ...]
    loop: bool = False
    force: float = 60.0  # N
    torque: float = 50.0  # N m
    range_tolerance_m: float = 0.5
    bearing_tolerance_deg: float = 2.0
    zero_velocity_on_bearing: bool = False


@dataclass(frozen=True)
class Drag:
    """Linear damping of a link (``gz::sim::systems::Hydrodynamics`` without added mass): -coefficient * speed."""

    link: str
    surge: float = 0.0  # N s/m along the link's x
    sway: float = 0.0  # N s/m along y
    yaw: float = 0.0  # N m s/rad about z


@dataclass(frozen=True, eq=False)
class Model:
    """Links and joints that move together; ``pose`` in the world frame. The first link is the canonical one."""

    name: str
    pose: Transform
    static: bool
    links: tuple[Link, ...]
    joints: tuple[Joint, ...] = ()
    drive: DiffDrive | None = None
    follower: TrajectoryFollower | None = None
    drag: Drag | None = None

    def link(self, name: str) -> Link:
        """The link of that name.

        :raises KeyError: if the model has none.
        """
        for link in self.links:
            if link.name == name:
                return link
        raise KeyError(f"model {self.name!r}: no link {name!r}; it has {', '.join(k.name for k in self.links)}")

    def sensors(self) -> Iterator[tuple[Link, Sensor]]:
        """Every sensor with the link that carries it, in the file's order."""
        return ((link, sensor) for link in self.links for sensor in link.sensors)


@dataclass(frozen=True, eq=False)
class Light:
    """A light; ``pose`` in the world frame, shining along ``direction`` of that frame unless it is a point light."""

    name: str
    kind: str  # "directional", "point" or "spot"
    pose: Transform
    diffuse: Colour = (1.0, 1.0, 1.0, 1.0)
    specular: Colour = (0.1, 0.1, 0.1, 1.0)
    direction: tuple[float, float, float] = (0.0, 0.0, -1.0)
    cast_shadows: bool = False


@dataclass(frozen=True, eq=False)
class World:
    """A world file, resolved. ``systems`` are the names of the world's Gazebo systems, kept for the record."""

    name: str
    source: str  # the file it was read from, for messages
    models: tuple[Model, ...]
    lights: tuple[Light, ...] = ()
    gravity: tuple[float, float, float] = (0.0, 0.0, -9.8)
    physics_step_s: float = 0.001
    ambient: Colour = (0.4, 0.4, 0.4, 1.0)
    background: Colour = (0.7, 0.7, 0.7, 1.0)
    systems: tuple[str, ...] = field(default=())

    @property
    def robot(self) -> Model:
        """The one model with a DiffDrive system.

        :raises ValueError: if the world has none or several.
        """
        robots = [model for model in self.models if model.drive is not None]
        if len(robots) != 1:
            found = ", ".join(model.name for model in robots) or "none"
            raise ValueError(f"{self.source}: expected one model with a DiffDrive system, found {found}")
        return robots[0]

    @property
    def movers(self) -> tuple[Model, ...]:
        """The models that follow a trajectory, in the file's order."""
        return tuple(model for model in self.models if model.follower is not None)
