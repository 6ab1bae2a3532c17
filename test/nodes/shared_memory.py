"""What Fast DDS shares between processes."""

import re
from pathlib import Path

SHARED_MEMORY = Path("/dev/shm")


def shared() -> set[Path]:
    """All that is there."""
    return set(SHARED_MEMORY.glob("*fastdds_*"))


def mapped(process: int) -> set[Path]:
    """What a process uses."""
    return set(map(Path, re.findall(r"/dev/shm/\S+", Path(f"/proc/{process}/maps").read_text())))


def own(process: int, before: set[Path]) -> set[Path]:
    """What has come since, which a process uses and must take with it.

    Its ports live on while the test, which has sent there, does.
    """
    return {path for path in (shared() - before) & mapped(process) if "port" not in path.name}
