"""One training run of ours or of Stable-Baselines3, timed and judged, for `benchmark returns`."""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from dl_robotics import checkpoint, config
from dl_robotics.commands.benchmark.return_cases import CASES, EVAL_EPISODES, EVALUATIONS, Case
from dl_robotics.resources import config_file
from dl_robotics.rl.policy import greedy_policy
from dl_robotics.training.curves import read_columns
from dl_robotics.training.environments import make_environments
from dl_robotics.training.evaluation import Policy, evaluate
from dl_robotics.training.recipe import EnvRecipe, Recipe
from dl_robotics.training.reinforcement import BEST, train
from dl_robotics.training.threads import compute_threads

Side: TypeAlias = Literal["ours", "theirs"]
SIDES: tuple[Side, ...] = ("ours", "theirs")
FRESH_EPISODES = 100
FRESH_SEED = 1_000_000


@dataclass(frozen=True)
class Outcome:
    """What a run gave.

    :param kept: mean return of the weights that did best in the run's own evaluations, over 100 fresh episodes.
    :param last: mean return of the last weights, over the run's last evaluation.
    :param wall_s: of the whole training with its evaluations and logs.
    :param cpu_s: of this process, all threads: other work on the machine hardly counts.
    :param measured: when, UTC.
    :param load: average of the machine over the minute before the run ended.
    """

    kept: float
    last: float
    wall_s: float
    cpu_s: float
    measured: str
    load: float


class Trained(NamedTuple):
    """A finished run before it is judged."""

    policy: Policy
    last: float


class TheirPolicy:
    """Stable-Baselines3's model as ours are judged."""

    def __init__(self, model: Any) -> None:
        self.model = model

    def __call__(self, obs: npt.NDArray[np.float32]) -> npt.NDArray[Any]:
        """Greedy actions."""
        actions: npt.NDArray[Any] = self.model.predict(obs, deterministic=True)[0]
        return actions

    def reset(self, ended: npt.NDArray[np.bool_] | None = None) -> None:
        """Nothing: it has no memory."""


def outcome(name: str, side: Side, seed: int, folder: Path) -> Outcome:
    """The run's outcome: read from the folder if it is there, else measured and left there."""
    path = _path(folder, name, side, seed)
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        whole = path.with_suffix(".new")
        whole.write_text(json.dumps(asdict(measure(CASES[name], side, seed)), indent=1), encoding="utf-8")
        whole.replace(path)
    return _read(path)


def outcomes(name: str, side: Side, seeds: Sequence[int], folder: Path) -> list[Outcome]:
    """Those of the runs that have been finished."""
    paths = [_path(folder, name, side, seed) for seed in seeds]
    return [_read(path) for path in paths if path.is_file()]


def _path(folder: Path, name: str, side: Side, seed: int) -> Path:
    return folder / name / f"{side}-{seed}.json"


def _read(path: Path) -> Outcome:
    return Outcome(**json.loads(path.read_text(encoding="utf-8")))


def measure(case: Case, side: Side, seed: int) -> Outcome:
    """Train in a temporary folder; judge greedily on episodes that no run has seen."""
    with TemporaryDirectory() as name, compute_threads(1):
        wall_s, cpu_s = time.perf_counter(), time.process_time()
        trained = (ours if side == "ours" else theirs)(case, seed, Path(name))
        wall_s, cpu_s = time.perf_counter() - wall_s, time.process_time() - cpu_s
    recipe = EnvRecipe(case.env, vectorization="sync")
    with compute_threads(1), closing(make_environments(recipe, FRESH_EPISODES, learning=False)) as env:
        kept = evaluate(trained.policy, env, FRESH_EPISODES, FRESH_SEED).mean_return
    now = datetime.now(timezone.utc).isoformat(timespec="minutes")
    return Outcome(kept, trained.last, wall_s, cpu_s, now, os.getloadavg()[0])


def ours(case: Case, seed: int, folder: Path) -> Trained:
    """By the recipe."""
    path = config_file("training", f"{case.recipe}.yaml")
    train(config.load(Recipe, path, seed=seed, **case.overrides), folder)
    last = float(read_columns(folder / "evaluation.csv")["mean_return"][-1])
    return Trained(greedy_policy(checkpoint.load(folder / BEST)), last)


def theirs(case: Case, seed: int, folder: Path) -> Trained:
    """By Stable-Baselines3, which logs and evaluates as often."""
    import stable_baselines3 as sb3  # noqa: PLC0415 (needed for development only)
    from stable_baselines3.common.callbacks import EvalCallback  # noqa: PLC0415
    from stable_baselines3.common.env_util import make_vec_env  # noqa: PLC0415
    from stable_baselines3.common.logger import configure  # noqa: PLC0415
    from stable_baselines3.common.noise import NormalActionNoise  # noqa: PLC0415

    algorithm: Any = {"dqn": sb3.DQN, "ddpg": sb3.DDPG, "td3": sb3.TD3}[case.algorithm]
    env, settings = make_vec_env(case.env, seed=seed), dict(case.theirs)
    if case.algorithm != "dqn":
        actions = math.prod(env.action_space.shape or ())
        settings["action_noise"] = NormalActionNoise(np.zeros(actions), np.full(actions, 0.1))
    network = {"net_arch": list(case.hidden)}
    model = algorithm("MlpPolicy", env, policy_kwargs=network, seed=seed, device="cpu", **settings)
    model.set_logger(configure(str(folder), ["csv", "tensorboard"]))
    judge = EvalCallback(
        make_vec_env(case.env, EVAL_EPISODES, seed=FRESH_SEED // 2 + seed),
        n_eval_episodes=EVAL_EPISODES,
        eval_freq=case.steps // EVALUATIONS,
        best_model_save_path=str(folder),
        verbose=0,
    )
    model.learn(case.steps, callback=judge)
    best = algorithm.load(folder / "best_model.zip", device="cpu")
    return Trained(TheirPolicy(best), float(judge.last_mean_reward))
