"""What can be said of workers in a recipe."""

from __future__ import annotations

from dataclasses import dataclass

from dl_robotics.config import require

HIGHEST_DOMAIN = 101  # above it, ports of ROS 2 meet those of other programs


@dataclass(frozen=True)
class WorkersConfig:
    """How workers collect.

    :param block_steps: steps of each environment that a worker takes by the same weights and hands in together; A2C's
        own ``rollout_steps`` take its place.
    :param staleness: blocks that workers may begin before the learner has learned from the block before: 0 lets them
        wait for it, 1 lets collecting and learning overlap, more evens out environments that take unequal times.
        REINFORCE and A2C learn from what their present weights did: theirs is 0.
    :param restarts: workers that may take the place of lost ones in a run; after that the remaining ones take over.
    :param timeout_s: a worker that hands in nothing for so long counts as lost.
    :param cpus: that each worker claims of its machine.
    :param ros_domain_id: of the first worker; the next ones have the next.
    """

    block_steps: int = 16
    staleness: int = 1
    restarts: int = 10
    timeout_s: float = 300.0
    cpus: float = 1.0
    ros_domain_id: int = 1

    def __post_init__(self) -> None:
        require(self.block_steps >= 1, "block_steps", ">= 1", self.block_steps)
        for name in ("staleness", "restarts", "cpus"):
            require(getattr(self, name) >= 0, name, ">= 0", getattr(self, name))
        require(self.timeout_s > 0.0, "timeout_s", "> 0", self.timeout_s)
        require(0 <= self.ros_domain_id <= HIGHEST_DOMAIN, "ros_domain_id", "in [0, 101]", self.ros_domain_id)
