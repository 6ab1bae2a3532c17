"""Child processes that end with us, each with a log file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from dl_robotics.commands.stopping import Stopping
from dl_robotics.resources import config_file

END_TIMEOUT_S = 30.0  # a recorder has its file to finish, maybe beside much other work


def image_environment() -> dict[str, str]:
    """Variables with which processes exchange images fast, and at all."""
    return {
        "FASTDDS_DEFAULT_PROFILES_FILE": str(config_file("fastdds.xml")),
        # Serialising images is several times faster where the allocator keeps what it has once been given.
        "MALLOC_MMAP_THRESHOLD_": "1073741824",
        "MALLOC_TRIM_THRESHOLD_": "2147483648",
    }


def node_arguments(**overrides: object) -> list[str]:
    """For simulator and navigator: the parameter file that the launch files use, and what differs from it."""
    rows = [("-p", f"{name}:={value}") for name, value in overrides.items()]
    return ["--ros-args", "--params-file", str(config_file("drive.yaml")), *(word for row in rows for word in row)]


class Processes:
    """A context whose processes are asked to end (SIGINT) when it is left, and killed if they do not.

    Within it Ctrl-C and SIGTERM are granted by :meth:`check`, since an interrupt may get lost in a callback.

    :param log_dir: gets one ``NAME.log`` a process.
    :param environment: variables on top of our own.
    """

    def __init__(self, log_dir: Path, environment: dict[str, str]) -> None:
        self.log_dir, self._environment = log_dir, {**os.environ, **environment}
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._stopping = Stopping()

    def __enter__(self) -> Processes:
        self._stopping.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with ExitStack() as ending:  # goes on with the others where one is interrupted
            ending.push(self._stopping)
            for name in list(self._running):
                ending.callback(self.end, name)

    def start(self, name: str, module: str, arguments: Sequence[str]) -> int:
        """Run ``python -m module arguments`` in the background.

        :returns: its process id.
        """
        with self._log(name).open("wb") as log:
            self._running[name] = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches us first, and we end them in order
            )
        return self._running[name].pid

    def end(self, name: str) -> int:
        """End a process in order and wait for it.

        :returns: its exit code.
        """
        process = self._running.pop(name)
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        try:
            return process.wait(END_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            print(f"{name}: killed, it did not end within {END_TIMEOUT_S:g} s of SIGINT", file=sys.stderr)
            process.kill()
            return process.wait()
        except KeyboardInterrupt:  # once more: somebody is in a hurry
            process.kill()
            process.wait()
            raise

    def check(self) -> None:
        """Make sure that all are alive and wanted.

        :raises KeyboardInterrupt: if they are not wanted any longer.
        :raises ChildProcessError: naming one that has ended, its exit code and the end of its log.
        """
        if self._stopping.asked:
            raise KeyboardInterrupt
        for name, process in self._running.items():
            if process.poll() is not None:
                tail = "\n".join(self._log(name).read_text(errors="replace").splitlines()[-10:])
                raise ChildProcessError(
                    f"{name} has ended with exit code {process.returncode}; its log ends with\n{tail}"
                )

    def _log(self, name: str) -> Path:
        return self.log_dir / f"{name}.log"
