"""The simulator as a ROS 2 node: one world, one robot, its sensors and its wheels.

Run it with ``ros2 run dl_robotics simulator`` or ``python -m dl_robotics.nodes.simulator``.
"""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from rclpy.clock import Clock
from rclpy.clock_type import ClockType
from rclpy.node import Node
from std_srvs.srv import SetBool, Trigger

from dl_robotics.config import require
from dl_robotics.errors import UserError
from dl_robotics.messages.diagnostics import Level
from dl_robotics.nodes.cmd_vel import STOP, Command, StampedCommand, command_input
from dl_robotics.nodes.command_gate import CommandGate
from dl_robotics.nodes.health import Reporter
from dl_robotics.nodes.pacer import Pacer
from dl_robotics.nodes.parameters import Parameters
from dl_robotics.nodes.robot_topics import Rates, RobotTopics, Send
from dl_robotics.nodes.run import run
from dl_robotics.nodes.simulator_parameters import SimulatorParameters
from dl_robotics.nodes.start_pose import StartPoses
from dl_robotics.sim.mujoco.compile import compile_world
from dl_robotics.sim.mujoco.simulation import Simulation
from dl_robotics.sim.sdf import read_world

SLICE_S = 0.005  # wall time after which the simulation lets messages and services through
MIN_PERIOD_S = 0.001  # of the timer; at a faster pace several ticks share a period
SLOW = 0.9  # of the pace asked for, below which the diagnostics warn


