"""The parts of links as SDF elements: shapes, colours, inertia, sensors."""

from __future__ import annotations

from lxml import etree

from dl_robotics.ops.geometry import roll_pitch_yaw
from dl_robotics.sim.sdf.written import element, values
from dl_robotics.sim.sdf.written_systems import system
from dl_robotics.sim.world import (
    Box,
    Camera,
    Collision,
    Imu,
    Inertial,
    Lidar,
    Noise,
    Plane,
    Sensor,
    Shape,
    Sphere,
    Transform,
    Visual,
)


def pose(matrix: Transform) -> etree._Element:
    """Position and roll, pitch, yaw of a (4, 4) transform."""
    return values("pose", *matrix[:3, 3], *roll_pitch_yaw(matrix))


def inertial(body: Inertial) -> etree._Element:
    """Mass, its centre and its moments."""
    moments = (("ixx", 0, 0), ("ixy", 0, 1), ("ixz", 0, 2), ("iyy", 1, 1), ("iyz", 1, 2), ("izz", 2, 2))
    matrix = element("inertia", *(values(name, body.inertia[row, column]) for name, row, column in moments))
    return element("inertial", pose(body.pose), values("mass", body.mass), matrix)


def collision(part: Collision) -> etree._Element:
    """A solid part, with the same friction in all directions."""
    mu = (values(name, part.friction) for name in ("mu", "mu2"))
    surface = element("surface", element("friction", element("ode", *mu)))
    return element("collision", pose(part.pose), _geometry(part.shape), surface, name=part.name)


def visual(part: Visual) -> etree._Element:
    """A visible part, with its label."""
    colours = ((name, getattr(part.material, name)) for name in ("ambient", "diffuse", "specular", "emissive"))
    material = element("material", *(values(name, *colour) for name, colour in colours))
    label = [system("Label", element("label", str(part.label)))] if part.label else []
    return element("visual", pose(part.pose), _geometry(part.shape), material, *label, name=part.name)


def _geometry(shape: Shape) -> etree._Element:
    if isinstance(shape, Box):
        return element("geometry", element("box", values("size", *shape.size)))
    if isinstance(shape, Sphere):
        return element("geometry", element("sphere", values("radius", shape.radius)))
    if isinstance(shape, Plane):
        return element("geometry", element("plane", values("normal", *shape.normal), values("size", *shape.size)))
    kind = type(shape).__name__.lower()
    return element("geometry", element(kind, values("radius", shape.radius), values("length", shape.length)))


def sensor(found: Sensor) -> etree._Element:
    """A lidar, camera or inertial unit."""
    kind, parts = _kind(found)
    topic = [element("topic", found.topic)] if found.topic else []
    rate = values("update_rate", found.rate_hz)
    return element("sensor", pose(found.pose), *topic, rate, parts, name=found.name, type=kind)


def _kind(found: Sensor) -> tuple[str, etree._Element]:
    if isinstance(found, Lidar):
        return "gpu_lidar", _lidar(found)
    return ("camera", _camera(found)) if isinstance(found, Camera) else ("imu", _imu(found))


def _lidar(lidar: Lidar) -> etree._Element:
    angles = values("min_angle", lidar.angle_min), values("max_angle", lidar.angle_max)
    scan = element("scan", element("horizontal", element("samples", str(lidar.samples)), *angles))
    reach = element("range", values("min", lidar.range_min_m), values("max", lidar.range_max_m))
    return element("lidar", scan, reach, _noise(lidar.noise))


def _camera(camera: Camera) -> etree._Element:
    size = element("width", str(camera.width)), element("height", str(camera.height))
    return element(
        "camera",
        values("horizontal_fov", camera.horizontal_fov),
        element("image", *size, element("format", "R8G8B8")),
        element("clip", values("near", camera.near_m), values("far", camera.far_m)),
        _noise(camera.noise),
    )


def _noise(noise: Noise) -> etree._Element:
    return element("noise", element("type", "gaussian"), *_gaussian(noise))


def _imu(imu: Imu) -> etree._Element:
    angular, linear = imu.angular_velocity_noise, imu.linear_acceleration_noise
    return element("imu", _axes("angular_velocity", angular), _axes("linear_acceleration", linear))


def _axes(quantity: str, noise: Noise) -> etree._Element:
    """The same noise on each axis; here its type is an attribute."""
    return element(quantity, *(element(a, element("noise", *_gaussian(noise), type="gaussian")) for a in "xyz"))


def _gaussian(noise: Noise) -> tuple[etree._Element, etree._Element]:
    return values("mean", noise.mean), values("stddev", noise.stddev)
