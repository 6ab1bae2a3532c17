"""An OpenGL context without a display, made when the first image is asked for."""

from __future__ import annotations

import ctypes.util
import importlib
import os
from typing import Any

LIBRARIES = {"egl": "EGL", "osmesa": "OSMesa"}
INSTALL = "apt-get install libegl1 libgl1-mesa-dri libosmesa6"


def create_context(width: int, height: int) -> Any:
    """A MuJoCo ``GLContext``, current in this thread.

    The environment variable ``MUJOCO_GL`` chooses ``egl`` or ``osmesa``; without it the first one that is installed.

    :raises RuntimeError: if neither can be used; the message says what to install.
    """
    platform = choose_platform(os.environ.get("MUJOCO_GL", ""))
    try:
        context = importlib.import_module(f"mujoco.{platform}").GLContext(width, height)
        context.make_current()
    except (ImportError, AttributeError, RuntimeError) as error:
        other = next(name for name in LIBRARIES if name != platform)
        raise RuntimeError(
            f"camera: {platform} cannot draw here ({error}); try MUJOCO_GL={other}, or install: {INSTALL}"
        ) from error
    return context


def choose_platform(asked: str) -> str:
    """``egl`` or ``osmesa``.

    :param asked: one of them, or nothing.
    :raises RuntimeError: for anything else, and where neither library is installed.
    """
    if asked:
        if asked not in LIBRARIES:
            raise RuntimeError(f"camera: MUJOCO_GL: expected egl or osmesa, got {asked!r}")
        return asked
    for platform, library in LIBRARIES.items():
        if ctypes.util.find_library(library) is not None:
            return platform
    raise RuntimeError(f"camera: neither libEGL nor libOSMesa found; install: {INSTALL}")
