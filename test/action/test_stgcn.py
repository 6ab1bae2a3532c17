"""ST-GCN: the authors' names and sizes, its equations worked by hand, and what its settings change."""

import pytest
import torch
from random_network import random_joints, random_network
from torch.nn import functional

from dl_robotics.action.blocks import GraphConvolution
from dl_robotics.action.config import SMALL, RecogniserConfig
from dl_robotics.action.model import build_model

CLASSES = tuple("abcd")
NORM = ("weight", "bias", "running_mean", "running_var", "num_batches_tracked")


def authors_names():
    """Of the state dict of the authors' network of ten blocks."""
    yield "A"
    yield from (f"edge_importance.{block}" for block in range(10))
    yield from (f"data_bn.{name}" for name in NORM)
    for block in range(10):
        layers = ["gcn.conv", "tcn.0", "tcn.2", "tcn.3", *(["residual.0", "residual.1"] if block in {4, 7} else [])]
        for layer in layers:
            names = NORM if layer in {"tcn.0", "tcn.3", "residual.1"} else NORM[:2]
            yield from (f"st_gcn_networks.{block}.{layer}.{name}" for name in names)
    yield from ("fcn.weight", "fcn.bias")


@pytest.mark.parametrize(
    ("layout", "coordinates", "classes", "parameters"),
    [("openpose18", 2, 400, 3_177_140), ("kinect_v2_25", 3, 60, 3_098_832)],  # of the authors' network
)
def test_the_full_size_is_the_authors(layout, coordinates, classes, parameters):
    names = tuple(map(str, range(classes)))
    scored = coordinates == 2
    model = build_model(RecogniserConfig(classes=names, layout=layout, coordinates=coordinates, scored=scored))
    state = model.state_dict()
    assert {*state} == {*authors_names()}
    assert sum(weight.numel() for weight in model.parameters()) == parameters
    assert state["st_gcn_networks.7.gcn.conv.weight"].shape == (3 * 256, 128, 1, 1)
    assert state["st_gcn_networks.7.tcn.2.weight"].shape == (256, 256, 9, 1)


@pytest.mark.parametrize("layout", ["coco17", "openpose18", "kinect20", "kinect_v2_25", "blazepose33"])
def test_the_small_size_is_small(layout):
    config = RecogniserConfig(classes=CLASSES, layout=layout, streams=("joint", "bone"), fusion="early", **SMALL)
    model = build_model(config)
    assert sum(weight.numel() for weight in model.parameters()) < 300_000


def test_graph_convolution_is_the_papers_sum():
    torch.manual_seed(0)
    layer, x, adjacency = GraphConvolution(3, 5, subsets=2), torch.randn(2, 3, 4, 6), torch.rand(2, 6, 6)
    weight, bias = layer.conv.weight.view(2, 5, 3), layer.conv.bias.view(2, 5)
    found = layer(x, adjacency)
    for joint in range(6):  # equation 10: the sum over subsets of each one's weights times what its joints hold
        expected = sum(
            adjacency[subset, other, joint] * (x[:, :, :, other].transpose(1, 2) @ weight[subset].T + bias[subset])
            for subset in range(2)
            for other in range(6)
        )
        assert torch.allclose(found[..., joint], expected.transpose(1, 2), atol=1e-5)


def test_two_people_are_the_mean_of_their_features():
    model, config = random_network(persons=2, edge_importance=False)
    x = random_joints(config, config.frames)
    one, other = (model.features(x[..., person : person + 1]).mean(dim=(1, 3, 4)) for person in range(2))
    expected = functional.linear((one + other) / 2, model.fcn.weight.flatten(1), model.fcn.bias)
    assert torch.allclose(model(x), expected, atol=1e-5)
    assert torch.allclose(model(x.flip(-1)), model(x), atol=1e-6)


def test_late_fusion_is_the_mean_of_its_networks():
    model, config = random_network(streams=("joint", "bone"))
    x = random_joints(config, config.frames)
    joint, bone = model.members
    assert torch.allclose(model(x), (joint(x) + bone(x)) / 2)
    assert not torch.allclose(joint(x), bone(x))


def test_padding_keeps_the_frames_and_its_lack_ends_on_the_newest():
    padded, config = random_network(frames=40)
    assert padded.features(random_joints(config, 40)).shape[3] == 10
    model, config = random_network(frames=40, padded=False)
    x = random_joints(config, 40)
    assert config.field == 1 + 2 + 2 + 4
    assert model.features(x).shape[3] == 1 + (40 - 9) // 4
    assert torch.equal(model(x), model(x[:, :, (40 - 9) % 4 :]))
    with pytest.raises(ValueError, match="at least 9 frames without padding, got 8"):
        model(x[:, :, :8])


def test_everything_learns():
    model, config = random_network(streams=("joint", "bone_motion"), fusion="early")
    model.train()(random_joints(config, config.frames, batch=4)).square().sum().backward()
    still = [name for name, weight in model.named_parameters() if weight.grad is None or not weight.grad.any()]
    # A bias before a normalisation changes nothing.
    assert {name.split(".", 2)[-1] for name in still} <= {"tcn.2.bias", "residual.0.bias"}
