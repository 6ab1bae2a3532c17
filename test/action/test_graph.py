"""Graphs of skeletons: a worked example, what the authors' code counts, and what holds for every table."""

from typing import get_args

import numpy as np
import pytest

from dl_robotics.action.graph import Partition, adjacency, distances, parents
from dl_robotics.ops.skeleton_layout import SkeletonLayout
from dl_robotics.resources import config_file

CHAIN = SkeletonLayout(tuple("abcd"), (("a", "b"), ("b", "c"), ("c", "d")), "a")
LAYOUTS = sorted(path.stem for path in config_file("skeletons").glob("*.yaml"))


def test_a_chain_seen_from_its_end():
    itself, away, towards = adjacency(CHAIN, "centripetal")
    assert itself.diagonal() == pytest.approx([1 / 2, 1 / 3, 1 / 3, 1 / 2])
    assert [*zip(*np.nonzero(away), strict=True)] == [(1, 0), (2, 1), (3, 2)]  # from the farther joint to the nearer
    assert [*zip(*np.nonzero(towards), strict=True)] == [(0, 1), (1, 2), (2, 3)]
    assert away[1, 0] == pytest.approx(1 / 2)
    assert towards[0, 1] == pytest.approx(1 / 3)


def test_the_authors_see_the_way_to_the_centre_only_near_it():
    _, away, towards = adjacency(CHAIN, "spatial")
    assert [*zip(*np.nonzero(towards), strict=True)] == [(0, 1), (1, 2)]  # c and d are both "far" from a
    assert (away + towards == sum(adjacency(CHAIN, "centripetal")[1:])).all()


@pytest.mark.parametrize(
    ("layout", "partition", "hops", "entries", "sums"),
    [  # counted in the graphs that the authors' code makes for its two layouts
        ("openpose18", "uniform", 1, [52], [18.0]),
        ("openpose18", "distance", 2, [18, 34, 40], [4.1083, 6.6917, 7.2]),
        ("openpose18", "spatial", 1, [18, 25, 9], [6.6667, 8.5833, 2.75]),
        ("openpose18", "spatial", 2, [18, 19, 15, 26, 14], [4.1083, 3.35, 3.3417, 3.5667, 3.6333]),
        ("kinect_v2_25", "uniform", 2, [127], [25.0]),
        ("kinect_v2_25", "distance", 1, [25, 48], [8.95, 16.05]),
        ("kinect_v2_25", "spatial", 1, [25, 40, 8], [8.95, 13.3, 2.75]),
        ("kinect_v2_25", "spatial", 2, [25, 36, 12, 42, 12], [5.4313, 7.3742, 2.1869, 7.598, 2.4095]),
    ],
)
def test_the_authors_layouts(layout, partition, hops, entries, sums):
    graph = adjacency(SkeletonLayout.load(layout), partition, hops)
    assert np.count_nonzero(graph, axis=(1, 2)).tolist() == entries
    assert graph.sum((1, 2)) == pytest.approx(sums, abs=1e-4)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("partition", get_args(Partition))
@pytest.mark.parametrize("hops", [1, 2, 3])
def test_subsets_share_each_neighbourhood(layout, partition, hops):
    table = SkeletonLayout.load(layout)
    graph = adjacency(table, partition, hops)
    assert graph.shape[0] == {"uniform": 1, "distance": hops + 1}.get(partition, 2 * hops + 1)
    assert graph.sum((0, 1)) == pytest.approx(np.ones(len(table.joints)), abs=1e-6)
    assert (np.count_nonzero(graph, axis=0) <= 1).all()
    assert ((graph.sum(0) > 0) == (distances(table) <= hops)).all()


def test_parents_lead_to_the_centre():
    assert parents(CHAIN) == (0, 0, 1, 2)
    for name in LAYOUTS:
        layout = SkeletonLayout.load(name)
        up, joint = parents(layout), np.arange(len(layout.joints))
        for _ in layout.joints:
            joint = np.array(up)[joint]
        assert {*joint.tolist()} == {layout.index(layout.centre)}


def test_joints_that_no_bone_connects_stay_alone():
    island = SkeletonLayout(("a", "b", "c"), (("a", "b"),), "a")
    assert distances(island)[0].tolist() == [0.0, 1.0, np.inf]
    assert parents(island) == (0, 0, 2)
    assert adjacency(island, "spatial")[:, :, 2].sum() == 1.0
