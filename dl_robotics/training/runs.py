"""A supervised run from its recipe."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from dl_robotics.config import require, to_dict
from dl_robotics.data.split import Split
from dl_robotics.training.distributed import is_first
from dl_robotics.training.sampling import Order
from dl_robotics.training.supervised import BEST, STATE, Outcome, SupervisedTrainer
from dl_robotics.training.supervised_recipe import SupervisedRecipe
from dl_robotics.training.tasks import make_task, open_split
from dl_robotics.training.transfer import apply_transfer


def prepare_run(
    recipe: SupervisedRecipe,
    folder: Path,
    *,
    resume: bool = False,
    data: Split[Any] | None = None,
    order: Order | None = None,
) -> SupervisedTrainer[Any, Any, Any]:
    """Open the data and build the model; what is left is to run it.

    :param folder: of the run, made if missing.
    :param resume: go on from the folder's state; begin at the beginning if there is none.
    :param data: instead of the recipe's.
    :param order: which sample comes when; shuffled passes unless given.
    :raises ConfigError: if the recipe cannot be used, or the folder holds a run that is not to be resumed.
    :raises DataError: naming the data that cannot be used.
    :raises CheckpointError: naming the checkpoint to start from that does not fit.
    """
    held = [name for name in (STATE, BEST) if (folder / name).exists()]
    ours = resume or not held or not is_first()
    require(ours, "output", "a folder without a run, or --resume", f"{folder} with {', '.join(held)}")
    opened = data or open_split(recipe)
    torch.manual_seed(recipe.seed)
    task = make_task(recipe, opened.training)
    apply_transfer(recipe.transfer, task, opened.training.classes)
    folder.mkdir(parents=True, exist_ok=True)
    return SupervisedTrainer(task, opened, recipe, folder, described=to_dict(recipe), resume=resume, order=order)


def train(recipe: SupervisedRecipe, folder: Path, resume: bool = False) -> Outcome:
    """Train by a recipe to the end; see :func:`prepare_run`."""
    return prepare_run(recipe, folder, resume=resume).run()
