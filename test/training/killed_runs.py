"""Runs the tiny task to its end, however often it is killed on the way: ``killed_runs.py FOLDER SEED``.

Prints the steps after which it was killed. Every run is a process of its own, forked before torch has threads.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

import numpy as np
from tiny_task import train_tiny

from dl_robotics.training.listener import Nobody

MOST_STEPS = 13  # of a run before it is killed
STEP_S = 0.03  # about as long as a step and its save take: the kill comes anywhere in it


class Announces(Nobody):
    """Writes a byte for each step."""

    def __init__(self, pipe: int) -> None:
        self.pipe = pipe

    def stepped(self, progress):
        os.write(self.pipe, bytes([progress.step]))


def run_for(folder: Path, steps: int, seconds: float) -> int:
    """Go on with the run, for so many steps and a moment; the step after which it was killed, 0 if it ended before."""
    heard, said = os.pipe()
    child = os.fork()
    if child == 0:
        train_tiny(folder, listener=Announces(said), resume=True, save_every_s=0.0)
        os._exit(0)
    os.close(said)
    announced = [os.read(heard, 1) for _ in range(steps)]
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.close(heard)
    return 0 if os.waitpid(child, 0)[1] == 0 else announced[-1][0]


def main(folder: Path, seed: int) -> None:
    rng, killed = np.random.default_rng(seed), []
    # Two steps at least: by the second the first is saved, so that there is an end.
    while step := run_for(folder, int(rng.integers(2, MOST_STEPS)), rng.uniform(0.0, STEP_S)):
        killed.append(step)
    print(json.dumps(killed))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
