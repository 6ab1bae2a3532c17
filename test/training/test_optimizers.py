"""Which parameters learn, at which rate, with which decay."""

import pytest
import torch
from torch import nn

from dl_robotics.config import ConfigError
from dl_robotics.training.optimizers import OptimizerConfig, make_optimizer, set_rate


class Model(nn.Module):
    """A backbone with a norm, and a head."""

    def __init__(self):
        super().__init__()
        self.backbone = nn.Sequential(nn.Conv2d(3, 4, 1), nn.BatchNorm2d(4))
        self.head = nn.Linear(4, 2)


def groups(model, **config):
    names = {id(parameter): name for name, parameter in model.named_parameters()}
    optimizer = make_optimizer(OptimizerConfig(**config), model)
    return {
        tuple(names[id(parameter)] for parameter in group["params"]): (group["lr"], group["weight_decay"])
        for group in optimizer.param_groups
    }


@pytest.mark.parametrize("kind", ["sgd", "adam", "adamw"])
def test_norms_and_biases_do_not_decay_and_the_backbone_learns_slower(kind):
    found = groups(Model(), kind=kind, learning_rate=0.1, weight_decay=0.01, backbone_rate=0.5)
    assert found == {
        ("backbone.0.weight",): (0.05, 0.01),
        ("backbone.0.bias", "backbone.1.weight", "backbone.1.bias"): (0.05, 0.0),
        ("head.weight",): (0.1, 0.01),
        ("head.bias",): (0.1, 0.0),
    }


def test_frozen_parameters_are_left_out():
    model = Model()
    model.backbone.requires_grad_(False)
    assert set(groups(model)) == {("head.weight",), ("head.bias",)}


def test_a_step_of_gradient_descent():
    model = nn.Linear(1, 1, bias=False)
    optimizer = make_optimizer(OptimizerConfig("sgd", learning_rate=0.5, momentum=0.0, weight_decay=0.1), model)
    nn.init.constant_(model.weight, 0.7)
    before = model.weight.item()
    set_rate(optimizer, 0.2)
    model(torch.tensor([[3.0]])).sum().backward()
    optimizer.step()
    # w - rate * (gradient + decay * w), the rate being 0.5 * 0.2.
    assert model.weight.item() == pytest.approx(before - 0.1 * (3.0 + 0.1 * before))


@pytest.mark.parametrize(
    ("name", "value"),
    [("learning_rate", 0.0), ("momentum", 1.0), ("betas", (0.9, 1.0)), ("weight_decay", -1.0), ("backbone_rate", 0.0)],
)
def test_refused(name, value):
    with pytest.raises(ConfigError, match=name):
        OptimizerConfig(**{name: value})
