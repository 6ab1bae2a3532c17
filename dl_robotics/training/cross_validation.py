"""Training once for each part of the data that is left out; every sample is judged once."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from dl_robotics import checkpoint
from dl_robotics.config import require
from dl_robotics.data.collection import AnyCollection
from dl_robotics.data.split import folds
from dl_robotics.training.runs import prepare_run
from dl_robotics.training.supervised import LAST
from dl_robotics.training.supervised_recipe import SupervisedRecipe
from dl_robotics.training.tasks import TASKS
from dl_robotics.training.validation import check_not_empty


class Fold(NamedTuple):
    """One run.

    :param number: of the part left out, from 0.
    :param judged: that part.
    :param checkpoint: the last weights, which no evaluation has chosen.
    :param figures: of that part, by those weights.
    """

    number: int
    judged: AnyCollection
    checkpoint: Path
    figures: Mapping[str, Any]
    training_s: float


def cross_validate(recipe: SupervisedRecipe, folder: Path, count: int | None = None) -> Iterator[Fold]:
    """Train and judge every fold; runs that were begun are resumed.

    :param recipe: its ``validation`` tells seed and guard of the folds.
    :param folder: gets a folder for each run.
    :param count: of folds; None for one for each block: leave one subject out, where blocks are subjects.
    :raises ConfigError: if the recipe has validation data of its own.
    :raises DataError: naming the data that cannot be used, or if there are fewer blocks than folds.
    """
    validation = recipe.validation
    require(validation.data is None, "validation.data", "none, as folds judge", validation.data)
    everything = TASKS[recipe.task].open_data(recipe.data)
    check_not_empty(everything, "data")
    count = count or len(set(everything.blocks))
    for number, part in enumerate(folds(everything, count, validation.split.seed, validation.split.guard)):
        one = replace(recipe, validation=replace(validation, folds=count, fold=number))
        started_s = time.perf_counter()
        trainer = prepare_run(one, folder / f"fold_{number}", resume=True, data=part)
        trainer.run()
        last = folder / f"fold_{number}" / LAST
        figures = checkpoint.load(last).metrics
        yield Fold(number, part.validation, last, figures, time.perf_counter() - started_s)
