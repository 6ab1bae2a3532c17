"""Laws that hold for every backbone, and figures of the papers'."""

import pytest
import torch
from torch import nn

from dl_robotics.config import ConfigError
from dl_robotics.nn.backbones import PLANS, build_backbone
from dl_robotics.nn.mobilenet_v3 import mobilenet_v3_large_features
from dl_robotics.nn.vgg import vgg16_features

HEIGHT, WIDTH = 75, 101  # odd at every halving
# Of torchvision's models without their classifiers: 3,504,872, 5,483,032 and 138,357,544 with them.
PARAMETERS = {"mobilenet_v2": 2_223_872, "mobilenet_v3_large": 2_971_952, "vgg16": 14_714_688}


def parameters(module):
    return sum(weight.numel() for weight in module.parameters())


@pytest.fixture(scope="module", params=PLANS)
def backbone(request):
    torch.manual_seed(0)
    return build_backbone(request.param)


def test_maps_have_the_strides_and_channels_that_are_told(backbone):
    maps = backbone.eval()(torch.zeros(2, 3, HEIGHT, WIDTH))
    expected = [
        (2, channels, -(-HEIGHT // stride), -(-WIDTH // stride))
        for channels, stride in zip(backbone.channels, backbone.strides, strict=True)
    ]
    assert [tuple(x.shape) for x in maps] == expected


def test_stages_one_after_another_give_the_maps(backbone):
    images = torch.randn(1, 3, 64, 64)
    maps, x = backbone.eval()(images), images
    for stage, expected in zip(backbone.stages, maps, strict=True):
        x = stage(x)
        torch.testing.assert_close(x, expected)


def test_stages_hold_every_parameter_once(backbone):
    held = [id(weight) for stage in backbone.stages for weight in stage.parameters()]
    assert sorted(held) == sorted(id(weight) for weight in backbone.parameters())


def test_features_keep_their_scale_through_the_layers(backbone):
    torch.manual_seed(1)
    for x in backbone.train()(torch.randn(4, 3, 64, 64)):
        assert 0.03 < x.std() < 30.0


def test_backbone_is_of_the_published_size(backbone):
    for name, expected in PARAMETERS.items():
        if backbone.channels == PLANS[name].channels:
            assert parameters(backbone) == expected


def test_small_one_is_small():
    assert parameters(build_backbone("small")) < 600_000


def test_frozen_stages_keep_weights_and_statistics():
    torch.manual_seed(0)
    backbone = build_backbone("mobilenet_v2")
    backbone.freeze(2)
    before = {name: value.clone() for name, value in backbone.state_dict().items()}
    backbone.train()
    optimizer = torch.optim.SGD(backbone.parameters(), lr=0.1)
    backbone(torch.randn(2, 3, 64, 64))[-1].square().mean().backward()
    optimizer.step()
    changed = {
        int(name.split(".")[0]) for name, value in backbone.state_dict().items() if not value.equal(before[name])
    }
    assert changed == set(range(7, 19))  # layers 0 to 6 are the first two stages


def test_freezing_can_be_undone():
    backbone = build_backbone("small")
    backbone.freeze(4)
    assert not any(weight.requires_grad for weight in backbone.parameters())
    backbone.freeze(0)
    assert all(weight.requires_grad for weight in backbone.parameters())
    assert all(layer.training for layer in backbone.train().modules())


@pytest.mark.parametrize("count", [-1, 5])
def test_more_stages_than_there_are_cannot_be_frozen(count):
    with pytest.raises(ConfigError, match=f"frozen_stages: expected 0 to 4, got {count}"):
        build_backbone("small").freeze(count)


def test_unknown_name_is_refused_with_those_that_exist():
    with pytest.raises(ConfigError, match=r"one of small, mobilenet_v2, mobilenet_v3_large, vgg16, got 'resnet50'"):
        build_backbone("resnet50")


def test_dilated_tail_keeps_stride_sixteen_and_the_same_weights():
    plain, dilated = mobilenet_v3_large_features(), mobilenet_v3_large_features(dilated=True)
    dilated.load_state_dict(plain.state_dict())
    assert dilated.eval()(torch.zeros(1, 3, 64, 96)).shape == (1, 960, 4, 6)
    assert plain.eval()(torch.zeros(1, 3, 64, 96)).shape == (1, 960, 2, 3)


def test_reduced_tail_halves_its_channels_only():
    plain = mobilenet_v3_large_features().state_dict()
    reduced = mobilenet_v3_large_features(reduced_tail=True)
    differing = {name.split(".")[0] for name, value in reduced.state_dict().items() if value.shape != plain[name].shape}
    assert differing == {"13", "14", "15", "16"}
    assert reduced.eval()(torch.zeros(1, 3, 64, 64)).shape == (1, 480, 2, 2)


def test_vgg_pools_are_where_its_users_look():
    assert [n for n, layer in enumerate(vgg16_features()) if isinstance(layer, nn.MaxPool2d)] == [4, 9, 16, 23, 30]
