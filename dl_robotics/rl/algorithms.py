"""The algorithms by name: their settings, their networks and what learns them."""

from __future__ import annotations

from typing import TypeAlias

from torch import nn

from dl_robotics.config import ConfigError
from dl_robotics.rl.a2c import A2CConfig
from dl_robotics.rl.actor_critic import actor_network
from dl_robotics.rl.ddpg import DDPG, DDPGConfig
from dl_robotics.rl.dqn import DQN, DQNConfig, q_network
from dl_robotics.rl.learner import Learner
from dl_robotics.rl.policy_gradient import logits_network
from dl_robotics.rl.reinforce import ReinforceConfig
from dl_robotics.rl.spaces import ActionSpace, Continuous, Discrete
from dl_robotics.rl.td3 import TD3, TD3Config

OffPolicyConfig: TypeAlias = DQNConfig | DDPGConfig | TD3Config
OnPolicyConfig: TypeAlias = ReinforceConfig | A2CConfig
AlgorithmConfig: TypeAlias = DQNConfig | DDPGConfig | TD3Config | ReinforceConfig | A2CConfig


def policy_network(config: AlgorithmConfig, obs_dim: int, space: ActionSpace) -> nn.Module:
    """The network of an algorithm's greedy policy: action values, logits, or actions in [-1, 1].

    :raises ConfigError: if the algorithm does not choose from such a space.
    """
    if isinstance(config, DDPGConfig | TD3Config) and isinstance(space, Continuous):
        return actor_network(config, obs_dim, len(space.low))
    if isinstance(config, DQNConfig) and isinstance(space, Discrete):
        return q_network(config, obs_dim, space.count)
    if isinstance(config, ReinforceConfig | A2CConfig) and isinstance(space, Discrete):
        return logits_network(config, obs_dim, space.count)
    raise wrong_space(config, space)


def make_learner(config: OffPolicyConfig, obs_dim: int, space: ActionSpace, seed: int) -> Learner:
    """What learns from a replay buffer.

    :raises ConfigError: if the algorithm does not choose from such a space.
    """
    if isinstance(config, DQNConfig) and isinstance(space, Discrete):
        return DQN(config, obs_dim, space.count, seed)
    if isinstance(config, DDPGConfig) and isinstance(space, Continuous):
        return DDPG(config, obs_dim, len(space.low), seed)
    if isinstance(config, TD3Config) and isinstance(space, Continuous):
        return TD3(config, obs_dim, len(space.low), seed)
    raise wrong_space(config, space)


def wrong_space(config: AlgorithmConfig, space: ActionSpace) -> ConfigError:
    """An algorithm that does not choose from such a space."""
    wanted = "continuous" if isinstance(config, DDPGConfig | TD3Config) else "discrete"
    return ConfigError(f"algorithm.kind: {config.kind!r} expects an environment with {wanted} actions, got {space}")
