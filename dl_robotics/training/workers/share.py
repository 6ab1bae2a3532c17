"""A share of the environments, with a copy of the policy and of its exploration: what a worker holds."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from dl_robotics.rl.actor_critic import ActorCriticConfig
from dl_robotics.rl.rollout import RolloutBuffer
from dl_robotics.training.agents import make_agent
from dl_robotics.training.collection import Actor, Collected
from dl_robotics.training.episodes import Episode
from dl_robotics.training.on_policy import OnPolicyAgent
from dl_robotics.training.recipe import Recipe
from dl_robotics.training.sources import local_source
from dl_robotics.training.workers.block import Block, stacked

LEFT_OUT = ("learner", "replay")  # of an agent's state: its weights come with every block to collect
Weights = Mapping[str, npt.NDArray[np.float32]]


def weights_of(actor: Actor) -> Weights:
    """What the policy's copies act by."""
    return {name: weight.detach().numpy() for name, weight in actor.network.state_dict().items()}


class Share:
    """Acts in its environments, block by block.

    All that it does follows from the recipe, its index and the weights: it has generators of its own.

    :param index: which of the recipe's ``workers`` shares it is, counted from 0.
    """

    def __init__(self, recipe: Recipe, index: int) -> None:
        sizes = [(recipe.num_envs + worker) // recipe.workers for worker in range(recipe.workers)]
        self._first_env, self._stride = sum(sizes[:index]), recipe.num_envs
        own = _acting_only(recipe, sizes[index])
        seeds = np.random.SeedSequence((recipe.seed, index)).generate_state(4).tolist()
        self.source = local_source(own, seeds[0])
        self._agent = make_agent(own, self.source.obs_dim, self.source.space, (seeds[1], seeds[2], seeds[3]))

    def collect(self, weights: Weights, step: int, count: int) -> Block:
        """The next steps of each environment.

        :param weights: to act by.
        :param step: of the training, once the first of these steps is done everywhere.
        :param count: T, how many.
        """
        # Copies: what comes from other processes may be memory that must not be written to.
        self._agent.network.load_state_dict({name: torch.tensor(weight) for name, weight in weights.items()})
        steps, episodes = [], []
        for number in range(count):
            self.source.begin(self._agent, step + number * self._stride)
            steps.append(self._told(self.source.finish()))
            episodes.append(tuple(map(self._renumbered, self.source.episodes)))
        return Block(stacked(steps), tuple(episodes), self.state_dict())

    def state_dict(self) -> dict[str, Any]:
        """Everything that this share needs to go on elsewhere."""
        agent = {name: part for name, part in self._agent.state_dict().items() if name not in LEFT_OUT}
        return {"source": self.source.state_dict(), "agent": agent}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave."""
        state = deepcopy(state)
        self.source.load_state_dict(state["source"])
        self._agent.load_state_dict({**self._agent.state_dict(), **state["agent"]})

    def close(self) -> None:
        """Let go of the environments."""
        self.source.close()

    def _told(self, collected: Collected) -> Collected:
        """Let the explorer know what has happened."""
        self._agent.store(*collected)
        if isinstance(self._agent, OnPolicyAgent):
            self._agent.collected = RolloutBuffer()  # learned from elsewhere
        return collected

    def _renumbered(self, episode: Episode) -> Episode:
        return episode._replace(env=self._first_env + episode.env)


def _acting_only(recipe: Recipe, num_envs: int) -> Recipe:
    """A recipe for an agent that is never to learn: it keeps but the last step.

    Its network takes plain observations, as :attr:`.agents.Agent.network` does.
    """
    algorithm = recipe.algorithm
    if isinstance(algorithm, ActorCriticConfig):
        algorithm = replace(algorithm, normalise=False)
    kept = {"n_step": 1, "priorities": None, "bonus": None, "prefill": None, "replay_capacity": num_envs, "workers": 0}
    return replace(recipe, algorithm=algorithm, num_envs=num_envs, **kept)  # type: ignore[arg-type]
