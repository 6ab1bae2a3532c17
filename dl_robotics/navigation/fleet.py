"""Robots driving side by side through the scenarios of a suite, in one world or each in its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields

import numpy as np

from dl_robotics.navigation.build import EngineName
from dl_robotics.navigation.drive_log import DriveLog
from dl_robotics.navigation.driver import SIDE_BY_SIDE, Driver, DriverMaker, Senses
from dl_robotics.navigation.drives import Drive
from dl_robotics.navigation.foresight import Foresight
from dl_robotics.navigation.led_driver import LedDriver
from dl_robotics.navigation.room import Room
from dl_robotics.navigation.suite import Suite


def run_suite(
    suite: Suite, makers: Mapping[str, DriverMaker], episodes: int, engine: EngineName = "planar"
) -> Iterator[tuple[str, Room, list[Drive]]]:
    """Let every driver drive the first ``episodes`` scenarios: a driver's name, a room, and the drives in it.

    :param makers: drivers by name.
    """
    for rooms in rooms_of(suite, episodes, engine):
        shortest_m = [room.shortest_m() for room in rooms]
        for name, make in makers.items():
            for room in rooms:
                room.begin()
            driver = driver_in(rooms, make)
            for room, length_m, log in zip(rooms, shortest_m, drive_all(rooms, driver), strict=True):
                yield name, room, log.drives(length_m)


def rooms_of(suite: Suite, episodes: int, engine: EngineName = "planar") -> Iterator[list[Room]]:
    """The rooms of the first ``episodes`` scenarios, as many at a time as have :data:`SIDE_BY_SIDE` robots."""
    for first in range(0, episodes, SIDE_BY_SIDE):
        count = min(SIDE_BY_SIDE, episodes - first)
        numbers = [(first, count)] if suite.one_world else [(first + n, 1) for n in range(count)]
        yield [Room(suite, *which, engine) for which in numbers]


def driver_in(rooms: list[Room], make: DriverMaker) -> Driver:
    """Someone who drives all robots in some rooms, which differ in what stands around the robot only."""
    driver = make(rooms[0].task, rooms[0].robot)
    if isinstance(driver, Foresight | LedDriver):
        driver.foresee(rooms)
    return driver


def drive_all(rooms: list[Room], driver: Driver) -> list[DriveLog]:
    """Drive until all robots in all rooms have ended their episodes."""
    logs = [DriveLog(room) for room in rooms]
    while active := [log for log in logs if log.running.any()]:
        robots = [np.flatnonzero(log.running) for log in active]
        commands = driver(_joined([log.room.senses().of(rows) for log, rows in zip(active, robots, strict=True)]))
        ends = np.cumsum([len(rows) for rows in robots])
        for log, rows, chosen in zip(active, robots, np.split(commands, ends[:-1]), strict=True):
            log.step(rows, chosen)
    return logs


def _joined(parts: list[Senses]) -> Senses:
    names = [field.name for field in fields(Senses)]
    return Senses(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})
