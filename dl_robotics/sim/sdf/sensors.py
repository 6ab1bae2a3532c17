"""Sensors of a link: planar lidars, pinhole cameras and inertial measurement units."""

from __future__ import annotations

import math
from collections.abc import Callable

from dl_robotics.sim.sdf.element import Element
from dl_robotics.sim.sdf.frames import Scope, read_pose
from dl_robotics.sim.sdf.shapes import pose_in_link
from dl_robotics.sim.world import Camera, Imu, Lidar, Noise, Sensor, Transform

FULL_CIRCLE = 2.0 * math.pi + 1e-3  # files write pi with few digits
_IMAGE_FORMATS = ("R8G8B8", "RGB_INT8", "R_FLOAT32", "FLOAT32")


def read_sensor(element: Element, scope: Scope, link: str) -> Sensor:
    """A ``<sensor>`` of a link."""
    kind = element.attribute("type")
    if kind not in _READERS:
        raise element.error(f"sensor type {kind!r} is not supported; expected one of {', '.join(_READERS)}")
    reader, own = _READERS[kind]
    for other in element.children("lidar", "ray", "camera", "imu"):
        if other.tag not in own:
            raise other.error(f"<{other.tag}> in a sensor of type {kind!r}; expected {' or '.join(own)}")
    return reader(element, pose_in_link(element, scope, link))


def _read_lidar(sensor: Element, pose: Transform) -> Lidar:
    lidar = sensor.find("ray") or sensor.need("lidar")
    horizontal = lidar.need("scan/horizontal")
    samples = horizontal.whole("samples", 1)
    low, high = horizontal.number("min_angle"), horizontal.number("max_angle")
    if not low <= high <= low + FULL_CIRCLE:
        raise horizontal.error(f"angles from {low} to {high}; expected min_angle <= max_angle, at most one turn")
    near, far = _interval(lidar.need("range"), "min", "max")
    return Lidar(
        name=sensor.name,
        pose=pose,
        rate_hz=_rate(sensor),
        samples=samples,
        angle_min=low,
        angle_max=high,
        range_min_m=near,
        range_max_m=far,
        noise=_noise(lidar.find("noise")),
        topic=sensor.string("topic", ""),
    )


def _read_camera(sensor: Element, pose: Transform) -> Camera:
    camera = sensor.need("camera")
    image = camera.need("image")
    image_format = image.string("format", "R8G8B8")
    if image_format not in _IMAGE_FORMATS:
        raise image.error(f"<format> {image_format!r} is not supported; expected one of {', '.join(_IMAGE_FORMATS)}")
    field_of_view = camera.positive("horizontal_fov")
    if field_of_view >= math.pi:
        raise camera.need("horizontal_fov").error(f"<horizontal_fov> is {field_of_view}; expected < pi")
    near, far = _camera_range(camera)
    own_pose, relative_to = read_pose(camera)
    if relative_to:
        raise camera.need("pose").error(f"<camera> relative to {relative_to!r} is not supported; expected the sensor")
    return Camera(
        name=sensor.name,
        pose=pose @ own_pose,
        rate_hz=_rate(sensor),
        width=image.whole("width", 1),
        height=image.whole("height", 1),
        horizontal_fov=field_of_view,
        near_m=near,
        far_m=far,
        topic=sensor.string("topic", ""),
        noise=_noise(camera.find("noise")),
    )


def _camera_range(camera: Element) -> tuple[float, float]:
    clip = camera.find("clip")
    interval = (0.1, 100.0) if clip is None else _interval(clip, "near", "far")
    depth = camera.find("depth_camera/clip")
    if depth is not None and _interval(depth, "near", "far") != interval:
        raise depth.error(f"a depth range of its own is not supported; expected that of <clip>, {interval}")
    return interval


def _read_imu(sensor: Element, pose: Transform) -> Imu:
    imu = sensor.find("imu")
    return Imu(
        name=sensor.name,
        pose=pose,
        rate_hz=_rate(sensor),
        angular_velocity_noise=_noise_of_axes(imu, "angular_velocity"),
        linear_acceleration_noise=_noise_of_axes(imu, "linear_acceleration"),
        topic=sensor.string("topic", ""),
    )


def _noise_of_axes(imu: Element | None, quantity: str) -> Noise:
    element = None if imu is None else imu.find(quantity)
    if element is None:
        return Noise()
    noises = {_noise(element.find(f"{axis}/noise")) for axis in "xyz"}
    if len(noises) != 1:
        raise element.error(f"<{quantity}> with noise that differs by axis is not supported; expected x, y and z alike")
    return noises.pop()


def _noise(element: Element | None) -> Noise:
    if element is None:
        return Noise()
    kind = element.attributes.get("type") or element.string("type", "gaussian")
    if kind not in ("none", "gaussian"):
        raise element.error(f"noise type {kind!r} is not supported; expected none or gaussian")
    noise = Noise(element.number("mean", 0.0), element.number("stddev", 0.0, lowest=0.0))
    return noise if kind == "gaussian" else Noise()


def _interval(element: Element, low: str, high: str) -> tuple[float, float]:
    near, far = element.number(low, lowest=0.0), element.number(high)
    if near >= far:
        raise element.error(f"<{element.tag}> from {near} to {far}; expected {low} < {high}")
    return near, far


def _rate(sensor: Element) -> float:
    """Hz. SDF's default 0, a measurement at every physics step, is refused: the engines have different steps."""
    return sensor.positive("update_rate")


_LIDAR = (_read_lidar, ("lidar", "ray"))
_CAMERA = (_read_camera, ("camera",))
_READERS: dict[str, tuple[Callable[[Element, Transform], Sensor], tuple[str, ...]]] = {
    **dict.fromkeys(("gpu_lidar", "lidar", "gpu_ray", "ray"), _LIDAR),
    **dict.fromkeys(("camera", "depth_camera", "depth", "rgbd_camera"), _CAMERA),
    "imu": (_read_imu, ("imu",)),
}
