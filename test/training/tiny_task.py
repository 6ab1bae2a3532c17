"""A task that a tiny network learns in a second: is an image bright above or below? With everything a real one has."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import nn

from dl_robotics import config
from dl_robotics.data.sample import Sample
from dl_robotics.data.split import Split
from dl_robotics.training.loop_recipe import LoopRecipe
from dl_robotics.training.supervised import Outcome, SupervisedTrainer

SIZE = 8
RECIPE: dict[str, Any] = {
    "steps": 40,
    "batch_size": 8,
    "optimizer": {"kind": "adamw", "learning_rate": 0.01},
    "schedule": {"kind": "cosine", "warmup_steps": 5},
    "average": 0.9,
    "max_grad_norm": 5.0,
    "evaluate_every": 20,
    "log_every": 7,
    "workers": 2,
}


class BrightHalves:
    """Images, one half of which is brighter; the mask's first pixel says whether it is the upper one."""

    classes = ("background", "upper")

    def __init__(self, size: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self._upper = rng.integers(0, 2, size)
        self._images = rng.integers(0, 100, (size, SIZE, SIZE, 3)).astype(np.uint8)
        half = SIZE // 2
        self._images[self._upper == 1, :half] += 60
        self._images[self._upper == 0, half:] += 60
        self.blocks, self.version = [index // 4 for index in range(size)], f"bright halves {size} {seed}"

    def __len__(self) -> int:
        return len(self._upper)

    def __getitem__(self, index: int) -> Sample:
        mask = np.full((SIZE, SIZE), self._upper[index], np.uint8)
        return Sample(self._images[index], None, None, mask, f"halves[{index}]")


class Batch(NamedTuple):
    images: torch.Tensor  # (B, 3, SIZE, SIZE)
    upper: torch.Tensor  # (B,)


class TinyTask:
    """Implements ``SupervisedTask``; the network has batch norm and dropout."""

    kind, score = "tiny", "accuracy"

    def __init__(self, seed: int = 0) -> None:
        torch.manual_seed(seed)
        convolution = nn.Conv2d(3, 8, 3, padding=1)
        self.model = nn.Sequential(
            convolution, nn.BatchNorm2d(8), nn.ReLU(), nn.Flatten(), nn.Dropout(0.2), nn.Linear(8 * SIZE * SIZE, 2)
        )

    def prepare(self, sample: Sample, rng: np.random.Generator | None) -> tuple[np.ndarray, int]:
        image = sample.image.astype(np.float32) / 255.0
        if rng is not None:
            image = image + rng.normal(0.0, 0.05, image.shape).astype(np.float32)
        return image.transpose(2, 0, 1), int(sample.mask[0, 0])

    def collate(self, examples: Sequence[tuple[np.ndarray, int]]) -> Batch:
        images, upper = zip(*examples, strict=True)
        return Batch(torch.from_numpy(np.stack(images)), torch.tensor(upper))

    def loss(self, batch: Batch) -> Mapping[str, torch.Tensor]:
        logits = self.model(batch.images)
        return {"entropy": nn.functional.cross_entropy(logits, batch.upper), "size": 1e-3 * logits.square().mean()}

    def evaluate(self, samples: Iterable[Sample]) -> Mapping[str, float]:
        self.model.eval()
        batch = self.collate([self.prepare(sample, None) for sample in samples])
        with torch.no_grad():
            logits = self.model(batch.images)
        entropy = nn.functional.cross_entropy(logits, batch.upper)
        return {"accuracy": (logits.argmax(1) == batch.upper).float().mean().item(), "entropy": entropy.item()}

    def config(self) -> dict[str, Any]:
        return {"classes": list(BrightHalves.classes)}


def make_trainer(folder: Path, *, task: Any = None, resume: bool = False, **changes: Any) -> Any:
    described = {**RECIPE, **changes}
    recipe = config.from_dict(LoopRecipe, described)
    data = Split(BrightHalves(50, 1), BrightHalves(20, 2))
    task = task or TinyTask(recipe.seed)
    return SupervisedTrainer(task, data, recipe, folder, described=described, resume=resume)


def train_tiny(folder: Path, *, listener: Any = None, **options: Any) -> Outcome:
    folder.mkdir(exist_ok=True)
    return make_trainer(folder, **options).run(listener)
