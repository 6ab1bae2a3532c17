"""What tests clear away is nobody's: a process that loses its shared memory hears nothing any more."""

import subprocess
import sys
from pathlib import Path

from leftovers import unused

HOLD = """
import mmap, sys
locked = open(sys.argv[1])
with open(sys.argv[2], "r+b") as file:
    shared = mmap.mmap(file.fileno(), 0)
print("ready", flush=True)
input()
"""


def test_files_that_are_open_or_mapped_stay(tmp_path: Path) -> None:
    opened, mapped, left = (tmp_path / f"fastdds_{name}" for name in ("open", "mapped", "left"))
    for path in (opened, mapped, left, tmp_path / "other"):
        path.write_bytes(b"shared")
    command = [sys.executable, "-c", HOLD, str(opened), str(mapped)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "ready\n"
        assert unused(tmp_path, "fastdds_*") == {left}
        holder.kill()
    assert unused(tmp_path, "fastdds_*") == {opened, mapped, left}
