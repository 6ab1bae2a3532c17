"""Writing stops before the disk is full: a full disk takes more down than the recording."""

from __future__ import annotations

import shutil
from pathlib import Path

from dl_robotics.data.errors import DataError

GB = 1e9
BYTES_BETWEEN_LOOKS = 16_000_000  # a look takes microseconds, yet not every message needs one


class FreeDisk:
    """Watches the free space where something is written.

    :param folder: may not exist yet; its nearest parent that does is looked at.
    :param min_free_gb: what must be left, in 10^9 bytes.
    :raises DataError: if less is left from the beginning.
    """

    def __init__(self, folder: Path, min_free_gb: float) -> None:
        self.folder = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
        self._least = min_free_gb * GB
        self._since_look = 0
        self._shortage = self._look()
        if self._shortage:
            raise DataError(self._shortage)

    def free_bytes(self) -> int:
        """What is left now."""
        return shutil.disk_usage(self.folder).free

    def shortage(self, written: int) -> str:
        """Why no more should be written; empty if more can be.

        :param written: bytes since the last call.
        """
        self._since_look += written
        if self._since_look >= BYTES_BETWEEN_LOOKS:
            self._since_look, self._shortage = 0, self._look()
        return self._shortage

    def _look(self) -> str:
        free = self.free_bytes()
        if free >= self._least:
            return ""
        return f"{self.folder}: expected {self._least / GB:g} GB of free disk to be left, got {free / GB:.1f} GB"
