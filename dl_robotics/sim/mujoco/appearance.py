"""Materials, lights and background, as cameras see them."""

from __future__ import annotations

import math
from typing import Any

import mujoco
import numpy as np

from dl_robotics.sim.mujoco.frames import frame
from dl_robotics.sim.world import Camera, Light, Material, World

LIGHT_TYPES = {
    "directional": mujoco.mjtLightType.mjLIGHT_DIRECTIONAL,
    "point": mujoco.mjtLightType.mjLIGHT_POINT,
    "spot": mujoco.mjtLightType.mjLIGHT_SPOT,
}
# MuJoCo's cameras look along -z with y up, SDF's along +x with z up: the columns are the former's axes in the latter's.
OPTICAL = np.array([[0.0, 0.0, -1.0, 0.0], [-1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0]])
SKY_PIXELS = 16


def material_name(spec: Any, material: Material) -> str:
    """Name of the MuJoCo material for an SDF one, which is added where it is new.

    MuJoCo shades one colour: SDF's diffuse. The ambient colour is left out, and specular and emissive are strengths.
    """
    name = repr(material)
    if spec.material(name) is None:
        specular, emission = max(material.specular[:3]), max(material.emissive[:3])
        spec.add_material(name=name, rgba=material.diffuse, specular=specular, emission=emission, reflectance=0.0)
    return name


def add_scenery(spec: Any, world: World) -> None:
    """Lights, ambient light and background of a world."""
    headlight = spec.visual.headlight
    headlight.ambient, headlight.diffuse, headlight.specular = world.ambient[:3], np.zeros(3), np.zeros(3)
    for light in world.lights:
        _add_light(spec.worldbody, light)
    sky, flat = mujoco.mjtTexture.mjTEXTURE_SKYBOX, mujoco.mjtBuiltin.mjBUILTIN_FLAT
    colours = {"rgb1": world.background[:3], "rgb2": world.background[:3]}
    spec.add_texture(name="sky", type=sky, builtin=flat, width=SKY_PIXELS, height=SKY_PIXELS, **colours)


def _add_light(body: Any, light: Light) -> None:
    body.add_light(
        name=light.name,
        type=LIGHT_TYPES[light.kind],
        pos=light.pose[:3, 3],
        dir=light.pose[:3, :3] @ light.direction,
        ambient=np.zeros(3),
        diffuse=light.diffuse[:3],
        specular=light.specular[:3],
        castshadow=light.cast_shadows,
    )


def add_camera(body: Any, name: str, camera: Camera) -> None:
    """Add a camera to the body of its link."""
    fovy = 2.0 * math.atan(math.tan(camera.horizontal_fov / 2.0) * camera.height / camera.width)
    body.add_camera(name=name, fovy=math.degrees(fovy), **frame(camera.pose @ OPTICAL))
