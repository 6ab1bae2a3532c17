"""Random mazes: a square of cells, each reachable from each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from dl_robotics.config import require
from dl_robotics.sim.generated.parts import HEIGHT_M, Place, empty_world, standing, with_models
from dl_robotics.sim.world import Box, World

Cell: TypeAlias = tuple[int, int]  # row, column
Passage: TypeAlias = frozenset[Cell]  # two neighbouring cells


@dataclass(frozen=True)
class Maze:
    """How a maze is drawn: by randomised depth-first search, then some more walls are taken away.

    :param cells: along either side, odd: the robot begins in the middle one.
    :param cell_m: edge of a cell, from middle to middle of its walls.
    :param wall_m: thickness of a wall.
    :param opened: share of the inner walls left by the search that are taken away: loops, fewer dead ends.
    """

    kind: Literal["maze"] = "maze"
    cells: int = 5
    cell_m: float = 0.84
    wall_m: float = 0.06
    opened: float = 0.2

    def __post_init__(self) -> None:
        require(self.cells >= 3 and self.cells % 2 == 1, "cells", "odd and >= 3", self.cells)
        require(0.0 < self.wall_m < self.cell_m, "wall_m", "> 0 and < cell_m", self.wall_m)
        require(0.0 <= self.opened <= 1.0, "opened", "in [0, 1]", self.opened)

    def draw(self, rng: np.random.Generator) -> World:
        """A maze."""
        free = self.passages(rng)
        closed = [pair for pair in self._pairs() if pair not in free]
        kept = [pair for pair in closed if rng.random() >= self.opened]
        walls = [self._wall(pair) for pair in kept]
        return with_models(empty_world("maze", walls=False), [standing("walls", [*walls, *self._border()])])

    def passages(self, rng: np.random.Generator) -> set[Passage]:
        """Ways that join all cells to a tree."""
        free: set[Passage] = set()
        way, seen = [(0, 0)], {(0, 0)}
        while way:
            onward = [cell for cell in self._neighbours(way[-1]) if cell not in seen]
            if not onward:
                way.pop()
                continue
            chosen = onward[int(rng.integers(len(onward)))]
            free.add(frozenset((way[-1], chosen)))
            seen.add(chosen)
            way.append(chosen)
        return free

    def _neighbours(self, cell: Cell) -> Iterator[Cell]:
        row, column = cell
        for near in ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)):
            if all(0 <= index < self.cells for index in near):
                yield near

    def _pairs(self) -> Iterator[Passage]:
        for row in range(self.cells):
            for column in range(self.cells):
                if row + 1 < self.cells:
                    yield frozenset(((row, column), (row + 1, column)))
                if column + 1 < self.cells:
                    yield frozenset(((row, column), (row, column + 1)))

    def _wall(self, pair: Passage) -> tuple[Box, Place]:
        """Across the way between two cells."""
        (row, column), (other_row, other_column) = sorted(pair)
        middle = (self.cells - 1) / 2.0
        x = ((column + other_column) / 2.0 - middle) * self.cell_m
        y = ((row + other_row) / 2.0 - middle) * self.cell_m
        length = self.cell_m + self.wall_m
        along_x = column == other_column
        size = (length, self.wall_m, HEIGHT_M) if along_x else (self.wall_m, length, HEIGHT_M)
        return Box(size), (x, y, 0.0)

    def _border(self) -> list[tuple[Box, Place]]:
        side = self.cells * self.cell_m
        level, upright = Box((side + self.wall_m, self.wall_m, HEIGHT_M)), Box((self.wall_m, side, HEIGHT_M))
        half = side / 2.0
        return [
            (level, (0.0, half, 0.0)),
            (level, (0.0, -half, 0.0)),
            (upright, (half, 0.0, 0.0)),
            (upright, (-half, 0.0, 0.0)),
        ]
