"""In words, which episodes a driver lost, and how: of a planner that knows everything, what nobody could escape."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from dl_robotics.navigation.drives import Drive

SHOWN = 10


def losses(driver: str, drives: Sequence[Drive]) -> str:
    """One line: how many were lost, in which ways, and the first few by number."""
    lost = [drive for drive in drives if not drive.success]
    if not lost:
        return f"{driver} lost none of {len(drives)}"
    ways = ", ".join(f"{count} {way}" for way, count in Counter(map(_way, lost)).most_common())
    shown = ", ".join(f"{drive.number} after {drive.time_s:.1f} s" for drive in lost[:SHOWN])
    return f"{driver} lost {len(lost)} of {len(drives)}: {ways} ({shown}{', ...' if len(lost) > SHOWN else ''})"


def _way(drive: Drive) -> str:
    if drive.hit == "moving":
        return "hit by a moving obstacle"
    return "ran into what stands" if drive.hit == "standing" else f"by {drive.outcome}"
