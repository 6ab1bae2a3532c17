"""Settings of recognisers are checked where they are declared."""

import pytest

from dl_robotics import config
from dl_robotics.action.config import SMALL, RecogniserConfig
from dl_robotics.config import ConfigError, from_dict, to_dict
from dl_robotics.ops.skeleton_layout import SkeletonLayout

CLASSES = ("walk", "fall")


def test_survives_plain_data():
    settings = RecogniserConfig(classes=CLASSES, layout="kinect20", streams=("joint", "bone"), rate_hz=15.0, **SMALL)
    assert from_dict(RecogniserConfig, to_dict(settings)) == settings


def test_a_table_of_ones_own_is_kept_in_the_settings(tmp_path):
    table = SkeletonLayout(("head", "hip", "foot"), (("head", "hip"), ("hip", "foot")), "hip")
    path = tmp_path / "snowman.yaml"
    path.write_text("joints: [head, hip, foot]\nedges: [[head, hip], [hip, foot]]\ncentre: hip\n", encoding="utf-8")
    settings = RecogniserConfig(classes=CLASSES, layout=str(path))
    path.unlink()
    again = from_dict(RecogniserConfig, config.parse(str(to_dict(settings))))
    assert again.skeleton == table
    assert again.input_shape == (1, 3, 300, 3, 1)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("classes", ["walk"]),
        ("classes", ["walk", "walk"]),
        ("persons", 3),
        ("coordinates", 4),
        ("normalisation", "person"),
        ("frames", 0),
        ("rate_hz", 0.0),
        ("streams", []),
        ("streams", ["joint", "joint"]),
        ("streams", ["muscle"]),
        ("fusion", "middle"),
        ("partition", "random"),
        ("hops", 0),
        ("channels", []),
        ("strides", [1, 2]),
        ("temporal_kernel", 8),
        ("dropout", 1.0),
    ],
)
def test_unusable_settings_are_refused_by_name(key, value):
    with pytest.raises(ConfigError, match=key):
        from_dict(RecogniserConfig, {"classes": list(CLASSES), key: value})


def test_a_window_that_is_too_short_without_padding_is_refused():
    with pytest.raises(ConfigError, match="frames: expected >= 154 with these blocks, got 153"):
        RecogniserConfig(classes=CLASSES, padded=False, frames=153, streams=("joint_motion",))
    assert RecogniserConfig(classes=CLASSES, padded=False, frames=153).field == 153


def test_a_table_that_does_not_ship_is_refused():
    with pytest.raises(FileNotFoundError, match=r"coco17.*got 'cat9'"):
        _ = RecogniserConfig(classes=CLASSES, layout="cat9").skeleton
