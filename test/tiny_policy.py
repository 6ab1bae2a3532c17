"""Real checkpoints of policies whose behaviour is known: they always prefer one action of their table."""

from pathlib import Path

import torch

from dl_robotics import checkpoint, config
from dl_robotics.navigation.observation import size
from dl_robotics.navigation.task import ActionSpec, LidarSpec, Task
from dl_robotics.rl.dqn import DQNConfig, q_network
from dl_robotics.rl.policy import PolicyConfig

TABLE = ((0.2, 0.0), (0.0, 1.5))
TASK = Task("tiny", LidarSpec(), ActionSpec("discrete", (0.0, 0.2), (-1.5, 1.5), TABLE))


def save_policy(path: Path, task: Task, favourite: int) -> Path:
    """Write a policy that always takes row ``favourite`` of the task's table."""
    settings = PolicyConfig(DQNConfig(hidden=(8,)), size(task), len(task.action.table))
    network = q_network(settings.algorithm, settings.obs_dim, settings.num_actions)
    with torch.no_grad():
        network[-1].weight.zero_()
        network[-1].bias.copy_(torch.eye(settings.num_actions)[favourite])
    saved = checkpoint.Checkpoint("dqn", network.state_dict(), config.to_dict(settings), config.to_dict(task))
    checkpoint.save(path, saved)
    return path
