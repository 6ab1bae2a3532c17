"""Draws what a camera of an ``MjModel`` sees: colours, distances, geoms."""

from __future__ import annotations

import atexit
import weakref
from typing import Any

import mujoco
import numpy as np
import numpy.typing as npt

from dl_robotics.sim.mujoco.geoms import Group, mask
from dl_robotics.sim.mujoco.gl import create_context

Flag = mujoco.mjtRndFlag
SLOW = [flag.value for flag in (Flag.mjRND_SHADOW, Flag.mjRND_REFLECTION, Flag.mjRND_HAZE, Flag.mjRND_FOG)]
AS_IDS = [Flag.mjRND_SEGMENT.value, Flag.mjRND_IDCOLOR.value]


class Renderer:
    """An offscreen picture of one size, for one model.

    MuJoCo's own ``mujoco.Renderer`` chooses the OpenGL platform when MuJoCo is imported, before it is known whether
    anything will be drawn; this one chooses when it is made.

    :raises RuntimeError: where no OpenGL can be had.
    """

    def __init__(self, model: Any, width: int, height: int) -> None:
        self._model = model
        self._size = width, height
        self._gl = create_context(width, height)
        self._context = mujoco.MjrContext(model, mujoco.mjtFontScale.mjFONTSCALE_100.value)
        mujoco.mjr_setBuffer(mujoco.mjtFramebuffer.mjFB_OFFSCREEN.value, self._context)
        self._context.readDepthMap = mujoco.mjtDepthMap.mjDEPTH_ZEROFAR.value
        self._scene = mujoco.MjvScene(model, maxgeom=model.ngeom + 1)
        self._scene.flags[SLOW] = 0  # shadows take ten times as long as the rest
        self._options = mujoco.MjvOption()
        self._options.geomgroup[:] = mask(Group.WORLD_VISUAL, Group.ROBOT_VISUAL)
        self._rectangle = mujoco.MjrRect(0, 0, width, height)
        release = weakref.finalize(self, _release, self._gl, self._context)
        release.atexit = False
        atexit.register(release)  # in this order it runs before EGL's own exit handler takes the display away

    def draw(self, data: Any, camera: int, as_ids: bool) -> None:
        """Draw what the camera of that id sees; either in colour or with a number instead of each geom's colour."""
        view = mujoco.MjvCamera()
        view.type, view.fixedcamid = mujoco.mjtCamera.mjCAMERA_FIXED.value, camera
        everything = mujoco.mjtCatBit.mjCAT_ALL.value
        mujoco.mjv_updateScene(self._model, data, self._options, None, view, everything, self._scene)
        self._scene.flags[AS_IDS] = as_ids
        self._gl.make_current()
        mujoco.mjr_render(self._rectangle, self._scene, self._context)

    def upload_texture(self, texture: int) -> None:
        """Show what the model's ``tex_data`` now holds for the texture of that id."""
        self._gl.make_current()
        mujoco.mjr_uploadTexture(self._model, self._context, texture)

    def colours(self) -> npt.NDArray[np.uint8]:
        """(height, width, 3) of what was drawn."""
        width, height = self._size
        pixels = np.empty((height, width, 3), dtype=np.uint8)
        mujoco.mjr_readPixels(pixels, None, self._rectangle, self._context)
        return np.flipud(pixels)

    def nearness(self) -> npt.NDArray[np.float32]:
        """(height, width) from 1 at the near clipping plane to 0 at the far one and beyond."""
        width, height = self._size
        pixels = np.empty((height, width), dtype=np.float32)
        mujoco.mjr_readPixels(None, pixels, self._rectangle, self._context)
        return np.flipud(pixels)

    def geom_ids(self) -> npt.NDArray[np.int64]:
        """(height, width) id of the geom at every pixel, -1 where there is none; after drawing as ids."""
        red, green, blue = np.moveaxis(self.colours().astype(np.int64), -1, 0)
        geoms = self._scene.geoms[: self._scene.ngeom]
        ids = np.full(len(geoms) + 1, -1)
        for geom in geoms:
            ids[geom.segid + 1] = geom.objid  # a segid of -1, which is not drawn, lands on the background's 0
        ids[0] = -1
        return np.asarray(ids[red + (green << 8) + (blue << 16)])


def _release(gl: Any, context: Any) -> None:
    """Free the context on the graphics side while the platform is still there."""
    gl.make_current()
    context.free()
    gl.free()
