"""Small runs of every task, for one process or, started by torchrun, for several: ``shared_runs.py FOLDER``."""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

sys.path.extend(str(Path(__file__).parents[1] / folder) for folder in ("", "action", "detection"))

from made_clips import MadeClips
from rectangles import CLASSES, HEIGHT, WIDTH, rectangles
from tiny_masks import recipe_of, save_masks

from dl_robotics import config
from dl_robotics.data.split import Split
from dl_robotics.errors import UserError
from dl_robotics.nn.processes import process_rank
from dl_robotics.training.distributed import joined_processes
from dl_robotics.training.listener import Nobody
from dl_robotics.training.runs import prepare_run
from dl_robotics.training.tasks import TASKS

SGD = {"kind": "sgd", "learning_rate": 0.01}
ADAMW = {"kind": "adamw", "learning_rate": 0.001}
LOOP = {"optimizer": SGD, "schedule": {"kind": "constant"}, "max_grad_norm": 1.0}
SHORT = {**LOOP, "steps": 3, "batch_size": 8, "evaluate_every": 3, "log_every": 1, "average": 0.9}
BOXES = {"task": "detection", "model": {"image_height": HEIGHT, "image_width": WIDTH}}
STREAMS = {"coordinates": 3, "sampling": "clip", "frames": 8, "channels": [8, 8], "strides": [1, 2], "dropout": 0.2}
TCN = {"kind": "tcn", "hidden": 8, "layers": 2, "dropout": 0.2}
SEQ2SEQ = {"network": {"kind": "lstm", "hidden": 8}, "decoder": {"kind": "gru", "teacher_steps": 9}}
RUNS: dict[str, dict[str, Any]] = {
    "priors": BOXES,
    "grid": {**BOXES, "model": {**BOXES["model"], "architecture": "grid", "anchor_count": 3}},
    "segmentation": {"task": "segmentation"},
    "action": {"task": "action", "model": STREAMS},
    "tcn": {"task": "sequences", "model": {"network": TCN, "members": 2}, "augmentation": {"mixup": 0.4}},
    "transformer": {"task": "sequences", "model": {"network": {"kind": "transformer", "hidden": 8, "dropout": 0.2}}},
    "seq2seq": {"task": "sequences", "model": {"goal": "forecast", "horizon": 3, **SEQ2SEQ}},
    "anomaly": {
        "task": "sequences",
        "model": {"goal": "anomaly", "horizon": 3, "normal": "walk"},
        "validation": {"split": {"validation": 0.5}},
    },
}
# Whole steps of rounding soon part what was summed in another order, the more so without the warm-up of SSD's recipes.
BY_ADAMW: dict[str, dict[str, Any]] = {
    name: {"schedule": {"kind": "constant", "warmup_steps": 50}} if name == "priors" else {} for name in RUNS
}
CHANNELS_FIRST = ["priors", "grid", "segmentation", "action"]
REFUSED: dict[str, dict[str, Any]] = {
    "uneven": {"batch_size": 7},
    "between layers": {"model": {"network": {"kind": "lstm", "layers": 2, "dropout": 0.2}}},
    "on a GPU": {"device": "cuda"},
}


class Rectangles(list):
    """They as a collection."""

    classes, version = CLASSES, "made"

    def __init__(self, count, seed):
        super().__init__(rectangles(count, seed))
        self.blocks = list(range(count))


class StopsAt(Nobody):
    """Stops every process after a step."""

    def __init__(self, step):
        self.left = step

    def stopping(self):
        self.left -= 1
        return self.left == 0


def save_data(folder: Path) -> None:
    """Masks, and series of two kinds."""
    save_masks(folder / "masks")
    series = np.random.default_rng(0).normal(size=(60, 12, 2)).cumsum(axis=1)
    np.savez(folder / "series.npz", series=series.astype(np.float32), labels=np.array(["walk", "run"] * 30))


def prepare(name: str, data: Path, folder: Path, resume: bool = False, **changes: Any) -> Any:
    plain = {**SHORT, **RUNS[name], **changes}
    made = None
    if plain["task"] == "segmentation":
        plain = {**recipe_of(data / "masks"), **plain}
    elif plain["task"] == "sequences":
        plain = {"data": {"paths": [str(data / "series.npz")]}, **plain}
    elif plain["task"] == "action":
        made, plain = (
            Split(MadeClips(8), MadeClips(4, first=100)),
            {"data": {"paths": ["made"], "layout": "coco17"}, **plain},
        )
    else:
        made, plain = Split(Rectangles(24, 0), Rectangles(6, 1)), {"data": {"paths": ["made"]}, **plain}
    recipe = config.from_dict(TASKS[plain["task"]].recipe, plain)
    return prepare_run(recipe, folder, resume=resume, data=made)


def refusal(data: Path, folder: Path, **changes: Any) -> str:
    try:
        prepare("tcn", data, folder, **changes)
    except UserError as error:
        return str(error)
    return ""


def main(data: Path) -> None:
    """Each process has a folder of its own; only the first one's is to be used."""
    with joined_processes():
        own = data / f"process{process_rank()}"
        for name in RUNS:
            prepare(name, data, own / name).run()
        for name, changes in BY_ADAMW.items():
            prepare(name, data, own / f"{name} by AdamW", optimizer=ADAMW, **changes).run()
        for name in CHANNELS_FIRST:
            prepare(name, data, own / f"{name} channels first", channels_last=False).run()
        for name in ("tcn", "seq2seq"):
            prepare(name, data, own / f"{name} in parts").run(StopsAt(2))
            prepare(name, data, own / f"{name} in parts", resume=True).run()
        told = {name: refusal(data, own / "refused", **changes) for name, changes in REFUSED.items()}
        told["other seeds"] = refusal(data, own / "refused", seed=process_rank())
        (own / "refused.json").write_text(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
