"""Planning in a known decision process (Bellman 1957; Sutton & Barto 2018, chapter 4).

A policy is a table (S, A) of probabilities, a value a vector (S,); terminal states have the value 0.
"""

from __future__ import annotations

import numpy as np

from dl_robotics.rl.tabular.mdp import MDP, Table

TIE = 1e-9  # action values that differ by less are equal


def uniform_policy(mdp: MDP) -> Table:
    """(S, A) every action alike."""
    return np.full((mdp.num_states, mdp.num_actions), 1.0 / mdp.num_actions)


def sweep(mdp: MDP, policy: Table, value: Table, gamma: float) -> Table:
    """One synchronous sweep of policy evaluation: v_(k+1)(s) = sum over a of pi(a | s) q_k(s, a) (equation 4.5)."""
    return np.where(mdp.terminal, 0.0, (policy * mdp.action_values(value, gamma)).sum(axis=1))


def evaluate(mdp: MDP, policy: Table, gamma: float, tolerance: float = 1e-8) -> Table:
    """v_pi (S,), by sweeps until none changes a value by more than ``tolerance``.

    :param gamma: below 1, unless the policy surely ends.
    """
    value = np.zeros(mdp.num_states)
    while True:
        before, value = value, sweep(mdp, policy, value, gamma)
        if np.abs(value - before).max() <= tolerance:
            return value


def improve(mdp: MDP, value: Table, gamma: float) -> Table:
    """The greedy policy (S, A) of a value; the best actions share it evenly."""
    q = mdp.action_values(value, gamma)
    best = q >= q.max(axis=1, keepdims=True) - TIE
    return np.asarray(best / best.sum(axis=1, keepdims=True))


def policy_iteration(mdp: MDP, gamma: float) -> tuple[Table, Table]:
    """An optimal policy (S, A) and its value (S,), by evaluation and improvement in turn (section 4.3).

    :param gamma: below 1: a policy on the way may never end.
    """
    policy = uniform_policy(mdp)
    while True:
        value = evaluate(mdp, policy, gamma)
        better = improve(mdp, value, gamma)
        if np.array_equal(better, policy):
            return policy, value
        policy = better


def value_iteration(mdp: MDP, gamma: float, tolerance: float = 1e-8) -> tuple[Table, Table, int]:
    """An optimal policy, the optimal value, and the sweeps that it took: v_(k+1)(s) = max over a of q_k(s, a)."""
    value, change, sweeps = np.zeros(mdp.num_states), np.inf, 0
    while change > tolerance:
        better = np.where(mdp.terminal, 0.0, mdp.action_values(value, gamma).max(axis=1))
        value, change, sweeps = better, float(np.abs(better - value).max()), sweeps + 1
    return improve(mdp, value, gamma), value, sweeps
