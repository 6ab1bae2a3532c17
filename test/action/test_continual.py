"""The continual form gives, frame by frame, what its network gives of whole windows."""

import pytest
import torch
from random_network import random_joints, random_network
from torch.nn import functional

from dl_robotics.action.continual import Continual
from dl_robotics.action.memory import Memory
from dl_robotics.config import ConfigError


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"frames": 9},  # one output alone
        {"frames": 18, "persons": 2, "scored": False, "coordinates": 3},
        {"streams": ("joint_motion", "bone"), "fusion": "early", "frames": 19},
        {"streams": ("joint", "bone_motion"), "partition": "centripetal", "hops": 2},
        {"strides": (2, 1, 3), "frames": 33, "edge_importance": False, "partition": "distance"},
        {"strides": (1, 1, 1), "temporal_kernel": 5},
    ],
)
def test_equals_the_window_form_once_full(settings):
    model, config = random_network(padded=False, **settings)
    continual, x = Continual(model), random_joints(config, config.frames + 9, batch=2)
    with torch.no_grad():
        for newest in range(x.shape[2]):
            logits = continual.step(x[:, :, newest])
            assert continual.is_full == (newest + 1 >= config.frames)
            if continual.is_full:
                expected = model(x[:, :, newest + 1 - config.frames : newest + 1])
                assert (logits - expected).abs().max() <= 1e-5
    assert expected.abs().max() > 0.1


def test_an_empty_memory_is_like_zeros_in_every_layer():
    model, config = random_network(padded=False, channels=(8,), strides=(1,))
    x = random_joints(config, 3)
    continual = Continual(model)
    logits = [continual.step(x[:, :, frame]) for frame in range(3)]
    block, (graph,) = model.st_gcn_networks[0], model.graphs()
    hidden = torch.relu(block.tcn[0](block.gcn(_normalised(model, x), graph)))
    features = torch.relu(block.tcn[2:](functional.pad(hidden, (0, 0, 2, 0))))
    for frame in range(3):
        mean = features[:, :, : frame + 1].mean(dim=(2, 3))
        assert torch.allclose(logits[frame], model.fcn(mean[..., None, None]).flatten(1), atol=1e-5)


def _normalised(model, x):
    flat = x[..., 0].permute(0, 3, 1, 2).flatten(1, 2)
    return model.data_bn(flat).unflatten(1, (-1, x.shape[1])).permute(0, 2, 3, 1)


def test_a_reset_forgets_all():
    model, config = random_network(padded=False)
    x = random_joints(config, 12)
    continual = Continual(model)
    first = [continual.step(x[:, :, frame]) for frame in range(12)]
    continual.reset()
    assert continual.seen == 0
    again = [continual.step(x[:, :, frame]) for frame in range(12)]
    assert all(torch.equal(one, other) for one, other in zip(first, again, strict=True))


def test_another_shares_weights_and_no_memory():
    model, config = random_network(padded=False)
    x = random_joints(config, 6)
    continual = Continual(model)
    alone = [continual.step(x[:, :, frame]) for frame in range(6)]
    continual.reset()
    other = continual.another()
    for frame in range(6):
        assert torch.equal(continual.step(x[:, :, frame]), alone[frame])
        other.step(-x[:, :, frame])


def test_keeps_its_frames_though_the_caller_writes_over_them():
    model, config = random_network(padded=False, streams=("joint_motion",))
    x = random_joints(config, 6)
    one, other, shared = Continual(model), Continual(model), torch.empty_like(x[:, :, 0])
    for frame in range(6):
        shared.copy_(x[:, :, frame])
        assert torch.equal(one.step(shared), other.step(x[:, :, frame]))


def test_more_people_need_a_reset():
    model, config = random_network(padded=False)
    continual = Continual(model)
    continual.step(random_joints(config, 1)[:, :, 0])
    with pytest.raises(ValueError, match=r"expected \(1, 3, 20, 1\) until a reset, got \(2, 3, 20, 1\)"):
        continual.step(random_joints(config, 1, batch=2)[:, :, 0])
    continual.reset()
    assert continual.step(random_joints(config, 1, batch=2)[:, :, 0]).shape == (2, 3)


def test_a_network_that_pads_is_refused():
    with pytest.raises(ConfigError, match="padded: expected False for the continual form"):
        Continual(random_network(padded=True)[0])


def test_memory_gives_every_second_of_the_newest():
    memory = Memory(length=3, dilation=2, rows=1, channels=1)
    given = [memory.push(torch.full((1, 1), float(number))).flatten().tolist() for number in range(1, 9)]
    assert given[:4] == [[0, 0, 1], [0, 0, 2], [0, 1, 3], [0, 2, 4]]
    assert given[4:] == [[1, 3, 5], [2, 4, 6], [3, 5, 7], [4, 6, 8]]
