"""Several stages on one image topic."""

from pathlib import Path

import pytest
from camera_bench import PICTURE, CameraBench
from rig import Rig
from sensor_msgs.msg import Image
from tiny_vision import save_detector, save_segmenter
from vision_msgs.msg import Detection2DArray

from dl_robotics.config import ConfigError
from dl_robotics.messages.header import decode_header
from dl_robotics.messages.image import decode_image
from dl_robotics.nodes.pipeline import PipelineNode

STAGES = """
stages:
  - {name: boxes, kind: detector, settings: {backend: torch, score_threshold: 0.25}}
  - {name: classes, kind: segmenter, lane: LANE, settings: {backend: torch}}
"""
BOXES, CLASSES = "pipeline/boxes/detections", "pipeline/classes/segmentation"


@pytest.fixture(params=["main", "slow"])
def bench(rig: Rig, tmp_path: Path, request: pytest.FixtureRequest) -> CameraBench:
    """Both stages one after another, and each in a thread of its own."""
    file = tmp_path / "pipeline.yaml"
    file.write_text(STAGES.replace("LANE", request.param))
    models = {
        "boxes.model": str(save_detector(tmp_path / "detector.safetensors")),
        "classes.model": str(save_segmenter(tmp_path / "segmenter.safetensors")),
    }
    return CameraBench(rig, PipelineNode, pipeline=str(file), **models)


def test_all_stages_answer_with_the_header_of_the_image(bench: CameraBench) -> None:
    boxes, classes = bench.rig.hear(BOXES, Detection2DArray), bench.rig.hear(CLASSES, Image)
    sure = bench.rig.hear("pipeline/classes/confidence", Image)
    asked = bench.show()
    bench.rig.until(lambda: boxes and classes and sure, "all answers")
    assert {decode_header(answer[0].header) for answer in (boxes, classes, sure)} == {asked}
    assert classes[0].encoding == sure[0].encoding == "mono8"
    assert decode_image(classes[0]).shape == decode_image(sure[0]).shape == PICTURE.shape[:2]
    assert set(decode_image(classes[0]).ravel()) <= {0, 1, 2}


def test_a_stage_runs_only_while_somebody_reads_it(bench: CameraBench) -> None:
    bench.ask(bench.rig.hear(BOXES, Detection2DArray))
    bench.ask(bench.rig.hear(CLASSES, Image))
    told = bench.report(lambda told: told["/pipeline: boxes"].values["frames out"] == "2")
    assert told["/pipeline: boxes"].values["frames in"] == "2"
    assert told["/pipeline: classes"].values["frames in"] == "1"


def test_settings_bear_the_stages_name(bench: CameraBench) -> None:
    heard = bench.rig.hear(BOXES, Detection2DArray)
    assert len(bench.ask(heard).detections) > 0
    assert bench.node.stages["boxes"].model.used.score_threshold == 0.25
    assert bench.tell(boxes__score_threshold=1.0) == (True, "")
    assert bench.ask(heard).detections == []


def test_one_models_exchange_leaves_the_other_alone(bench: CameraBench, tmp_path: Path) -> None:
    boxes, classes = (bench.node.stages[name].model for name in ("boxes", "classes"))
    before = boxes.stage, classes.stage
    better = save_segmenter(tmp_path / "better.safetensors", seed=1)
    assert bench.tell(classes__model=str(better)) == (True, "")
    bench.rig.until(lambda: classes.stage is not before[1], "the exchange")
    assert boxes.stage is before[0]
    assert classes.used.model == str(better)


def test_annotated_pictures_of_a_segmentation(bench: CameraBench) -> None:
    drawn = decode_image(bench.ask(bench.rig.hear("pipeline/classes/annotated", Image)))
    assert drawn.shape == PICTURE.shape


@pytest.mark.parametrize(
    ("stages", "reason"),
    [
        ("[{name: a, kind: oracle}]", "a.kind: expected one of detector, segmenter, "),
        ("[{name: a, kind: detector, settings: {glory: 1}}]", "a.glory: unknown key"),
        ("[{name: a, kind: detector, settings: {score_threshold: 2.0}}]", "a.score_threshold: expected within"),
    ],
)
def test_pipelines_that_cannot_be_are_refused(rig: Rig, tmp_path: Path, stages: str, reason: str) -> None:
    file = tmp_path / "pipeline.yaml"
    file.write_text(f"stages: {stages}")
    with pytest.raises(ConfigError) as caught:
        rig.start(PipelineNode, pipeline=str(file))
    assert reason in str(caught.value)