class Simulator(Node):
    """Publishes clock, sensors and odometry of a robot that follows ``cmd_vel``.

    :raises ConfigError: for parameters that cannot be.
    :raises SdfError: for a world that cannot be read.
    :raises ValueError: for one that cannot be simulated.
    """

    def __init__(self, **node: Any) -> None:
        super().__init__("simulator", **node)
        self.parameters = Parameters(self, SimulatorParameters, self._on_parameters)
        told = self.parameters.value
        self.simulation = _simulation(told)
        self._place = told.place
        self.tick_s = self.simulation.physics_step_s
        self.tick = 0
        self._paused = told.paused
        self._command, self._commanded_tick = STOP, 0
        self._coming: deque[tuple[int, Command]] = deque()  # with the tick from which each counts
        self._reset_tick = 0
        self._seed, self._rng = told.seed, np.random.default_rng(told.seed)
        self._starts = StartPoses(self.simulation, self._rng)
        rates = Rates(told.clock_rate_hz, told.tf_rate_hz)
        self.topics = RobotTopics(self, self.simulation, self._rng, told.world_frame, rates, told.classes)
        latency_ns = round(told.command_latency_s * 1e9)
        # Time that was lost on a controller which has stopped answering is not made up: it would be overrun.
        first = told.command_first
        self._gate = CommandGate(latency_ns, told.command_wait_s, self._restart_schedule, command_first=first)
        self.commands = command_input(self, told.stamped_cmd_vel, self._on_command)
        self.commands.open()
        self.create_service(Trigger, "~/reset", self._on_reset)
        self.create_service(SetBool, "~/pause", self._on_pause)
        self.create_service(Trigger, "~/step", self._on_step)
        self._reset()
        self._pacer = Pacer(self.tick_s, told.real_time_factor, time.monotonic())
        self._start_timer()
        self._reporter = Reporter(self, self._report)

    @property
    def stamp_ns(self) -> int:
        """Simulated time; a reset does not set it back."""
        return self.tick * round(self.tick_s * 1e9)

    def _start_timer(self) -> None:
        period_s = max(self._pacer.period_s, MIN_PERIOD_S)
        self._timer = self.create_timer(period_s, self._advance, clock=Clock(clock_type=ClockType.STEADY_TIME))

    def _on_parameters(self) -> None:
        pace = self.parameters.value.real_time_factor
        if pace != self._pacer.real_time_factor:
            self._pacer.restart(pace, time.monotonic())
            self.destroy_timer(self._timer)
            self._start_timer()

    def _restart_schedule(self) -> None:
        self._pacer.restart(self._pacer.real_time_factor, time.monotonic())

    def _advance(self) -> None:
        """Simulate what is due."""
        now_s = begin_s = time.monotonic()
        due = 0 if self._paused else self._pacer.due(now_s)
        while due > 0 and now_s - begin_s < SLICE_S and self._may_go_on(now_s):
            self._simulate()
            due -= 1
            now_s = time.monotonic()

    def _may_go_on(self, now_s: float) -> bool:
        return 0.0 < self._pacer.real_time_factor <= 1.0 or self._gate.is_open(self.stamp_ns, now_s)

    def _simulate(self) -> None:
        """One tick, and what is to be published after it."""
        silent_s = (self.tick - self._commanded_tick) * self.tick_s
        while self._coming and self._coming[0][0] <= self.tick:
            self._command = self._coming.popleft()[1]
        if silent_s >= self.parameters.value.cmd_vel_timeout_s:
            self._command = STOP
        self.simulation.tick(self._command)
        self.tick += 1
        self._pacer.advanced(1)
        self._publish(lambda stamp_ns: self.topics.publish(self.tick - self._reset_tick, stamp_ns))

    def _publish(self, publish: Send) -> None:
        """Publish, and have a scan that went out answered."""
        scans = self.topics.scans
        publish(self.stamp_ns)
        if self.topics.scans > scans:
            self._gate.scanned(self.stamp_ns)

    def _on_command(self, stamped: StampedCommand) -> None:
        delay_ticks = round(self.parameters.value.command_delay_s / self.tick_s)
        self._coming.append((self.tick + delay_ticks, stamped.command))
        self._commanded_tick = self.tick
        self._gate.commanded(stamped.stamp_ns)

    def _reset(self) -> tuple[float, float, float]:
        """Put the robot at its next start, in another world if it has been told; time goes on.

        :raises UserError: for a world that cannot be used, or numbers that are not those of its movers.
        :raises OSError: for a world that does not ship.
        :raises ValueError: if the world cannot be simulated, or there is no free place.
        """
        told = self.parameters.value
        if told.place != self._place:
            self.simulation, self._place = _simulation(told), told.place
            self._starts.enter(self.simulation)
            self.topics.enter(self.simulation)
        if told.seed != self._seed:
            self._seed, self._rng.bit_generator.state = told.seed, np.random.default_rng(told.seed).bit_generator.state
        movers = len(self.simulation.world.movers)
        times_s, rates = (_of_movers(name, getattr(told, name), movers) for name in ("mover_time_s", "mover_rate"))
        pose = self._starts.next(told.start, told.start_pose)
        self.simulation.reset(pose, times_s, rates, told.friction, told.mass)
        self._command, self._reset_tick = STOP, self.tick
        self._coming.clear()
        self._gate.reset()
        self.topics.reset(self.stamp_ns)
        return pose

    def _on_reset(self, request: Trigger.Request, response: Trigger.Response) -> Trigger.Response:
        try:
            x, y, yaw = self._reset()
            self._publish(self.topics.publish_all)
        except (UserError, OSError, ValueError) as error:
            response.success, response.message = False, str(error)
        else:
            response.success, response.message = True, f"start at x {x:.3f} m, y {y:.3f} m, yaw {yaw:.3f} rad"
        return response

    def _on_pause(self, request: SetBool.Request, response: SetBool.Response) -> SetBool.Response:
        self._paused = bool(request.data)
        self._restart_schedule()
        response.success, response.message = True, "paused" if self._paused else "running"
        return response

    def _on_step(self, request: Trigger.Request, response: Trigger.Response) -> Trigger.Response:
        response.success = self._paused
        if not self._paused:
            response.message = "refused: expected a paused simulation, it is running"
            return response
        for _ in range(self.parameters.value.step_ticks):
            self._simulate()
        response.message = f"simulated to {self.stamp_ns * 1e-9:.3f} s"
        return response

    def _report(self) -> tuple[Level, str, Mapping[str, object]]:
        pace, wanted = self._pacer.achieved(time.monotonic()), self.parameters.value.real_time_factor
        if self._paused:
            self.topics.clock(self.stamp_ns)  # for those who came since the last tick
        slow = not self._paused and pace < SLOW * wanted
        figures = {
            "real time factor": f"{pace:.2f}",
            "real time factor asked for": f"{wanted:g}" if wanted else "as fast as possible",
            "simulated time (s)": f"{self.stamp_ns * 1e-9:.2f}",
            "collided": self.simulation.collided,
            "tumbled": self.simulation.tumbled,
            "commands": self.commands.received,
            "commands refused": self.commands.refused,
            "why no commands": self.commands.silence() or "none missing",
            "why no images": self.topics.failure or "none missing",
        }
        self.commands.rematch()
        state = "paused" if self._paused else f"running at {pace:.2f} x real time"
        return (Level.WARN if slow else Level.OK), state, figures


def _simulation(told: SimulatorParameters) -> Simulation:
    return Simulation(compile_world(read_world(told.world_file, told.robot_file)))


def _of_movers(name: str, values: Sequence[float], count: int) -> Sequence[float] | None:
    """A number for each mover, or None.

    :raises ConfigError: for another count of them.
    """
    require(len(values) in (0, count), name, f"none, or one for each of the world's {count} movers", values)
    return values or None


def main(args: Sequence[str] | None = None) -> int:
    """Run the node until it is told to end."""
    return run(Simulator, args)


if __name__ == "__main__":
    sys.exit(main())
