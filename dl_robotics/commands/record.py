"""Record topics to a bag: the recorder node as a command."""

from __future__ import annotations

from dl_robotics.nodes.recorder import add_arguments
from dl_robotics.nodes.recorder import record as run

__all__ = ["add_arguments", "run"]
