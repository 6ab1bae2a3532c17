"""Physics steps in one go: between them nothing comes back to Python."""

from __future__ import annotations

from typing import Any

import mujoco
import numpy as np
from mujoco.rollout import Rollout

from dl_robotics.sim.mujoco.frames import Array

PHYSICS = mujoco.mjtState.mjSTATE_FULLPHYSICS.value
MOCAP = mujoco.mjtState.mjSTATE_MOCAP_POS.value | mujoco.mjtState.mjSTATE_MOCAP_QUAT.value
INPUTS = mujoco.mjtState.mjSTATE_CTRL.value | MOCAP


class Stepper:
    """Steps an ``MjData`` whose frames, contacts and velocities belong to the present moment, and leaves it so.

    A step here is MuJoCo's begun in its middle: forces and integration (``mj_step2``), then kinematics and collisions
    (``mj_step1``). Several of them are MuJoCo's whole steps but for the first half of the first and the second half of
    the last; ``mujoco.rollout`` makes these in one call, with the same results bit for bit.
    """

    def __init__(self, model: Any, data: Any) -> None:
        self._model, self._data = model, data
        self._models, self._datas = [model], [data]
        self._ctrl, self._warmstart = data.ctrl, data.qacc_warmstart[None]  # views, as the next one
        self._sensed: Array = data.sensordata
        self._state = np.empty((1, mujoco.mj_stateSize(model, PHYSICS)))
        self._rollout = Rollout(nthread=0)

    def place(self, mocap: Array) -> Array:
        """Put the kinematic bodies somewhere and make everything follow from the state.

        :param mocap: (7 k,) positions of the k kinematic bodies and then their quaternions, w first.
        :returns: (1, sensors) sensor data, until the next step.
        """
        mujoco.mj_setState(self._model, self._data, mocap, MOCAP)
        mujoco.mj_forward(self._model, self._data)
        return np.asarray(self._sensed[None])

    def step(self, controls: Array, mocap: Array) -> Array:
        """Make some steps.

        :param controls: (steps, actuators) in force during each.
        :param mocap: (steps, 7 k) where the kinematic bodies are after each, as :meth:`place` takes it.
        :returns: (steps, sensors) sensor data after each; fewer steps are made where MuJoCo warns of divergence.
        """
        model, data = self._model, self._data
        sensed = np.empty((len(controls), len(self._sensed)))
        self._ctrl[:] = controls[0]
        mujoco.mj_step2(model, data)
        if len(controls) > 1:
            self._whole_steps(np.concatenate([controls[1:], mocap[:-1]], axis=1), sensed[:-1])
        mujoco.mj_setState(model, data, mocap[-1], MOCAP)
        mujoco.mj_step1(model, data)
        mujoco.mj_sensorAcc(model, data)
        sensed[-1] = self._sensed
        return sensed

    def _whole_steps(self, inputs: Array, sensed: Array) -> None:
        mujoco.mj_getState(self._model, self._data, self._state[0], PHYSICS)
        self._rollout.rollout(
            self._models,
            self._datas,
            self._state,
            inputs[None],
            control_spec=INPUTS,
            skip_checks=True,
            nstep=len(inputs),
            initial_warmstart=self._warmstart,
            sensordata=sensed[None],
        )
