"""Draws scenes: one MuJoCo model whose geoms become whatever a scene holds, so that nothing is compiled twice.

No physics runs. MuJoCo's renderer looks only at poses in the world, shapes and materials, and these are written where
its kinematics would put them. Pictures are made as the simulator's cameras make theirs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import mujoco
import numpy as np
import numpy.typing as npt

from dl_robotics.ops.geometry import transform, transform_onto
from dl_robotics.sim.labels import Boxes, Instances
from dl_robotics.sim.mujoco.appearance import LIGHT_TYPES, OPTICAL, SKY_PIXELS
from dl_robotics.sim.mujoco.geoms import Group, type_and_size
from dl_robotics.sim.mujoco.renderer import Renderer
from dl_robotics.sim.mujoco.silhouette import merged, silhouettes
from dl_robotics.sim.scenes.scene import PLAIN, Finish, Rgb, Scene, Viewpoint
from dl_robotics.sim.scenes.textures import Texture
from dl_robotics.sim.world import Box, Light, Plane, Shape, Transform

CAPACITY = 256  # parts of a scene
LIGHTS = 4
HIDDEN = 5  # a geom group that no camera shows
THIN = 0.2  # a box whose thickness is less than this share of its middle edge takes its texture as a wall does
SHINY, DULL = 0.4, 0.0  # strength of highlights
Role, Kind = mujoco.mjtTextureRole, mujoco.mjtTexture
CUBE_FACES = 6
PLANE_M = 0.02  # thickness of the box that stands for a plane


@dataclass(frozen=True, eq=False)
class Picture:
    """What a camera sees of a scene; thing i of the scene is instance i + 1.

    :param image: (height, width, 3) uint8, red first.
    :param instances: (height, width) numbers of things, 0 for none.
    :param whole: (things + 1, 4) box of every instance if nothing stood before it.
    """

    image: npt.NDArray[np.uint8]
    instances: Instances
    whole: Boxes


class Canvas:
    """Draws scenes of up to :data:`CAPACITY` parts and :data:`LIGHTS` lights.

    :param textures: finishes refer to them by number.
    :param clip_m: nearest and farthest distance that is drawn.
    :raises RuntimeError: where no OpenGL can be had.
    """

    def __init__(self, width: int, height: int, textures: Sequence[Texture], clip_m: tuple[float, float]) -> None:
        self._size, self._textures = (width, height), len(textures)
        self._model = model = _compile(width, height, textures)
        model.vis.map.znear, model.vis.map.zfar = clip_m
        self._data = mujoco.MjData(model)
        self._renderer = Renderer(model, width, height)
        self._sky, self._sky_colour = model.texture("sky"), (-1.0, -1.0, -1.0)

    def draw(self, scene: Scene) -> Picture:
        """Draw a scene.

        :raises ValueError: for one with too many parts or lights.
        """
        owners = self._place(scene)
        self._look(scene.viewpoint)
        self._light(scene.lights, scene.ambient)
        self._paint_sky(scene.sky)
        whole = self._cull(owners, len(scene.things) + 1)
        self._renderer.draw(self._data, 0, as_ids=False)
        image = self._renderer.colours()
        self._renderer.draw(self._data, 0, as_ids=True)
        return Picture(image, np.append(owners, 0)[self._renderer.geom_ids()], whole)

    def _place(self, scene: Scene) -> npt.NDArray[np.int64]:
        """Make geoms of all parts; (parts,) the instances that they belong to."""
        owned = [(number, part) for number, thing in enumerate(scene.things, 1) for part in thing.parts]
        if len(owned) > CAPACITY or len(scene.lights) > LIGHTS:
            raise ValueError(f"scene: expected up to {CAPACITY} parts and {LIGHTS} lights, got {len(owned)} and "
                             f"{len(scene.lights)}")  # fmt: skip
        model, data, count = self._model, self._data, len(owned)
        faced = [_faced(part.shape, part.pose) for _, part in owned]
        poses = np.array([pose for _, pose in faced]).reshape(-1, 4, 4)
        kinds = [type_and_size(shape, bounded=True) for shape, _ in faced]
        model.geom_type[:count] = [int(kind) for kind, _ in kinds]
        model.geom_size[:count] = [size for _, size in kinds]
        model.geom_rgba[:count, :3] = [part.finish.colour for _, part in owned]
        model.geom_matid[:count] = [
            self._material(part.finish, shape) for (_, part), (shape, _) in zip(owned, faced, strict=True)
        ]
        data.geom_xpos[:count] = poses[:, :3, 3]
        data.geom_xmat[:count] = poses[:, :3, :3].reshape(-1, 9)
        return np.array([number for number, _ in owned], dtype=np.int64)

    def _material(self, finish: Finish, shape: Shape) -> int:
        """Dull, shiny, then every texture on flat shapes, then every texture on the others."""
        if finish.texture == PLAIN:
            return int(finish.shiny)
        return 2 + finish.texture + (0 if _is_flat(shape) else self._textures)

    def _look(self, viewpoint: Viewpoint) -> None:
        width, height = self._size
        pose = viewpoint.pose @ OPTICAL
        self._data.cam_xpos[0], self._data.cam_xmat[0] = pose[:3, 3], pose[:3, :3].ravel()
        self._model.cam_fovy[0] = math.degrees(
            2.0 * math.atan(math.tan(viewpoint.horizontal_fov / 2.0) * height / width)
        )

    def _light(self, lights: Sequence[Light], ambient: Rgb) -> None:
        model, data = self._model, self._data
        model.vis.headlight.ambient[:] = ambient
        model.light_active[:] = np.arange(LIGHTS) < len(lights)
        for index, light in enumerate(lights):
            model.light_type[index] = LIGHT_TYPES[light.kind]
            model.light_diffuse[index], model.light_specular[index] = light.diffuse[:3], light.specular[:3]
            data.light_xpos[index] = light.pose[:3, 3]
            direction = light.pose[:3, :3] @ light.direction
            data.light_xdir[index] = direction / np.linalg.norm(direction)

    def _paint_sky(self, colour: Rgb) -> None:
        if colour == self._sky_colour:  # the upload takes a millisecond
            return
        self._sky_colour = colour
        start, size = int(self._sky.adr[0]), SKY_PIXELS * SKY_PIXELS * CUBE_FACES
        pixels = self._model.tex_data[start : start + 3 * size].reshape(-1, 3)
        pixels[:] = np.rint(np.multiply(colour, 255.0))
        self._renderer.upload_texture(self._sky.id)

    def _cull(self, owners: npt.NDArray[np.int64], count: int) -> Boxes:
        """Hide what is out of the picture, and tell where everything is within it."""
        geoms = np.arange(len(owners))
        boxes = silhouettes(self._model, self._data, 0, geoms, *self._size)
        seen = (boxes[:, 2:] > boxes[:, :2]).all(axis=1)
        self._model.geom_group[:] = HIDDEN
        self._model.geom_group[geoms[seen]] = Group.WORLD_VISUAL
        return merged(boxes, owners, count)


def _faced(shape: Shape, pose: Transform) -> tuple[Shape, Transform]:
    """The same solid with its large faces along z, where a flat texture is seen.

    A plane becomes a box below it: MuJoCo draws no planes but those that the model had when it was compiled.
    """
    if isinstance(shape, Plane):
        lowered = transform((0.0, 0.0, -PLANE_M / 2.0))
        return Box((*shape.size, PLANE_M)), pose @ transform_onto(shape.normal) @ lowered
    if not isinstance(shape, Box) or not _is_flat(shape):
        return shape, pose
    x, y, z = shape.size
    if x == min(shape.size):
        return Box((z, y, x)), pose @ transform(rpy=(0.0, math.pi / 2.0, 0.0))
    if y == min(shape.size):
        return Box((x, z, y)), pose @ transform(rpy=(math.pi / 2.0, 0.0, 0.0))
    return shape, pose


def _is_flat(shape: Shape) -> bool:
    if not isinstance(shape, Box):
        return False
    thickness, middle, _ = sorted(shape.size)
    return thickness < THIN * middle


def _compile(width: int, height: int, textures: Sequence[Texture]) -> Any:
    spec = mujoco.MjSpec()
    spec.visual.quality.offsamples, spec.visual.quality.shadowsize = 0, 0
    spec.visual.global_.offwidth, spec.visual.global_.offheight = width, height
    spec.visual.headlight.diffuse, spec.visual.headlight.specular = np.zeros(3), np.zeros(3)
    spec.stat.extent = 1.0
    flat = mujoco.mjtBuiltin.mjBUILTIN_FLAT
    spec.add_texture(name="sky", type=Kind.mjTEXTURE_SKYBOX, builtin=flat, width=SKY_PIXELS, height=SKY_PIXELS)
    _add_materials(spec, textures)
    for _ in range(LIGHTS):
        spec.worldbody.add_light(castshadow=False, ambient=np.zeros(3))
    spec.worldbody.add_camera()
    for _ in range(CAPACITY):
        spec.worldbody.add_geom(
            type=mujoco.mjtGeom.mjGEOM_SPHERE, size=(1.0, 0.0, 0.0), group=HIDDEN, contype=0, conaffinity=0
        )
    model = spec.compile()
    model.geom_rbound[:] = 0.0  # unbounded: nothing is taken for out of sight by the size it was compiled with
    return model


def _add_materials(spec: Any, textures: Sequence[Texture]) -> None:
    """In the order that :meth:`Canvas._material` counts them."""
    for name, specular in (("dull", DULL), ("shiny", SHINY)):
        spec.add_material(name=name, specular=specular, reflectance=0.0)
    for kind, flat in ((Kind.mjTEXTURE_2D, True), (Kind.mjTEXTURE_CUBE, False)):
        for number, texture in enumerate(textures):
            name, size = f"{kind.name} {number}", len(texture)
            faces = 1 if flat else CUBE_FACES
            added = spec.add_texture(name=name, type=kind, width=size, height=size * faces, nchannel=3)
            added.data = np.tile(texture, (faces, 1, 1)).tobytes()
            specular = SHINY if number % 4 == 0 else DULL
            material = spec.add_material(name=name, specular=specular, reflectance=0.0, texuniform=flat)
            material.textures[Role.mjTEXROLE_RGB] = name
