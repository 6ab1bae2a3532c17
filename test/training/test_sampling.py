"""Which sample comes when."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dl_robotics.training.sampling import Shuffled


@given(size=st.integers(1, 40), epoch=st.integers(0, 5), seed=st.integers(0, 99))
def test_each_pass_has_every_sample_once(size, epoch, seed):
    order = Shuffled(size, seed)
    draws = [order(position) for position in range(epoch * size, (epoch + 1) * size)]
    assert sorted(draw.sample for draw in draws) == list(range(size))


def test_passes_differ_and_so_do_seeds():
    first, second = ([Shuffled(50, 1)(p).sample for p in range(start, start + 50)] for start in (0, 50))
    assert first != second
    assert first != [Shuffled(50, 2)(p).sample for p in range(50)]


def test_generators_depend_on_seed_pass_and_sample_alone():
    draw, again = Shuffled(10, 3)(17), Shuffled(10, 3)(17)
    assert draw == again
    assert draw.key == (3, 1, draw.sample)
    assert draw.rng.random() == again.rng.random()
    next_pass = next(Shuffled(10, 3)(p) for p in range(20, 30) if Shuffled(10, 3)(p).sample == draw.sample)
    assert next_pass.rng.random() != pytest.approx(draw.rng.random())
    assert isinstance(draw.rng, np.random.Generator)
