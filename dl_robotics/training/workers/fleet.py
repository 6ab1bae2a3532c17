"""Which worker holds which share of the environments, and what happens when one is lost."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from dl_robotics.config import require
from dl_robotics.errors import UserError
from dl_robotics.training.errors import TrainingError
from dl_robotics.training.recipe import Recipe
from dl_robotics.training.workers.session import RaySession
from dl_robotics.training.workers.worker import Opened, Worker, ros_domain

CLOSING_S = 10.0
LOOK_S = 1.0  # between looks at whether a worker can still be started


class Fleet:
    """Workers, each with its share of the environments; several shares once workers are lost for good.

    :param say: is told of losses.
    :raises ConfigError: if the machines have too few processors, or the environments cannot be made.
    :raises TrainingError: if the workers cannot be started.
    """

    def __init__(self, recipe: Recipe, session: RaySession, say: Callable[[str], None]) -> None:
        self._recipe, self._config, self._session, self._say = recipe, recipe.distributed, session, say
        self._ray, self._restarts = session.ray, self._config.restarts
        most = int(session.cpus() / self._config.cpus) if self._config.cpus else recipe.workers
        require(recipe.workers <= most, "workers", f"at most {most}, for which there are processors", recipe.workers)
        self._hosts = [self._start(index) for index in range(recipe.workers)]
        self.opened: list[Opened] = []
        self.open_all([None] * recipe.workers)

    def open_all(self, states: list[Any]) -> None:
        """Let every share go on from its state, or begin at the beginning where there is none."""
        asked = [host.open.remote(share, states[share]) for share, host in enumerate(self._hosts)]
        self.opened = [self._wait(answer) for answer in asked]

    def collect(self, share: int, weights: Any, step: int, count: int) -> Any:
        """Ask for a block; see :meth:`Share.collect`.

        :param weights: as ``ray.put`` has them.
        :returns: what :meth:`block` takes.
        """
        return self._hosts[share].collect.remote(share, weights, step, count)

    def block(self, asked: Any) -> Any:
        """A block that was asked for.

        :raises RayError: if its worker is lost, or hands in nothing in time.
        """
        return self._ray.get(asked, timeout=self._config.timeout_s)

    def replace(self, share: int, state: Mapping[str, Any] | None, cause: BaseException) -> None:
        """Let a share go on elsewhere: with a new worker, or else with one that is left.

        :param state: to go on from.
        :param cause: of the loss.
        :raises TrainingError: if there is nobody left.
        """
        self._say(f"worker {share} is lost: {_first_line(cause)}")
        lost = self._hosts[share]
        self._ray.kill(lost)
        for host, who in self._candidates(share, lost):
            try:
                self.opened[share] = self._wait(host.open.remote(share, state), fresh=who == "a new worker")
            except self._ray.exceptions.RayError as error:
                self._say(f"{who} cannot take its place: {_first_line(error)}")
                continue
            self._hosts[share] = host
            self._say(f"{who} takes its place")
            return
        raise TrainingError(f"workers: expected one to be left, got none; the last was lost: {_first_line(cause)}")

    def close(self) -> None:
        """Let the workers close their environments, and end them."""
        with contextlib.suppress(self._ray.exceptions.RayError):
            self._ray.get([host.close.remote() for host in set(self._hosts)], timeout=CLOSING_S)
        for host in set(self._hosts):
            self._ray.kill(host)

    def _candidates(self, share: int, lost: Any) -> Iterator[tuple[Any, str]]:
        left = [host for host in dict.fromkeys(self._hosts) if host != lost]
        while self._restarts > 0 and self._room_for(len(left) + 1):
            self._restarts -= 1
            new = self._start(share)
            yield new, "a new worker"
            self._ray.kill(new)  # still here: it did not open the share
        for host in sorted(left, key=self._hosts.count):
            yield host, f"worker {self._hosts.index(host)}"

    def _start(self, share: int) -> Any:
        actor = self._ray.remote(Worker).options(
            num_cpus=self._config.cpus,
            scheduling_strategy="SPREAD",
            runtime_env={"env_vars": ros_domain(self._recipe, share)},
        )
        return actor.remote(self._recipe)

    def _room_for(self, workers: int) -> bool:
        return self._session.cpus() >= workers * self._config.cpus

    def _wait(self, answer: Any, fresh: bool = False) -> Opened:
        """What opening a share gave.

        :param fresh: whether by a worker that still has to be started, for which machines may have become too few.
        """
        waited_s = 0.0
        while fresh and waited_s < self._config.timeout_s and self._room_for(len(set(self._hosts))):
            if self._ray.wait([answer], timeout=LOOK_S)[0]:
                break
            waited_s += LOOK_S
        try:
            opened: Opened = self._ray.get(answer, timeout=0.0 if fresh else self._config.timeout_s)
        except UserError as error:
            raise getattr(error, "cause", error) from None  # the worker's own, without its traceback
        return opened


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0]
