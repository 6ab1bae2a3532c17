"""Videos and pictures played as a camera would."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from rig import Rig
from sensor_msgs.msg import Image

from dl_robotics.config import ConfigError
from dl_robotics.messages.image import decode_image
from dl_robotics.nodes.player import Player, pictures

COLOURS = ((255, 0, 0), (0, 255, 0), (0, 0, 255))


def plain(colour: tuple[int, int, int]) -> np.ndarray:
    return np.full((32, 48, 3), colour, np.uint8)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for index, colour in enumerate(COLOURS):
        cv2.imwrite(str(folder / f"{index}.png"), plain(colour)[..., ::-1])
    (folder / "notes.txt").write_text("not a picture")
    return folder


def test_a_folder_is_played_in_order_and_begins_again(rig: Rig, folder: Path) -> None:
    rig.start(Player, source=str(folder), rate_hz=50.0, frame_id="eye")
    heard = rig.hear("image", Image)
    rig.until(lambda: len(heard) >= 7, "images")
    seen = [tuple(decode_image(message, "rgb8")[0, 0].tolist()) for message in heard]
    first = COLOURS.index(seen[0])
    assert seen == [COLOURS[(first + index) % 3] for index in range(len(seen))]
    assert heard[0].header.frame_id == "eye"


def test_the_end_is_the_end_where_it_does_not_begin_again(folder: Path) -> None:
    assert [tuple(picture[0, 0].tolist()) for picture in pictures(folder, loop=False)] == list(COLOURS)


def test_a_video(tmp_path: Path) -> None:
    file = tmp_path / "video.avi"
    video = cv2.VideoWriter(str(file), cv2.VideoWriter_fourcc(*"MJPG"), 10.0, (48, 32))
    for colour in COLOURS:
        video.write(plain(colour)[..., ::-1])
    video.release()
    shown = list(pictures(file, loop=False))
    assert len(shown) == 3
    for picture, colour in zip(shown, COLOURS, strict=True):
        np.testing.assert_allclose(picture.reshape(-1, 3).mean(axis=0), colour, atol=8)


@pytest.mark.parametrize("name", ["missing.mp4", "notes.txt", "."])
def test_what_cannot_be_played_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "notes.txt").write_text("not a picture")
    with pytest.raises(ConfigError, match="source: expected a video, a picture or a folder of pictures"):
        next(pictures(tmp_path / name, loop=True))
