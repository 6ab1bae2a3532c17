"""Films hold the images that they were given, at the rate they were given."""

import cv2
import numpy as np
import PIL.Image
import pytest

from dl_robotics.config import ConfigError
from dl_robotics.ops.film import open_film

GREYS = (0, 60, 120, 180, 240)


def write(path, rate_hz):
    with open_film(path, rate_hz) as add:
        for grey in GREYS:
            add(np.full((32, 48, 3), (grey, 0, 0), np.uint8))


def test_an_mp4(tmp_path):
    write(tmp_path / "a.mp4", 12.5)
    film = cv2.VideoCapture(str(tmp_path / "a.mp4"))
    assert film.get(cv2.CAP_PROP_FPS) == 12.5
    reds = []
    while (image := film.read())[0]:
        reds.append(image[1][16, 24, 2])
    np.testing.assert_allclose(reds, GREYS, atol=12)


@pytest.mark.parametrize(
    ("rate_hz", "duration_ms", "kept"), [(10.0, 100, GREYS), (30.0, 30, GREYS), (80.0, 20, GREYS[::2])]
)
def test_a_gif(tmp_path, rate_hz, duration_ms, kept):
    write(tmp_path / "a.gif", rate_hz)
    film = PIL.Image.open(tmp_path / "a.gif")
    reds = []
    for index in range(film.n_frames):
        film.seek(index)
        reds.append(film.convert("RGB").getpixel((24, 16))[0])
        assert film.info["duration"] == duration_ms
    assert reds == list(kept)


def test_other_files_are_refused(tmp_path):
    with pytest.raises(ConfigError, match=r"film: expected a file ending in \.mp4 or \.gif, got .*a\.avi"):
        write(tmp_path / "a.avi", 10.0)


@pytest.mark.parametrize("name", ["no/a.mp4", "no/a.gif"])
def test_a_folder_that_is_not_there_is_told(tmp_path, name):
    with pytest.raises(OSError, match="no/a"):
        write(tmp_path / name, 10.0)


@pytest.mark.parametrize("name", ["a.mp4", "a.gif"])
def test_errors_within_are_not_covered_up(tmp_path, name):
    with pytest.raises(ZeroDivisionError), open_film(tmp_path / name, 10.0) as add:
        add(np.full((32, 48, 3), 1 // 0, np.uint8))
