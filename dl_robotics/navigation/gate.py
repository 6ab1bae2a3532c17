"""Whether a new policy may take the place of the one that drives: judged in simulation, on the same scenarios."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from dl_robotics.config import require
from dl_robotics.errors import UserError
from dl_robotics.navigation.driver import policy_maker
from dl_robotics.navigation.fleet import run_suite
from dl_robotics.navigation.stage import PolicyStage
from dl_robotics.navigation.suite import load_suite


@dataclass(frozen=True)
class GateConfig:
    """What a policy has to achieve.

    :param suite: of scenarios: a file, or the name of a shipped one.
    :param episodes: the first so many of it.
    :param success: share of goals that it has to reach.
    :param slack: how much of that it may fall behind the policy that drives.
    """

    suite: str
    episodes: int = 100
    success: float = 0.8
    slack: float = 0.0

    def __post_init__(self) -> None:
        require(self.episodes >= 1, "episodes", ">= 1", self.episodes)
        for name in ("success", "slack"):
            require(0.0 <= getattr(self, name) <= 1.0, name, "in [0, 1]", getattr(self, name))


class Verdict(NamedTuple):
    """What came of it: whether the policy passed, and why, in words."""

    passed: bool
    reason: str


class Gate:
    """Judges policies by their files.

    :raises ConfigError: if there is no such suite.
    """

    def __init__(self, config: GateConfig) -> None:
        self.config = config
        self._suite = load_suite(config.suite)

    def judge(self, candidate: Path, current: Path | None) -> Verdict:
        """Whether a policy may drive.

        :param current: the policy that drives now, if there is one; one that cannot be used need not be matched.
        """
        told = self.config
        try:
            rate = self.success_rate(candidate)
        except UserError as error:
            return Verdict(False, str(error))
        reached = f"reaches {rate:.1%} of the goals of {told.episodes} episodes of {told.suite!r}"
        if rate < told.success:
            return Verdict(False, f"{reached}, expected {told.success:.1%}")
        if current is None:
            return Verdict(True, f"{reached}, {told.success:.1%} are enough")
        try:
            driving = self.success_rate(current)
        except UserError as error:
            return Verdict(True, f"{reached}, {told.success:.1%} are enough; the policy that drives: {error}")
        passed = rate >= driving - told.slack
        return Verdict(passed, f"{reached}, the policy that drives {driving:.1%}, {told.success:.1%} are enough")

    def success_rate(self, policy: Path) -> float:
        """Share of the goals that a policy reaches.

        :raises CheckpointError: if the file is no policy.
        :raises ConfigError: if it decides at another rate than the suite's.
        """
        makers = {"policy": policy_maker(PolicyStage.load(policy))}
        runs = run_suite(self._suite, makers, self.config.episodes)
        return float(np.mean([drive.success for _, _, drives in runs for drive in drives]))
