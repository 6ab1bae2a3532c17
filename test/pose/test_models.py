"""Where networks are kept, and that nothing but the right ones is used."""

import hashlib
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from dl_robotics.commands import fetch
from dl_robotics.commands.__main__ import main
from dl_robotics.pose import models
from dl_robotics.pose.models import DETECTION, LANDMARKS, PoseModelError, find, models_folder, unpack

CONTENTS = {DETECTION: b"boxes", LANDMARKS: b"joints"}


def wheel(path, **changes):
    """A wheel whose members have the given contents."""
    with zipfile.ZipFile(path, "w") as archive:
        for model, content in CONTENTS.items():
            archive.writestr(model.member, changes.get(model.name, content))
    return path


def known(content):
    """A network that would be right with this content."""
    return replace(DETECTION, sha256=hashlib.sha256(content).hexdigest())


@pytest.mark.parametrize(
    ("variables", "folder"),
    [
        ({"DL_ROBOTICS_MODELS": "/m", "XDG_CACHE_HOME": "/x"}, Path("/m")),
        ({"DL_ROBOTICS_MODELS": "", "XDG_CACHE_HOME": "/x"}, Path("/x/dl_robotics")),
        ({}, Path.home() / ".cache" / "dl_robotics"),
    ],
)
def test_the_folder_follows_the_environment(variables, folder):
    assert models_folder(variables) == folder


def test_a_missing_network_names_the_command_that_fetches_it(tmp_path):
    with pytest.raises(PoseModelError, match=r"pose_detection\.tflite: No such file .*: python -m .* fetch$"):
        find(DETECTION, tmp_path)


def test_another_file_of_that_name_is_refused(tmp_path):
    (tmp_path / DETECTION.name).write_bytes(b"another")
    with pytest.raises(PoseModelError, match=r"pose_detection\.tflite: expected SHA-256 9ba9.*fetch it anew with"):
        find(DETECTION, tmp_path)
    assert find(known(b"another"), tmp_path) == tmp_path / DETECTION.name


def test_a_wheel_with_other_networks_is_refused_and_nothing_is_written(tmp_path):
    with pytest.raises(PoseModelError, match=r"a\.whl: mediapipe/modules/.*: expected SHA-256"):
        unpack(wheel(tmp_path / "a.whl"), tmp_path / "models")
    assert not (tmp_path / "models").exists()


def test_what_is_no_wheel_is_refused(tmp_path):
    (tmp_path / "text.whl").write_text("no archive")
    with zipfile.ZipFile(tmp_path / "empty.whl", "w"):
        pass
    for name in ("text.whl", "empty.whl", "missing.whl"):
        with pytest.raises(PoseModelError, match=rf"{name}: expected a wheel of mediapipe==0\.10\.14: "):
            unpack(tmp_path / name, tmp_path / "models")


def test_the_command_refuses_a_wrong_wheel_in_one_line(tmp_path, capsys):
    (tmp_path / "a.whl").write_text("no archive")
    assert main(["fetch", "--folder", str(tmp_path), "--wheel", str(tmp_path / "a.whl")]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert "expected a wheel of mediapipe==0.10.14" in told.err


def test_the_command_leaves_right_networks_alone(networks, capsys):
    before = [path.stat().st_mtime_ns for path in sorted(networks.glob("*.tflite"))]
    assert main(["fetch", "--folder", str(networks), "--wheel", "/nowhere.whl"]) == 0
    assert capsys.readouterr().out.splitlines() == [str(networks / model.name) for model in models.POSE_MODELS]
    assert [path.stat().st_mtime_ns for path in sorted(networks.glob("*.tflite"))] == before


def test_networks_come_out_of_a_wheel(networks, tmp_path):
    contents = {model.name: (networks / model.name).read_bytes() for model in models.POSE_MODELS}
    paths = unpack(wheel(tmp_path / "a.whl", **contents), tmp_path / "deep" / "models")
    assert paths == tuple(find(model, tmp_path / "deep" / "models") for model in models.POSE_MODELS)
    assert fetch.WHEEL == "mediapipe==0.10.14"
