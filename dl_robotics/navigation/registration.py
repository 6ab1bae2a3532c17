"""Gymnasium ids of the shipped worlds: ``gymnasium.make("dl_robotics/Arena-v0")``, or ``make_vec`` for N side by side.

``dl_robotics/Navigation-v0`` takes any world and task; the keyword arguments task, engine and robot pass
through all of them.
"""

from __future__ import annotations

import gymnasium as gym

WORLDS = ("empty", "static", "arena", "corridor", "office")
ENVIRONMENT = "dl_robotics.navigation.environment:NavigationEnv"
VECTOR_ENVIRONMENT = "dl_robotics.navigation.environment:NavigationVectorEnv"


def register() -> None:
    """Register every id once."""
    for name in WORLDS:
        _register(f"dl_robotics/{name.title()}-v0", {"world": name, "task": "burger"})
    _register("dl_robotics/Navigation-v0", {})


def _register(env_id: str, kwargs: dict[str, str]) -> None:
    if env_id not in gym.registry:
        gym.register(env_id, entry_point=ENVIRONMENT, vector_entry_point=VECTOR_ENVIRONMENT, kwargs=kwargs)
