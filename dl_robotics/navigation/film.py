"""Episodes as films, seen from above."""

from __future__ import annotations

from pathlib import Path

from dl_robotics.navigation.drive_log import DriveLog
from dl_robotics.navigation.driver import DriverMaker
from dl_robotics.navigation.fleet import driver_in
from dl_robotics.navigation.room import Room
from dl_robotics.navigation.suite import Suite
from dl_robotics.ops.film import open_film

PACE = 3.0  # times real time


def film_drive(suite: Suite, number: int, make: DriverMaker, path: Path) -> DriveLog:
    """Drive a scenario of a suite and film it.

    :param make: of who drives.
    :param path: an MP4 or a GIF.
    :raises OSError: if the film cannot be written.
    """
    room = Room(suite, number, 1)
    log, driver, robots = DriveLog(room), driver_in([room], make), room.everyone
    with open_film(path, PACE * suite.rate_hz) as add:
        add(room.episodes.draw(0))
        while log.running.any():
            log.step(robots, driver(room.senses()))
            add(room.episodes.draw(0))
    return log
