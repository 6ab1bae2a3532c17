"""Episodes of a robot behind topics, whatever its simulator does."""

from __future__ import annotations

import numpy as np

from dl_robotics.errors import UserError
from dl_robotics.messages.pose import StampedPose
from dl_robotics.navigation.episodes import Outcome
from dl_robotics.navigation.goal_drawing import GoalPlaces, draw_goal
from dl_robotics.navigation.observation import Observations, resample
from dl_robotics.navigation.sensed_episode import SensedEpisode
from dl_robotics.navigation.stage import Sensed
from dl_robotics.navigation.task import Task
from dl_robotics.nodes.cmd_vel import STOP, Command
from dl_robotics.nodes.live_config import LiveConfig, RobotAddress
from dl_robotics.nodes.reset_service import SilenceError
from dl_robotics.nodes.robot_link import RobotLink, Seen
from dl_robotics.nodes.simulator_process import SimulatorProcess
from dl_robotics.ops.geometry import Array, inverse, planar, transform_from_planar

EARLY, LATE = 0.1, 0.5  # of a control period, by which a scan may come too early or too late
SETTLE = 2  # scans of a robot that stands, after a reset: those before it are then past
SURPLUS, GRACE_S = 10, 0.02  # stops that a simulator may still take for answers, and the real time that each needs
TRANSFORM_SCANS = 20  # after which a transform that is not known will not be
BROKEN_IN_A_ROW = 20  # episodes without a single whole step, after which we give up


class LiveError(UserError):
    """A robot that cannot be learned on; the message says why."""


