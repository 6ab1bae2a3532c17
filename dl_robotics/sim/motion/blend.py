"""Postures between postures."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from dl_robotics.ops.geometry import Array
from dl_robotics.sim.scenes.figure import Angle, Arm, Leg, Posture

Angles = TypeVar("Angles", Posture, Leg, Arm)


def blend(first: Angles, second: Angles, share: Angle) -> Angles:
    """From the first posture (share 0) to the second (share 1), every angle by itself."""
    return _joined(first, second, lambda one, other: one + share * (other - one))


def shifted(posture: Angles, by: Angles) -> Angles:
    """A posture with the angles of another one on top."""
    return _joined(posture, by, lambda one, other: one + other)


def scaled(posture: Angles, factor: Angle) -> Angles:
    """All angles times a factor."""
    return _joined(posture, posture, lambda one, _: one * factor)


def _joined(first: Angles, second: Angles, join: Callable[[Any, Any], Any]) -> Angles:
    values = {}
    for field in dataclasses.fields(first):
        one, other = getattr(first, field.name), getattr(second, field.name)
        values[field.name] = _joined(one, other, join) if dataclasses.is_dataclass(one) else join(one, other)
    return dataclasses.replace(first, **values)


def ease(share: Angle) -> Array:
    """0 up to a share of 0, 1 from a share of 1, between them as hands move: with the least jerk.

    Flash and Hogan 1985, "The coordination of arm movements", equation 5: 10 s^3 - 15 s^4 + 6 s^5.
    """
    s = np.clip(share, 0.0, 1.0)
    return np.asarray(s**3 * (10.0 - 15.0 * s + 6.0 * s**2))


def bump(share: Angle) -> Array:
    """0 at shares of 0 and 1 and beyond, 1 half way."""
    s = np.clip(share, 0.0, 1.0)
    return np.asarray(np.sin(np.pi * s) ** 2)
