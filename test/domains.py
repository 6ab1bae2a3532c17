"""ROS domains that no other test run on this machine has."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from typing import NamedTuple

HIGHEST = 101  # above it, ports meet those of other programs


class Claim(NamedTuple):
    """A domain, ours until the lock is closed or this process ends, however it does."""

    domain: int
    lock: socket.socket


def claim(domains: Iterable[int]) -> Claim:
    """The first of these domains that nobody has claimed.

    The lock is a name of Linux's abstract sockets: there are no files, and the kernel lets go of it with the process.

    :raises RuntimeError: if all are taken.
    """
    for domain in domains:
        lock = socket.socket(socket.AF_UNIX)
        try:
            lock.bind(f"\0dl_robotics_test_domain_{domain}")
        except OSError:  # the name is taken
            lock.close()
        else:
            return Claim(domain, lock)
    raise RuntimeError(f"expected a free ROS domain from 1 to {HIGHEST}, got none: end other test runs")


def from_number(number: int) -> list[int]:
    """All domains but 0, which is everybody's: from one that depends on a number, and round."""
    first = number % HIGHEST
    return [1 + (first + step) % HIGHEST for step in range(HIGHEST)]
