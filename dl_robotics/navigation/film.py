"""Episodes as films, seen from above."""

from __future__ import annotations

from pathlib import Path

import cv2

from dl_robotics.navigation.drive_log import DriveLog
from dl_robotics.navigation.driver import DriverMaker
from dl_robotics.navigation.room import Room
from dl_robotics.navigation.suite import Suite
from dl_robotics.navigation.view import Image

PACE = 3.0  # times real time


def film_drive(suite: Suite, number: int, make: DriverMaker, path: Path) -> DriveLog:
    """Drive a scenario of a suite and write an MP4 of it.

    :param make: of who drives.
    :raises OSError: if the film cannot be written.
    """
    room = Room(suite, number, 1)
    log, driver, robots = DriveLog(room), make(room.task, room.robot), room.everyone
    first = room.episodes.draw(0)
    height, width = first.shape[:2]
    film = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), PACE * suite.rate_hz, (width, height))
    if not film.isOpened():
        raise OSError(f"{path}: no MP4 can be written there")
    _write(film, first)
    while log.running.any():
        log.step(robots, driver(room.senses()))
        _write(film, room.episodes.draw(0))
    film.release()
    return log


def _write(film: cv2.VideoWriter, image: Image) -> None:
    film.write(cv2.cvtColor(image, cv2.COLOR_RGB2BGR))
