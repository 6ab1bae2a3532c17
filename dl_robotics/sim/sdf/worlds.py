"""A world: its models in their places, its lights, physics and scene."""

from __future__ import annotations

from dl_robotics.sim.sdf.assembly import assemble
from dl_robotics.sim.sdf.element import Element, refuse_repeated_names
from dl_robotics.sim.sdf.frames import WORLD_FRAME, Frame, Scope, read_pose
from dl_robotics.sim.sdf.models import Instance, read_included, read_instance
from dl_robotics.sim.sdf.resources import load_included
from dl_robotics.sim.sdf.systems import inert_system
from dl_robotics.sim.world import Colour, Light, Model, World

_LIGHT_TYPES = ("directional", "point", "spot")


def build_world(world: Element) -> World:
    """The world of a checked ``<world>``."""
    lights = list(world.children("light"))
    instances: list[Instance] = []
    for element in world.children("model", "include"):
        found = element if element.tag == "model" else _included(element)
        if found.tag == "light":
            lights.append(found)
        else:
            instances.append(read_instance(found) if found is element else read_included(element, found))
    scope, models = _place(world, instances)
    refuse_repeated_names(lights)
    gravity = world.vector("gravity", World.gravity)
    shadows = world.boolean("scene/shadows", True)
    return World(
        name=world.name,
        source=str(world.source.path),
        models=models,
        lights=tuple(_read_light(light, scope, shadows) for light in lights if light.boolean("light_on", True)),
        gravity=(gravity[0], gravity[1], gravity[2]),
        physics_step_s=_physics_step(world),
        ambient=world.colour("scene/ambient", World.ambient),
        background=world.colour("scene/background", World.background),
        systems=tuple(inert_system(plugin) for plugin in world.children("plugin")),
    )


def _included(include: Element) -> Element:
    """The model or light of an included file."""
    root = load_included(include.need("uri"))
    found = root.find("model") or root.find("light")
    if found is None:
        raise include.error(f"{root.source.path} holds neither <model> nor <light>; expected one")
    return found


def _place(world: Element, instances: list[Instance]) -> tuple[Scope, tuple[Model, ...]]:
    scope = Scope(WORLD_FRAME)
    for instance in instances:
        if instance.merged:
            raise instance.element.error("merge='true' in a <world> is not supported; expected it in a <model>")
        instance.declare(scope)
    for frame in world.children("frame"):
        pose, relative_to = read_pose(frame)
        attached_to = frame.attributes.get("attached_to") or WORLD_FRAME
        scope.add(frame.name, Frame(frame, pose, relative_to or attached_to, attached_to))
    scope.check()
    return scope, tuple(assemble(each, scope.pose(each.name, each.element)) for each in instances)


def _read_light(light: Element, scope: Scope, shadows: bool) -> Light:
    kind = light.attribute("type")
    if kind not in _LIGHT_TYPES:
        raise light.error(f"light type {kind!r} is not supported; expected one of {', '.join(_LIGHT_TYPES)}")
    intensity = light.number("intensity", 1.0, lowest=0.0)
    return Light(
        name=light.name,
        kind=kind,
        pose=scope.locate(light, WORLD_FRAME),
        diffuse=_dimmed(light.colour("diffuse", Light.diffuse), intensity),
        specular=_dimmed(light.colour("specular", Light.specular), intensity),
        direction=light.direction("direction", Light.direction),
        cast_shadows=shadows and light.boolean("cast_shadows", Light.cast_shadows),
    )


def _dimmed(colour: Colour, intensity: float) -> Colour:
    """A light's colour times its intensity; none is brighter than white."""
    red, green, blue, alpha = colour
    return min(red * intensity, 1.0), min(green * intensity, 1.0), min(blue * intensity, 1.0), alpha


def _physics_step(world: Element) -> float:
    """Of the ``<physics>`` that is marked as default, else of the first one, s."""
    profiles = list(world.children("physics"))
    if not profiles:
        return World.physics_step_s
    marked = [each for each in profiles if each.flag("default")]
    return (marked or profiles)[0].positive("max_step_size", World.physics_step_s)
