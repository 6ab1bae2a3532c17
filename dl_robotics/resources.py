"""Where the files that ship with the package lie: in the source tree, or where colcon installed them."""

from __future__ import annotations

import sys
from pathlib import Path

PACKAGE = "dl_robotics"


def config_file(*parts: str) -> Path:
    """A file or folder under ``config/``, e.g. ``config_file("worlds", "arena.sdf")``.

    :raises FileNotFoundError: naming every place where it was looked for.
    """
    here = Path(__file__).resolve().parent.parent
    # lib/pythonX.Y/site-packages/dl_robotics -> share/dl_robotics, as colcon and pip install it.
    places = [here, *(parent / "share" / PACKAGE for parent in here.parents), Path(sys.prefix) / "share" / PACKAGE]
    for place in places:
        candidate = place.joinpath("config", *parts)
        if candidate.exists():
            return candidate
    raise FileNotFoundError(f"config/{'/'.join(parts)}: not found below any of {', '.join(map(str, places))}")


def shipped(folder: str, name: str | Path, suffix: str) -> Path:
    """A file given by its path, or a shipped one given by its bare name: ``shipped("worlds", "arena", ".sdf")``.

    :raises FileNotFoundError: for a bare name that does not ship, naming those that do.
    """
    path = Path(name)
    if path.suffix or path.parent != Path():
        return path
    known = sorted(file.stem for file in config_file(folder).glob(f"*{suffix}"))
    if str(name) not in known:
        raise FileNotFoundError(f"{folder}: expected a path or one of {', '.join(known)}, got {str(name)!r}")
    return config_file(folder, f"{name}{suffix}")
