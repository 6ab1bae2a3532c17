"""The algorithms by name: their settings, their networks and what learns them."""

from __future__ import annotations

from typing import TypeAlias, get_args

from torch import nn

from dl_robotics.config import ConfigError
from dl_robotics.rl.a2c import A2CConfig
from dl_robotics.rl.actor_critic import ActorCriticConfig, actor_network
from dl_robotics.rl.behaviour_cloning import BehaviourCloning, BehaviourCloningConfig, clone_network
from dl_robotics.rl.ddpg import DDPG, DDPGConfig
from dl_robotics.rl.dqn import DQN, DQNConfig, q_network
from dl_robotics.rl.learner import Learner
from dl_robotics.rl.policy_gradient import stochastic_network
from dl_robotics.rl.recurrent.drqn import DRQN, DRQNConfig, recurrent_q_network
from dl_robotics.rl.recurrent.learner import RecurrentLearner
from dl_robotics.rl.recurrent.policy import Recalling
from dl_robotics.rl.recurrent.recurrent_td3 import RecurrentTD3, RecurrentTD3Config, recurrent_actor
from dl_robotics.rl.reinforce import ReinforceConfig
from dl_robotics.rl.spaces import ActionSpace, Continuous, Discrete
from dl_robotics.rl.td3 import TD3, TD3Config, TwinDelayedConfig
from dl_robotics.rl.td3_bc import TD3BC, TD3BCConfig

OffPolicyConfig: TypeAlias = DQNConfig | DDPGConfig | TD3Config
OnPolicyConfig: TypeAlias = ReinforceConfig | A2CConfig
RecurrentConfig: TypeAlias = DRQNConfig | RecurrentTD3Config
AlgorithmConfig: TypeAlias = OffPolicyConfig | OnPolicyConfig | RecurrentConfig
OfflineConfig: TypeAlias = BehaviourCloningConfig | TD3BCConfig  # learn from recordings, not from what they do
PolicyAlgorithm: TypeAlias = AlgorithmConfig | OfflineConfig
POLICY_KINDS: tuple[str, ...] = tuple(settings.kind for settings in get_args(PolicyAlgorithm))  # of checkpoints


def policy_network(config: PolicyAlgorithm, obs_dim: int, space: ActionSpace) -> nn.Module:
    """The network of an algorithm's policy: action values, actions in [-1, 1], or parameters of their distribution.

    :raises ConfigError: if the algorithm does not choose from such a space.
    """
    if isinstance(config, BehaviourCloningConfig):
        return clone_network(config, obs_dim, space)
    if isinstance(config, DDPGConfig | TwinDelayedConfig) and isinstance(space, Continuous):
        return actor_network(config, obs_dim, len(space.low))
    if isinstance(config, DQNConfig) and isinstance(space, Discrete):
        return q_network(config, obs_dim, space.count)
    if isinstance(config, ReinforceConfig | A2CConfig):
        return stochastic_network(config, obs_dim, space)
    if isinstance(config, DRQNConfig) and isinstance(space, Discrete):
        return Recalling(recurrent_q_network(config, obs_dim, space.count))
    if isinstance(config, RecurrentTD3Config) and isinstance(space, Continuous):
        return Recalling(recurrent_actor(config, obs_dim, len(space.low)))
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


def make_recurrent_learner(config: RecurrentConfig, obs_dim: int, space: ActionSpace, seed: int) -> RecurrentLearner:
    """What learns from a replay of sequences.

    :raises ConfigError: if the algorithm does not choose from such a space.
    """
    if isinstance(config, DRQNConfig) and isinstance(space, Discrete):
        return DRQN(config, obs_dim, space.count, seed)
    if isinstance(config, RecurrentTD3Config) and isinstance(space, Continuous):
        return RecurrentTD3(config, obs_dim, len(space.low), seed)
    raise wrong_space(config, space)


def make_offline_learner(config: OfflineConfig, obs_dim: int, space: ActionSpace, seed: int) -> Learner:
    """What learns from recorded transitions.

    :raises ConfigError: if the algorithm does not choose from such a space.
    """
    if isinstance(config, BehaviourCloningConfig):
        return BehaviourCloning(config, obs_dim, space, seed)
    if isinstance(space, Continuous):
        return TD3BC(config, obs_dim, len(space.low), seed)
    raise wrong_space(config, space)


def wrong_space(config: PolicyAlgorithm, space: ActionSpace) -> ConfigError:
    """An algorithm that does not choose from such a space."""
    wanted = "continuous" if isinstance(config, ActorCriticConfig) else "discrete"
    return ConfigError(f"algorithm.kind: {config.kind!r} expects an environment with {wanted} actions, got {space}")
