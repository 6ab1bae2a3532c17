"""LR-ASPP: names, shapes and size are torchvision's, which was compared number by number outside these tests."""

import pytest
import torch

from dl_robotics.segmentation.lraspp import LRASPP
from dl_robotics.segmentation.network import upsample


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    return LRASPP(21).eval()


def test_is_of_the_published_size(network):
    assert sum(weight.numel() for weight in network.parameters()) == 3_221_538
    assert len(network.state_dict()) == 319


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("backbone.0.0.weight", (16, 3, 3, 3)),
        ("backbone.1.block.0.0.weight", (16, 1, 3, 3)),
        ("backbone.1.block.1.1.running_mean", (16,)),
        ("backbone.4.block.1.0.weight", (72, 1, 5, 5)),
        ("backbone.4.block.2.fc1.weight", (24, 72, 1, 1)),
        ("backbone.4.block.2.fc2.bias", (72,)),
        ("backbone.11.block.2.fc1.weight", (120, 480, 1, 1)),
        ("backbone.13.block.3.0.weight", (160, 672, 1, 1)),
        ("backbone.16.1.num_batches_tracked", ()),
        ("classifier.cbr.0.weight", (128, 960, 1, 1)),
        ("classifier.cbr.1.running_var", (128,)),
        ("classifier.scale.1.weight", (128, 960, 1, 1)),
        ("classifier.low_classifier.weight", (21, 40, 1, 1)),
        ("classifier.high_classifier.bias", (21,)),
    ],
)
def test_weights_are_named_and_shaped_as_in_torchvision(network, name, shape):
    assert network.state_dict()[name].shape == shape


def test_normalisation_is_that_of_torchvision(network):
    assert {m.eps for m in network.backbone.modules() if isinstance(m, torch.nn.BatchNorm2d)} == {1e-3}
    assert network.classifier.cbr[1].eps == 1e-5


@pytest.mark.parametrize(("height", "width"), [(64, 96), (75, 101)])
def test_scores_every_pixel(network, height, width):
    images = torch.randn(1, 3, height, width)
    assert network.scores(images).shape == (1, 21, -(-height // 8), -(-width // 8))
    assert network(images).shape == (1, 21, height, width)


def test_head_weighs_the_coarse_map_by_what_the_whole_image_shows(network):
    head = network.classifier
    low, high = torch.randn(2, 40, 6, 8), torch.randn(2, 960, 3, 4)
    gate = torch.sigmoid(torch.einsum("oi,bi->bo", head.scale[1].weight[:, :, 0, 0], high.mean((2, 3))))
    weighed = upsample(head.cbr(high) * gate[:, :, None, None], 6, 8)
    torch.testing.assert_close(head(low, high), head.low_classifier(low) + head.high_classifier(weighed))


def test_low_map_alone_gives_fine_detail(network):
    head = network.classifier
    high, low = torch.zeros(1, 960, 3, 4), torch.zeros(1, 40, 6, 8)
    changed = low.clone()
    changed[..., 2, 3] = 1.0
    difference = (head(changed, high) - head(low, high)).abs().sum(1)[0]
    assert torch.nonzero(difference).tolist() == [[2, 3]]
