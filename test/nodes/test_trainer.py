"""The trainer node: from a folder, from live topics, on request; told to stop it saves, and goes on."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from diagnostic_msgs.msg import DiagnosticArray
from rclpy.lifecycle import TransitionCallbackReturn
from rclpy.qos import DurabilityPolicy, QoSProfile
from rig import Rig
from sensor_msgs.msg import Image
from tiny_masks import CLASSES, draw, save_recipe
from tiny_vision import save_segmenter
from vision_msgs.msg import LabelInfo

from dl_robotics import checkpoint
from dl_robotics.messages.diagnostics import Level, Status, decode_diagnostics
from dl_robotics.messages.header import encode_header
from dl_robotics.messages.image import encode_image
from dl_robotics.messages.label_info import encode_label_info
from dl_robotics.nodes.segmenter import SegmenterNode
from dl_robotics.nodes.trainer import Trainer
from dl_robotics.training.supervised import BEST, LAST, STATE

LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
LIMIT_S = 60.0  # for a run of a few seconds, on a machine with other work


def start(rig: Rig, recipe: Path | str, output: Path, **parameters: object) -> Trainer:
    """A trainer that is active."""
    trainer = rig.start(Trainer, autostart=True, recipe=str(recipe), output=str(output), **parameters)
    rig.until(lambda: trainer.active, "the trainer to start")
    return trainer


def step_of(trainer: Trainer) -> int:
    return int(trainer.figures().get("step", 0))


def reports(rig: Rig) -> Iterator[Status]:
    """The trainer's diagnostics, as they come."""
    heard = rig.hear("/diagnostics", DiagnosticArray)
    while True:
        rig.until(lambda: heard, "diagnostics")
        yield from (s for s in decode_diagnostics(heard.pop(0)) if s.name == "/trainer")


def test_learns_from_a_folder_and_tells_how_far_it_is(rig: Rig, recipe: Path, tmp_path: Path) -> None:
    trainer = rig.start(Trainer, recipe=str(recipe), output=str(tmp_path / "run"))
    heard = rig.hear("trainer/progress", DiagnosticArray)
    assert trainer.trigger_configure() == TransitionCallbackReturn.SUCCESS
    assert trainer.trigger_activate() == TransitionCallbackReturn.SUCCESS
    status = next(s for s in reports(rig) if "finished" in s.message)
    assert status.level == Level.OK
    assert status.message.startswith("training finished after 12 steps; best score 0.")
    last = decode_diagnostics(heard[-1])[0].values
    assert (last["step"], last["total"], last["remaining_s"]) == ("12", "12", "0.0")
    best = checkpoint.load(tmp_path / "run" / BEST, "segmenter")
    assert float(last["score"]) == pytest.approx(best.metrics["miou"])


def test_a_deactivation_saves_and_an_activation_goes_on(rig: Rig, endless: Path, tmp_path: Path) -> None:
    trainer = start(rig, endless, tmp_path / "run")
    rig.until(lambda: step_of(trainer) >= 3, "three steps", LIMIT_S)
    trainer.trigger_deactivate()
    stopped = step_of(trainer)
    state = checkpoint.load(tmp_path / "run" / STATE)
    assert state.config["counters"]["step"] == stopped
    assert checkpoint.load(tmp_path / "run" / LAST).metrics["step"] == stopped
    rig.spin_for(0.3)
    assert step_of(trainer) == stopped
    trainer.trigger_activate()
    rig.until(lambda: step_of(trainer) > stopped, "another step", LIMIT_S)
    trainer.trigger_deactivate()
    trainer.trigger_cleanup()
    assert trainer.trigger_configure() == TransitionCallbackReturn.SUCCESS  # resumes from the folder
    trainer.trigger_activate()
    rig.until(lambda: step_of(trainer) > stopped + 1, "the run to go on", LIMIT_S)


def test_the_node_answers_while_it_trains(rig: Rig, endless: Path, tmp_path: Path) -> None:
    trainer = start(rig, endless, tmp_path / "run")
    rig.until(lambda: step_of(trainer) >= 1, "a step", LIMIT_S)
    status = next(s for s in reports(rig) if s.message == "publishing")
    assert int(status.values["step"]) >= 1
    assert status.values["total"] == "100000"


