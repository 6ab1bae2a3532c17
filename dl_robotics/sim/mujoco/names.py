"""Names of what a world becomes in MuJoCo: scoped as in Gazebo, ``model::link::sensor``."""

from __future__ import annotations

from dl_robotics.sim.world import Collision, Link, Model, Sensor


def scoped(*parts: str) -> str:
    """The parts joined by Gazebo's scope delimiter."""
    return "::".join(parts)


def sensor_name(model: Model, link: Link, sensor: Sensor) -> str:
    """Name of the site (and, for a camera, the camera) that carries a sensor."""
    return scoped(model.name, link.name, sensor.name)


def solid_name(model: Model, link: str, collision: Collision) -> str:
    """Name of the geom that others meet of a collision."""
    return scoped(model.name, link, collision.name)


def frame_site(model: Model) -> str:
    """Name of the site at the robot's model frame."""
    return scoped(model.name, "model frame")


def axle_site(model: Model) -> str:
    """Name of the site at the middle of the robot's driven axle, with the model frame's axes."""
    return scoped(model.name, "axle")
