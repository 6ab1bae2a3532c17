"""The command line: every command can be found, and what a user can mend is told in one line."""

import argparse
import subprocess
import sys
from importlib import import_module

import pytest

from dl_robotics import checkpoint
from dl_robotics.commands.__main__ import COMMANDS, main
from dl_robotics.commands.benchmark import BENCHMARKS
from dl_robotics.resources import config_file

RECIPE = str(config_file("training", "cartpole_dqn.yaml"))
TINY = ("total_steps=600", "learning_starts=300", "eval_episodes=2", "eval_envs=2", "algorithm.hidden=[8]")


@pytest.mark.parametrize(
    "module", [f"{registry.package}.{name}" for registry in (COMMANDS, BENCHMARKS) for name in registry.summaries]
)
def test_every_command_has_a_module_with_arguments_and_run(module):
    command = import_module(module)
    command.add_arguments(argparse.ArgumentParser())
    assert callable(command.run)


@pytest.mark.parametrize(("arguments", "registry"), [([], COMMANDS), (["benchmark"], BENCHMARKS)])
def test_help_lists_the_commands(capsys, arguments, registry):
    with pytest.raises(SystemExit) as exit_:
        main([*arguments, "--help"])
    assert exit_.value.code == 0
    text = capsys.readouterr().out
    assert all(f"  {name} " in text and summary in text for name, summary in registry.summaries.items())


def test_help_of_a_command_is_its_own(capsys):
    with pytest.raises(SystemExit):
        main(["train", "--help"])
    assert "usage: dl_robotics train " in capsys.readouterr().out


def test_help_loads_no_heavy_module():
    code = "import sys, dl_robotics.commands.__main__; print({'torch', 'numpy', 'rclpy'} & sys.modules.keys())"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "set()"


def test_train(tmp_path, capsys):
    settings = [word for setting in TINY for word in ("--set", setting)]
    assert main(["train", RECIPE, "--output", str(tmp_path / "run"), "--seed", "3", *settings]) == 0
    best = tmp_path / "run" / "best.safetensors"
    assert capsys.readouterr().out.startswith(f"{best}: return ")
    saved = checkpoint.load(best)
    assert saved.config["training"]["seed"] == 3
    assert saved.config["algorithm"]["hidden"] == [8]

    assert main(["train", RECIPE, "--output", str(tmp_path / "run")]) == 2
    assert "output: expected a folder without a run, or --resume" in capsys.readouterr().err


def test_benchmark_tells_what_did_not_reach_its_mark(tmp_path, capsys):
    recipe = tmp_path / "tiny.yaml"
    recipe.write_text("env: {id: CartPole-v1, vectorization: sync}\ntotal_steps: 200\neval_episodes: 1\n")
    assert main(["benchmark", "cartpole", "--recipe", str(recipe), "--seeds", "5"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split()[:2] == ["5", "200"]
    assert lines[2] == "0 of 1 seeds reach 475 over 100 fresh episodes"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.yaml"], "nowhere.yaml: No such file or directory"),
        ([RECIPE, "--set", "algorithm.gama=1"], "algorithm.gama: unknown key; expected one of kind, hidden,"),
        ([RECIPE, "--seed", "-1"], "seed: expected >= 0, got -1"),
        ([RECIPE, "--set", "env.vectorization=vector_entry_point"], "env.vectorization: expected"),
    ],
)
def test_what_the_user_can_mend_is_told_in_one_line(tmp_path, capsys, arguments, message):
    assert main(["train", *arguments, "--output", str(tmp_path / "run")]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("dl_robotics: error: ")
    assert message in line


@pytest.mark.parametrize(
    "arguments", [[], ["no-such-command"], ["train"], ["train", RECIPE, "--set", "x"], ["train", "--set", "x=[1"]]
)
def test_usage_errors(capsys, arguments):
    with pytest.raises(SystemExit) as exit_:
        main(arguments)
    assert exit_.value.code == 2
    assert "usage: dl_robotics" in capsys.readouterr().err
