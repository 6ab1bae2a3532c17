"""Pascal VOC folders."""

import cv2
import numpy as np
import pytest

from dl_robotics.data.config import DataConfig
from dl_robotics.data.errors import DataError
from dl_robotics.data.folders.voc import open_voc, read_annotation

OBJECT = """<object><name>{name}</name><difficult>{difficult}</difficult>
<bndbox><xmin>{0}</xmin><ymin>{1}</ymin><xmax>{2}</xmax><ymax>{3}</ymax></bndbox></object>"""
IMAGE = np.arange(20 * 30 * 3, dtype=np.uint8).reshape(20, 30, 3)


def marked(*box, name="cup", difficult=0):
    return OBJECT.format(*box, name=name, difficult=difficult)


def annotation(*objects, size=(30, 20), filename="one.png"):
    width, height = size
    return (
        f"<annotation><filename>{filename}</filename><size><width>{width}</width><height>{height}</height></size>"
        f"{''.join(objects)}</annotation>"
    )


def folder(tmp_path, **annotations):
    """A VOC folder with an image for each annotation."""
    for name in ("JPEGImages", "Annotations"):
        (tmp_path / name).mkdir(exist_ok=True)
    for name, text in annotations.items():
        (tmp_path / "Annotations" / f"{name}.xml").write_text(text)
        cv2.imwrite(str(tmp_path / "JPEGImages" / f"{name}.png"), IMAGE)
    return tmp_path


def opened(path, **settings):
    return open_voc(path, DataConfig((str(path),), **settings))


def test_a_worked_example(tmp_path):
    """VOC counts from 1, and its last pixel is inside: pixels 1 to 30 of a row are all of 30."""
    path = folder(tmp_path, one=annotation(marked(1, 1, 30, 20), marked(5, 6, 5, 6, name="plate")))
    samples = opened(path)
    assert samples.classes == ("background", "cup", "plate")
    sample = samples[0]
    assert sample.boxes.tolist() == [[0, 0, 30, 20], [4, 5, 5, 6]]
    assert sample.labels.tolist() == [1, 2]
    np.testing.assert_array_equal(sample.image, IMAGE[..., ::-1])
    assert sample.mask is None
    assert sample.source == str(path / "JPEGImages" / "one.png")


def test_images_without_objects_are_samples(tmp_path):
    sample = opened(folder(tmp_path, one=annotation()), classes=("background", "cup"))[0]
    assert sample.boxes.shape == (0, 4) and sample.labels.shape == (0,)


def test_difficult_objects_are_left_out_unless_asked_for(tmp_path):
    path = folder(tmp_path, one=annotation(marked(1, 1, 9, 9), marked(2, 2, 9, 9, difficult=1)))
    samples = opened(path)
    assert len(samples[0].boxes) == 1
    assert samples.notes[0].startswith("1 difficult objects or crowds left out, first: ")
    assert len(opened(path, difficult=True)[0].boxes) == 2


def test_a_subset_is_a_list_of_names(tmp_path):
    path = folder(tmp_path, one=annotation(), two=annotation(), three=annotation())
    (path / "ImageSets" / "Main").mkdir(parents=True)
    (path / "ImageSets" / "Main" / "val.txt").write_text("two  1\n\none -1\n")
    samples = opened(path, subset="val", classes=("background", "cup"))
    assert [samples[index].source[-7:-4] for index in range(2)] == ["two", "one"]
    with pytest.raises(DataError, match=r"subset 'test': expected the list .*test.txt, there is none"):
        opened(path, subset="test")


def test_boxes_that_do_not_fit_are_refused_by_file_or_clipped(tmp_path):
    path = folder(tmp_path, one=annotation(marked(5, 5, 33, 9), marked(7, 7, 6, 9), marked(31, 1, 31.5, 9)))
    with pytest.raises(DataError, match=r"one.xml: box 0: expected a box within the image, 30 x 20 px, got \(4, 4, 33"):
        opened(path)
    samples = opened(path, boxes="clip")
    assert samples[0].boxes.tolist() == [[4, 4, 30, 9]]
    assert [note.split(",")[0] for note in samples.notes] == [
        "1 boxes clipped to their images",
        "2 boxes without area left out",
    ]


def test_a_size_that_is_not_told_is_the_image_s(tmp_path):
    path = folder(tmp_path, one=annotation(marked(5, 5, 33, 9), size=(0, 0)))
    samples = opened(path)
    with pytest.raises(DataError, match=r"one.png: box 0: expected a box within the image, 30 x 20 px"):
        samples[0]
    assert opened(path, boxes="clip")[0].boxes.tolist() == [[4, 4, 30, 9]]


def test_an_image_of_another_size_is_refused(tmp_path):
    samples = opened(folder(tmp_path, one=annotation(marked(1, 1, 9, 9), size=(60, 40))))
    with pytest.raises(DataError, match=r"one.png: expected the size of its labels, \(60, 40\), got \(30, 20\)"):
        samples[0]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "not readable as XML"),
        ("<annotation>", "not readable as XML"),
        ("<scene/>", "expected an <annotation>, got <scene>"),
        (annotation(marked("a", 1, 2, 3)), "bndbox/xmin: expected a number, got 'a'"),
        (annotation(marked(1, 1, "nan", 3)), "bndbox/xmax: expected a number, got 'nan'"),
        (annotation(marked(1, 1, 2, 3, name=" ")), "expected an object with a name"),
        (annotation("<object><name>cup</name></object>"), "bndbox/xmin: expected a number, got ''"),
    ],
)
def test_broken_annotations_are_refused_by_file(tmp_path, text, error):
    with pytest.raises(DataError, match=f"^{tmp_path}/Annotations/one.xml: .*{error}"):
        opened(folder(tmp_path, one=text))


def test_no_file_is_read_but_the_annotation(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("told")
    text = f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{secret}">]><annotation><filename>&x;</filename></annotation>'
    (tmp_path / "one.xml").write_text(text)
    assert "told" not in read_annotation(tmp_path / "one.xml").filename


def test_missing_and_unreadable_images_are_refused_by_name(tmp_path):
    path = folder(tmp_path, one=annotation(marked(1, 1, 9, 9)), two=annotation(filename="elsewhere.jpg"))
    (path / "JPEGImages" / "two.png").unlink()
    with pytest.raises(DataError, match=r"two.xml: expected an image 'elsewhere.jpg' beside it, there is none"):
        opened(path)
    (path / "Annotations" / "two.xml").unlink()
    samples = opened(path)
    for content, error in [(b"", "0 bytes that are none"), (b"hello", "5 bytes that are none")]:
        (path / "JPEGImages" / "one.png").write_bytes(content)
        with pytest.raises(DataError, match=f"one.png: expected an image, got {error}"):
            samples[0]


def test_classes_are_named_or_refused(tmp_path):
    path = folder(tmp_path, one=annotation(marked(1, 1, 9, 9), marked(1, 1, 9, 9, name="mug")))
    with pytest.raises(DataError, match=r"one.xml: expected one of the classes background, cup; got 'mug'"):
        opened(path, classes=("background", "cup"))
    assert opened(path, classes=("background", "cup"), rename={"mug": "cup"})[0].labels.tolist() == [1, 1]
    assert opened(path, classes=("background", "cup"), unknown_classes="drop")[0].labels.tolist() == [1]
    with pytest.raises(DataError, match="classes: expected 'background' first where boxes are labelled"):
        opened(path, classes=("cup", "mug"))
