"""Nodes started as processes and timed from outside, for the benchmarks."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from dl_robotics.commands.processes import Processes
from dl_robotics.nodes.stopwatch import Stopwatch

UNCHECKED = {"ROS_PYTHON_CHECK_FIELDS": "0"}  # that check is for tests: of a list of pixels it looks at every one

Parameters = Mapping[str, Mapping[str, object]]  # of each node, by its name


class Program(NamedTuple):
    """A module of ``dl_robotics.nodes`` and its arguments."""

    module: str
    arguments: Sequence[str] = ()


class Times(NamedTuple):
    """Medians in ms: ages of results when published, by topic, and what the stages took, by diagnostics' name."""

    ages: Mapping[str, float]
    own: Mapping[str, float]


class NodeRuns:
    """Runs nodes.

    :param watch: what times them.
    :param folder: for their logs.
    :param frames: results of each topic that are timed.
    """

    def __init__(self, watch: Stopwatch, folder: Path, parameters: Parameters, frames: int) -> None:
        self._watch, self._folder, self._frames = watch, folder, frames
        told = [(node, name, value) for node, values in parameters.items() for name, value in values.items()]
        self._arguments = ["--ros-args"]
        for node, name, value in told:
            self._arguments += ["-p", f"{node}:{name}:={value}"]

    def time(
        self,
        programs: Sequence[Program],
        topics: Mapping[str, type[Any]],
        stages: Sequence[str],
        environment: Mapping[str, str],
    ) -> Times:
        """Median times of what nodes publish.

        :raises ChildProcessError: if one has ended.
        :raises TimeoutError: if nothing comes.
        """
        with self._processes(environment) as processes:
            self._watch.read(topics)
            for program in programs:
                self._start(processes, program, "true")
            ages = self._watch.median_ages_ms(self._frames)
            return Times(ages, {stage: self._watch.own_time_ms(stage) for stage in stages})

    def idle_share(self, program: Program, node: str, seconds: float) -> float:
        """The share of a processor that a node takes which has its models and is not active."""
        with self._processes({}) as processes:
            pid = self._start(processes, program, "false")
            self._watch.configure(node)
            begin_cpu_s, begin_s = _cpu_s(pid), time.monotonic()
            self._watch.pause(seconds)
            return (_cpu_s(pid) - begin_cpu_s) / (time.monotonic() - begin_s)

    def _processes(self, environment: Mapping[str, str]) -> Processes:
        processes = Processes(self._folder, {**UNCHECKED, **environment})
        self._watch.check = processes.check
        return processes

    def _start(self, processes: Processes, program: Program, autostart: str) -> int:
        arguments = [*program.arguments, *self._arguments, "-p", f"autostart:={autostart}"]
        return processes.start(program.module, f"dl_robotics.nodes.{program.module}", arguments)


def _cpu_s(pid: int) -> float:
    """Processor time that a process has used: fields 14 and 15 of ``/proc/PID/stat``, counted behind its name."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
