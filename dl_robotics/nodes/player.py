"""Plays a video, a picture or a folder of pictures as a camera would: for trying nodes out, and for measuring them.

Run it with ``ros2 run dl_robotics player`` or ``python -m dl_robotics.nodes.player``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from rclpy.clock import Clock
from rclpy.clock_type import ClockType
from rclpy.node import Node

from dl_robotics.config import ConfigError
from dl_robotics.messages.header import encode_header
from dl_robotics.nodes.image_output import ImageOutput
from dl_robotics.nodes.parameters import Parameters
from dl_robotics.nodes.run import run
from dl_robotics.parameters import ParameterSet, parameter

Picture = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class PlayerParameters(ParameterSet):
    """Parameters of the player."""

    source: str = parameter("", "A video, a picture, or a folder of pictures.", read_only=True)
    rate_hz: float = parameter(30.0, "Images a second.", low=0.1, high=1000.0, read_only=True)
    loop: bool = parameter(True, "Whether to begin again at the end.", read_only=True)
    frame_id: str = parameter("camera_optical_frame", "Frame of the images.", read_only=True)


class Player(Node):
    """Publishes ``image``, stamped with the time of publishing.

    :raises ConfigError: for a source that cannot be read.
    """

    def __init__(self, **node: Any) -> None:
        super().__init__("player", **node)
        told = Parameters(self, PlayerParameters).value
        self._frame_id = told.frame_id
        self._pictures = pictures(Path(told.source), told.loop)
        self._next = next(self._pictures)
        self.images = ImageOutput(self, "image")
        self._timer = self.create_timer(1.0 / told.rate_hz, self._play, clock=Clock(clock_type=ClockType.STEADY_TIME))

    def _play(self) -> None:
        """Publish one picture and read the next, so that reading takes nothing from its stamp."""
        self.images(self._next, encode_header(self.get_clock().now().nanoseconds, self._frame_id))
        following = next(self._pictures, None)
        if following is None:
            self._timer.cancel()
            self.get_logger().info("the end is reached")
        else:
            self._next = following


def pictures(source: Path, loop: bool) -> Iterator[Picture]:
    """The pictures of a video, a file or a folder in the order of their names; red first.

    :raises ConfigError: if there are none.
    """
    files = sorted(source.iterdir()) if source.is_dir() else [source]
    first = True
    while first or loop:
        shown = 0
        for file in files:
            for picture in _read(file):
                shown += 1
                yield picture
        if not shown:
            raise ConfigError(f"source: expected a video, a picture or a folder of pictures, got {str(source)!r}")
        first = False


def _read(file: Path) -> Iterator[Picture]:
    still = _still(file)
    if still is not None:
        yield still
        return
    video = cv2.VideoCapture(str(file))
    while (read := video.read())[0]:
        yield np.asarray(cv2.cvtColor(read[1], cv2.COLOR_BGR2RGB), np.uint8)
    video.release()


@lru_cache(maxsize=8)
def _still(file: Path) -> Picture | None:
    """A picture; None if the file is none."""
    image = cv2.imread(str(file), cv2.IMREAD_COLOR_RGB) if file.is_file() else None
    return None if image is None else np.asarray(image, np.uint8)


def main(args: Sequence[str] | None = None) -> int:
    """Run the node until it is told to end."""
    return run(Player, args)


if __name__ == "__main__":
    sys.exit(main())
