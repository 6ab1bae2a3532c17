"""Walking and running, by the phase of the gait."""

from __future__ import annotations

import numpy as np

from dl_robotics.ops.geometry import Array
from dl_robotics.sim.scenes.figure import Angle, Arm, Leg, Posture


def walking(phase: Angle, stride: float = 1.0) -> Posture:
    """The posture at a phase of a gait, rad; 0 is left foot forward, pi right foot forward.

    Hip and knee follow the curves of normal walking (Winter, figure 3.32) in their first harmonics; arms swing against
    the legs.

    :param stride: factor on all swings; 1 is a brisk walk, 0 stands.
    """
    swing = 0.4 * stride * np.cos(phase)
    return Posture(
        left_leg=_stepping(phase, stride),
        right_leg=_stepping(phase + np.pi, stride),
        left_arm=Arm(shoulder=-0.8 * swing, spread=0.1, elbow=0.25 * stride),
        right_arm=Arm(shoulder=0.8 * swing, spread=0.1, elbow=0.25 * stride),
        stoop=0.05 * stride,
        twist=-0.2 * swing,
    )


def _stepping(phase: Angle, stride: float) -> Leg:
    """Of one leg, which is farthest forward at phase 0 and swings forward during the second half."""
    bent = _swinging(phase)
    hip, knee = 0.08 + 0.4 * np.cos(phase), 0.1 + 0.95 * bent
    return Leg(hip=stride * hip, knee=stride * knee, ankle=stride * 0.15 * np.cos(phase))


def running(phase: Angle, stride: float = 1.0, elbow: float = 1.6) -> Posture:
    """The posture of a runner, phases as in :func:`walking`; both feet are off the floor twice in a cycle.

    Ranges of hip and knee after Novacheck 1998, "The biomechanics of running": the knee bends by some 0.7 rad under
    load and by 1.6 to 2.1 rad in the air.

    :param stride: factor on all swings; 1 is a steady run.
    :param elbow: how far the arms are bent.
    """
    swing = stride * np.cos(phase)
    return Posture(
        left_leg=_leaping(phase, stride),
        right_leg=_leaping(phase + np.pi, stride),
        left_arm=Arm(shoulder=-0.7 * swing - 0.1, spread=0.2, elbow=elbow - 0.15 * swing),
        right_arm=Arm(shoulder=0.7 * swing - 0.1, spread=0.2, elbow=elbow + 0.15 * swing),
        stoop=0.15 * stride,
        twist=-0.2 * swing,
        lift=0.035 * stride * (1.0 + np.cos(2.0 * np.asarray(phase) + 0.6)),
    )


def _leaping(phase: Angle, stride: float) -> Leg:
    load = np.maximum(0.0, np.sin(phase)) ** 2
    knee = 0.35 + 0.15 * load + 1.5 * stride * _swinging(np.asarray(phase) + 0.35)
    return Leg(hip=0.3 + 0.55 * stride * np.cos(phase), knee=knee, ankle=0.2 * np.cos(phase) - 0.1)


def _swinging(phase: Angle) -> Array:
    """Rises and falls within the second half of the cycle, in [0, 1]."""
    return np.asarray(np.maximum(0.0, -np.sin(phase)) ** 2)
