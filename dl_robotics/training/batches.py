"""Batches, decoded and augmented by threads beside the training, in an order that depends on nothing else."""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import Generic

from typing_extensions import NamedTuple

from dl_robotics.data.collection import AnySample, Collection
from dl_robotics.training.distributed import own_part
from dl_robotics.training.prefetch import prefetched
from dl_robotics.training.sampling import Order
from dl_robotics.training.task import Batch, Example, SupervisedTask


class Prepared(NamedTuple, Generic[Batch]):
    """A batch, and where its samples come from."""

    batch: Batch
    sources: tuple[str, ...]


class Batches(Generic[AnySample, Example, Batch]):
    """The batch of each step; of several processes that share it, the part that is this one's.

    ``waited_s`` is how long the training has waited for batches.

    :param workers: threads; each holds at most two batches ready.
    """

    def __init__(
        self,
        task: SupervisedTask[AnySample, Example, Batch],
        samples: Collection[AnySample],
        order: Order,
        batch_size: int,
        workers: int,
    ) -> None:
        self._task, self._samples, self._order = task, samples, order
        self._batch_size, self._part, self._workers = batch_size, own_part(batch_size), workers
        self.waited_s = 0.0

    def between(self, done: int, total: int) -> Generator[Prepared[Batch], None, None]:
        """The batches of the steps after ``done``, up to ``total``. Close the generator to end early."""
        batches = prefetched(self.prepare, range(done + 1, total + 1), self._workers, 2 * self._workers)
        try:
            while True:
                asked_s = time.monotonic()
                prepared = next(batches, None)
                self.waited_s += time.monotonic() - asked_s
                if prepared is None:
                    return
                yield prepared
        finally:
            batches.close()

    def prepare(self, step: int) -> Prepared[Batch]:
        """The batch of a step, counted from 1.

        :raises DataError: if a sample cannot be decoded.
        """
        draws = [self._order((step - 1) * self._batch_size + row) for row in self._part]
        samples = [self._samples[draw.sample] for draw in draws]
        examples = [self._task.prepare(sample, draw.rng) for sample, draw in zip(samples, draws, strict=True)]
        return Prepared(self._task.collate(examples), tuple(sample.source for sample in samples))
