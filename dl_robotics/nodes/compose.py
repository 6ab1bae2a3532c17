"""Several nodes in one process: images go from one to the other as they are, without a message.

``python -m dl_robotics.nodes.compose simulator detector --ros-args -p detector:model:=best.safetensors``
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import partial
from importlib import import_module

from rclpy.node import Node
from rclpy.utilities import remove_ros_args

from dl_robotics.nodes.run import run_all

NODES = {
    "action_recognizer": "ActionRecognizer",
    "detector": "DetectorNode",
    "navigator": "Navigator",
    "pipeline": "PipelineNode",
    "player": "Player",
    "pose_estimator": "PoseEstimatorNode",
    "segmenter": "SegmenterNode",
    "sequence_recognizer": "SequenceRecognizer",
    "simulator": "Simulator",
    "tracker": "TrackerNode",
}


def make_node(name: str) -> Node:
    """A node of this package by the name of its module."""
    node: Node = getattr(import_module(f"dl_robotics.nodes.{name}"), NODES[name])()
    return node


def main(args: Sequence[str] | None = None) -> int:
    """Run the nodes until the process is told to end."""
    parser = argparse.ArgumentParser(description="Run several nodes in one process.")
    parser.add_argument("nodes", nargs="+", choices=NODES, metavar="NODE", help=", ".join(NODES))
    own = parser.parse_args(remove_ros_args(sys.argv if args is None else ["compose", *args])[1:])
    return run_all((partial(make_node, name) for name in own.nodes), args)


if __name__ == "__main__":
    sys.exit(main())
