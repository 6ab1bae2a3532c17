"""Sequence models through the shared trainer: they learn, tell their baselines, and resume bit for bit."""

import numpy as np
import pytest
from tiny_series import SIGNAL, save_bag, save_waves

from dl_robotics import checkpoint, config
from dl_robotics.config import ConfigError
from dl_robotics.data.errors import DataError
from dl_robotics.sequences.model import load_model
from dl_robotics.sequences.results import Anomaly, Forecast
from dl_robotics.sequences.stage import SequenceStage
from dl_robotics.training.recipes.sequences import SequenceRecipe
from dl_robotics.training.runs import prepare_run, train
from dl_robotics.training.supervised import BEST, LAST

LOOP = {"task": "sequences", "steps": 60, "batch_size": 8, "evaluate_every": 60, "channels_last": False}
FAST = {"optimizer": {"learning_rate": 0.02}}


def recipe(path, **told):
    return config.from_dict(SequenceRecipe, {**LOOP, **FAST, "data": {"paths": [str(path)]}, **told})


@pytest.fixture(scope="module")
def waves(tmp_path_factory):
    return save_waves(tmp_path_factory.mktemp("waves") / "waves.npz")


@pytest.fixture(scope="module")
def season(tmp_path_factory):
    """Two noisy waves of one long recording; some stretches are labelled odd, and are."""
    rng = np.random.default_rng(0)
    times = np.arange(1200)
    values = np.stack([np.sin(times / 2.5), np.cos(times / 2.5)], 1) + rng.normal(0.0, 0.05, (1200, 2))
    clips = values.reshape(60, 20, 2)
    odd = np.arange(60) % 6 == 0
    clips[odd, -4:] += 1.5
    path = tmp_path_factory.mktemp("season") / "season.npz"
    np.savez(path, series=clips.astype(np.float32), labels=np.where(odd, "odd", "fine"))
    return path


@pytest.mark.parametrize(
    "network",
    [
        {"kind": "rnn", "hidden": 16},
        {"kind": "lstm", "hidden": 12, "truncate": 12},
        {"kind": "gru", "hidden": 12, "bidirectional": True},
        {"kind": "tcn", "hidden": 12, "layers": 2},
        {"kind": "transformer", "hidden": 16, "heads": 2},
    ],
    ids=lambda network: network["kind"],
)
def test_every_network_learns_slow_from_fast(waves, tmp_path, network):
    told = recipe(waves, model={"network": network}, optimizer={"learning_rate": 0.01}, max_grad_norm=1.0)
    outcome = train(told, tmp_path)
    figures = checkpoint.load(outcome.best).metrics
    assert figures["top1"] >= 0.9 > figures["top1/commonest"]
    assert figures["recall/run"] + figures["recall/walk"] > 1.7


def test_a_checkpoint_knows_its_signals(tmp_path):
    data = {
        "paths": [str(save_bag(tmp_path / "bag"))],
        "signals": [config.to_dict(SIGNAL)],
        "labels": {"topic": "/activity"},
        "rate_hz": 25.0,
        "window": 20,
        "hop": 5,
        "block_s": 1.0,
    }
    told = recipe("", data=data, steps=2, validation={"split": {"guard": 0}}, augmentation={"mixup": 0.4})
    outcome = train(told, tmp_path / "run")
    _, settings = load_model(outcome.best)
    assert (settings.signals, settings.rate_hz, settings.length) == ((SIGNAL,), 25.0, 20)
    assert settings.classes == ("run", "walk")
    assert all(np.isfinite([*settings.mean, *settings.std]))


def test_a_clip_that_is_stretched_has_another_rate(waves, tmp_path):
    told = recipe(waves, data={"paths": [str(waves)], "rate_hz": 23.0}, model={"length": 12}, steps=1)
    _, settings = load_model(train(told, tmp_path).best)
    assert settings.rate_hz == pytest.approx(11.0)  # 12 steps in the time of 24


@pytest.mark.parametrize("decoder", [{"kind": "direct"}, {"kind": "gru", "hidden": 24, "teacher_steps": 60}])
def test_forecasts_beat_every_baseline(season, tmp_path, decoder):
    model = {"goal": "forecast", "horizon": 4, "network": {"hidden": 24}, "decoder": decoder}
    outcome = train(recipe(season, model=model, steps=120, max_grad_norm=1.0), tmp_path)
    figures = checkpoint.load(outcome.best).metrics
    assert figures["skill"] > 0.1
    assert figures["mae"] < min(figures[f"mae/{name}"] for name in ("naive", "moving_average", "seasonal"))
    assert isinstance(SequenceStage.load(outcome.best, backend="torch").judge(np.zeros((20, 2), np.float32)), Forecast)
    assert load_model(outcome.best)[1].seasonal_period in (15, 16)  # 2 pi x 2.5 steps


