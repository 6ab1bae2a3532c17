"""What a camera looks at: posed shapes with their looks, grouped into things, under lights."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dl_robotics.ops.geometry import Array
from dl_robotics.sim.world import Light, Shape, Transform

Rgb = tuple[float, float, float]
PLAIN = -1


@dataclass(frozen=True)
class Finish:
    """How a surface looks.

    :param colour: red, green, blue in [0, 1]; multiplies the texture.
    :param texture: number of a texture, or ``PLAIN``.
    :param shiny: whether lights are mirrored in it; of a texture its number decides.
    """

    colour: Rgb
    texture: int = PLAIN
    shiny: bool = False


@dataclass(frozen=True, eq=False)
class Part:
    """A shape in the world."""

    shape: Shape
    pose: Transform
    finish: Finish

    def moved(self, by: Transform) -> Part:
        """The part after its whole thing was moved."""
        return replace(self, pose=by @ self.pose)


@dataclass(frozen=True, eq=False)
class Thing:
    """Parts that belong together, of one class; a label of 0 is none."""

    label: int
    parts: tuple[Part, ...]

    def moved(self, by: Transform) -> Thing:
        """The thing elsewhere."""
        return replace(self, parts=tuple(part.moved(by) for part in self.parts))


@dataclass(frozen=True, eq=False)
class Viewpoint:
    """A camera in the world: ``pose`` looks along +x with z up (SDF's convention)."""

    pose: Array
    horizontal_fov: float  # rad


@dataclass(frozen=True, eq=False)
class Scene:
    """One picture's worth of world."""

    things: tuple[Thing, ...]
    viewpoint: Viewpoint
    lights: tuple[Light, ...]
    ambient: Rgb
    sky: Rgb
