"""The explicit backward pass equals autograd's to 1e-5, for every activation, loss and optimiser."""

from copy import deepcopy

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from dl_robotics.nn.mlp import MLP, DuellingMLP, GaussianMLP
from dl_robotics.rl.explicit.autograd import AutogradNetwork
from dl_robotics.rl.explicit.duelling import ExplicitDuelling
from dl_robotics.rl.explicit.flat import flatten
from dl_robotics.rl.explicit.gaussian import ExplicitGaussian
from dl_robotics.rl.explicit.losses import huber, policy_gradient, squared_error
from dl_robotics.rl.explicit.mlp import ExplicitMLP
from dl_robotics.rl.explicit.network import copy_parameters, learning_form, track
from dl_robotics.rl.explicit.optimisers import SGD, Adam, clip_norm

CLOSE = {"rtol": 1e-5, "atol": 1e-5}
BATCH = 32
MODULES = {
    **{
        f"{activation} {output}": lambda activation=activation, output=output: MLP(
            (5, 16, 12, 3), activation, output=output
        )
        for activation in ("relu", "tanh")
        for output in ("identity", "relu", "tanh")
    },
    "one layer": lambda: MLP((5, 3)),
    "duelling": lambda: DuellingMLP((5, 16, 12, 3), "tanh"),
    "gaussian": lambda: GaussianMLP((5, 16, 12, 3), first_std=0.7),
    "anything": lambda: nn.Sequential(nn.Linear(5, 8), nn.LayerNorm(8), nn.GELU(), nn.Linear(8, 3)),
}


def random(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def assert_close(found, expected):
    np.testing.assert_allclose(found, expected, **CLOSE)


@pytest.fixture(params=MODULES)
def pair(request):
    """A module, and its twin in the form that learns; biases are not at zero, where mistakes would hide."""
    torch.manual_seed(0)
    module = MODULES[request.param]()
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))
    return module, learning_form(deepcopy(module))


def test_forms():
    forms = [type(learning_form(MODULES[name]())) for name in ("one layer", "duelling", "gaussian", "anything")]
    assert forms == [ExplicitMLP, ExplicitDuelling, ExplicitGaussian, AutogradNetwork]


@pytest.mark.parametrize("to_input", [False, True])
def test_forward_and_backward(pair, to_input):
    module, network = pair
    for batch in (BATCH, 1, BATCH):  # memory of one batch size is not another's
        x = torch.from_numpy(random(batch, 5)).requires_grad_()
        y = module(x)
        slope = random(*y.shape, seed=1)
        expected = torch.autograd.grad(y, [x, *module.parameters()], torch.from_numpy(slope))
        assert_close(network.forward(x.detach().numpy()), y.detach())
        network.gradients[:] = np.nan
        if to_input:
            assert_close(network.backward_to_input(slope.copy(), learns=True), expected[0])
        else:
            network.backward(slope.copy())
        for parameter, gradient in zip(network.module.parameters(), expected[1:], strict=True):
            assert_close(parameter.grad, gradient)
        assert np.isfinite(network.gradients).all()


def test_slope_at_the_input_alone_leaves_gradients(pair):
    module, network = pair
    x = torch.from_numpy(random(BATCH, 5)).requires_grad_()
    y = module(x)
    slope = random(*y.shape, seed=1)
    expected = torch.autograd.grad(y, x, torch.from_numpy(slope))[0]
    network.forward(x.detach().numpy())
    network.gradients[:] = 7.0
    assert_close(network.backward_to_input(slope), expected)
    assert (network.gradients == 7.0).all()


def test_the_module_shares_the_memory(pair):
    module, network = pair
    assert len(network.values) == sum(parameter.numel() for parameter in module.parameters())
    for name, weight in module.state_dict().items():
        assert torch.equal(network.module.state_dict()[name], weight)
    network.values[:] = 0.25
    assert all((weight == 0.25).all() for weight in network.module.state_dict().values())
    network.module.load_state_dict(module.state_dict())
    x = random(BATCH, 5)
    assert_close(network.forward(x), module(torch.from_numpy(x)).detach())


