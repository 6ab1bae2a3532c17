"""What a robot to learn on is made of: topics, services, and the process that simulates it, if it is ours."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from dl_robotics.config import require
from dl_robotics.navigation.goal_drawing import Box
from dl_robotics.nodes.reset_service import ResetKind


@dataclass(frozen=True)
class RobotAddress:
    """Where a robot's topics are.

    :param domain: of ROS; None for the process's own.
    """

    namespace: str = ""
    domain: int | None = None


@dataclass(frozen=True)
class LiveTopics:
    """Names in the robot's namespace.

    :param contacts: a ``ros_gz_interfaces/Contacts`` of what does not stand on the floor, as Gazebo's contact sensors
        send it; empty for a robot that has none.
    :param collision: a ``std_msgs/Bool`` of a robot with a switch; it has no stamp, and may count a step early or late.
    :param stamped_cmd_vel: whether commands bear the stamps of the scans that they answer. The package's simulator
        then waits for each one's answer; without stamps it may take a stop, sent before an episode, for it.
    """

    scan: str = "scan"
    odom: str = "odom"
    cmd_vel: str = "cmd_vel"
    goal: str = "goal_pose"
    contacts: str = "simulator/contacts"
    collision: str = ""
    stamped_cmd_vel: bool = False


@dataclass(frozen=True)
class ResetConfig:
    """How a robot gets back to a start.

    :param kind: ``trigger`` (``std_srvs/Trigger``), ``control_world`` (``ros_gz_interfaces/ControlWorld``, which resets
        Gazebo's models) or ``none``: then episodes begin where the last one ended.
    :param every: whether after each episode, or only after those that ended in a collision or were broken off.
    :param limit_s: real time without an answer after which the simulator counts as dead.
    """

    kind: ResetKind = "trigger"
    service: str = "simulator/reset"
    every: Literal["episode", "failure"] = "episode"
    limit_s: float = 30.0

    def __post_init__(self) -> None:
        require(self.limit_s > 0.0, "limit_s", "> 0", self.limit_s)


@dataclass(frozen=True)
class GoalConfig:
    """Where goals are drawn; give ``world`` or ``box``.

    :param frame: in which they are given; a transform to the odometry's frame must be on ``/tf`` if it is another.
    :param world: an SDF world, or the name of a shipped one, whose free space is known.
    :param robot: for a world without one.
    :param box: lowest and highest x, lowest and highest y, m, of a free rectangle.
    """

    frame: str = "world"
    world: str = ""
    robot: str = ""
    box: Box | None = None

    def __post_init__(self) -> None:
        require((self.world != "") != (self.box is not None), "world", "either world or box", self.world)


@dataclass(frozen=True)
class SimulatorConfig:
    """The process behind the topics.

    :param command: its program and arguments; in them ``{python}``, ``{config}``, ``{namespace}`` stand for this
        interpreter, the folder of the shipped files and the robot's namespace. Empty: it is not ours to start again.
    :param start_s: real time that it may take until the first scan.
    :param attempts: starts in a row without a scan after which we give up.
    :param alone_s: real time in which one that died before is forgotten by DDS (Fast DDS: 20 s) before ours counts as
        a second one on its topics.
    """

    command: tuple[str, ...] = ()
    start_s: float = 60.0
    attempts: int = 3
    alone_s: float = 25.0

    def __post_init__(self) -> None:
        for name in ("start_s", "alone_s"):
            require(getattr(self, name) > 0.0, name, "> 0", getattr(self, name))
        require(self.attempts >= 1, "attempts", ">= 1", self.attempts)


@dataclass(frozen=True, kw_only=True)
class LiveConfig:
    """Robots to learn on.

    :param task: name of a shipped task, or its file.
    :param robots: one environment each.
    :param silence_s: real time without a scan after which a simulator counts as dead.
    """

    task: str
    goals: GoalConfig
    robots: tuple[RobotAddress, ...] = (RobotAddress(),)
    topics: LiveTopics = field(default_factory=LiveTopics)
    reset: ResetConfig = field(default_factory=ResetConfig)
    simulator: SimulatorConfig = field(default_factory=SimulatorConfig)
    silence_s: float = 5.0

    def __post_init__(self) -> None:
        require(len(self.robots) >= 1, "robots", "at least one", self.robots)
        require(len(set(self.robots)) == len(self.robots), "robots", "each with topics of its own", self.robots)
        require(self.silence_s > 0.0, "silence_s", "> 0", self.silence_s)
