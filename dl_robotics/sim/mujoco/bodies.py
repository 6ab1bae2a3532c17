"""A model's links and joints as MuJoCo bodies."""

from __future__ import annotations

from typing import Any

import mujoco
import numpy as np

from dl_robotics.ops.geometry import inverse
from dl_robotics.sim.mujoco.frames import frame
from dl_robotics.sim.mujoco.links import LinkFiller
from dl_robotics.sim.mujoco.names import scoped
from dl_robotics.sim.tree import Branch, branches
from dl_robotics.sim.world import Joint, Link, Model


def add_model(spec: Any, model: Model, filler: LinkFiller) -> None:
    """Add a model's bodies to a specification.

    A static model stands on the world. A follower is one kinematic body, which is set rather than simulated.
    """
    if model.static or model.follower is not None:
        body = spec.worldbody.add_body(name=model.name, mocap=not model.static, **frame(model.pose))
        for link in model.links:
            filler.fill(_add_body(body, model, link, link.pose), link)
    else:
        for branch in branches(model):
            body = _add_body(spec.worldbody, model, branch.link, model.pose @ branch.link.pose)
            if branch.joint is None:
                body.add_freejoint(name=body.name)
            _grow(body, model, branch, filler)


def _grow(body: Any, model: Model, branch: Branch, filler: LinkFiller) -> None:
    """Fill a branch's body and add those that hang on it."""
    link = branch.link
    _add_inertial(body, link)
    if branch.joint is not None and not branch.joint.fixed:
        _add_hinge(body, model, link, branch.joint)
    filler.fill(body, link)
    for below in branch.branches:
        pose = inverse(link.pose) @ below.link.pose
        _grow(_add_body(body, model, below.link, pose), model, below, filler)


def _add_body(parent: Any, model: Model, link: Link, pose: np.typing.NDArray[np.float64]) -> Any:
    return parent.add_body(name=scoped(model.name, link.name), **frame(pose))


def _add_inertial(body: Any, link: Link) -> None:
    """Mass and inertia; MuJoCo wants the latter along the link's axes: R I R^T."""
    inertial = link.inertial
    rotation = inertial.pose[:3, :3]
    inertia = rotation @ inertial.inertia @ rotation.T
    body.explicitinertial = True
    body.mass = inertial.mass
    body.ipos = inertial.pose[:3, 3]
    body.fullinertia = [*np.diag(inertia), inertia[0, 1], inertia[0, 2], inertia[1, 2]]
    body.gravcomp = 0.0 if link.gravity else 1.0


def _add_hinge(body: Any, model: Model, link: Link, joint: Joint) -> None:
    pose = inverse(link.pose) @ joint.pose
    hinge = body.add_joint(
        name=scoped(model.name, joint.name),
        type=mujoco.mjtJoint.mjJNT_HINGE,
        pos=pose[:3, 3],
        axis=pose[:3, :3] @ joint.axis,
        frictionloss=joint.friction,
    )
    hinge.damping[0] = joint.damping
    hinge.limited = bool(np.isfinite((joint.lower, joint.upper)).any())
    if hinge.limited:
        hinge.range = np.clip((joint.lower, joint.upper), -mujoco.mjMAXVAL, mujoco.mjMAXVAL)
