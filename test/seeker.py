"""A policy whose behaviour is known: it turns towards the goal and drives there, whatever stands in the way."""

from pathlib import Path

import torch

from dl_robotics import checkpoint, config
from dl_robotics.navigation.observation import size
from dl_robotics.navigation.task import ActionSpec, LidarSpec, Task
from dl_robotics.rl.dqn import DQNConfig, q_network
from dl_robotics.rl.policy import PolicyConfig

TASK = Task("seeker", LidarSpec(), ActionSpec("discrete", table=((0.2, 0.0), (0.1, 1.0), (0.1, -1.0))))
SINE = size(TASK) - 5  # of the goal's bearing


def save_seeker(path: Path) -> Path:
    """Write the checkpoint: the values of its actions are a constant, the sine, and minus the sine."""
    settings = PolicyConfig(DQNConfig(hidden=(8,)), size(TASK), len(TASK.action.table))
    network = q_network(settings.algorithm, settings.obs_dim, settings.num_actions)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.zero_()
        first, last = network[0], network[-1]
        first.weight[0, SINE], first.weight[1, SINE] = 1.0, -1.0  # where the goal lies to the left, to the right
        last.weight[1, 0] = last.weight[2, 1] = 1.0
        last.bias[0] = 0.2
    saved = checkpoint.Checkpoint("dqn", network.state_dict(), config.to_dict(settings), config.to_dict(TASK))
    checkpoint.save(path, saved)
    return path
