"""Where a round robot can stand and drive among the static obstacles of a world, on a grid.

The grid covers the static geometry and the robot's start. A cell is free if its centre is farther than the radius from
every obstacle; the space is what can be reached from the robot's start in the world file. Everything that does not
follow a trajectory counts as static, except the robot.
"""

from __future__ import annotations

import math
from functools import cached_property
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.ndimage import label
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import dijkstra

from dl_robotics.ops.geometry import planar
from dl_robotics.sim.planar.contact import clearances, passes
from dl_robotics.sim.planar.geometry import Outlines, standing_outlines
from dl_robotics.sim.shapes import PLANE_HALF_LENGTH_M
from dl_robotics.sim.world import World

Array: TypeAlias = npt.NDArray[np.float64]
Mask: TypeAlias = npt.NDArray[np.bool_]
Integers: TypeAlias = npt.NDArray[np.int64]

MARGIN_M = 1.0  # of the grid around the static geometry and the robot's start
PULLS = 4  # even: the path keeps its direction
# Half of the 16 moves to neighbours and knight's moves, with the cells that each passes between.
MOVES = (
    ((0, 1), ()),
    ((1, 0), ()),
    ((1, 1), ((0, 1), (1, 0))),
    ((1, -1), ((0, -1), (1, 0))),
    ((1, 2), ((0, 1), (1, 1))),
    ((2, 1), ((1, 0), (1, 1))),
    ((1, -2), ((0, -1), (1, -1))),
    ((2, -1), ((1, 0), (1, -1))),
)


