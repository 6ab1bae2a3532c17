"""Stages wired by a YAML file as one ROS 2 node: each image is received and decoded once, whatever reads it.

Run it with ``ros2 run dl_robotics pipeline`` or ``python -m dl_robotics.nodes.pipeline``. The topics and parameters of
a stage bear its name: ``~/NAME/detections``, ``NAME.model``.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dl_robotics import config
from dl_robotics.nodes.action_recognizer import ACTION
from dl_robotics.nodes.detector import DETECTOR
from dl_robotics.nodes.image_node import ImageNode, ImageNodeParameters
from dl_robotics.nodes.pose_estimator import POSE
from dl_robotics.nodes.run import run
from dl_robotics.nodes.segmenter import SEGMENTER
from dl_robotics.nodes.tracker import TRACKER
from dl_robotics.parameters import parameter
from dl_robotics.pipeline import PipelineConfig
from dl_robotics.resources import shipped

KINDS = {kind.name: kind for kind in (DETECTOR, SEGMENTER, POSE, TRACKER, ACTION)}


@dataclass(frozen=True)
class PipelineParameters(ImageNodeParameters):
    """Parameters of the node; those of its stages are as each kind has them."""

    pipeline: str = parameter(
        "perception", "YAML file with the stages, or the name of one in config/pipelines.", read_only=True
    )


class PipelineNode(ImageNode[PipelineParameters]):
    """Runs a pipeline file.

    :raises ConfigError: for a file or a parameter that cannot be.
    :raises FileNotFoundError: if the package has no pipeline of that name.
    """

    def __init__(self, **node: Any) -> None:
        super().__init__("pipeline", PipelineParameters, **node)
        path = shipped("pipelines", self.parameters.value.pipeline, ".yaml")
        self.set_up(config.load(PipelineConfig, path), KINDS)


def main(args: Sequence[str] | None = None) -> int:
    """Run the node until it is told to end."""
    return run(PipelineNode, args)


if __name__ == "__main__":
    sys.exit(main())