def test_odd_series_are_found_by_a_model_of_the_fine_ones(season, tmp_path):
    model = {"goal": "anomaly", "horizon": 4, "normal": "fine", "network": {"hidden": 24}}
    outcome = train(recipe(season, model=model, steps=150, validation={"split": {"validation": 0.5}}), tmp_path)
    figures = checkpoint.load(outcome.best).metrics
    assert figures["auroc"] > 0.9
    assert 0.0 <= figures["auroc/naive"] <= 1.0
    result = SequenceStage.load(outcome.best, backend="torch").judge(np.full((20, 2), 50.0, np.float32))
    assert isinstance(result, Anomaly)


def test_odd_series_are_not_learned(season, tmp_path):
    model = {"goal": "anomaly", "horizon": 4, "normal": "fine"}
    trainer = prepare_run(recipe(season, model=model), tmp_path)
    samples = trainer.data.training
    odd = [samples[n] for n in range(len(samples)) if samples.classes[samples[n].label] == "odd"]
    batch = trainer.task.collate([trainer.task.prepare(one, None) for one in odd])
    (loss,) = trainer.task.loss(batch).values()
    assert loss.item() == 0.0


@pytest.mark.parametrize("decoder", ["direct", "gru"])
def test_a_resumed_run_equals_an_uninterrupted_one(season, tmp_path, decoder):
    """With dropout, augmentation and scheduled sampling, whose progress is in the weights."""
    told = recipe(
        season,
        model={
            "goal": "forecast",
            "horizon": 3,
            "network": {"kind": "lstm", "layers": 2, "dropout": 0.2},
            "decoder": {"kind": decoder, "teacher_steps": 5},
        },
        augmentation={"jitter": 0.1, "scale": 0.1},
        steps=8,
        evaluate_every=4,
    )

    class Stop:
        def stepped(self, progress):
            self.step = progress.step

        def stopping(self):
            return self.step == 3

        def evaluated(self, step, figures, best):
            """Nobody asks."""

    whole = train(told, tmp_path / "whole")
    assert not prepare_run(told, tmp_path / "parts").run(Stop()).finished
    resumed = train(told, tmp_path / "parts", resume=True)
    assert resumed.score == whole.score
    expected, found = (checkpoint.load(tmp_path / name / LAST).weights for name in ("whole", "parts"))
    assert all((expected[name] == found[name]).all() for name in expected)


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ({"classes": ["a"]}, "model.classes: expected nothing"),
        ({"mean": [0.0]}, "model.mean: expected nothing"),
        ({"network": {"kind": "cnn"}}, "model.network.kind: expected"),
        ({"goal": "forecast"}, "model.horizon: expected"),
    ],
)
def test_recipes_that_cannot_be_are_refused_by_key(waves, tmp_path, model, expected):
    with pytest.raises(ConfigError, match=expected):
        prepare_run(recipe(waves, model=model), tmp_path)


def test_series_without_labels_cannot_be_classified(tmp_path):
    np.savez(tmp_path / "data.npz", series=np.zeros((8, 4, 1)))
    with pytest.raises(ConfigError, match=r"model\.classes: expected two or more names"):
        prepare_run(recipe(tmp_path / "data.npz"), tmp_path / "run")


def test_series_too_short_for_the_horizon_are_refused_by_place(tmp_path):
    np.savez(tmp_path / "data.npz", series=np.ones((30, 2)), lengths=[20, 10])
    told = recipe(tmp_path / "data.npz", model={"goal": "forecast", "horizon": 4}, validation={"split": {"guard": 0}})
    trainer = prepare_run(told, tmp_path / "run")
    both = [trainer.data.training[0], trainer.data.validation[0]]
    short = next((one for one in both if len(one.values) == 10), None)
    assert short is not None
    if trainer.task.settings.length == 16:
        with pytest.raises(DataError, match=r"series\[1\]: expected 20 steps or more, got 10"):
            trainer.task.prepare(short, None)


def test_the_best_and_the_last_are_kept(waves, tmp_path):
    train(recipe(waves, steps=2, evaluate_every=1), tmp_path)
    assert (tmp_path / BEST).exists()
    assert (tmp_path / LAST).exists()
