"""A folder of little images with masks, and a recipe that learns them in seconds: bright squares on a dark floor."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import yaml

CLASSES = ("floor", "square")
SIZE = 32


def draw(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """An image and its mask."""
    image = rng.integers(0, 80, (SIZE, SIZE, 3)).astype(np.uint8)
    mask = np.zeros((SIZE, SIZE), np.uint8)
    left, top = rng.integers(0, SIZE // 2, 2)
    mask[top : top + SIZE // 2, left : left + SIZE // 2] = 1
    image[mask == 1] += 150
    return image, mask


def save_masks(folder: Path, train: int = 12, val: int = 4) -> Path:
    """A folder like CamVid's."""
    rng = np.random.default_rng(0)
    for part, count in (("train", train), ("val", val)):
        (folder / part).mkdir(parents=True)
        (folder / f"{part}annot").mkdir()
        for number in range(count):
            image, mask = draw(rng)
            cv2.imwrite(str(folder / part / f"{number:03}.png"), image)
            cv2.imwrite(str(folder / f"{part}annot" / f"{number:03}.png"), mask)
    return folder


def recipe_of(folder: Path, **changes: Any) -> dict[str, Any]:
    """A recipe as plain data."""
    data = {"paths": [str(folder)], "classes": list(CLASSES)}
    return {
        "task": "segmentation",
        "data": {**data, "subset": "train"},
        "validation": {"data": {**data, "subset": "val"}},
        "model": {"image_height": SIZE, "image_width": SIZE},
        "augmentation": {"expansion": 0.0, "crop": 0.0},
        "optimizer": {"learning_rate": 3e-3},
        "steps": 12,
        "batch_size": 4,
        "evaluate_every": 6,
        "log_every": 3,
        **changes,
    }


def save_recipe(path: Path, folder: Path, **changes: Any) -> Path:
    """A recipe as a file."""
    path.write_text(yaml.safe_dump(recipe_of(folder, **changes)))
    return path
