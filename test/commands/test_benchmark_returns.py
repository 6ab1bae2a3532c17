"""Both sides of the benchmark learn as much from as much; its table judges what was measured."""

import argparse
import json
from dataclasses import asdict, replace

import pytest

from dl_robotics import config
from dl_robotics.commands.benchmark import returns
from dl_robotics.commands.benchmark.return_cases import CASES
from dl_robotics.commands.benchmark.return_runs import Outcome, measure, outcome
from dl_robotics.resources import config_file
from dl_robotics.training.recipe import Recipe

SHORT = {"steps": 300, "settings": {"batch_size": 64, "learning_starts": 100, "log_every": 100}}


@pytest.mark.parametrize("name", CASES)
def test_both_sides_have_the_same_budget(name):
    case = CASES[name]
    recipe = config.load(Recipe, config_file("training", f"{case.recipe}.yaml"), **case.overrides)
    theirs = case.theirs
    updates = 1.0 if theirs["gradient_steps"] < 0 else theirs["gradient_steps"] / theirs["train_freq"]
    assert (recipe.env.id, recipe.algorithm.kind) == (case.env, case.algorithm)
    assert (recipe.total_steps, recipe.updates_per_step) == (case.steps, updates)
    assert (recipe.algorithm.hidden, recipe.batch_size) == (case.hidden, theirs["batch_size"])
    assert recipe.algorithm.gamma == theirs["gamma"]
    assert recipe.learning_starts >= theirs["learning_starts"]


@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_a_run_is_timed_and_judged(side):
    run = measure(replace(CASES["cartpole"], **SHORT), side, seed=0)
    assert 8.0 <= run.kept <= 500.0
    assert 8.0 <= run.last <= 500.0
    assert run.cpu_s > 0.0
    assert run.wall_s > 0.0


RUN = Outcome(kept=500.0, last=480.0, wall_s=20.0, cpu_s=10.0, measured="2026-01-02T03:04+00:00", load=1.0)


@pytest.fixture
def table(tmp_path, capsys):
    """Prints the table of runs of CartPole with seeds 0 and 1, which are put where finished ones lie."""
    (tmp_path / "cartpole").mkdir()

    def print_table(**runs):
        for name, run in runs.items():
            (tmp_path / "cartpole" / f"{name.replace('_', '-')}.json").write_text(json.dumps(asdict(run)))
        parser = argparse.ArgumentParser()
        returns.add_arguments(parser)
        code = returns.run(parser.parse_args(["--sides", "--cases", "cartpole", "--output", str(tmp_path)]))
        return code, capsys.readouterr().out.splitlines()[-1]

    return print_table


def test_a_finished_run_is_not_made_again(tmp_path, table):
    table(ours_0=RUN)
    assert outcome("cartpole", "ours", 0, tmp_path) == RUN


def test_equal_returns_in_a_sixth_of_the_time(table):
    slow = replace(RUN, cpu_s=60.0, wall_s=70.0)
    code, line = table(ours_0=RUN, ours_1=RUN, theirs_0=slow)
    assert code == 0
    assert line.split()[5:] == [
        *["500.0", "±", "0.0", "(2)", "500.0", "±", "0.0", "(1)", "500.0", "±", "0.0,", "50k"],
        *["10", "(20)", "60", "(70)", "6.00", "6.0", RUN.measured, "to", RUN.measured],
    ]


def test_too_slow(table):
    code, line = table(ours_0=RUN, theirs_0=replace(RUN, cpu_s=50.0))
    assert code == 1
    assert line.endswith("SLOW")


@pytest.mark.parametrize(("least", "worse"), [(480.0, False), (420.0, True)])
def test_worse_by_two_standard_errors(table, least, worse):
    # Two runs at 480 and 500, or at 420 and 430: means 10 and 75 below, standard errors of 10 and 5.
    most = 500.0 if least == 480.0 else 430.0
    code, line = table(
        ours_0=replace(RUN, kept=least), ours_1=replace(RUN, kept=most), theirs_0=replace(RUN, cpu_s=70.0)
    )
    assert code == int(worse)
    assert line.endswith("WORSE") == worse


def test_one_side_alone_is_shown(table):
    code, line = table(theirs_0=RUN)
    assert code == 0
    assert " nan " in line