def losses():
    prediction, target, weight = 3.0 * random(BATCH), random(BATCH, seed=1), np.abs(random(BATCH, seed=2))
    for w in (None, weight):
        factor = torch.from_numpy(np.ones(BATCH, np.float32) if w is None else w)
        p, t = torch.from_numpy(prediction).requires_grad_(), torch.from_numpy(target)
        yield squared_error(prediction, target, w), (factor * (p - t) ** 2).mean(), p
        for delta in (0.5, 2.0):
            p = torch.from_numpy(prediction).requires_grad_()
            expected = (factor * functional.huber_loss(p, t, reduction="none", delta=delta)).mean()
            yield huber(prediction, target, delta, w), expected, p
    logits, action = torch.from_numpy(2.0 * random(BATCH, 4)).requires_grad_(), np.arange(BATCH) % 4
    policy = torch.distributions.Categorical(logits=logits)
    gain = policy.log_prob(torch.from_numpy(action)) * torch.from_numpy(target)
    expected = (-gain - 0.3 * policy.entropy()).mean()
    yield policy_gradient(logits.detach().numpy(), action, target, 0.3), expected, logits


@pytest.mark.parametrize("case", range(7))
def test_losses_and_their_slopes(case):
    (loss, slope), expected, at = list(losses())[case]
    assert loss == pytest.approx(expected.item(), rel=1e-5)
    assert_close(slope, torch.autograd.grad(expected, at)[0])


OPTIMISERS = {
    "sgd": (lambda network: SGD(network, 0.01), lambda p: torch.optim.SGD(p, 0.01)),
    "momentum": (lambda network: SGD(network, 0.01, 0.9), lambda p: torch.optim.SGD(p, 0.01, 0.9)),
    "adam": (lambda network: Adam(network, 0.003), lambda p: torch.optim.Adam(p, 0.003)),
    "adam, other betas": (
        lambda network: Adam(network, 0.003, (0.5, 0.9), 1e-5),
        lambda p: torch.optim.Adam(p, 0.003, (0.5, 0.9), 1e-5),
    ),
}


@pytest.mark.parametrize("name", OPTIMISERS)
def test_training_with_each_optimiser(name):
    torch.manual_seed(0)
    module = MLP((5, 16, 3), "tanh")
    network = learning_form(deepcopy(module))
    ours, theirs = OPTIMISERS[name][0](network), OPTIMISERS[name][1](module.parameters())
    x, target = random(BATCH, 5), random(BATCH, 3, seed=1)
    for _ in range(30):
        y = network.forward(x)
        network.backward(2.0 * (y - target) / y.size)
        ours.step()
        theirs.zero_grad()
        functional.mse_loss(module(torch.from_numpy(x)), torch.from_numpy(target)).backward()
        theirs.step()
    for parameter, expected in zip(network.module.parameters(), module.parameters(), strict=True):
        assert_close(parameter.detach(), expected.detach())


@pytest.mark.parametrize("make", [lambda network: SGD(network, 0.01, 0.9), Adam])
def test_optimisers_go_on_where_they_were(make):
    networks = [learning_form(MLP((5, 16, 3))) for _ in range(2)]
    first, second = (make(network) for network in networks)
    for step in range(6):
        if step == 3:
            copy_parameters(*networks)
            second.load_state_dict(first.state_dict())
        for network, optimiser in zip(networks, (first, second), strict=True):
            network.gradients[:] = random(len(network.gradients), seed=step)
            optimiser.step()
    np.testing.assert_array_equal(networks[0].values, networks[1].values)


def test_gradients_are_cut_as_torch_does():
    module = MLP((5, 16, 3))
    flat = flatten(module)
    for longest in (1e9, 0.5):
        flat.gradients[:] = random(len(flat.gradients))
        copies = [torch.nn.Parameter(torch.zeros(len(flat.gradients)))]
        copies[0].grad = torch.from_numpy(flat.gradients.copy())
        norm = torch.nn.utils.clip_grad_norm_(copies, longest)
        assert clip_norm(flat.gradients, longest) == pytest.approx(norm.item(), rel=1e-5)
        assert_close(flat.gradients, copies[0].grad)


def test_soft_updates():
    source, target = (learning_form(MLP((2, 2))) for _ in range(2))
    source.values[:], target.values[:] = 1.0, 0.0
    track(source, target, 0.1)
    track(source, target, 0.1)
    np.testing.assert_allclose(target.values, 0.19, rtol=1e-6)


def test_only_float32_on_the_cpu_learns():
    with pytest.raises(ValueError, match=r"0\.weight: expected float32 on the CPU, got torch\.float64 on cpu"):
        learning_form(MLP((2, 2)).double())


def test_the_mean_advantage_is_no_advantage():
    network = DuellingMLP((2, 4, 4, 3))
    with torch.no_grad():
        network.advantage[-1].bias += 5.0
    torch.manual_seed(0)
    x = torch.randn(7, 2)
    torch.testing.assert_close(network(x).mean(dim=1), network.value(network.trunk(x))[:, 0])
