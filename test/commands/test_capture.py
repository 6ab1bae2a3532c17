"""Capture: bags of labelled frames, the same with any number of workers, whole even where it is interrupted."""

import signal
import subprocess
import sys
from collections import Counter

import numpy as np
import pytest
import yaml
from rosbags.highlevel import AnyReader

from dl_robotics.commands.__main__ import main
from dl_robotics.data.clips.config import ClipsConfig
from dl_robotics.data.clips.open import open_clips
from dl_robotics.data.message_types import add_installed, standard_types
from dl_robotics.messages.compressed_image import decode_compressed_image
from dl_robotics.messages.detections import decode_detections
from dl_robotics.messages.image import decode_image
from dl_robotics.messages.label_info import decode_label_info
from dl_robotics.sim.motion.activities import ACTIVITIES

SCENES = {
    "worlds": {"static": 1.0},
    "things": {"ball": [1, 3], "person": [1, 1]},
    "textures": 4,
    "camera": {"width": 64, "height": 48},
    "boxes": {"min_pixels": 10, "min_side_px": 2},
}
LABELS = ("/labels/detections", "/labels/segmentation", "/camera_info")
END_S = 60.0


@pytest.fixture
def scenes(tmp_path):
    path = tmp_path / "scenes.yaml"
    path.write_text(yaml.safe_dump(SCENES))
    return str(path)


def read(path):
    """Every message as (topic, stamp, message), in the bag's order."""
    types = standard_types()
    for name in ("Detection2DArray", "LabelInfo"):
        add_installed(types, f"vision_msgs/msg/{name}")
    with AnyReader([path], default_typestore=types) as reader:
        return [(c.topic, stamp_ns, reader.deserialize(raw, c.msgtype)) for c, stamp_ns, raw in reader.messages()]


def test_a_bag_holds_image_labels_and_names_of_every_frame(scenes, tmp_path, capsys):
    bag = tmp_path / "bag"
    assert main(["capture", scenes, "--frames", "5", "--workers", "1", "--output", str(bag)]) == 0
    assert f"{bag}: 5 of 5 frames" in capsys.readouterr().out
    messages = read(bag)
    assert Counter(topic for topic, *_ in messages) == dict.fromkeys(("/image", *LABELS), 5) | {"/labels/label_info": 1}
    names = decode_label_info(messages[0][2]).names
    assert names[1] == "person" and names[4] == "ball"
    frames = {}
    for topic, stamp_ns, message in messages[1:]:
        frames.setdefault(stamp_ns, {})[topic] = message
    assert list(np.diff(list(frames))) == [100_000_000] * 4
    boxes = 0
    for frame in frames.values():
        assert decode_image(frame["/image"]).shape == (48, 64, 3)
        mask = decode_image(frame["/labels/segmentation"])
        found = decode_detections(frame["/labels/detections"]).detections
        assert set(found.labels.tolist()) <= set(np.unique(mask).tolist()) <= names.keys()
        boxes += len(found)
    assert boxes > 0


def test_equal_seeds_give_equal_bags_with_any_number_of_workers(scenes, tmp_path):
    def capture(name, *options):
        path = tmp_path / name
        assert main(["capture", scenes, "--frames", "6", "--output", str(path), *options]) == 0
        return [(t, s, getattr(m, "data", None)) for t, s, m in read(path) if t in ("/image", "/labels/segmentation")]

    one, two = capture("one", "--workers", "1"), capture("two", "--workers", "2", "--storage", "sqlite3")
    other = capture("other", "--workers", "1", "--purpose", "evaluate")
    assert len(one) == len(two) == 12
    assert all(a[:2] == b[:2] and np.array_equal(a[2], b[2]) for a, b in zip(one, two, strict=True))
    assert not any(np.array_equal(a[2], b[2]) for a, b in zip(one, other, strict=True) if a[0] == "/image")


def test_images_can_be_stored_compressed(scenes, tmp_path):
    def picture(codec):
        options = ["--frames", "1", "--workers", "1", "--image", codec, "--output", str(tmp_path / codec)]
        assert main(["capture", scenes, *options]) == 0
        return {topic: message for topic, _, message in read(tmp_path / codec)}

    raw = decode_image(picture("raw")["/image"]).astype(float)
    for codec, tolerance in (("png", 0.0), ("jpeg", 8.0)):
        stored = decode_compressed_image(picture(codec)["/image/compressed"], "rgb8")
        assert np.abs(stored - raw).mean() <= tolerance


def test_ctrl_c_leaves_a_whole_bag(scenes, tmp_path):
    options = ["--frames", "100000", "--workers", "2", "--output", str(tmp_path / "bag")]
    command = [sys.executable, "-m", "dl_robotics.commands", "capture", scenes, *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert "of 100000 frames" in process.stdout.readline()  # it is under way
        process.send_signal(signal.SIGINT)
        told, errors = process.communicate(timeout=END_S)
    finally:
        process.kill()
    assert (process.returncode, errors) == (1, "")
    assert "frames: interrupted" in told
    done = int(told.splitlines()[-1].split(": ")[1].split()[0])
    assert done > 0
    assert Counter(topic for topic, *_ in read(tmp_path / "bag"))["/image"] == done


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--frames", "0"], "--frames: expected >= 1, got 0"),
        (["--seed", "-1"], "--seed: expected >= 0, got -1"),
        (["--workers", "0"], "--workers: expected >= 1, got 0"),
        (["--min-free-gb", "1e9"], "expected 1e+09 GB of free disk to be left"),
    ],
)
def test_what_cannot_be_captured_is_told_in_one_line(scenes, tmp_path, capsys, options, message):
    assert main(["capture", scenes, "--output", str(tmp_path / "bag"), *options]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert message in line
    assert not (tmp_path / "bag").exists()


def test_scenes_that_do_not_ship_are_named(tmp_path, capsys):
    assert main(["capture", "nowhere", "--output", str(tmp_path / "bag")]) == 2
    assert "scenes: expected a path or one of activities, classes, shipped, got 'nowhere'" in capsys.readouterr().err


def test_films_of_people_become_clips_by_who_does_what(tmp_path, capsys):
    films = tmp_path / "films.yaml"
    settings = {"people": [1, 1], "duration_s": 1.0, "rate_hz": 8.0, "textures": 1, "view": {"width": 64, "height": 48}}
    films.write_text(yaml.safe_dump(settings))
    bag, options = tmp_path / "films", ["--frames", "14", "--workers", "1", "--layout", "coco17"]
    assert main(["capture", str(films), *options, "--output", str(bag)]) == 0
    assert f"{bag}: 14 of 14 frames" in capsys.readouterr().out
    topics = Counter(topic for topic, *_ in read(bag))
    assert topics == dict.fromkeys(("/image", "/camera_info", "/skeletons", "/labels/activities"), 14)
    clips = open_clips(ClipsConfig(paths=(str(bag),), layout="coco17", shortest_s=0.2))
    assert len(clips) >= 2
    for number in range(len(clips)):
        clip = clips[number]
        assert clips.classes[clip.label] in ACTIVITIES
        assert clip.joints.shape[1:] == (1, 17, 3)
        assert np.diff(clip.stamps_s) == pytest.approx(0.125)
