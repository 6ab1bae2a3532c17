"""The parts of the backbones."""

import pytest
import torch
from torch import nn

from dl_robotics.nn.convolution import ConvNormActivation, SqueezeExcitation, round_channels


@pytest.mark.parametrize(
    ("channels", "rounded"), [(18, 24), (30, 32), (60, 64), (120, 120), (168, 168), (4, 8), (11, 16), (17.9, 24)]
)
def test_channels_are_rounded_to_multiples_of_eight(channels, rounded):
    assert round_channels(channels) == rounded


@pytest.mark.parametrize("multiple", [4, 8])
def test_rounding_never_loses_more_than_a_tenth(multiple):
    for channels in range(multiple, 500):
        rounded = round_channels(channels, multiple)
        assert rounded % multiple == 0
        assert rounded >= 0.9 * channels
        assert abs(rounded - channels) < multiple


@pytest.mark.parametrize(("kernel", "stride", "dilation"), [(1, 1, 1), (3, 1, 1), (3, 2, 1), (5, 2, 1), (5, 1, 2)])
def test_block_keeps_the_size_divided_by_the_stride(kernel, stride, dilation):
    block = ConvNormActivation(3, 6, kernel, stride, groups=3, dilation=dilation, activation=nn.Hardswish)
    assert block(torch.zeros(2, 3, 15, 21)).shape == (2, 6, -(-15 // stride), -(-21 // stride))


def test_block_names_its_parts_by_number():
    assert {name.split(".")[0] for name in ConvNormActivation(3, 4).state_dict()} == {"0", "1"}
    assert len(ConvNormActivation(3, 4, activation=None)) == 2


def test_linear_block_can_be_negative_and_another_cannot():
    torch.manual_seed(0)
    images = torch.randn(4, 3, 8, 8)
    assert ConvNormActivation(3, 4, activation=None)(images).min() < 0.0
    assert ConvNormActivation(3, 4)(images).min() == 0.0


def test_excitation_worked_example():
    part = SqueezeExcitation(2, 1)
    with torch.no_grad():
        part.fc1.weight.copy_(torch.tensor([1.0, -1.0]).view(1, 2, 1, 1))
        part.fc1.bias.fill_(0.5)
        part.fc2.weight.copy_(torch.tensor([1.0, 10.0]).view(2, 1, 1, 1))
        part.fc2.bias.copy_(torch.tensor([-0.5, 0.0]))
    x = torch.stack([torch.full((2, 2), 2.0), torch.tensor([[0.0, 2.0], [0.0, 2.0]])])[None]
    # Means 2 and 1; squeezed relu(2 - 1 + 0.5) = 1.5; gates (1 + 3) / 6 = 2/3 and, beyond 3, 1.
    expected = x * torch.tensor([2.0 / 3.0, 1.0]).view(1, 2, 1, 1)
    torch.testing.assert_close(part(x), expected)
