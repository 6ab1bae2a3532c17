"""Networks as if they had been trained: no normalisation is the identity, no edge as important as another."""

import torch
from torch import nn

from dl_robotics.action.config import RecogniserConfig
from dl_robotics.action.model import build_model

CLASSES = ("still", "moving", "falling")
TINY = {"channels": (8, 8, 12), "strides": (1, 2, 2), "temporal_kernel": 3, "frames": 16, "layout": "kinect20"}


def random_network(seed: int = 0, **settings):
    """The network of some settings in evaluation mode, and the settings."""
    torch.manual_seed(seed)
    config = RecogniserConfig(classes=CLASSES, **{**TINY, **settings})
    model = build_model(config)
    for norm in model.modules():
        if isinstance(norm, nn.BatchNorm1d | nn.BatchNorm2d):
            norm.running_mean.normal_(0.0, 0.1)
            norm.running_var.uniform_(0.5, 1.5)
            nn.init.uniform_(norm.weight, 0.5, 1.5)
            nn.init.normal_(norm.bias, 0.0, 0.1)
    for name, weight in model.named_parameters():
        if "edge_importance" in name:
            nn.init.uniform_(weight, 0.5, 1.5)
    return model.eval(), config


def random_joints(config: RecogniserConfig, frames: int, batch: int = 1, seed: int = 1) -> torch.Tensor:
    """(N, C, T, V, M), some joints unseen where there are scores."""
    generator = torch.Generator().manual_seed(seed)
    _, channels, _, joints, persons = config.input_shape
    x = torch.randn(batch, channels, frames, joints, persons, generator=generator)
    if config.scored:
        x[:, -1].clamp_(min=0.0)
        x[:, :-1] *= x[:, -1:] > 0.0
    return x
