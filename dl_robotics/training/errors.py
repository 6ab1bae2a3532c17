"""How a training run is refused, or given up."""

from __future__ import annotations

from dl_robotics.errors import UserError


class TrainingError(UserError):
    """A run that cannot start or go on; the message says at which step, what was expected and what came."""
