"""The moving average of weights."""

import pytest
import torch
from torch import nn

from dl_robotics.training.weight_average import WeightAverage


def model_of(value):
    model = nn.Sequential(nn.Linear(1, 1, bias=False), nn.BatchNorm1d(1))
    nn.init.constant_(model[0].weight, value)
    return model


def test_worked_example():
    model = model_of(1.0)
    average = WeightAverage(model, 0.5)
    # Decays: min(0.5, n / (10 + n)) = 1/11, 2/12.
    for step, value in ((1, 2.0), (2, 4.0)):
        nn.init.constant_(model[0].weight, value)
        average.update(step)
    first = 1.0 / 11.0 + 2.0 * 10.0 / 11.0
    assert average.weights["0.weight"].item() == pytest.approx(first * 2.0 / 12.0 + 4.0 * 10.0 / 12.0)


def test_statistics_are_averaged_and_counts_copied():
    model = model_of(1.0)
    average = WeightAverage(model, 0.5)
    model.train()
    model(torch.tensor([[10.0], [30.0]]))
    average.update(1_000)
    assert average.weights["1.running_mean"].item() == pytest.approx(0.5 * model[1].running_mean.item())
    assert average.weights["1.num_batches_tracked"].item() == 1


def test_the_model_has_the_average_only_for_a_while():
    model = model_of(1.0)
    average = WeightAverage(model, 0.5)
    nn.init.constant_(model[0].weight, 3.0)
    average.update(1_000)
    with average.applied():
        assert model[0].weight.item() == 2.0
    assert model[0].weight.item() == 3.0
    assert average.weights["0.weight"].item() == 2.0
