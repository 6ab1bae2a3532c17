"""Pairs of tracks and observations."""

import numpy as np

from dl_robotics.tracking.association import NOBODY, Pairing, match

ALL = np.ones(2, bool)


def test_the_sum_counts_not_the_best_pair():
    """To take the most alike first, as a greedy matcher does, would leave 0.9 + 0.1."""
    rows, columns = match(np.array([[0.9, 0.8], [0.7, 0.1]]), 0.05)
    assert dict(zip(rows.tolist(), columns.tolist(), strict=True)) == {0: 1, 1: 0}


def test_what_is_less_alike_is_no_pair_and_costs_no_other_one():
    rows, columns = match(np.array([[0.6, 0.59], [0.58, 0.0]]), 0.585)
    assert (rows.tolist(), columns.tolist()) == ([0], [0])
    assert [len(found) for found in match(np.zeros((0, 3)), 0.1)] == [0, 0]
    assert [len(found) for found in match(np.zeros((2, 0)), 0.1)] == [0, 0]


def test_a_later_round_takes_what_is_left():
    pairing = Pairing(np.array([[0.9, 0.8], [0.8, 0.7]]))
    pairing.add_round(ALL, np.array([True, False]), 0.5)
    assert pairing.partners.tolist() == [0, NOBODY]
    pairing.add_round(ALL, ALL, 0.75)
    assert pairing.partners.tolist() == [0, NOBODY]
    pairing.add_round(ALL, ALL, 0.5)
    assert pairing.partners.tolist() == [0, 1]


def test_weights_lower_a_similarity():
    pairing = Pairing(np.array([[0.9, 0.8]]))
    pairing.add_round(np.ones(1, bool), ALL, 0.3, np.array([0.2, 0.5]))
    assert pairing.partners.tolist() == [NOBODY, 0]