@pytest.mark.parametrize(
    ("recipe_text", "output", "told"),
    [
        ("no.yaml", "run", "no.yaml: No such file or directory"),
        ("{folder}/recipe.yaml", "", "output: expected the folder of the run"),
        ("{folder}/empty.yaml", "run", "nowhere: expected a bag or a folder of labelled images, it does not exist"),
    ],
)
def test_what_cannot_be_trained_is_told(
    rig: Rig, tmp_path: Path, recipe: Path, recipe_text: str, output: str, told: str
) -> None:
    save_recipe(tmp_path / "empty.yaml", tmp_path / "nowhere")
    path = recipe_text.format(folder=tmp_path)
    trainer = rig.start(Trainer, recipe=path, output=output and str(tmp_path / output))
    assert trainer.trigger_configure() == TransitionCallbackReturn.FAILURE
    status = next(reports(rig))
    assert status.level == Level.ERROR
    assert told in status.message


def test_learns_from_topics_while_they_come_in(rig: Rig, recipe: Path, tmp_path: Path) -> None:
    trainer = start(rig, recipe, tmp_path / "run", live=True, min_samples=30)
    camera, labels = rig.speaker(Image, "image"), rig.speaker(Image, "labels")
    names = rig.client.create_publisher(LabelInfo, "label_info", LATCHED)
    names.publish(encode_label_info(CLASSES, encode_header(0, "")))
    rng, stamp_ns = np.random.default_rng(1), 0
    while not (tmp_path / "run" / BEST).exists():
        image, mask = draw(rng)
        header = encode_header(stamp_ns, "camera")
        before = trainer.inputs[-1].received if trainer.inputs else 0
        camera.publish(encode_image(image[..., ::-1].copy(), "rgb8", header))
        labels.publish(encode_image(mask, "mono8", header))
        rig.until(lambda before=before: not trainer.inputs or trainer.inputs[-1].received > before, "the image")
        stamp_ns += 500_000_000
        if stamp_ns == 5_000_000_000:
            rig.until(lambda: "gathering samples" in trainer.note.reason, "word of what is gathered")
    rig.until(lambda: "finished" in trainer.note.reason, "the end", LIMIT_S)
    assert checkpoint.load(tmp_path / "run" / BEST).config["classes"] == list(CLASSES)


def test_live_data_need_a_number_of_steps(rig: Rig, folder: Path, tmp_path: Path) -> None:
    path = save_recipe(tmp_path / "epochs.yaml", folder, steps=None, epochs=3)
    trainer = rig.start(Trainer, recipe=str(path), output=str(tmp_path / "run"), live=True)
    assert trainer.trigger_configure() == TransitionCallbackReturn.FAILURE
    assert "steps: expected a number, as data are live" in next(reports(rig)).message


def test_live_data_are_images(rig: Rig, tmp_path: Path) -> None:
    path = tmp_path / "recipe.yaml"
    path.write_text("{task: action, steps: 1, data: {format: generated, layout: coco17}}")
    trainer = rig.start(Trainer, recipe=str(path), output=str(tmp_path / "run"), live=True)
    assert trainer.trigger_configure() == TransitionCallbackReturn.FAILURE
    assert "task: expected one that learns from images, got 'action'" in next(reports(rig)).message


def test_new_best_checkpoints_go_to_running_nodes(rig: Rig, recipe: Path, tmp_path: Path) -> None:
    first = save_segmenter(tmp_path / "first.safetensors")
    segmenter = rig.start(SegmenterNode, autostart=True, model=str(first), backend="torch")
    rig.until(lambda: segmenter.active, "the segmenter to start")
    start(rig, recipe, tmp_path / "run", push_to=["/segmenter", "/nobody"])
    model = segmenter.stages["segmenter"].model
    rig.until(lambda: model.used.model == str(tmp_path / "run" / BEST), "the new model", LIMIT_S)
    assert model.stage.classes == CLASSES
