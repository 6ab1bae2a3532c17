"""Files that processes share, and which of them nobody has any more."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path


def unused(folder: Path, pattern: str) -> set[Path]:
    """The files in a folder that no other process has open or mapped.

    Locks are open and not mapped, memory is mapped and not open.
    """
    files = set(folder.glob(pattern))  # first: what comes while we look at the processes is somebody's
    used = {path for process in Path("/proc").glob("[0-9]*") for path in _used_by(process)}
    return {path for path in files if str(path) not in used}


def _used_by(process: Path) -> Iterator[str]:
    """What another process has open or mapped; nothing of this one, or of one that has just ended."""
    if int(process.name) == os.getpid():
        return
    try:
        lines = (process / "maps").read_text().splitlines()
        links = list((process / "fd").iterdir())
    except OSError:
        return
    yield from (columns[5] for line in lines if len(columns := line.split(maxsplit=5)) == 6)
    for link in links:
        try:
            yield str(link.readlink())
        except OSError:  # closed meanwhile
            continue
