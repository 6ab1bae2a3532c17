"""Every sequence network behind the one interface, and what each is known for."""

import math

import numpy as np
import pytest
import torch

from dl_robotics.config import ConfigError, from_dict
from dl_robotics.sequences.config import NetworkConfig
from dl_robotics.sequences.differences import WithDifferences
from dl_robotics.sequences.model import build_encoder
from dl_robotics.sequences.recurrent import Recurrent
from dl_robotics.sequences.tcn import TemporalConvolution
from dl_robotics.sequences.transformer import TransformerEncoder, positions

NETWORKS = {
    "rnn": {"kind": "rnn", "hidden": 8},
    "lstm": {"kind": "lstm", "hidden": 8, "layers": 2},
    "gru": {"kind": "gru", "hidden": 8},
    "gru both ways": {"kind": "gru", "hidden": 8, "bidirectional": True},
    "gru truncated": {"kind": "gru", "hidden": 8, "truncate": 4},
    "tcn": {"kind": "tcn", "hidden": 12, "layers": 2, "kernels": (3, 5, 9)},
    "causal tcn": {"kind": "tcn", "hidden": 8, "layers": 2, "causal": True},
    "transformer": {"kind": "transformer", "hidden": 16, "heads": 4, "layers": 2},
    "causal transformer": {"kind": "transformer", "hidden": 16, "heads": 2, "causal": True},
}
CAUSAL = ("rnn", "lstm", "gru", "gru truncated", "causal tcn", "causal transformer")


def encoder(name: str, inputs: int = 3):
    torch.manual_seed(0)
    return build_encoder(from_dict(NetworkConfig, NETWORKS[name]), inputs).eval()


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("steps", [1, 7, 30])
def test_a_feature_vector_for_every_step_of_any_length(name, steps):
    network = encoder(name)
    features = network(torch.randn(2, steps, 3))
    assert features.shape == (2, steps, network.width)
    assert network.summary(features).shape == (2, network.width)


@pytest.mark.parametrize("name", NETWORKS)
def test_sequences_of_a_batch_do_not_see_each_other(name):
    network, x = encoder(name), torch.randn(3, 9, 3)
    np.testing.assert_allclose(network(x)[1].detach(), network(x[1:2])[0].detach(), atol=1e-6)


@pytest.mark.parametrize("name", NETWORKS)
def test_only_causal_networks_are_blind_to_what_follows(name):
    network, x = encoder(name), torch.randn(1, 10, 3)
    changed = x.clone()
    changed[:, 6:] += 1.0
    same = torch.allclose(network(x)[:, :6], network(changed)[:, :6], atol=1e-6)
    assert same == (name in CAUSAL)


@pytest.mark.parametrize("name", NETWORKS)
def test_gradients_reach_every_weight(name):
    network = encoder(name).train()
    network.summary(network(torch.randn(4, 9, 3))).square().sum().backward()
    assert all(weight.grad is not None and weight.grad.abs().sum() > 0 for weight in network.parameters())


def test_truncated_gradients_go_back_so_far_and_no_further():
    network = Recurrent("gru", 1, 4, truncate=5).train()
    x = torch.randn(1, 12, 1, requires_grad=True)
    network(x)[0, -1].sum().backward()
    reached = x.grad[0, :, 0] != 0
    assert reached.tolist() == [False] * 10 + [True] * 2  # stretches of 5, 5 and 2 steps


def test_truncation_changes_gradients_alone():
    torch.manual_seed(0)
    whole, cut = Recurrent("lstm", 2, 4), Recurrent("lstm", 2, 4, truncate=3)
    cut.load_state_dict(whole.state_dict())
    x = torch.randn(2, 10, 2)
    torch.testing.assert_close(whole.train()(x), cut.train()(x))


