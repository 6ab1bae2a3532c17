"""A simulator that is ours: started, watched, killed when it hangs, started again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence

from dl_robotics.nodes.live_config import RobotAddress
from dl_robotics.resources import config_file

# Shared memory that a starved process has not read for a second is replaced by Fast DDS (healthy_check_timeout_ms), and
# that process hears nothing any more.
SOCKETS = {"FASTDDS_BUILTIN_TRANSPORTS": "UDPv4"}
END_TIMEOUT_S = 5.0
BOUND = ("setpriv", "--pdeathsig", "KILL")  # starts a program that is killed when its parent dies


class SimulatorProcess:
    """A process for one robot.

    It dies with the thread that starts it, however that ends, where util-linux is installed, as on every Debian. Its
    messages go through sockets, unless the environment asks for something else.

    :param command: program and arguments, with the names of :class:`~dl_robotics.nodes.live_config.SimulatorConfig`.
    """

    def __init__(self, command: Sequence[str], robot: RobotAddress) -> None:
        names = {"python": sys.executable, "config": str(config_file()), "namespace": robot.namespace}
        bound = BOUND if shutil.which(BOUND[0]) else ()
        self._command = [*bound, *(word.format(**names) for word in command)]
        domain = {} if robot.domain is None else {"ROS_DOMAIN_ID": str(robot.domain)}
        self._environment = {**SOCKETS, **os.environ, **domain}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Its process id; 0 before its start."""
        return self._process.pid if self._process else 0

    @property
    def death(self) -> str:
        """How it has ended by itself; empty while it runs."""
        code = None if self._process is None else self._process.poll()
        return "" if code is None else f"has ended with exit code {code}"

    def start(self) -> None:
        """Start it."""
        # In a session of its own, so that Ctrl-C reaches us first, and we end it in order.
        self._process = subprocess.Popen(
            self._command, env=self._environment, stdin=subprocess.DEVNULL, start_new_session=True
        )

    def kill(self) -> None:
        """End it at once, even if it is stopped."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def end(self) -> None:
        """Ask it to end, and kill it if it does not."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(END_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self.kill()
