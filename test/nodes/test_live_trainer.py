"""The trainer learns by driving a robot behind topics, and pushes what passes its gate to the navigator."""

from pathlib import Path

import yaml
from live import live_settings
from rcl_interfaces.srv import SetParameters
from rclpy.parameter import Parameter
from rig import Rig
from tiny_policy import TASK, save_policy

from dl_robotics import checkpoint
from dl_robotics.navigation.stage import PolicyStage
from dl_robotics.nodes.navigator import Navigator
from dl_robotics.nodes.trainer import Trainer
from dl_robotics.training.run_state import saved_states

LIMIT_S = 400.0  # for a simulator that starts, and some 100 steps, on a machine with other work
SUITE = "worlds: {kind: file, name: empty}\ntime_limit_s: 5.0\n"


def save_recipe(folder: Path, **changes: object) -> Path:
    live = live_settings(folder)
    judged = {"id": "dl_robotics.navigation:dl_robotics/Navigation-v0"}
    recipe = {
        "env": {"id": "dl_robotics.nodes.live_env:dl_robotics/Live-v0", "kwargs": live},
        "eval_env": {**judged, "kwargs": {"world": "empty", "task": live["task"]}},
        "algorithm": {"kind": "td3", "hidden": [16], "noise": {"random_steps": 20}},
        **{"total_steps": 90, "num_envs": 1, "learning_starts": 10, "batch_size": 16, "updates_per_step": 1.0},
        **{"eval_every": 45, "eval_episodes": 4, "eval_envs": 4, "log_every": 30, "keep_finished": True},
        **changes,
    }
    path = folder / "live.yaml"
    path.write_text(yaml.safe_dump(recipe))
    return path


def test_learns_over_topics_and_pushes_what_passes(rig: Rig, policy: Path, tmp_path: Path) -> None:
    suite, run = tmp_path / "suite.yaml", tmp_path / "run"
    suite.write_text(SUITE)
    navigator = rig.start(Navigator, model=str(policy), autostart=True)
    rig.until(lambda: navigator.active, "the navigator to start")
    driving = navigator.stage
    gate = {"push_to": ["/navigator"], "gate_suite": str(suite), "gate_episodes": 4, "gate_success": 0.0}
    told = {"recipe": str(save_recipe(tmp_path)), "output": str(run), "gate_slack": 1.0, **gate}
    trainer = rig.start(Trainer, autostart=True, **told)
    rig.until(lambda: "finished" in trainer.note.reason, "the end of the training", LIMIT_S)
    assert trainer.figures()["step"] == 90
    rig.until(lambda: trainer._push.passed >= 1, f"a policy to pass: {trainer._push.note}")
    rig.until(lambda: "passed-" in navigator.parameters.value.model, "the push")
    pushed = navigator.parameters.value.model
    assert Path(pushed).parent == run
    assert navigator.stage is not driving
    assert navigator.stage.task.name == PolicyStage.load(pushed).task.name == "tiny"
    state = checkpoint.load(saved_states(run)[-1])
    assert len(state.weights["agent/replay/reward"]) == 90
    assert state.config["state"]["agent"]["learner"]["updates"] == 81
    rig.until(lambda: "passed: it reaches" in trainer.figures()["gate"], "the verdict on the last candidate")
    rig.until(lambda: not rig.client.count_publishers("/practice/scan"), "the end of the practice simulator")


def test_a_navigator_keeps_its_policy_when_another_cannot_be_used(rig: Rig, policy: Path, tmp_path: Path) -> None:
    navigator = rig.start(Navigator, model=str(policy), autostart=True)
    rig.until(lambda: navigator.active, "the navigator to start")
    driving = navigator.stage

    def answer(model: Path) -> object:
        wanted = [Parameter("model", value=str(model)).to_parameter_msg()]
        return rig.call(SetParameters, "navigator/set_parameters", parameters=wanted).results[0]

    refused = answer(tmp_path / "nothing.safetensors")
    assert not refused.successful
    assert "nothing.safetensors" in refused.reason
    assert (navigator.stage, navigator.parameters.value.model) == (driving, str(policy))
    assert answer(save_policy(tmp_path / "other.safetensors", TASK, favourite=1)).successful
    assert navigator.stage is not driving
    assert navigator.stage.policy is not driving.policy
