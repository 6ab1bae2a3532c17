"""The benchmarks on photographs, on a few made-up ones: the shipped recipes load, train and are judged."""

import cv2
import numpy as np
import pytest

from dl_robotics.commands.__main__ import USER_ERROR, main

VOC = """<annotation><filename>{0}.png</filename><size><width>64</width><height>48</height><depth>3</depth></size>
<object><name>raccoon</name><bndbox><xmin>9</xmin><ymin>5</ymin><xmax>40</xmax><ymax>44</ymax></bndbox></object>
</annotation>"""
# A smaller network without first weights.
TINY = (
    *("transfer.backbone=''", "model.backbone=small", "model.image_height=64", "model.image_width=64"),
    *("batch_size=2", "threads=1", "epochs=null", "steps=2"),
)


def settings(*more):
    return [word for setting in (*TINY, *more) for word in ("--set", setting)]


def photograph(seed):
    return np.random.default_rng(seed).integers(256, size=(48, 64, 3), dtype=np.uint8)


@pytest.fixture
def data(tmp_path):
    folders = ("raccoon/images", "raccoon/annotations", *(f"camvid/{part}" for part in ("train", "val")))
    for folder in (*folders, "camvid/trainannot", "camvid/valannot"):
        (tmp_path / folder).mkdir(parents=True)
    mask = np.arange(48 * 64).reshape(48, 64) // 256  # stripes of all classes, and void
    for number in range(5):
        cv2.imwrite(str(tmp_path / f"raccoon/images/{number}.png"), photograph(number))
        (tmp_path / f"raccoon/annotations/{number}.xml").write_text(VOC.format(number))
        for part in ("train", "val"):
            cv2.imwrite(str(tmp_path / f"camvid/{part}/a_{number}.png"), photograph(number))
            cv2.imwrite(str(tmp_path / f"camvid/{part}annot/a_{number}.png"), mask.astype(np.uint8))
    return tmp_path


def test_raccoon(data, capsys):
    output = data / "runs"
    arguments = [
        "--data",
        str(data),
        "--output",
        str(output),
        "--folds",
        "0",
        "3",
        *settings("transfer.frozen_stages=0"),
    ]
    assert main(["benchmark", "raccoon", *arguments]) == 1  # it has learned nothing
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [line[0] for line in lines] == ["fold", "0", "3", "AP50"]
    assert (output / "fold_0" / "last.safetensors").exists()
    assert (output / "fold_3" / "last.safetensors").exists()


def test_camvid(data, capsys):
    arguments = ["--data", str(data), "--output", str(data / "run"), *settings()]
    assert main(["benchmark", "camvid", *arguments]) == 1
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert len(lines) == 13  # eleven classes, accuracy, mean
    assert lines[-1][0] == "mIoU"


def test_absent_data_are_named(tmp_path, capsys):
    assert main(["benchmark", "camvid", "--data", str(tmp_path), "--output", str(tmp_path / "run")]) == USER_ERROR
    assert f"{tmp_path / 'camvid'}: expected the data set 'camvid'" in capsys.readouterr().err
