"""Messages that hold no image: refused, counted, named; the node goes on."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from camera_bench import PICTURE, CameraBench
from rig import Rig
from sensor_msgs.msg import CompressedImage, Image
from tiny_vision import save_detector
from vision_msgs.msg import Detection2DArray

from dl_robotics.messages.compressed_image import encode_compressed_image
from dl_robotics.messages.errors import MessageError
from dl_robotics.messages.header import encode_header
from dl_robotics.messages.image import encode_image
from dl_robotics.nodes.detector import DetectorNode
from dl_robotics.nodes.frame import frame_of_image

RAW: dict[str, tuple[Callable[[Image], None], str]] = {
    "step": (lambda image: setattr(image, "step", 7), "step: expected >= 480 bytes"),
    "long step": (lambda image: setattr(image, "step", 500), "data: expected 60000 bytes"),
    "no data": (lambda image: setattr(image, "data", b""), "data: expected 57600 bytes"),
    "short data": (lambda image: image.data.pop(), "data: expected 57600 bytes"),
    "encoding": (lambda image: setattr(image, "encoding", "rgb9"), "encoding: expected"),
    "no encoding": (lambda image: setattr(image, "encoding", ""), "encoding: expected"),
    "no colours": (lambda image: setattr(image, "encoding", "8UC3"), "encoding: expected"),
    "no width": (lambda image: setattr(image, "width", 0), "width: expected > 0"),
    "no height": (lambda image: setattr(image, "height", 0), "height: expected > 0"),
    "a billion rows": (lambda image: setattr(image, "height", 2**32 - 1), "data: expected"),
    "stamp": (lambda image: setattr(image.header.stamp, "nanosec", 2**32 - 1), "header.stamp.nanosec: expected"),
}
COMPRESSED: dict[str, Callable[[CompressedImage], None]] = {
    "truncated": lambda image: setattr(image, "data", image.data[: len(image.data) // 2]),
    "empty": lambda image: setattr(image, "data", b""),
    "text": lambda image: setattr(image, "data", b"a picture of a cat"),
    "depth": lambda image: setattr(image, "format", "16UC1; compressedDepth png"),
}


@pytest.fixture
def bench(rig: Rig, tmp_path: Path) -> CameraBench:
    model = save_detector(tmp_path / "detector.safetensors")
    return CameraBench(rig, DetectorNode, model=str(model), backend="torch")


def test_raw_images(bench: CameraBench, capfd: pytest.CaptureFixture[str]) -> None:
    heard = bench.rig.hear("detector/detections", Detection2DArray)
    for count, (name, (spoil, _)) in enumerate(RAW.items(), start=1):
        message = bench.picture()
        spoil(message)
        bench.send(message)
        bench.rig.until(lambda count=count: bench.node.source.refused == count, f"the refusal of {name}")
    assert not heard
    warning = capfd.readouterr().err  # of several in a row, the first
    assert f"/image: message refused (1 so far): {next(iter(RAW.values()))[1]}" in warning
    assert bench.ask(heard)
    status = bench.report()["/detector"]
    assert status.values["refused on /image"] == str(len(RAW))


@pytest.mark.parametrize("name", RAW)
def test_the_reason_names_the_field(name: str) -> None:
    spoil, reason = RAW[name]
    message = encode_image(PICTURE, "rgb8", encode_header(0, "camera"))
    spoil(message)
    with pytest.raises(MessageError, match=re.escape(reason)):
        assert frame_of_image(message).image is None


def test_compressed_images(rig: Rig, tmp_path: Path) -> None:
    model = save_detector(tmp_path / "detector.safetensors")
    bench = CameraBench(rig, DetectorNode, model=str(model), backend="torch", compressed=True)
    heard = rig.hear("detector/detections", Detection2DArray)
    for count, (name, spoil) in enumerate(COMPRESSED.items(), start=1):
        message = encode_compressed_image(PICTURE, "rgb8", bench.next_header())
        spoil(message)
        bench.send(message)
        rig.until(lambda count=count: bench.node.source.refused == count, f"the refusal of {name}")
    bench.send(encode_compressed_image(PICTURE, "rgb8", bench.next_header()))
    rig.until(lambda: heard, "the answer")
    assert len(heard) == 1


@pytest.mark.parametrize("shape", [(1, 1), (1, 700), (500, 1), (33, 35)])
def test_images_of_odd_sizes_are_answered(bench: CameraBench, shape: tuple[int, int]) -> None:
    heard = bench.rig.hear("detector/detections", Detection2DArray)
    assert bench.ask(heard, np.full((*shape, 3), 77, np.uint8))
