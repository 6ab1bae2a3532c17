"""Models: links, joints and nested models, flattened into one, with the systems that move them."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field

from dl_robotics.ops import geometry
from dl_robotics.sim.sdf.element import Element, refuse_repeated_names
from dl_robotics.sim.sdf.frames import MODEL_FRAME, WORLD_FRAME, Frame, Scope, read_pose
from dl_robotics.sim.sdf.inertia import read_inertial
from dl_robotics.sim.sdf.joints import read_joint
from dl_robotics.sim.sdf.resources import load_included
from dl_robotics.sim.sdf.sensors import read_sensor
from dl_robotics.sim.sdf.shapes import read_collision, read_visual
from dl_robotics.sim.world import Joint, Link, Transform

DEEPEST = 32  # models within models: nobody builds more, and Python's stack has an end


@dataclass(eq=False)
class Parts:
    """A model being read: poses in its model frame, names with the prefixes of nested models."""

    scope: Scope = field(default_factory=lambda: Scope(MODEL_FRAME))
    links: list[Link] = field(default_factory=list)
    joints: list[Joint] = field(default_factory=list)
    plugins: list[tuple[Element, str]] = field(default_factory=list)  # with the prefix that its names take
    static: list[Element] = field(default_factory=list)  # models within this one that cannot move


@dataclass(eq=False)
class Instance:
    """A model in its place: a ``<model>``, or an ``<include>`` that may override some of it."""

    element: Element
    name: str
    parts: Parts
    pose: Transform  # of the model frame, in the frame relative_to
    relative_to: str
    static: bool
    merged: bool = False

    def declare(self, scope: Scope) -> str:
        """Make the model's frames known to the scope it stands in.

        :return: the name of its model frame there.
        """
        name = f"_merged__{self.name}__model__" if self.merged else self.name
        frame = Frame(self.element, self.pose, self.relative_to or scope.root, None)
        scope.add_child(name, self.prefix, frame, self.parts.scope)
        return name

    @property
    def prefix(self) -> str:
        """What the names within the model are preceded by outside of it."""
        return "" if self.merged else f"{self.name}::"


def read_instance(element: Element) -> Instance:
    """A ``<model>`` in its place."""
    parts = read_parts(element)
    pose, relative_to = read_pose(element)
    placed = _placed(element, parts, pose, element.attributes.get("placement_frame", ""))
    return Instance(element, element.name, parts, placed, relative_to, element.boolean("static", False))


def read_included(include: Element, model: Element) -> Instance:
    """The model of an included file, with what the ``<include>`` overrides."""
    instance = read_instance(model)
    name = include.string("name", instance.name)
    include.check_name(name)
    instance.name, instance.element = name, include
    instance.merged = include.flag("merge")
    instance.static = include.boolean("static", instance.static)
    frame = include.find("placement_frame")
    if include.find("pose") is not None:
        pose, instance.relative_to = read_pose(include)
        wanted = model.attributes.get("placement_frame", "") if frame is None else frame.string()
        instance.pose = _placed(include, instance.parts, pose, wanted)
    elif frame is not None:
        raise frame.error("<placement_frame> without <pose>; expected both")
    instance.parts.plugins += [(plugin, "") for plugin in include.children("plugin")]
    return instance


def _placed(user: Element, parts: Parts, pose: Transform, placement_frame: str) -> Transform:
    """The model frame's pose, where ``pose`` is that of the placement frame."""
    if not placement_frame:
        return pose
    return pose @ geometry.inverse(parts.scope.pose(placement_frame, user))


def read_parts(model: Element) -> Parts:
    """Links, joints and plugins of a model and of the models within it.

    :raises SdfError: if there is no link.
    """
    parts = Parts()
    instances = [_nested(element) for element in model.children("model", "include")]
    scope = parts.scope
    for link in model.children("link"):
        scope.add(link.name, _frame(link, MODEL_FRAME, None))
    frames = {instance.declare(scope): instance for instance in instances}
    for joint in model.children("joint"):
        child = joint.need("child").string()
        scope.add(joint.name, _frame(joint, child, child))
    for frame in model.children("frame"):
        attached_to = frame.attributes.get("attached_to") or MODEL_FRAME
        scope.add(frame.name, _frame(frame, attached_to, attached_to))
    scope.canonical_link = _canonical_link(model, instances, scope)
    scope.check()
    parts.links += [_read_link(link, scope) for link in model.children("link")]
    for name, instance in frames.items():
        _flatten(instance, scope.pose(name, instance.element), parts)
    parts.links.sort(key=lambda link: link.name != scope.canonical_link)
    parts.joints += [read_joint(joint, scope) for joint in model.children("joint")]
    parts.plugins += [(plugin, "") for plugin in model.children("plugin")]
    return parts


def _nested(element: Element) -> Instance:
    depth = len(element.source.chain) + sum(1 for _ in element.node.iterancestors("model"))
    if depth > DEEPEST:
        raise element.error(f"models within models, {depth} deep; expected at most {DEEPEST}")
    if element.tag == "model":
        return read_instance(element)
    root = load_included(element.need("uri"))
    model = root.find("model")
    if model is None:
        raise element.error(f"{root.source.path} holds no <model>; expected one")
    return read_included(element, model)


def _frame(element: Element, default: str, attached_to: str | None) -> Frame:
    pose, relative_to = read_pose(element)
    return Frame(element, pose, relative_to or default, attached_to)


def _canonical_link(model: Element, instances: list[Instance], scope: Scope) -> str:
    """The link that the model frame moves with: the one the model names, else its first, else that of the first nested
    model."""
    named = model.attributes.get("canonical_link", "")
    if named:
        if scope.body(named, model) != named:
            raise model.error(f"canonical_link is {named!r}; expected a link")
        return named
    first = model.find("link")
    if first is not None:
        return first.name
    if not instances:
        raise model.error(f"<model> {model.name!r} has no <link>")
    return instances[0].prefix + instances[0].parts.scope.canonical_link


def _flatten(instance: Instance, pose: Transform, into: Parts) -> None:
    """Add a nested model's parts to those of the model around it; ``pose`` is that of its frame there."""
    prefix, parts = instance.prefix, instance.parts
    for link in parts.links:
        into.links.append(dataclasses.replace(link, name=prefix + link.name, pose=pose @ link.pose))
    for joint in parts.joints:
        into.joints.append(
            dataclasses.replace(
                joint,
                name=prefix + joint.name,
                parent=joint.parent if joint.parent == WORLD_FRAME else prefix + joint.parent,
                child=prefix + joint.child,
                pose=pose @ joint.pose,
            )
        )
    into.plugins += [(plugin, prefix + inner) for plugin, inner in parts.plugins]
    into.static += [*parts.static, *([instance.element] if instance.static else [])]


def _read_link(element: Element, scope: Scope) -> Link:
    name = element.name
    for tag in ("collision", "visual", "sensor"):
        refuse_repeated_names(element.children(tag))
    collisions = tuple(read_collision(child, scope, name) for child in element.children("collision"))
    return Link(
        name=name,
        pose=scope.pose(name, element),
        inertial=read_inertial(element, collisions),
        collisions=collisions,
        visuals=tuple(read_visual(child, scope, name) for child in element.children("visual")),
        sensors=tuple(read_sensor(child, scope, name) for child in element.children("sensor")),
        gravity=element.boolean("gravity", True),
    )
