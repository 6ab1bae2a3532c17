"""Worlds as SDF files, e.g. those that were drawn at random: for the simulator, Gazebo, and whatever else reads SDF.

What is written holds everything that :class:`~dl_robotics.sim.world.World` does: read again, it is the same world.
Nested models were flattened when they were read; in their parts' names ``::``, which SDF keeps for itself, becomes
``.``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from dl_robotics.sim.sdf.written import element, flag, plain, values
from dl_robotics.sim.sdf.written_parts import collision, inertial, pose, sensor, visual
from dl_robotics.sim.sdf.written_systems import limit, model_systems, system
from dl_robotics.sim.world import Joint, Light, Link, Model, World

VERSION = "1.9"


def write_world(world: World, path: Path) -> None:
    """Write a world into one file, robots and all.

    :raises OSError: if the file cannot be written.
    """
    tree = element("sdf", _world(world), version=VERSION)
    path.write_bytes(etree.tostring(tree, pretty_print=True, xml_declaration=True, encoding="utf-8"))


def _world(world: World) -> etree._Element:
    return element(
        "world",
        element("physics", values("max_step_size", world.physics_step_s), name="step", type="ignored"),
        *(system(name.rsplit("::", 1)[-1]) for name in world.systems),
        values("gravity", *world.gravity),
        element("scene", values("ambient", *world.ambient), values("background", *world.background)),
        *map(_light, world.lights),
        *map(_model, world.models),
        name=world.name,
    )


def _light(light: Light) -> etree._Element:
    return element(
        "light",
        pose(light.pose),
        flag("cast_shadows", light.cast_shadows),
        values("diffuse", *light.diffuse),
        values("specular", *light.specular),
        values("direction", *light.direction),
        name=light.name,
        type=light.kind,
    )


def _model(model: Model) -> etree._Element:
    return element(
        "model",
        pose(model.pose),
        flag("static", model.static),
        *map(_link, model.links),
        *map(_joint, model.joints),
        *model_systems(model),
        name=model.name,
    )


def _link(link: Link) -> etree._Element:
    return element(
        "link",
        pose(link.pose),
        inertial(link.inertial),
        flag("gravity", link.gravity),
        *map(collision, link.collisions),
        *map(visual, link.visuals),
        *map(sensor, link.sensors),
        name=plain(link.name),
    )


def _joint(joint: Joint) -> etree._Element:
    kind = "fixed" if joint.fixed else "revolute"
    place = pose(joint.pose)
    place.set("relative_to", "__model__")  # rather than to the child
    return element(
        "joint",
        place,
        element("parent", plain(joint.parent)),
        element("child", plain(joint.child)),
        *([] if joint.fixed else [_axis(joint)]),
        name=plain(joint.name),
        type=kind,
    )


def _axis(joint: Joint) -> etree._Element:
    return element(
        "axis",
        values("xyz", *joint.axis),
        element("dynamics", values("damping", joint.damping), values("friction", joint.friction)),
        element("limit", *_limits(joint)),
    )


def _limits(joint: Joint) -> Iterator[etree._Element]:
    for name in ("lower", "upper", "effort", "velocity"):
        yield from limit(name, getattr(joint, name))
