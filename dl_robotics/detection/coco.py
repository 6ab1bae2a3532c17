"""Detectors that others trained on COCO: the files that torchvision publishes for its SSD models."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from dl_robotics.checkpoint import Checkpoint
from dl_robotics.config import require, to_dict
from dl_robotics.detection.config import Architecture, detector_config
from dl_robotics.detection.model import KIND, build_detector
from dl_robotics.nn.pretrained import load_published
from dl_robotics.ops.detections import BACKGROUND

# By COCO's category ids; the ids between them were never used.
CATEGORIES: Mapping[int, str] = {
    **dict(enumerate(("person", "bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck", "boat"), 1)),
    **dict(enumerate(("traffic light", "fire hydrant"), 10)),
    **dict(enumerate(("stop sign", "parking meter", "bench", "bird", "cat", "dog", "horse", "sheep", "cow"), 13)),
    **dict(enumerate(("elephant", "bear", "zebra", "giraffe"), 22)),
    **dict(enumerate(("backpack", "umbrella"), 27)),
    **dict(enumerate(("handbag", "tie", "suitcase", "frisbee", "skis", "snowboard", "sports ball", "kite"), 31)),
    **dict(enumerate(("baseball bat", "baseball glove", "skateboard", "surfboard", "tennis racket", "bottle"), 39)),
    **dict(enumerate(("wine glass", "cup", "fork", "knife", "spoon", "bowl", "banana", "apple", "sandwich"), 46)),
    **dict(enumerate(("orange", "broccoli", "carrot", "hot dog", "pizza", "donut", "cake", "chair", "couch"), 55)),
    **dict(enumerate(("potted plant", "bed"), 64)),
    67: "dining table",
    70: "toilet",
    **dict(enumerate(("tv", "laptop", "mouse", "remote", "keyboard", "cell phone", "microwave", "oven"), 72)),
    **dict(enumerate(("toaster", "sink", "refrigerator"), 80)),
    **dict(enumerate(("book", "clock", "vase", "scissors", "teddy bear", "hair drier", "toothbrush"), 84)),
}
COCO_CLASSES = (BACKGROUND, *(CATEGORIES.get(number, f"unused {number}") for number in range(1, 91)))


def load_torchvision(
    path: str | Path, architecture: Architecture, classes: tuple[str, ...] = COCO_CLASSES
) -> Checkpoint:
    """A checkpoint, to be saved and loaded as any other, from a state dict of torchvision's model of that name.

    >>> checkpoint.save("coco.safetensors", load_torchvision("ssd300_vgg16_coco-b556d3b4.pth", "ssd300_vgg16"))
    >>> Detector.load("coco.safetensors")(image)

    :param path: the ``.pth`` file.
    :param architecture: ``ssd300_vgg16`` or ``ssdlite320_mobilenet_v3_large``.
    :param classes: names by class id, the background's first; torchvision's files have COCO's 91.
    :raises WeightsError: if the file cannot be read, or does not fit the architecture with so many classes.
    :raises ConfigError: if torchvision has no model of this name.
    """
    known = ("ssd300_vgg16", "ssdlite320_mobilenet_v3_large")
    require(architecture in known, "architecture", f"one of {', '.join(known)}", architecture)
    config = detector_config(classes, {"architecture": architecture})
    model = build_detector(config)
    load_published(model, path, f"{architecture} with {len(classes)} classes")
    return Checkpoint(KIND, model.state_dict(), to_dict(config), licence="as the file's makers say")
