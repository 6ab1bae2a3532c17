"""How data is refused."""

from __future__ import annotations

from dl_robotics.errors import UserError


class DataError(UserError):
    """Data that cannot be used; the message names file, topic or field, what was expected and what came."""
