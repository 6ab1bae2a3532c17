"""The state of any Gymnasium environment: how it began its episode, and what was done since."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gymnasium as gym
import numpy as np


class Retraced(gym.Wrapper[Any, Any, Any, Any]):
    """Remembers the way of the running episode, and can go it again.

    By Gymnasium's contract, nothing but the seed and the actions decides what an environment does. So this restores any
    environment bit for bit that keeps nothing from one episode to the next but its generator.
    """

    def __init__(self, env: gym.Env[Any, Any]) -> None:
        super().__init__(env)
        self._begun: dict[str, Any] = {}
        self._actions: list[Any] = []

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Begin an episode."""
        generator = None if seed is not None else self.unwrapped.np_random.bit_generator.state
        self._begun, self._actions = {"seed": seed, "generator": generator}, []
        return self.env.reset(seed=seed, options=options)

    def step(self, action: Any) -> tuple[Any, Any, bool, bool, dict[str, Any]]:
        """Act."""
        self._actions.append(np.copy(action))
        return self.env.step(action)

    def state_dict(self) -> dict[str, Any]:
        """The way of the running episode."""
        return {**self._begun, "actions": np.stack(self._actions) if self._actions else None}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go that way again."""
        if state["generator"] is not None:
            generator = np.random.default_rng()
            generator.bit_generator.state = state["generator"]
            self.unwrapped.np_random = generator
        self.env.reset(seed=state["seed"])
        self._begun = {"seed": state["seed"], "generator": state["generator"]}
        self._actions = [] if state["actions"] is None else list(np.asarray(state["actions"]))
        for action in self._actions:
            self.env.step(action)
