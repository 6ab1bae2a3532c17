"""Layers, shapes and first weights of the multilayer perceptron."""

import math

import pytest
import torch

from dl_robotics.nn.mlp import ACTIVATIONS, MLP


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_maps_every_leading_shape(activation):
    network = MLP((3, 8, 8, 2), activation)
    assert network(torch.zeros(3)).shape == (2,)
    assert network(torch.zeros(5, 4, 3)).shape == (5, 4, 2)


def test_worked_example_has_no_activation_at_the_end():
    network = MLP((2, 2, 1))
    with torch.no_grad():
        network[0].weight.copy_(torch.tensor([[1.0, 0.0], [0.0, 1.0]]))
        network[2].weight.copy_(torch.tensor([[2.0, -3.0]]))
        network[2].bias.fill_(0.5)
    assert network(torch.tensor([-1.0, 4.0])).item() == pytest.approx(-3.0 * 4.0 + 0.5)


@pytest.mark.parametrize(("activation", "gain"), [("relu", math.sqrt(2.0)), ("tanh", 5.0 / 3.0)])
def test_weights_start_orthogonal_with_the_gain_of_the_activation(activation, gain):
    network = MLP((16, 8, 4), activation, output_gain=0.01)
    first, last = network[0].weight, network[2].weight
    torch.testing.assert_close(first @ first.T, gain**2 * torch.eye(8))
    torch.testing.assert_close(last @ last.T, 1e-4 * torch.eye(4))
    assert not network[0].bias.any()


def test_generator_decides_the_weights():
    def weights(seed):
        return MLP((4, 8, 2), generator=torch.Generator().manual_seed(seed))[0].weight

    assert torch.equal(weights(7), weights(7))
    assert not torch.equal(weights(7), weights(8))
