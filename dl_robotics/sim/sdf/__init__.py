"""Reader of SDF, the format of Gazebo's worlds and robots (http://sdformat.org/spec).

What is read, and what is accepted without effect, stands in ``elements.py`` and ``systems.py``; everything else is
refused with :class:`SdfError`, which names file and line, what was expected and what came.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np

from dl_robotics.sim.sdf.assembly import assemble
from dl_robotics.sim.sdf.element import Element, SdfError
from dl_robotics.sim.sdf.frames import WORLD_FRAME, Scope
from dl_robotics.sim.sdf.models import read_instance
from dl_robotics.sim.sdf.resources import load_sdf, model_file
from dl_robotics.sim.sdf.worlds import build_world
from dl_robotics.sim.world import Model, World

__all__ = ["SdfError", "read_model", "read_world"]


def read_world(path: str | Path, robot: str | Path | None = None) -> World:
    """Read a world file.

    :param path: an SDF file with a ``<world>``.
    :param robot: an SDF model file, or a model's folder, of a robot to put at the world's origin.
    :raises SdfError: if a file cannot be used, or if there is a robot in the world as well as ``robot``.
    """
    world = build_world(_need(load_sdf(Path(path)), "world"))
    if robot is None:
        return world
    model = dataclasses.replace(read_model(robot), pose=np.eye(4))
    for other in world.models:
        if other.drive is not None or other.name == model.name:
            raise SdfError(f"{path}: holds the model {other.name!r}; expected no robot there beside {robot}")
    return dataclasses.replace(world, models=(*world.models, model))


def read_model(path: str | Path) -> Model:
    """Read a model file, or the one that a folder's ``model.config`` names.

    :raises SdfError: if it cannot be used.
    """
    instance = read_instance(_need(load_sdf(model_file(Path(path))), "model"))
    scope = Scope(WORLD_FRAME)
    instance.declare(scope)
    return assemble(instance, scope.pose(instance.name, instance.element))


def _need(root: Element, tag: str) -> Element:
    element = root.find(tag)
    if element is None:
        came = ", ".join(child.tag for child in root.children()) or "nothing"
        raise root.error(f"<sdf> holds {came}; expected a <{tag}>")
    return element
