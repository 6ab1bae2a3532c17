"""What the simulator node can be told, and what follows from it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dl_robotics.config import require
from dl_robotics.parameters import ParameterSet, parameter
from dl_robotics.resources import shipped
from dl_robotics.sim.labels import ClassList


@dataclass(frozen=True)
class SimulatorParameters(ParameterSet):
    """Parameters of the simulator; times without "real" in their description are simulated time."""

    world: str = parameter("arena", "SDF world: a file, or the name of one in config/worlds; from the next reset on.")
    robot: str = parameter(
        "",
        "SDF model of a robot to put into a world without one: a file or folder, or a name in config/robots; "
        "from the next reset on.",
    )
    seed: int = parameter(
        0, "Seeds sensor noise and random starts; another one from the next reset on.", low=0, high=2**31 - 1
    )
    start: Literal["file", "pose", "random"] = parameter(
        "file", "Where the robot starts: file (where the world puts it), pose (start_pose) or random (anywhere free)."
    )
    start_pose: tuple[float, float, float] = parameter((0.0, 0.0, 0.0), "x (m), y (m), yaw (rad) for start:=pose.")
    mover_time_s: tuple[float, ...] = parameter(
        (), "How far into its trajectory each moving obstacle is after a reset; empty: at its beginning."
    )
    mover_rate: tuple[float, ...] = parameter(
        (), "Factor on the pace of each moving obstacle, from the next reset on; empty: 1."
    )
    friction: float = parameter(
        1.0, "Factor on the robot's friction coefficients, from the next reset on.", low=0.01, high=10.0
    )
    mass: float = parameter(
        1.0, "Factor on the robot's masses and inertias, from the next reset on.", low=0.01, high=100.0
    )
    real_time_factor: float = parameter(
        1.0, "Simulated seconds per real second; 0 is as fast as possible.", low=0.0, high=1000.0
    )
    paused: bool = parameter(False, "Whether the simulation waits for ~/pause or ~/step at first.", read_only=True)
    step_ticks: int = parameter(10, "Physics steps of one call of ~/step.", low=1, high=100_000)
    clock_rate_hz: float = parameter(50.0, "Rate of /clock.", low=1.0, high=1000.0, read_only=True)
    tf_rate_hz: float = parameter(
        20.0, "Rate of /tf; best a divisor of 100 and a multiple of the lidar's.", low=1.0, high=1000.0, read_only=True
    )
    stamped_cmd_vel: bool = parameter(
        False,
        "Whether cmd_vel is a TwistStamped rather than a Twist; with a scan's stamp it answers that scan.",
        read_only=True,
    )
    cmd_vel_timeout_s: float = parameter(0.5, "The robot stops if no command comes for so long.", low=0.0, high=60.0)
    command_delay_s: float = parameter(0.0, "The wheels follow a command so long after it has come.", low=0.0, high=1.0)
    command_latency_s: float = parameter(
        0.05,
        "Faster than real time, a controller's command may come so long after the scan before time waits for it.",
        low=0.0,
        high=1.0,
        read_only=True,
    )
    command_wait_s: float = parameter(
        0.1, "Real seconds that time waits for a command at most; 0 never waits.", low=0.0, high=600.0, read_only=True
    )
    command_first: bool = parameter(
        False, "Faster than real time, whether time stands still until the first command has come.", read_only=True
    )
    world_frame: str = parameter(
        "world",
        "Parent of the odometry frame in /tf, without error; empty where a localiser publishes it.",
        read_only=True,
    )
    labels: str = parameter(
        "classes", "Names of the world's labels: a YAML file, or the name of one in config/scenes.", read_only=True
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("start_pose", "mover_time_s", "mover_rate"):
            values = getattr(self, name)
            require(all(map(math.isfinite, values)), name, "finite numbers", values)
        require(min(self.mover_rate, default=0.0) >= 0.0, "mover_rate", ">= 0", self.mover_rate)

    @property
    def place(self) -> tuple[str, str]:
        """What decides which world is simulated."""
        return self.world, self.robot

    @property
    def world_file(self) -> Path:
        """The world's file.

        :raises FileNotFoundError: if the package has no world of that name.
        """
        return shipped("worlds", self.world, ".sdf")

    @property
    def robot_file(self) -> Path | None:
        """The robot's file or folder; None where the world holds the robot.

        :raises FileNotFoundError: if the package has no robot of that name.
        """
        return shipped("robots", self.robot, "") if self.robot else None

    @property
    def classes(self) -> ClassList:
        """The names of the world's labels.

        :raises ConfigError: if the file holds no class list.
        :raises FileNotFoundError: if no list of that name ships.
        """
        return ClassList.load(self.labels)
