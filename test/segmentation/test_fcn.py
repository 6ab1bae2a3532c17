"""Fully convolutional networks: how scores are upsampled and fused."""

import pytest
import torch

from dl_robotics.config import ConfigError
from dl_robotics.nn.backbones import PLANS, build_backbone
from dl_robotics.segmentation.fcn import FCN, bilinear_doubling
from dl_robotics.segmentation.network import Scores, upsample

HEIGHT, WIDTH = 75, 101


def scored(backbone="small", finest_stride=8, num_classes=3):
    """A network whose scoring layers are no longer zero."""
    torch.manual_seed(0)
    network = FCN(build_backbone(backbone), num_classes, finest_stride).eval()
    for weight in network.scoring.parameters():
        torch.nn.init.normal_(weight, std=0.1)
    return network


def test_doubling_worked_example():
    # Long 2015: a transposed convolution of kernel 4 and stride 2 interpolates bilinearly; beyond the border is zero.
    x = torch.tensor([[4.0, 8.0]]).expand(2, 1, 1, 2)
    doubled = bilinear_doubling(1)(x)[0, 0]
    assert doubled.tolist() == [[2.25, 3.75, 5.25, 4.5], [2.25, 3.75, 5.25, 4.5]]


def test_doubling_starts_as_bilinear_interpolation_of_each_class_alone():
    x = torch.randn(2, 3, 5, 7)
    expected = upsample(x, 10, 14)
    torch.testing.assert_close(bilinear_doubling(3)(x)[..., 1:-1, 1:-1], expected[..., 1:-1, 1:-1])


@pytest.mark.parametrize("backbone", PLANS)
@pytest.mark.parametrize("finest_stride", [4, 8, 16, 32])
@pytest.mark.parametrize("fused_channels", [0, 5])
def test_scores_have_the_finest_stride_on_every_backbone(backbone, finest_stride, fused_channels):
    with torch.device("meta"):
        network = FCN(build_backbone(backbone), 3, finest_stride, fused_channels).eval()
        images = torch.zeros(2, 3, HEIGHT, WIDTH)
    assert network.scores(images).shape == (2, 3, -(-HEIGHT // finest_stride), -(-WIDTH // finest_stride))
    assert network(images).shape == (2, 3, HEIGHT, WIDTH)


def test_every_class_begins_equal():
    network = FCN(build_backbone("small"), 4, 8).eval()
    assert network(torch.randn(1, 3, 64, 64)).abs().max() == 0.0


def test_fusing_worked_example():
    network = scored(finest_stride=16)
    maps = network.backbone(torch.ones(1, 3, 64, 64))
    fine, coarse = network.scoring[0](maps[2]), network.scoring[1](maps[3])
    expected = fine + bilinear_doubling(3)(coarse)  # strides 16 and 32
    torch.testing.assert_close(network.scores(torch.ones(1, 3, 64, 64)), expected)


def test_wider_maps_are_refined_after_each_fusion_and_scored_at_the_end():
    torch.manual_seed(0)
    network = FCN(build_backbone("small"), 3, 16, fused_channels=6).eval()
    images = torch.randn(1, 3, 64, 64)
    maps = network.backbone(images)
    fused = bilinear_doubling(6)(network.scoring[1](maps[3])) + network.scoring[0](maps[2])
    torch.testing.assert_close(network.scores(images), network.classifier(network.refining[0](fused)))


def test_each_finer_stride_adds_one_fused_map():
    names = {stride: set(FCN(build_backbone("small"), 2, stride).state_dict()) for stride in (32, 16, 8, 4)}
    assert [sum("doubling" in name for name in names[stride]) for stride in (32, 16, 8, 4)] == [0, 1, 2, 3]
    assert [sum("scoring" in name for name in names[stride]) for stride in (32, 16, 8, 4)] == [2, 4, 6, 8]


def test_all_but_the_last_upsampling_is_learned():
    network = scored(finest_stride=8)
    network(torch.randn(1, 3, 64, 64)).square().sum().backward()
    assert all(weight.grad is not None and weight.grad.abs().sum() > 0 for weight in network.parameters())


def test_wrapper_for_export_gives_the_coarse_scores():
    network = scored()
    images = torch.randn(1, 3, 64, 96)
    assert Scores(network)(images).equal(network.scores(images))
    torch.testing.assert_close(network(images), upsample(network.scores(images), 64, 96))


def test_stride_that_no_map_has_is_refused():
    with pytest.raises(ConfigError, match=r"finest_stride: expected one of \(4, 8, 16, 32\), got 2"):
        FCN(build_backbone("small"), 2, 2)
