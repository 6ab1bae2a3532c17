"""Every test checks the fields of messages, stays on this machine and talks in a ROS domain of its own process.

Networks of tests compute with one thread: they are small, and more threads wait for each other.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

# Message classes read this when they are imported: before any test module is.
os.environ.setdefault("ROS_PYTHON_CHECK_FIELDS", "1")
os.environ.setdefault("ROS_AUTOMATIC_DISCOVERY_RANGE", "LOCALHOST")
os.environ.setdefault("ROS_DOMAIN_ID", str(1 + os.getpid() % 100))  # above 101, ports meet those of other programs

SHARED_MEMORY = Path("/dev/shm")

torch.set_num_threads(1)


@pytest.fixture(scope="session", autouse=True)
def shared_memory() -> Iterator[None]:
    """Remove what Fast DDS leaves of the ports of processes that this one has outlived, having sent there."""
    before = set(SHARED_MEMORY.glob("*fastdds_*"))
    yield
    maps = "".join(map(_mapped, Path("/proc").glob("[0-9]*/maps")))
    for path in set(SHARED_MEMORY.glob("*fastdds_*")) - before:
        if str(path) not in maps:
            path.unlink(missing_ok=True)


def _mapped(maps: Path) -> str:
    """The memory map of another process; none of this one's, or of one that has just ended."""
    if int(maps.parent.name) == os.getpid():
        return ""
    try:
        return maps.read_text()
    except OSError:
        return ""