class LiveRobot:
    """Begins episodes, answers scans with commands, and starts its simulator again when that hangs or dies.

    ``obs`` (size,) is what the next command answers to. ``restarts`` counts starts of the simulator after the first,
    ``broken`` episodes that were broken off.

    :param places: where goals may lie.
    :raises MessageTypeError: for a service whose type is not installed.
    """

    def __init__(self, robot: RobotAddress, config: LiveConfig, task: Task, places: GoalPlaces) -> None:
        self.config, self.task, self._places = config, task, places
        self._period_ns = round(task.control_period_s * 1e9)
        self._simulator = SimulatorProcess(config.simulator.command, robot)
        self.link = RobotLink(robot, config, lambda: self._simulator.death)
        self.obs: Observations = np.empty(0, np.float32)
        self.restarts = self.broken = 0
        self._broken_in_a_row = 0
        self._astray = True  # whether the robot has to be put back before it can go on
        self._command, self._held_ns, self._late = STOP, 0, False
        if config.simulator.command:
            self._simulator.start()
        self._started = True  # whether no scan has come since the simulator's last start

    def begin(self, rng: np.random.Generator) -> None:
        """Begin an episode.

        :raises LiveError: if the simulator cannot be brought to do so.
        """
        for _ in range(self.config.simulator.attempts):
            try:
                return self._begin(rng)
            except SilenceError as silence:
                self._restart(str(silence))
        raise LiveError(f"no episode after {self.config.simulator.attempts} starts of the simulator")

    def send(self, command: Command) -> None:
        """Answer the last scan."""
        self.link.poll()
        self._late = self.link.newest_ns >= self._due_ns()
        self._command = command
        self.link.command(command, self._held_ns)

    def finish(self) -> Outcome | None:
        """What became of the command, once the next scan is there; None if the episode broke off instead."""
        try:
            seen = self.link.next(self._due_ns())
        except SilenceError as silence:
            self._break(f"{silence}")
            self._restart(str(silence))
            return None
        late_ns = seen.scan.stamp_ns - self._held_ns - self._period_ns
        if self._late or late_ns > LATE * self._period_ns:
            self._break("a scan was not answered before the next one" if self._late else "scans are missing")
            return None
        collided = self.link.touches.between(self._held_ns, seen.scan.stamp_ns)
        self._held_ns, self._broken_in_a_row = seen.scan.stamp_ns, 0
        outcome = self._episode.advance(self._command, self._sensed(seen), collided)
        self.obs = self._episode.obs
        self._astray = bool(outcome.collision[0])
        return outcome

    def close(self) -> None:
        """Stop the robot, end the simulator if it is ours."""
        self.link.command(STOP, self._held_ns)
        self.link.close()
        self._simulator.end()

    def _begin(self, rng: np.random.Generator) -> None:
        if self._started:
            self.link.standing = True
            self.link.latest(0, self.config.simulator.start_s)
            if not self.restarts:
                self.link.check_alone(self.config.simulator.alone_s)
            self._started = False
        self._stop()
        if self._astray or self.config.reset.every == "episode":
            self._reset()
        frame = self.config.goals.frame
        for _ in range(TRANSFORM_SCANS):
            seen = self._stand()
            to_odometry = self.link.locate(seen.odometry.frame_id, frame, seen.scan.stamp_ns)
            if to_odometry is not None:
                return self._set_off(rng, seen, to_odometry)
        raise LiveError(f"expected a transform from {frame!r} to {seen.odometry.frame_id!r} on /tf, got none")

    def _set_off(self, rng: np.random.Generator, seen: Seen, to_odometry: Array) -> None:
        here = (inverse(to_odometry) @ seen.odometry.pose)[:2, 3]
        try:
            x, y = draw_goal(rng, self._places, self.task, here)
        except ValueError as error:
            raise LiveError(str(error)) from error
        goal = transform_from_planar((float(x), float(y), 0.0))
        self.link.announce(StampedPose(seen.scan.stamp_ns, self.config.goals.frame, goal))
        self._goal = float((to_odometry @ goal)[0, 3]), float((to_odometry @ goal)[1, 3])
        self._held_ns, self._astray = seen.scan.stamp_ns, False
        self.link.touches.begin()
        self._episode = SensedEpisode(self.task, self._sensed(seen))
        self.obs = self._episode.obs

    def _reset(self) -> None:
        """Put the robot back.

        :raises LiveError: if that is refused.
        """
        if refusal := self.link.reset():
            raise LiveError(refusal)

    def _stand(self) -> Seen:
        """Let the robot stand until all that was on its way is past."""
        seen = self._settle()
        for _ in range(SURPLUS):
            if not self.link.stirs(GRACE_S):
                break
            # A stop that tells what it answers is not taken for another answer: the simulator has not heard any yet.
            seen = self._settle() if self.config.topics.stamped_cmd_vel else self._newer(seen.scan.stamp_ns)
        return seen

    def _settle(self) -> Seen:
        self._stop()
        for _ in range(SETTLE):
            self._newer(self.link.newest_ns)
        self.link.standing = False  # the next scan waits for a command
        return self._newer(self.link.newest_ns)

    def _stop(self) -> None:
        self.link.standing = True
        self.link.command(STOP, self.link.newest_ns)

    def _newer(self, stamp_ns: int) -> Seen:
        return self.link.latest(stamp_ns + round((1.0 - EARLY) * self._period_ns))

    def _due_ns(self) -> int:
        return self._held_ns + round((1.0 - EARLY) * self._period_ns)

    def _break(self, reason: str) -> None:
        self.broken += 1
        self._broken_in_a_row += 1
        if self._broken_in_a_row > BROKEN_IN_A_ROW:
            raise LiveError(f"{BROKEN_IN_A_ROW} episodes in a row broke off at once, the last one since {reason}")
        self.link.node.get_logger().warning(f"episode broken off after {self._episode.steps} whole steps: {reason}")

    def _restart(self, reason: str) -> None:
        """Start the simulator again, or wait for somebody to do so."""
        self._astray = self._started = True
        log = self.link.node.get_logger()
        if self.config.simulator.command:
            self._simulator.kill()
            self._simulator.start()
            self.restarts += 1
            log.warning(f"{reason}: simulator started again, process {self._simulator.pid}")
        else:
            log.warning(f"{reason}: waiting for the simulator, which is not ours to start again")
        self.link.forget()

    def _sensed(self, seen: Seen) -> Sensed:
        odometry = seen.odometry
        velocity = float(odometry.linear[0]), float(odometry.angular[2])
        try:
            ranges = resample(seen.scan, self.task.lidar.beams)
        except ValueError as error:  # a lidar that is not the task's
            raise LiveError(f"{self.config.topics.scan}: {error}") from error
        return Sensed(ranges, planar(odometry.pose), velocity, self._goal)
