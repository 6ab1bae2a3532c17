"""VGG-16 (Simonyan and Zisserman 2015, configuration D). Parameters are named as torchvision names them."""

from __future__ import annotations

from torch import nn

from dl_robotics.nn.convolution import initialise

TABLE = (
    (64, 2),
    (128, 2),
    (256, 3),
    (512, 3),
    (512, 3),
)  # channels and number of the 3x3 convolutions before each pool


def vgg16_features(ceil_mode: bool = False) -> nn.Sequential:
    """The convolutional part, 14.7 M parameters: children ``0`` to ``30``, (B, 3, H, W) to (B, 512, H/32, W/32).

    The pools are children 4, 9, 16, 23 and 30.

    :param ceil_mode: whether pools round odd sizes up, as Caffe's did, instead of down.
    """
    layers: list[nn.Module] = []
    inputs = 3
    for outputs, repeats in TABLE:
        for _ in range(repeats):
            layers += [nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU(inplace=True)]
            inputs = outputs
        layers.append(nn.MaxPool2d(2, 2, ceil_mode=ceil_mode))
    features = nn.Sequential(*layers)
    initialise(features)
    return features
