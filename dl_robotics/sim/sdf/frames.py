"""Named frames of a model or a world, and where they are: ``relative_to``, ``attached_to`` and ``a::b`` names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dl_robotics.ops import geometry
from dl_robotics.sim.sdf.element import Element
from dl_robotics.sim.world import Transform

MODEL_FRAME = "__model__"
WORLD_FRAME = "world"


@dataclass(frozen=True, eq=False)
class Frame:
    """A named frame.

    :param element: what declares it, for messages.
    :param pose: in the frame ``relative_to``.
    :param attached_to: the frame that it moves with; ``None`` for a link, which moves by itself.
    """

    element: Element
    pose: Transform
    relative_to: str
    attached_to: str | None


class Scope:
    """The frames that one model or world may name. Poses are given in the frame ``root``."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.frames: dict[str, Frame] = {}
        self.canonical_link = WORLD_FRAME if root == WORLD_FRAME else ""

    def add(self, name: str, frame: Frame) -> None:
        """Declare a frame.

        :raises SdfError: if the name is taken.
        """
        element, taken = frame.element, self.frames.get(name)
        if taken is not None:
            raise element.error(
                f"<{element.tag}> is named {name!r}, as the <{taken.element.tag}> at {taken.element.place}"
            )
        self.frames[name] = frame

    def add_child(self, name: str, prefix: str, frame: Frame, child: Scope) -> None:
        """Declare a model within this scope, and every frame of that model as ``prefix`` and its name there.

        :param frame: of the model; ``attached_to`` is replaced by the model's canonical link.
        """
        body: str | None = prefix + child.canonical_link
        self.add(name, Frame(frame.element, frame.pose, frame.relative_to, body))
        if prefix:
            self.add(prefix + MODEL_FRAME, Frame(frame.element, np.eye(4), name, body))
        for inner, other in child.frames.items():
            pose = child.pose(inner, other.element)
            body = None if other.attached_to is None else prefix + child.body(inner, other.element)
            self.add(prefix + inner, Frame(other.element, pose, name, body))

    def check(self) -> None:
        """Refuse declared frames that hang on unknown ones or form a circle, whether or not anything uses them."""
        for name, frame in self.frames.items():
            self.pose(name, frame.element)
            self.body(name, frame.element)

    def pose(self, name: str, user: Element) -> Transform:
        """A frame's pose in the root frame.

        :param user: the element that asks, for messages.
        :raises SdfError: if the frame is unknown or relative to itself.
        """
        pose = np.eye(4)
        for step in self._chain(name, user, lambda frame: frame.relative_to)[:-1]:
            pose = self.frames[step].pose @ pose
        return pose

    def body(self, name: str, user: Element) -> str:
        """The link that a frame moves with, or ``world``.

        :raises SdfError: if the frame is unknown or attached to itself.
        """
        last = self._chain(name, user, lambda frame: frame.attached_to)[-1]
        return self.canonical_link if last == self.root else last

    def locate(self, element: Element, default: str) -> Transform:
        """Pose of an element in the root frame, from its ``<pose>``.

        :param default: the frame it is relative to unless it names another.
        """
        pose, relative_to = read_pose(element)
        return self.pose(relative_to or default, element.find("pose") or element) @ pose

    def _chain(self, name: str, user: Element, follow: Callable[[Frame], str | None]) -> list[str]:
        """The names from a frame to the root, or to the first frame that follows none."""
        chain: dict[str, None] = {}  # a list that knows quickly what it holds
        following: str | None = name
        while following is not None:
            if following in chain:
                raise user.error(f"frames in a circle: {' -> '.join([*chain, following])}")
            chain[following] = None
            if following == self.root:
                break
            frame = self._frame(following, user)
            following, user = follow(frame), frame.element
        return list(chain)

    def _frame(self, name: str, user: Element) -> Frame:
        frame = self.frames.get(name)
        if frame is None:
            raise user.error(f"unknown frame {name!r}; expected one of {', '.join([self.root, *self.frames])}")
        return frame


def read_pose(element: Element) -> tuple[Transform, str]:
    """An element's ``<pose>`` and the frame that it names, ``""`` if it names none; the identity if there is none.

    :raises SdfError: if it is not x, y, z in m and roll, pitch, yaw in rad (or degrees), or x, y, z and a quaternion.
    """
    pose = element.find("pose")
    if pose is None:
        return np.eye(4), ""
    relative_to = pose.attributes.get("relative_to") or pose.attributes.get("frame", "")
    if not pose.text:
        return np.eye(4), relative_to
    form = pose.attributes.get("rotation_format", "euler_rpy")
    if form == "quat_xyzw":
        values = pose.vector(count=7)
        if not any(values[3:]):
            raise pose.error(f"<pose> is {pose.text!r}; expected a quaternion that is not 0")
        return geometry.transform_from_quaternion(values[:3], values[3:]), relative_to
    if form != "euler_rpy":
        raise pose.error(f"rotation_format is {form!r}; expected euler_rpy or quat_xyzw")
    values = pose.vector(count=6)
    angles = np.radians(values[3:]) if pose.flag("degrees") else values[3:]
    return geometry.transform(values[:3], angles), relative_to
