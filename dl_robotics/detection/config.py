"""What a detector is: all that rebuilds the network and what stands before and behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from dl_robotics.config import from_dict, require
from dl_robotics.detection.loss import LossConfig
from dl_robotics.nn.backbones import BackboneName
from dl_robotics.ops.detections import BACKGROUND

Architecture: TypeAlias = Literal["ssd", "grid", "ssd300_vgg16", "ssdlite320_mobilenet_v3_large"]
Channels: TypeAlias = tuple[float, float, float]


@dataclass(frozen=True)
class DetectorConfig:
    """A detector, as its checkpoint describes it.

    :param classes: names of the class ids; the first is the background.
    :param architecture: ``ssd`` and ``grid`` stand on any backbone; the others are the papers' networks.
    :param image_height: pixels that the network takes.
    :param mean: of red, green and blue in [0, 1], subtracted; ``std`` divides.
    :param strides: of the backbone's feature maps that are looked at, rising.
    :param extra_channels: of the maps added behind the backbone, each half as large as the one before.
    :param pyramid_channels: of each map once coarser ones were added to it, see
        :class:`~dl_robotics.detection.pyramid.FeaturePyramid`; 0 leaves each map to itself, as SSD does.
    :param head: 3x3 convolutions, or depthwise separable ones (Sandler et al. 2018), which need a tenth of the sums.
    :param aspect_ratios: of each map's priors besides 1; each stands for its inverse, too. One entry serves all maps.
    :param scales: of the priors, in shares of the image's shorter side: one for each map and one beyond the last.
        Empty for evenly spaced ones from ``min_scale`` to ``max_scale`` (Liu et al. 2016, equation 4).
    :param steps: pixels between the priors of each map; empty for the image's size over the map's.
    :param anchors: of the grid: width and height in pixels at the network's size. Empty for ``anchor_count`` ones
        clustered from the training boxes.
    :param prior_probability: that the untrained network gives to anything but background (Lin et al. 2017, section
        4.1); 0 leaves it to chance, as SSD does.
    :param score_threshold: candidates below are dropped; here and below: where the detector starts, see
        :class:`~dl_robotics.detection.settings.DetectorSettings`.
    :param candidates_per_class: only so many best ones of a class compete.
    """

    classes: tuple[str, ...]
    architecture: Architecture = "ssd"
    backbone: BackboneName = "small"
    image_height: int = 240
    image_width: int = 320
    mean: Channels = (0.485, 0.456, 0.406)
    std: Channels = (0.229, 0.224, 0.225)
    strides: tuple[int, ...] = (8, 16, 32)
    extra_channels: tuple[int, ...] = (64,)
    pyramid_channels: int = 0
    head: Literal["dense", "separable"] = "dense"
    aspect_ratios: tuple[tuple[float, ...], ...] = ((2.0,),)
    scales: tuple[float, ...] = ()
    min_scale: float = 0.1
    max_scale: float = 0.9
    steps: tuple[int, ...] = ()
    anchors: tuple[tuple[float, float], ...] = ()
    anchor_count: int = 5
    prior_probability: float = 0.0
    score_threshold: float = 0.01
    iou_threshold: float = 0.45
    candidates_per_class: int = 400
    max_detections: int = 200
    loss: LossConfig = field(default_factory=LossConfig)

    def __post_init__(self) -> None:
        named = len(self.classes) >= 2 and self.classes[0] == BACKGROUND
        require(named, "classes", f"{BACKGROUND!r} and one or more names", self.classes)
        require(len(set(self.classes)) == len(self.classes), "classes", "different names", self.classes)
        for name in ("image_height", "image_width", "anchor_count", "candidates_per_class", "max_detections"):
            require(getattr(self, name) >= 1, name, ">= 1", getattr(self, name))
        for name in ("prior_probability", "score_threshold", "iou_threshold"):
            require(0.0 <= getattr(self, name) < 1.0, name, "within [0, 1)", getattr(self, name))
        require(self.pyramid_channels >= 0, "pyramid_channels", ">= 0", self.pyramid_channels)
        require(min(self.std) > 0.0, "std", "> 0", self.std)
        require(0.0 < self.min_scale <= self.max_scale, "min_scale", "within (0, max_scale]", self.min_scale)
        for name in ("scales", "steps", "strides", "extra_channels"):
            require(min(getattr(self, name), default=1) > 0, name, "> 0", getattr(self, name))
        require(len(self.aspect_ratios) > 0, "aspect_ratios", "one entry or one for each map", self.aspect_ratios)
        sides = [side for shape in (*self.aspect_ratios, *self.anchors) for side in shape]
        require(min(sides, default=1.0) > 0.0, "aspect_ratios, anchors", "> 0", sides)


PRESETS: Mapping[Architecture, Mapping[str, Any]] = {
    "ssd": {},
    "grid": {"strides": (16,), "extra_channels": ()},
    "ssd300_vgg16": {  # Liu et al. 2016; means of Caffe's VGG-16, which was trained on 0 to 255
        "backbone": "vgg16",
        "image_height": 300,
        "image_width": 300,
        "mean": (0.48235, 0.45882, 0.40784),
        "std": (1.0 / 255.0,) * 3,
        "aspect_ratios": ((2.0,), (2.0, 3.0), (2.0, 3.0), (2.0, 3.0), (2.0,), (2.0,)),
        "scales": (0.07, 0.15, 0.33, 0.51, 0.69, 0.87, 1.05),
        "steps": (8, 16, 32, 64, 100, 300),
    },
    "ssdlite320_mobilenet_v3_large": {  # Howard et al. 2019, section 6.3
        "backbone": "mobilenet_v3_large",
        "image_height": 320,
        "image_width": 320,
        "mean": (0.5, 0.5, 0.5),
        "std": (0.5, 0.5, 0.5),
        "head": "separable",
        "aspect_ratios": ((2.0, 3.0),),
        "min_scale": 0.2,
        "max_scale": 0.95,
        "score_threshold": 0.001,
        "iou_threshold": 0.55,
        "candidates_per_class": 300,
        "max_detections": 300,
    },
}


def detector_config(classes: tuple[str, ...], settings: Mapping[str, Any]) -> DetectorConfig:
    """A configuration from a recipe: what it leaves out is as its architecture has it.

    :param classes: of the data.
    :param settings: fields of :class:`DetectorConfig` but ``classes``.
    :raises ConfigError: for unknown fields and values that cannot be used.
    """
    preset = PRESETS.get(settings.get("architecture", "ssd"), {})
    return from_dict(DetectorConfig, {**preset, **settings, "classes": classes}, where="model")
