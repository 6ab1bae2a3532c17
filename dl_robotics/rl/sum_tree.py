"""A binary tree of sums, which draws rows in proportion to their values (Schaul et al. 2016, appendix B.2.1)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dl_robotics.ops.compiled import compiled

Values = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]


class SumTree:
    """Values >= 0 of ``capacity`` rows; setting and finding take log2(capacity) steps each.

    Node i is the sum of nodes 2 i and 2 i + 1; the root is node 1; the rows are the last ``leaves`` nodes. A sum is
    always computed from its two parts, so that equal values make equal trees, whatever was there before.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self._leaves = 1 << max(capacity - 1, 1).bit_length()
        self._nodes: Values = np.zeros(2 * self._leaves)

    @property
    def total(self) -> float:
        """Sum of all values."""
        return float(self._nodes[1])

    @property
    def values(self) -> Values:
        """(capacity,) of the rows; not to be written to."""
        return self._nodes[self._leaves : self._leaves + self.capacity]

    def set(self, rows: Rows, values: Values) -> None:
        """Give rows (B,) new values (B,); of a row named twice the last value counts."""
        _set(self._nodes, self._leaves, np.ascontiguousarray(rows, np.int64), np.ascontiguousarray(values, np.float64))

    def find(self, prefix: Values) -> Rows:
        """(B,) the rows in whose stretch of the running sum over all values these numbers, in [0, total), fall."""
        return _find(self._nodes, self._leaves, self.capacity, prefix)


@compiled
def _set(nodes: Values, leaves: int, rows: Rows, values: Values) -> None:
    for index in range(len(rows)):
        node = leaves + rows[index]
        nodes[node] = values[index]
        while node > 1:
            node >>= 1
            nodes[node] = nodes[2 * node] + nodes[2 * node + 1]


@compiled
def _find(nodes: Values, leaves: int, capacity: int, prefix: Values) -> Rows:
    rows = np.empty(len(prefix), np.int64)
    for index in range(len(prefix)):
        rest, node = prefix[index], 1
        while node < leaves:
            node *= 2
            # An empty right side is never entered, though rounding may leave a rest.
            if rest >= nodes[node] and nodes[node + 1] > 0.0:
                rest -= nodes[node]
                node += 1
        rows[index] = min(node - leaves, capacity - 1)
    return rows
