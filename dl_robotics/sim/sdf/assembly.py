"""A model in the world: its parts, its systems, and whether they fit each other."""

from __future__ import annotations

from dl_robotics.sim.sdf.element import Element
from dl_robotics.sim.sdf.labels import labelled
from dl_robotics.sim.sdf.models import Instance
from dl_robotics.sim.sdf.systems import MOTION_SYSTEMS, read_diff_drive, read_drag, system_name
from dl_robotics.sim.sdf.trajectories import read_follower
from dl_robotics.sim.world import DiffDrive, Drag, Model, Plane, TrajectoryFollower, Transform


def assemble(instance: Instance, pose: Transform) -> Model:
    """The finished model.

    :param pose: of the model frame, in the world frame.
    :raises SdfError: if parts and systems do not fit.
    """
    _check_movability(instance)
    systems = _systems(instance)
    return Model(
        name=instance.name,
        pose=pose,
        static=instance.static,
        links=labelled(instance.name, instance.parts.links, instance.parts.plugins),
        joints=tuple(instance.parts.joints),
        drive=_drive(instance, *systems["DiffDrive"]) if "DiffDrive" in systems else None,
        follower=_follower(instance, pose, *systems["TrajectoryFollower"]) if "TrajectoryFollower" in systems else None,
        drag=_drag(instance, *systems["Hydrodynamics"]) if "Hydrodynamics" in systems else None,
    )


def _check_movability(instance: Instance) -> None:
    if instance.static:
        return
    for element in instance.parts.static:
        raise element.error("a static model within one that moves is not supported; expected both alike")
    for link in instance.parts.links:
        for collision in link.collisions:
            if isinstance(collision.shape, Plane):
                name = f"{link.name}::{collision.name}"
                raise instance.element.error(f"collision {name!r} is a plane in a model that moves; expected <static>")


def _systems(instance: Instance) -> dict[str, tuple[Element, str]]:
    """The plugins that act on the model by the names of their systems, with the prefix of the names they use."""
    systems: dict[str, tuple[Element, str]] = {}
    for plugin, prefix in instance.parts.plugins:
        name = system_name(plugin)
        if name not in MOTION_SYSTEMS:
            continue
        if name in systems:
            raise plugin.error(f"a second {name} in model {instance.name!r}; expected one")
        if instance.static:
            raise plugin.error(f"{name} in model {instance.name!r}, which is static; expected one that moves")
        systems[name] = (plugin, prefix)
    return systems


def _drive(instance: Instance, plugin: Element, prefix: str) -> DiffDrive:
    drive = read_diff_drive(plugin, prefix, instance.parts.links[0].name)
    wheels = {joint.name for joint in instance.parts.joints if not joint.fixed}
    for name in (*drive.left_joints, *drive.right_joints):
        if name not in wheels:
            known = ", ".join(sorted(wheels)) or "the model has none"
            raise plugin.error(f"DiffDrive drives {name!r}; expected a revolute or continuous joint: {known}")
    return drive


def _follower(instance: Instance, pose: Transform, plugin: Element, prefix: str) -> TrajectoryFollower:
    name = _link_name(instance, plugin, prefix)
    start = next(pose @ link.pose for link in instance.parts.links if link.name == name)
    return read_follower(plugin, name, start)


def _drag(instance: Instance, plugin: Element, prefix: str) -> Drag:
    return read_drag(plugin, _link_name(instance, plugin, prefix))


def _link_name(instance: Instance, plugin: Element, prefix: str) -> str:
    element = plugin.need("link_name")
    name, known = prefix + element.string(), [link.name for link in instance.parts.links]
    if name not in known:
        raise element.error(f"<link_name> is {element.text!r}; expected one of {', '.join(known)}")
    return name