class FreeSpace:
    """The reachable free space of a world for a disc of ``radius_m``.

    Points are (x, y) in the world, m. ``occupied`` (rows, columns) is the grid without inflation, row 0 at the lowest
    y, column 0 at the lowest x; ``free`` is the reachable free part of it; ``origin`` is the outer corner of cell
    (0, 0); ``start`` is the robot's place in the file. ``places`` (cells, 3) are the free cells' centres and how far
    from them, along x and y, is free for certain.

    :param radius_m: the robot's radius, and any margin wanted beyond it.
    :param resolution_m: edge of a cell, at most ``radius_m``: neighbours could lie either side of a wall otherwise.
    :raises ValueError: for a coarser grid, or if the robot's start, or everything around it, is not free.
    """

    def __init__(self, world: World, radius_m: float, resolution_m: float = 0.05) -> None:
        if not 0.0 < resolution_m <= radius_m:
            raise ValueError(f"resolution_m: expected > 0 and at most the radius of {radius_m} m, got {resolution_m}")
        self.radius_m, self.resolution_m = radius_m, resolution_m
        self._solid = standing_outlines(world)
        self._source = world.source
        self.start = np.array(planar(world.robot.pose)[:2])
        low, high = _extent(self._solid, self.start)
        self.origin: Array = low - MARGIN_M
        columns, rows = np.ceil((high + MARGIN_M - self.origin) / resolution_m).astype(int)
        self._shape = (int(rows), int(columns))
        distance = self.clearance(self._centres(np.arange(rows * columns))).reshape(self._shape)
        self.occupied: Mask = distance <= 0.0
        self.free: Mask = self._reachable(distance > radius_m, self.start)
        self._cells: Integers = np.flatnonzero(self.free)
        self.places = self._places(distance)

    @property
    def bounds(self) -> tuple[Array, Array]:
        """Lowest and highest corner (x, y) of the grid, m."""
        rows, columns = self._shape
        return self.origin, self.origin + np.array([columns, rows]) * self.resolution_m

    def clearance(self, points: Array) -> Array:
        """(k,) distance of (k, 2) points to the nearest static obstacle; <= 0 inside one."""
        return clearances(np.ascontiguousarray(points, dtype=np.float64), self._solid)

    def is_free(self, points: Array) -> Mask:
        """(k,) whether the robot can stand at (k, 2) points and reach them from its start."""
        points = np.asarray(points, dtype=np.float64)
        inside, cells = self._locate(points)
        known = np.zeros(len(points), dtype=np.bool_)
        known[inside] = self.free.ravel()[cells[inside]]
        known[known] = self.clearance(points[known]) > self.radius_m
        return known

    def sample(self, rng: np.random.Generator, count: int) -> Array:
        """(count, 2) free points, drawn uniformly over the free cells."""
        places = self.places[rng.integers(len(self.places), size=count)]
        return np.asarray(places[:, :2] + rng.uniform(-1.0, 1.0, (count, 2)) * places[:, 2:])

    def nearest(self, point: npt.ArrayLike) -> Array:
        """(2,) the point itself if it is free, else the centre of the nearest free cell."""
        place = np.asarray(point, dtype=np.float64)
        if self.is_free(place[None])[0]:
            return place
        centres = self.places[:, :2]
        return np.asarray(centres[np.linalg.norm(centres - place, axis=1).argmin()])

    def shortest_path(self, start: npt.ArrayLike, goal: npt.ArrayLike) -> Array:
        """(k, 2) corners of a path from start to goal, 0.5 % longer than the shortest on average, 2 % at most.

        :raises ValueError: if either point is not free: free points are all connected.
        """
        ends = np.array([start, goal], dtype=np.float64)
        for name, point, free in zip(("start", "goal"), ends, self.is_free(ends), strict=True):
            if not free:
                raise ValueError(f"{self._source}: {name} {point.round(3).tolist()} is not free or cannot be reached")
        if self.sees(ends[0], ends[1]):
            return ends
        _, cells = self._locate(ends)
        _, before = dijkstra(self._graph, indices=self._node[cells[1]], return_predecessors=True)
        node, chain = int(self._node[cells[0]]), []
        while node >= 0:
            chain.append(node)
            node = int(before[node])
        return self._tighten(np.concatenate([ends[:1], self._centres(self._cells[chain]), ends[1:]]))

    def path_length(self, start: npt.ArrayLike, goal: npt.ArrayLike) -> float:
        """Length of :meth:`shortest_path`, m."""
        return float(np.linalg.norm(np.diff(self.shortest_path(start, goal), axis=0), axis=1).sum())

    def distance_field(self, goal: npt.ArrayLike) -> Array:
        """(rows, columns) way from every cell to a goal along grid moves, m (up to 3 % too long); ``inf`` elsewhere.

        :raises ValueError: if the goal is not free.
        """
        point = np.asarray(goal, dtype=np.float64)
        if not self.is_free(point[None])[0]:
            raise ValueError(f"{self._source}: goal {point.round(3).tolist()} is not free or cannot be reached")
        _, cells = self._locate(point[None])
        field = np.full(self._shape, np.inf)
        field.flat[self._cells] = dijkstra(self._graph, indices=self._node[cells[0]])
        return field

    def sees(self, start: Array, goal: Array) -> bool:
        """Whether the robot can drive straight from one point to another."""
        return bool(passes(start, goal, self.radius_m, self._solid))

    def _tighten(self, path: Array) -> Array:
        """Pull the string: drop needless corners, from either end, of ever denser points on the path."""
        for _ in range(PULLS):
            path = self._drop_corners(self._dense(path))[::-1]
        return np.ascontiguousarray(path)

    def _drop_corners(self, path: Array) -> Array:
        """From each corner kept go straight to the last point of the path that it sees."""
        kept, here = [0], 0
        while here < len(path) - 1:
            here = next(i for i in range(len(path) - 1, here, -1) if i == here + 1 or self.sees(path[here], path[i]))
            kept.append(here)
        return path[kept]

    def _dense(self, path: Array) -> Array:
        """The path with points no farther apart than a cell's edge."""
        steps = np.diff(path, axis=0)
        counts = np.maximum(np.ceil(np.linalg.norm(steps, axis=1) / self.resolution_m).astype(int), 1)
        pieces = [a + np.arange(n)[:, None] / n * step for a, n, step in zip(path[:-1], counts, steps, strict=True)]
        return np.concatenate([*pieces, path[-1:]])

    def _places(self, distance: Array) -> Array:
        """What :attr:`places` says; ``distance`` (rows, columns) of the cells' centres to the nearest obstacle."""
        spare = distance.flat[self._cells] - self.radius_m
        if not np.any(spare > 0.0):  # the cell of the start is taken as free though its centre need not be
            raise ValueError(f"{self._source}: expected space about the robot's start, no cell around it is free")
        room = np.minimum(spare / math.sqrt(2.0), self.resolution_m / 2.0)
        return np.column_stack([self._centres(self._cells), room])[spare > 0.0]

    def _centres(self, cells: Integers) -> Array:
        rows, columns = np.divmod(cells, self._shape[1])
        return self.origin + (np.stack([columns, rows], axis=1) + 0.5) * self.resolution_m

    def _locate(self, points: Array) -> tuple[Mask, Integers]:
        """(k,) whether points lie on the grid, and the flat indices of their cells."""
        columns, rows = np.floor((points - self.origin) / self.resolution_m).astype(np.int64).T
        inside = (rows >= 0) & (rows < self._shape[0]) & (columns >= 0) & (columns < self._shape[1])
        return inside, rows * self._shape[1] + columns

    def _reachable(self, free: Mask, start: Array) -> Mask:
        if self.clearance(start[None])[0] <= self.radius_m:
            raise ValueError(
                f"{self._source}: the robot's start {start.round(3).tolist()} is nearer than {self.radius_m:.3f} m to "
                f"an obstacle"
            )
        _, cell = self._locate(start[None])
        free.flat[cell] = True
        parts, _ = label(free)
        return np.asarray(parts == parts.flat[cell])

    @cached_property
    def _node(self) -> Integers:
        """Node of the graph for each flat cell; -1 where not free."""
        nodes = np.full(self.free.size, -1, dtype=np.int64)
        nodes[self._cells] = np.arange(len(self._cells))
        return nodes

    @cached_property
    def _graph(self) -> csr_matrix:
        """Moves between free cells, weighted by their lengths."""
        padded = np.pad(self.free, 2)
        rows, columns = np.divmod(self._cells, self._shape[1])
        begin, end, weight = [], [], []
        for (up, right), between in MOVES:
            good = np.ones(len(self._cells), dtype=np.bool_)
            for r, c in ((up, right), *between):
                good &= padded[rows + 2 + r, columns + 2 + c]
            here = self._cells[good]
            begin.append(self._node[here])
            end.append(self._node[here + up * self._shape[1] + right])
            weight.append(np.full(len(here), math.hypot(up, right) * self.resolution_m))
        one, two, length = np.concatenate(begin), np.concatenate(end), np.concatenate(weight)
        count = len(self._cells)
        pairs = (np.concatenate([one, two]), np.concatenate([two, one]))
        return coo_matrix((np.concatenate([length, length]), pairs), shape=(count, count)).tocsr()


def _extent(solid: Outlines, start: Array) -> tuple[Array, Array]:
    """Lowest and highest corner of what stands still and the start; of an endless wall only the part nearest to it."""
    endless = solid.edges[:, 4] > PLANE_HALF_LENGTH_M
    walls, corners = solid.edges[endless], solid.edges[~endless, :2]
    feet = start - walls[:, 2:4] * ((start - walls[:, :2]) * walls[:, 2:4]).sum(axis=1, keepdims=True)
    discs, radii = solid.discs[:, :2], solid.discs[:, 2:3]
    points = np.concatenate([start[None], feet, corners, discs - radii, discs + radii])
    return points.min(axis=0), points.max(axis=0)
