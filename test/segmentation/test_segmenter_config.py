"""Settings of segmenters are checked where they are declared."""

import pytest

from dl_robotics.config import ConfigError, from_dict, to_dict
from dl_robotics.segmentation.config import SegmenterConfig
from dl_robotics.segmentation.settings import SegmenterSettings

CLASSES = ("background", "wall")


def test_survives_plain_data():
    settings = SegmenterConfig(classes=CLASSES, architecture="lraspp_mobilenet_v3_large", finest_stride=16)
    assert from_dict(SegmenterConfig, to_dict(settings)) == settings


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("classes", ["background"]),
        ("classes", ["a", "a"]),
        ("classes", [str(number) for number in range(256)]),
        ("architecture", "unet"),
        ("backbone", "resnet50"),
        ("finest_stride", 2),
        ("fused_channels", -1),
        ("image_height", 31),
        ("image_width", 0),
        ("std", [0.2, 0.0, 0.2]),
        ("mean", [0.5, 0.5]),
        ("depth", 3),
    ],
)
def test_unusable_settings_are_refused_by_name(key, value):
    with pytest.raises(ConfigError, match=key):
        from_dict(SegmenterConfig, {"classes": list(CLASSES), key: value})


@pytest.mark.parametrize("changed", [{"min_confidence": 1.5}, {"unsure_class": 256}])
def test_running_settings_have_ranges(changed):
    with pytest.raises(ConfigError, match=next(iter(changed))):
        SegmenterSettings(**changed)
