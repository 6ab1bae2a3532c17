"""Every test checks the fields of messages, stays on this machine and talks in a ROS domain of its own run.

Networks of tests compute with one thread: they are small, and more threads wait for each other.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from domains import claim, from_number
from leftovers import unused

# Message classes read this when they are imported: before any test module is.
os.environ.setdefault("ROS_PYTHON_CHECK_FIELDS", "1")
os.environ.setdefault("ROS_AUTOMATIC_DISCOVERY_RANGE", "LOCALHOST")
if "ROS_DOMAIN_ID" not in os.environ:
    DOMAIN = claim(from_number(os.getpid()))  # held as long as this process lives
    os.environ["ROS_DOMAIN_ID"] = str(DOMAIN.domain)

SHARED_MEMORY, FAST_DDS = Path("/dev/shm"), "*fastdds_*"

torch.set_num_threads(1)


@pytest.fixture(scope="session", autouse=True)
def shared_memory() -> Iterator[None]:
    """Remove what Fast DDS leaves of the ports of processes that this one has outlived, having sent there.

    What others on this machine use stays: they would hear nothing any more.
    """
    before = set(SHARED_MEMORY.glob(FAST_DDS))
    yield
    for path in unused(SHARED_MEMORY, FAST_DDS) - before:
        path.unlink(missing_ok=True)
