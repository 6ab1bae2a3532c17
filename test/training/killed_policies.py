"""Trains a tiny policy to its end, however often it is killed on the way: ``killed_policies.py FOLDER SEED NAME``.

Prints how often it was killed. Every run is a process of its own, forked before anything has threads.
"""

import os
import signal
import sys
import time
from pathlib import Path

import gymnasium as gym
import numpy as np
from gymnasium.envs.classic_control import CartPoleEnv, PendulumEnv

from dl_robotics import config
from dl_robotics.training.recipe import Recipe
from dl_robotics.training.reinforcement import train

FEWEST, MOST = 100, 260  # steps of all environments, evaluation included, before a run is killed
STEP_S = 0.02  # about as long as a step and its save take: the kill comes anywhere in it
ENV = "killed_policies:Announced-v0"
PLAIN = {
    "env": {"id": ENV, "vectorization": "sync", "kwargs": {"name": "cartpole"}},
    "algorithm": {"kind": "dqn", "hidden": [8, 8], "duelling": True, "target_update_every": 7},
    **{"total_steps": 600, "num_envs": 4, "learning_starts": 60, "batch_size": 8, "replay_capacity": 300},
    **{"n_step": 3, "priorities": {"beta_updates": 200}, "eval_every": 200, "eval_episodes": 2, "eval_envs": 2},
    **{"log_every": 50, "save_every_s": 0.0, "keep_finished": True, "seed": 3},
}
SWINGING = {"id": ENV, "vectorization": "sync", "kwargs": {"name": "pendulum"}}
NOISE = {"kind": "ornstein_uhlenbeck", "random_steps": 40}
KILLED = {
    "dqn": {},
    "td3": {"env": SWINGING, "algorithm": {"kind": "td3", "hidden": [8], "noise": NOISE, "normalise": True}},
    "a2c": {"env": SWINGING, "algorithm": {"kind": "a2c", "hidden": [8], "rollout_steps": 5}},
}
ENVIRONMENTS = {"cartpole": CartPoleEnv, "pendulum": PendulumEnv}
pipe: list[int] = []


class Announced(gym.Wrapper):
    """Writes a byte for each step, if there is somebody to read it."""

    def step(self, action):
        for end in pipe:
            os.write(end, b".")
        return super().step(action)


if "Announced-v0" not in gym.registry:
    gym.register("Announced-v0", lambda name: Announced(ENVIRONMENTS[name]()), max_episode_steps=25)


def recipe(**changes):
    return config.from_dict(Recipe, {**PLAIN, **changes})


def run_for(settings: Recipe, folder: Path, steps: int, seconds: float) -> bool:
    """Go on with the run, for so many steps and a moment; whether it was killed before its end."""
    heard, said = os.pipe()
    child = os.fork()
    if child == 0:
        pipe.append(said)
        train(settings, folder, resume=True)
        os._exit(0)
    os.close(said)
    for _ in range(steps):
        os.read(heard, 1)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.close(heard)
    return os.waitpid(child, 0)[1] != 0


def main(folder: Path, seed: int, name: str) -> None:
    settings, rng, kills = recipe(**KILLED[name]), np.random.default_rng(seed), 0
    while run_for(settings, folder, int(rng.integers(FEWEST, MOST)), rng.uniform(0.0, STEP_S)):
        kills += 1
    print(kills)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
