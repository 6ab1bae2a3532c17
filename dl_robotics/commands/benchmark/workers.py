"""The same measurement in several processes at once."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, TypeAlias

Turn: TypeAlias = Callable[[float], float]  # seconds to work for -> steps a second


class Workers:
    """Processes that take their turns together; a context that ends them.

    :param make_turn: a module's function that builds one process's turn from ``arguments``.
    """

    def __init__(self, count: int, make_turn: Callable[..., Turn], *arguments: Any) -> None:
        context = multiprocessing.get_context("spawn")
        pipes = [context.Pipe() for _ in range(count)]
        self._ours = [ours for ours, _ in pipes]
        self._processes = [
            context.Process(target=_work, args=(theirs, make_turn, arguments), daemon=True) for _, theirs in pipes
        ]

    def __enter__(self) -> Workers:
        for process in self._processes:
            process.start()
        return self

    def __exit__(self, *_: object) -> None:
        for connection in self._ours:
            connection.send(None)
        for process in self._processes:
            process.join()

    def __call__(self, seconds: float) -> float:
        """Steps a second of all processes together over one turn."""
        for connection in self._ours:
            connection.send(seconds)
        return float(sum(connection.recv() for connection in self._ours))


def _work(connection: Connection, make_turn: Callable[..., Turn], arguments: tuple[Any, ...]) -> None:
    turn = make_turn(*arguments)
    while (seconds := connection.recv()) is not None:
        connection.send(turn(seconds))
