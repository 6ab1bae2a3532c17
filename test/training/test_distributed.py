"""Processes that share batches learn what one process learns."""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import torch
from shared_runs import ADAMW, BY_ADAMW, CHANNELS_FIRST, RUNS, prepare, save_data
from tiny_masks import save_masks, save_recipe

from dl_robotics import checkpoint
from dl_robotics.commands.__main__ import main
from dl_robotics.training.curves import read_columns
from dl_robotics.training.supervised import BEST, STATE

TORCHRUN = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2"]


def started(*arguments):
    """Run something in two processes, to its end."""
    with TemporaryDirectory() as logs:  # torchrun leaves its folder of logs
        command = [*TORCHRUN, "--log_dir", logs, *map(str, arguments)]
        run = subprocess.run(command, capture_output=True, text=True, timeout=280.0, check=False)
    assert run.returncode == 0, run.stderr[-5_000:]
    return run


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shared")
    save_data(folder)
    started(Path(__file__).with_name("shared_runs.py"), folder)
    return folder


def weights(folder):
    """Those that learned, norms' statistics and averages."""
    return {name: weight for name, weight in checkpoint.load(folder / STATE).weights.items() if "optimizer" not in name}


def parameters(trainer):
    """Of the model, by their names in a saved state."""
    return {f"model/{name}": weight.detach().clone() for name, weight in trainer.task.model.named_parameters()}


def distance(one, other):
    """Euclidean, over all parameters of the first."""
    return torch.stack([(other[name] - weight).norm() for name, weight in one.items()]).norm()


def losses(folder):
    """Of every step."""
    columns = read_columns(folder / "training.csv")
    assert len(columns["loss"]) == 3
    return columns["loss"]


def assert_close(one, other):
    assert one.keys() == other.keys()
    for name, weight in one.items():
        torch.testing.assert_close(other[name], weight, rtol=1e-5, atol=1e-5)


def assert_equal_results(alone, shared):
    ours, theirs = (checkpoint.load(folder / BEST).metrics for folder in (alone, shared))
    assert ours == pytest.approx(theirs, rel=1e-5, abs=1e-5)
    assert losses(alone) == pytest.approx(losses(shared), rel=1e-5)


def assert_two_learn_as_one(data, name, run, **changes):
    alone, shared = data / "alone" / run, data / "process0" / run
    trainer = prepare(name, data, alone, **changes)
    before = parameters(trainer)
    trainer.run()
    assert_close(weights(alone), weights(shared))
    assert_equal_results(alone, shared)
    after = parameters(trainer)
    assert distance(after, weights(shared)) <= 5e-5 * distance(after, before)  # 6e-8 to 1e-5 where it was measured


@pytest.mark.parametrize("name", RUNS)
def test_two_processes_learn_what_one_learns(data, name):
    assert_two_learn_as_one(data, name, name)


@pytest.mark.parametrize("name", CHANNELS_FIRST)
def test_two_processes_learn_what_one_learns_with_the_channels_first(data, name):
    assert_two_learn_as_one(data, name, f"{name} channels first", channels_last=False)


@pytest.mark.parametrize("name", BY_ADAMW)
def test_two_processes_get_the_results_of_one_by_adamw(data, name):
    alone, shared = (data / place / f"{name} by AdamW" for place in ("alone", "process0"))
    prepare(name, data, alone, optimizer=ADAMW, **BY_ADAMW[name]).run()
    assert_equal_results(alone, shared)


@pytest.mark.parametrize("name", ["tcn", "seq2seq"])
def test_a_resumed_run_equals_an_uninterrupted_one(data, name):
    whole, parts = weights(data / "process0" / name), weights(data / "process0" / f"{name} in parts")
    assert all(torch.equal(weight, parts[key]) for key, weight in whole.items())


def test_only_the_first_process_writes(data):
    assert (data / "process0/tcn/training.csv").exists()
    assert not [path for path in (data / "process1").rglob("*") if path.is_file() and path.name != "refused.json"]


def test_what_cannot_be_shared_is_refused_by_every_process(data):
    told = [json.loads((data / f"process{rank}/refused.json").read_text()) for rank in (0, 1)]
    assert told[0] == told[1]
    assert told[0]["uneven"] == "batch_size: expected a multiple of the 2 processes, got 7"
    assert told[0]["between layers"].startswith("dropout: expected 0 between recurrent layers")
    assert told[0]["on a GPU"] == "device: expected cpu where processes share batches, got 'cuda'"
    assert told[0]["other seeds"].startswith("process 1: recipe: expected {")


def test_the_command_under_torchrun(tmp_path, capsys):
    recipe = save_recipe(
        tmp_path / "recipe.yaml", save_masks(tmp_path / "masks"), optimizer={"kind": "sgd", "learning_rate": 0.001}
    )
    assert main(["train", str(recipe), "--output", str(tmp_path / "alone")]) == 0
    said = started("-m", "dl_robotics.commands", "train", recipe, "--output", tmp_path / "shared").stdout
    assert said.count("best.safetensors: ") == 1
    assert_close(weights(tmp_path / "alone"), weights(tmp_path / "shared"))
    assert (tmp_path / "shared/best.onnx").exists()
