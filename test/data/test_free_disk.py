"""Free disk: refused at once, and noticed while something is written."""

import pytest

from dl_robotics.data.errors import DataError
from dl_robotics.data.free_disk import BYTES_BETWEEN_LOOKS, FreeDisk


class Shrinking(FreeDisk):
    """A disk with 5 GB at the first look, and 1 GB less at each further one."""

    looks = 0

    def free_bytes(self):
        self.looks += 1
        return (6 - self.looks) * 10**9


def test_too_little_is_refused_at_once_by_name(tmp_path):
    with pytest.raises(DataError, match=rf"{tmp_path}: expected 1e\+09 GB of free disk to be left, got"):
        FreeDisk(tmp_path / "not" / "yet" / "there", 1e9)


def test_enough_is_enough(tmp_path):
    assert FreeDisk(tmp_path, 0.0).shortage(BYTES_BETWEEN_LOOKS) == ""


def test_shortage_is_noticed_as_bytes_are_written(tmp_path):
    disk = Shrinking(tmp_path, 3.5)
    half = BYTES_BETWEEN_LOOKS // 2
    found = [disk.shortage(half) for _ in range(5)]
    assert found[:3] == ["", "", ""]  # 4 GB were left at the second
    assert "expected 3.5 GB of free disk to be left, got 3.0 GB" in found[3]
    assert found[4] == found[3]
    assert disk.looks == 3