def test_a_vanilla_step_is_elmans_equation():
    network = Recurrent("rnn", 1, 1)
    with torch.no_grad():
        for name, value in (("weight_ih_l0", 0.5), ("weight_hh_l0", -1.0), ("bias_ih_l0", 0.1), ("bias_hh_l0", 0.0)):
            getattr(network.cells, name).fill_(value)
    features = network(torch.tensor([[[1.0], [2.0]]]))
    first = math.tanh(0.5 * 1.0 + 0.1)
    assert features.flatten().tolist() == pytest.approx([first, math.tanh(0.5 * 2.0 + 0.1 - first)])


def test_recurrent_weights_begin_orthogonal_and_an_lstm_remembering():
    cells = Recurrent("lstm", 3, 6).cells
    for gate in torch.split(cells.weight_hh_l0, 6):
        torch.testing.assert_close(gate @ gate.T, torch.eye(6), atol=1e-5, rtol=0.0)
    assert (cells.bias_ih_l0 + cells.bias_hh_l0).tolist() == [0.0] * 6 + [1.0] * 6 + [0.0] * 12


def test_both_ways_are_summed_up_at_their_ends():
    network = Recurrent("gru", 2, 4, bidirectional=True)
    x = torch.randn(1, 8, 2)
    features = network(x)
    _, ends = network.cells(x)
    torch.testing.assert_close(network.summary(features), torch.cat([ends[0], ends[1]], 1))


@pytest.mark.parametrize(("layers", "field"), [(1, 5), (2, 13), (3, 29)])
def test_a_temporal_convolution_sees_as_far_as_the_paper_says(layers, field):
    """Two convolutions of kernel k a block: 1 + 2 (k - 1) (2^n - 1) steps; here k = 3."""
    network = TemporalConvolution(1, 4, layers, (3,), causal=True).eval()
    with torch.no_grad():
        for weight in network.parameters():
            weight.abs_()  # so that no ReLU shuts anything out
    x = torch.ones(1, 40, 1, requires_grad=True)
    network(x)[0, -1].sum().backward()
    assert int((x.grad != 0).sum()) == field == 1 + 2 * 2 * (2**layers - 1)


def test_positions_are_the_transformers():
    table = positions(50, 8)
    assert table[0].tolist() == [0.0, 1.0] * 4
    assert table[3, 2].item() == pytest.approx(math.sin(3 / 10_000 ** (2 / 8)))
    assert table[3, 3].item() == pytest.approx(math.cos(3 / 10_000 ** (2 / 8)))


def test_attention_is_softmax_of_scaled_products():
    torch.manual_seed(1)
    layer = TransformerEncoder(2, 4, 1, heads=2).layers[0]
    x = torch.randn(1, 5, 4)
    queries, keys, values = layer.projection(x)[0].chunk(3, -1)
    heads = []
    for head in range(2):
        q, k, v = (part[:, 2 * head : 2 * head + 2] for part in (queries, keys, values))
        heads.append((q @ k.T / math.sqrt(2)).softmax(-1) @ v)
    torch.testing.assert_close(layer._attend(x)[0], layer.output(torch.cat(heads, -1)))


def test_differences_stand_beside_the_signals():
    shown = []

    class Spy(TransformerEncoder):
        def forward(self, x):
            shown.append(x)
            return super().forward(x)

    WithDifferences(Spy(4, 4, 1, heads=2))(torch.tensor([[[1.0, 5.0], [4.0, 3.0]]]))
    assert shown[0].tolist() == [[[1.0, 5.0, 0.0, 0.0], [4.0, 3.0, 3.0, -2.0]]]


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"kind": "tcn", "bidirectional": True}, "bidirectional"),
        ({"kind": "gru", "bidirectional": True, "truncate": 4}, "truncate"),
        ({"kind": "tcn", "kernels": [2]}, "kernels"),
        ({"kind": "tcn", "hidden": 16, "kernels": [3, 5, 7]}, "kernels"),
        ({"kind": "transformer", "hidden": 12, "heads": 4}, "hidden"),
        ({"dropout": 1.0}, "dropout"),
    ],
)
def test_networks_that_cannot_be_are_refused_by_name(wrong, named):
    with pytest.raises(ConfigError, match=f"^{named}: expected"):
        from_dict(NetworkConfig, wrong)
