"""What a segmenter is: its network, its input, its classes, its loss."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from dl_robotics.config import require
from dl_robotics.nn.backbones import BackboneName

ClassWeights: TypeAlias = Literal["equal", "median_frequency", "inverse_log"]
MAX_CLASSES = 255  # ids are bytes, and 255 marks what is ignored


@dataclass(frozen=True)
class LossConfig:
    """The loss of a segmenter.

    :param class_weights: how rare classes are favoured, see :func:`~dl_robotics.segmentation.loss.class_weights`.
    :param label_smoothing: share of the target spread evenly over all classes (Szegedy et al. 2016), in [0, 1).
    """

    class_weights: ClassWeights = "equal"
    label_smoothing: float = 0.0

    def __post_init__(self) -> None:
        require(0.0 <= self.label_smoothing < 1.0, "label_smoothing", "in [0, 1)", self.label_smoothing)


@dataclass(frozen=True, kw_only=True)
class SegmenterConfig:
    """Settings of a segmenter that its weights depend on.

    :param classes: their names; a pixel's id is the place in this list.
    :param backbone: of the fully convolutional network; LR-ASPP has its own.
    :param finest_stride: of the finest feature map that the fully convolutional network fuses: 32, 16 and 8 are the
        paper's FCN-32s, FCN-16s and FCN-8s.
    :param fused_channels: channels of the maps that it fuses; 0 for the class scores themselves, as in the paper.
    :param image_height: pixels that the network takes.
    :param mean: of the red, green and blue channels in [0, 1]; ImageNet's as it comes.
    :param std: their standard deviations.
    """

    classes: tuple[str, ...]
    architecture: Literal["fcn", "lraspp_mobilenet_v3_large"] = "fcn"
    backbone: BackboneName = "small"
    finest_stride: Literal[4, 8, 16, 32] = 4
    fused_channels: int = 0
    image_height: int = 240
    image_width: int = 320
    mean: tuple[float, float, float] = (0.485, 0.456, 0.406)
    std: tuple[float, float, float] = (0.229, 0.224, 0.225)
    loss: LossConfig = field(default_factory=LossConfig)

    def __post_init__(self) -> None:
        require(2 <= len(self.classes) <= MAX_CLASSES, "classes", f"2 to {MAX_CLASSES} names", self.classes)
        require(len({*self.classes}) == len(self.classes), "classes", "different names", self.classes)
        for name in ("image_height", "image_width"):
            require(getattr(self, name) >= 32, name, ">= 32", getattr(self, name))
        require(0 <= self.fused_channels <= 1024, "fused_channels", "0 to 1024", self.fused_channels)
        require(min(self.std) > 0.0, "std", "> 0", self.std)
