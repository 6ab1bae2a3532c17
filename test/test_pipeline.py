"""Stages that feed one another."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dl_robotics import config
from dl_robotics.config import ConfigError
from dl_robotics.pipeline import Pipeline, PipelineConfig, StageConfig
from dl_robotics.resources import config_file

IMAGE, STAMP_NS = np.full((2, 3, 3), 7, np.uint8), 1_500_000_000
FRAME = {"image": IMAGE, "stamp": STAMP_NS}
# detector -> tracker, which also takes the stamp, and beside it a segmenter; poses takes the image and the detections.
STAGES = """
stages:
  - {name: detector, kind: detector, settings: {model: a.safetensors, score_threshold: 0.25}}
  - {name: tracker, kind: tracker, takes: [detector, stamp]}
  - {name: poses, kind: poses, takes: [image, detector]}
  - {name: segmenter, kind: segmenter, lane: slow}
"""


@pytest.fixture
def described(tmp_path: Path) -> PipelineConfig:
    file = tmp_path / "pipeline.yaml"
    file.write_text(STAGES)
    return config.load(PipelineConfig, file)


class Recorder:
    """Stages that tell what they were called with."""

    def __init__(self, described: PipelineConfig, silent: str = "") -> None:
        self.calls: list[str] = []
        self.stages = {stage.name: self._stage(stage.name, stage.name == silent) for stage in described.stages}

    def _stage(self, name: str, silent: bool) -> Any:
        def stage(*inputs: Any) -> tuple[Any, ...] | None:
            self.calls.append(name)
            return None if silent else (name, *inputs)

        return stage


def test_results_feed_the_stages_that_take_them(described: PipelineConfig) -> None:
    results = Pipeline(described, Recorder(described).stages)(image=IMAGE, stamp=STAMP_NS)
    assert list(results) == ["detector", "tracker", "poses", "segmenter"]
    assert results["detector"][1] is IMAGE
    assert results["tracker"] == ("tracker", results["detector"], STAMP_NS)
    assert results["poses"][1] is IMAGE
    assert results["poses"][2] is results["detector"]


@pytest.mark.parametrize(
    ("wanted", "run"),
    [
        ((), []),
        (("segmenter",), ["segmenter"]),
        (("tracker",), ["detector", "tracker"]),
        (("poses", "segmenter"), ["detector", "poses", "segmenter"]),
    ],
)
def test_only_what_is_wanted_and_what_feeds_it_is_run(
    described: PipelineConfig, wanted: tuple[str, ...], run: list[str]
) -> None:
    recorder = Recorder(described)
    list(Pipeline(described, recorder.stages).run(FRAME, wanted))
    assert recorder.calls == run


def test_a_result_is_given_before_the_next_stage_runs(described: PipelineConfig) -> None:
    recorder = Recorder(described)
    results = Pipeline(described, recorder.stages).run(FRAME, ("detector", "segmenter"))
    assert next(results)[0] == "detector"
    assert recorder.calls == ["detector"]


def test_what_a_stage_without_a_result_feeds_is_left_out(described: PipelineConfig) -> None:
    recorder = Recorder(described, silent="detector")
    assert list(Pipeline(described, recorder.stages)(image=IMAGE, stamp=STAMP_NS)) == ["segmenter"]
    assert recorder.calls == ["detector", "segmenter"]


def test_lanes_have_their_own_stages(described: PipelineConfig) -> None:
    lanes = described.lanes()
    assert {name: [stage.name for stage in lane.stages] for name, lane in lanes.items()} == {
        "main": ["detector", "tracker", "poses"],
        "slow": ["segmenter"],
    }


@pytest.mark.parametrize(
    ("stages", "reason"),
    [
        ("[]", "stages: expected at least one"),
        ("[{kind: detector}]", "stages[0].name: missing"),
        ("[{name: Detector 1, kind: detector}]", "stages[0].name: expected small letters"),
        ("[{name: image, kind: detector}]", "stages[0].name: expected a name of its own, got 'image'"),
        ("[{name: a, kind: b}, {name: a, kind: b}]", "stages[1].name: expected a name of its own, got 'a'"),
        (
            "[{name: a, kind: b, takes: [c]}, {name: c, kind: b}]",
            "stages[0].takes: expected one of image, stamp, got 'c'",
        ),
        ("[{name: a, kind: b, takes: [a]}]", "stages[0].takes: expected one of image, stamp, got 'a'"),
        ("[{name: a, kind: b, takes: []}]", "stages[0].takes: expected inputs or stages"),
        (
            "[{name: a, kind: b}, {name: c, kind: b, takes: [a], lane: d}]",
            "stages[1].lane: expected 'main', where 'a' runs, got 'd'",
        ),
        ("[{name: a, kind: b, speed: 3}]", "stages[0].speed: unknown key"),
        ("[{name: a, kind: b}]\ninputs: [skeletons, stamp]", "stages[0].takes: expected one of skeletons, stamp"),
    ],
)
def test_files_that_cannot_be_are_refused(tmp_path: Path, stages: str, reason: str) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text(f"stages: {stages}\n")
    with pytest.raises(ConfigError) as caught:
        config.load(PipelineConfig, file)
    assert str(caught.value).startswith(f"{file}: ")
    assert reason in str(caught.value)


@pytest.mark.parametrize("file", sorted(config_file("pipelines").glob("*.yaml")), ids=lambda file: file.stem)
def test_shipped_pipelines_can_be_read(file: Path) -> None:
    assert config.load(PipelineConfig, file).stages
    assert StageConfig("a", "b").takes == ("image",)
