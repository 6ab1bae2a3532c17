"""From features to classes and forecasts; teacher forcing and scheduled sampling."""

import pytest
import torch
from tiny_series import settings

from dl_robotics.config import ConfigError
from dl_robotics.sequences.config import DecoderConfig
from dl_robotics.sequences.heads import Classifier
from dl_robotics.sequences.model import build_model
from dl_robotics.sequences.recurrent import Recurrent
from dl_robotics.sequences.seq2seq import Seq2Seq


def seq2seq(kind="gru", teacher=(1.0, 0.0), steps=10, horizon=4):
    torch.manual_seed(0)
    decoder = DecoderConfig(kind, 8, teacher, steps)
    network = Seq2Seq(Recurrent("gru", 2, 8), decoder, horizon, 2)
    torch.nn.init.normal_(network.head.weight)
    return network


@pytest.mark.parametrize(
    ("pooling", "expected"), [("mean", lambda f: f.mean(1)), ("max", lambda f: f.amax(1)), ("last", lambda f: f[:, -1])]
)
def test_pooling(pooling, expected):
    encoder = Recurrent("gru", 2, 8)
    network, x = Classifier(encoder, pooling, 3, 0.0), torch.randn(4, 6, 2)
    torch.testing.assert_close(network(x), network.head(expected(encoder(x))))


@pytest.mark.parametrize("decoder", ["direct", "rnn", "lstm", "gru"])
@pytest.mark.parametrize("differences", [False, True])
def test_an_untrained_forecast_is_the_naive_one(decoder, differences):
    told = settings(goal="forecast", horizon=5, decoder={"kind": decoder}, differences=differences)
    x = torch.randn(3, 12, 2)
    torch.testing.assert_close(build_model(told)(x), x[:, -1:].expand(3, 5, 2))


def test_an_ensemble_answers_with_the_mean():
    model, x = build_model(settings(members=3)).eval(), torch.randn(2, 12, 2)
    answers = [member(x) for member in model.members]
    torch.testing.assert_close(model(x), (answers[0] + answers[1] + answers[2]) / 3.0)
    assert not torch.allclose(answers[0], answers[1])


@pytest.mark.parametrize("kind", ["rnn", "lstm", "gru"])
def test_each_step_is_foretold_from_the_one_before(kind):
    network, x = seq2seq(kind).eval(), torch.randn(1, 6, 2)
    longer = seq2seq(kind, horizon=9).eval()
    longer.load_state_dict(network.state_dict())
    torch.testing.assert_close(longer(x)[:, :4], network(x))


def test_a_forced_cell_goes_on_from_the_truth():
    network = seq2seq(teacher=(1.0, 1.0)).train()
    x, truth = torch.randn(1, 6, 2), torch.randn(1, 4, 2)
    told = network(x, truth)
    changed = truth.clone()
    changed[:, 1] += 1.0
    other = network(x, changed)
    torch.testing.assert_close(told[:, :2], other[:, :2])  # of the true second step only the third knows
    assert not torch.allclose(told[:, 2], other[:, 2])
    network.eval()
    torch.testing.assert_close(network(x, truth), network(x))  # nobody helps once it counts


def test_a_free_cell_never_sees_the_truth():
    network = seq2seq(teacher=(0.0, 0.0)).train()
    x = torch.randn(2, 6, 2)
    torch.testing.assert_close(network(x, torch.randn(2, 4, 2)), network(x))


def test_help_fades_with_every_update_and_is_saved_with_the_weights():
    network, x, truth = seq2seq(teacher=(0.9, 0.1), steps=4).train(), torch.randn(1, 6, 2), torch.randn(1, 4, 2)
    seen = []
    for _ in range(6):
        seen.append(network.teacher())
        network(x, truth)
    assert seen == pytest.approx([0.9, 0.7, 0.5, 0.3, 0.1, 0.1])
    resumed = seq2seq(teacher=(0.9, 0.1), steps=4)
    resumed.load_state_dict(network.state_dict())
    assert resumed.teacher() == network.teacher()
    network.eval()(x, truth)
    assert network.updates.item() == 6  # judging is no update


def test_sampling_shows_as_much_as_it_says():
    torch.manual_seed(0)
    network = seq2seq(teacher=(0.3, 0.3)).train()
    shown = network._shown(torch.zeros(2000, 6, 2), True)
    assert shown.float().mean().item() == pytest.approx(0.3, abs=0.02)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"classes": ("one",)}, "classes"),
        ({"goal": "forecast"}, "horizon"),
        ({"horizon": 3}, "horizon"),
        ({"std": (1.0, 0.0)}, "std"),
        ({"mean": (1.0,)}, "mean"),
        ({"seasonal_period": 13}, "seasonal_period"),
        ({"goal": "anomaly", "horizon": 300}, "horizon"),
        ({"goal": "anomaly", "horizon": 3, "normal": "sleep"}, "normal"),
        ({"decoder": {"kind": "gru", "teacher": (2.0, 0.0)}}, "decoder.teacher"),
    ],
)
def test_settings_that_cannot_be_are_refused_by_name(wrong, named):
    with pytest.raises(ConfigError, match=f"^{named}: expected"):
        settings(**wrong)
