"""Splits and folds: nothing is lost, blocks stay whole, neighbouring frames never straddle."""

import numpy as np
import pytest
from drawn import Drawn
from hypothesis import given, settings
from hypothesis import strategies as st

from dl_robotics.data.config import SplitConfig
from dl_robotics.data.errors import DataError
from dl_robotics.data.split import folds, split

SIZES = st.lists(st.integers(1, 9), min_size=2, max_size=8)


def recording(sizes, step=1):
    """Samples are their own numbers; a block for each size."""
    blocks = [step * block for block, size in enumerate(sizes) for _ in range(size)]
    return Drawn(list(range(len(blocks))), blocks)


def numbers(part):
    return [part[index] for index in range(len(part))]


def test_a_worked_example():
    """Ten blocks of ten frames, a fifth validates, two frames beside each validating stretch are left out."""
    whole = recording([10] * 10)
    training, validation = split(whole, SplitConfig(0.2, guard=2))
    assert len(validation) == 20
    assert len(set(validation.blocks)) == 2
    assert len(training) + len(validation) in range(92, 99)
    assert training.classes == validation.classes == whole.classes
    assert training.version != validation.version != whole.version


@settings(deadline=None)
@given(SIZES, st.floats(0.05, 0.95), st.integers(0, 3), st.integers(0, 99))
def test_laws(sizes, share, guard, seed):
    whole = recording(sizes)
    try:
        training, validation = split(whole, SplitConfig(share, guard=guard, seed=seed))
    except DataError:
        assert guard > 0  # the guard left nothing
        return
    learns, validates = numbers(training), numbers(validation)
    assert learns and validates
    assert not set(learns) & set(validates)
    assert not set(training.blocks) & set(validation.blocks)
    assert all(abs(a - b) > guard for a in learns for b in validates)
    missing = set(range(len(whole))) - set(learns) - set(validates)
    assert all(any(abs(m - v) <= guard for v in validates) for m in missing)
    again = split(whole, SplitConfig(share, guard=guard, seed=seed))
    assert (numbers(again.training), numbers(again.validation)) == (learns, validates)


@settings(deadline=None)
@given(SIZES, st.integers(0, 3))
def test_blocks_that_do_not_touch_need_no_guard(sizes, guard):
    whole = recording(sizes, step=2)
    training, validation = split(whole, SplitConfig(0.3, guard=guard))
    assert len(training) + len(validation) == len(whole)


def test_by_recording_keeps_runs_of_blocks_whole():
    whole = Drawn(list(range(9)), [0, 0, 1, 3, 4, 5, 9, 9, 10])
    training, validation = split(whole, SplitConfig(0.34, by="recording", guard=5))
    assert numbers(validation) in ([0, 1, 2], [3, 4, 5], [6, 7, 8])
    assert len(training) == 6


def test_refuses_what_cannot_be_split():
    with pytest.raises(DataError, match="expected at least 2 blocks, got 1; give more data or a smaller block_s"):
        split(recording([10]), SplitConfig())
    with pytest.raises(DataError, match="expected at least 2 recordings, got 1"):
        split(recording([5, 5]), SplitConfig(by="recording"))
    with pytest.raises(DataError, match="no sample is left to learn from"):
        split(recording([2, 2]), SplitConfig(guard=5))


@settings(deadline=None)
@given(SIZES, st.data(), st.integers(0, 99))
def test_every_sample_validates_in_one_fold(sizes, data, seed):
    whole = recording(sizes, step=2)
    k = data.draw(st.integers(2, len(sizes)))
    parts = folds(whole, k, seed)
    assert len(parts) == k
    assert sorted(number for part in parts for number in numbers(part.validation)) == list(range(len(whole)))
    for training, validation in parts:
        assert sorted(numbers(training) + numbers(validation)) == list(range(len(whole)))
        assert not set(training.blocks) & set(validation.blocks)


def test_folds_of_single_images_are_equally_large():
    sizes = [len(part.validation) for part in folds(recording([1] * 160, step=2), 5)]
    assert sizes == [32] * 5


@pytest.mark.parametrize("k", [1, 4])
def test_refuses_folds_without_blocks(k):
    with pytest.raises(DataError, match=f"expected 2 to 3 folds, as there are 3 blocks, got {k}"):
        folds(recording([1, 1, 1]), k)


def test_a_seed_changes_the_choice():
    whole = recording([3] * 20)
    chosen = {tuple(np.unique(split(whole, SplitConfig(seed=seed)).validation.blocks)) for seed in range(5)}
    assert len(chosen) == 5
