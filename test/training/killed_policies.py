"""Trains a tiny policy to its end, however often it is killed on the way: ``killed_policies.py FOLDER SEED``.

Prints how often it was killed. Every run is a process of its own, forked before anything has threads.
"""

import os
import signal
import sys
import time
from pathlib import Path

import gymnasium as gym
import numpy as np
from gymnasium.envs.classic_control import CartPoleEnv

from dl_robotics import config
from dl_robotics.training.recipe import Recipe
from dl_robotics.training.reinforcement import train

FEWEST, MOST = 100, 260  # steps of all environments, evaluation included, before a run is killed
STEP_S = 0.02  # about as long as a step and its save take: the kill comes anywhere in it
ENV = "killed_policies:Announced-v0"
PLAIN = {
    "env": {"id": ENV, "vectorization": "sync"},
    "algorithm": {"kind": "dqn", "hidden": [8, 8], "duelling": True, "target_update_every": 7},
    **{"total_steps": 600, "num_envs": 4, "learning_starts": 60, "batch_size": 8, "replay_capacity": 300},
    **{"n_step": 3, "priorities": {"beta_updates": 200}, "eval_every": 200, "eval_episodes": 2, "eval_envs": 2},
    **{"log_every": 50, "save_every_s": 0.0, "seed": 3},
}
pipe: list[int] = []


class Announced(CartPoleEnv):
    """Writes a byte for each step, if there is somebody to read it."""

    def step(self, action):
        for end in pipe:
            os.write(end, b".")
        return super().step(action)


if "Announced-v0" not in gym.registry:
    gym.register("Announced-v0", entry_point=Announced, max_episode_steps=25)


def recipe(**changes):
    return config.from_dict(Recipe, {**PLAIN, **changes})


def run_for(folder: Path, steps: int, seconds: float) -> bool:
    """Go on with the run, for so many steps and a moment; whether it was killed before its end."""
    heard, said = os.pipe()
    child = os.fork()
    if child == 0:
        pipe.append(said)
        train(recipe(), folder, resume=True)
        os._exit(0)
    os.close(said)
    for _ in range(steps):
        os.read(heard, 1)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.close(heard)
    return os.waitpid(child, 0)[1] != 0


def main(folder: Path, seed: int) -> None:
    rng, kills = np.random.default_rng(seed), 0
    while run_for(folder, int(rng.integers(FEWEST, MOST)), rng.uniform(0.0, STEP_S)):
        kills += 1
    print(kills)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
