"""Networks of tests compute with one thread: they are small, and more threads wait for each other."""

from collections.abc import Iterator

import pytest

from dl_robotics.training.threads import compute_threads


@pytest.fixture(scope="package", autouse=True)
def one_thread() -> Iterator[None]:
    with compute_threads(1):
        yield
