"""Labelled images from any source into a bag or a folder of another format.

Boxes and masks come back exactly; images do from PNG files and raw messages, and nearly from JPEG.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt
from lxml import etree

from dl_robotics.data.errors import DataError
from dl_robotics.data.folders.masks import CLASSES_FILE
from dl_robotics.data.sample import LabelledImages, Sample

Picture: TypeAlias = Literal["png", "jpeg"]
Progress: TypeAlias = Callable[[int], None]

_JPEG_QUALITY = 95


def write_voc(samples: LabelledImages, folder: Path, picture: Picture) -> None:
    """Write a VOC folder: ``JPEGImages/`` and ``Annotations/``.

    :raises DataError: if the folder exists, or boxes are not labelled.
    """
    images, annotations = _new(folder, "JPEGImages", "Annotations")
    for name, sample in _numbered(samples):
        boxes, labels = _boxes(sample)
        image = _write_picture(images / f"{name}.{_suffix(picture)}", sample.image)
        rows = zip(boxes.tolist(), labels.tolist(), strict=True)
        root = _annotation(image, sample, [(samples.classes[label], box) for box, label in rows])
        etree.ElementTree(root).write(str(annotations / f"{name}.xml"), pretty_print=True)


def write_coco(samples: LabelledImages, folder: Path, picture: Picture) -> None:
    """Write a COCO data set: ``images/`` and ``annotations/instances.json``.

    :raises DataError: if the folder exists, or boxes are not labelled.
    """
    images, annotations = _new(folder, "images", "annotations")
    rows: list[dict[str, Any]] = []
    pictures = []
    for number, (name, sample) in enumerate(_numbered(samples)):
        height, width = sample.image.shape[:2]
        image = _write_picture(images / f"{name}.{_suffix(picture)}", sample.image)
        pictures.append({"id": number, "file_name": image.name, "width": width, "height": height})
        rows += _coco_rows(sample, number, len(rows))
    categories = [{"id": number, "name": name} for number, name in enumerate(samples.classes) if number > 0]
    content = {"images": pictures, "annotations": rows, "categories": categories}
    (annotations / "instances.json").write_text(json.dumps(content), encoding="utf-8")


def write_masks(samples: LabelledImages, folder: Path, picture: Picture) -> None:
    """Write images and masks as CamVid has them, ``all/`` and ``allannot/``, and the names of the classes beside them.

    :raises DataError: if the folder exists, or pixels are not labelled.
    """
    images, masks = _new(folder, "all", "allannot")
    (folder / CLASSES_FILE).write_text("".join(f"{name}\n" for name in samples.classes), encoding="utf-8")
    for name, sample in _numbered(samples):
        if sample.mask is None:
            raise DataError(f"{sample.source}: expected a mask, its pixels are not labelled")
        _write_picture(images / f"{name}.{_suffix(picture)}", sample.image)
        _write(masks / f"{name}.png", sample.mask)


FOLDERS: dict[str, Callable[[LabelledImages, Path, Picture], None]] = {
    "voc": write_voc,
    "coco": write_coco,
    "masks": write_masks,
}


def _numbered(samples: LabelledImages) -> Iterator[tuple[str, Sample]]:
    for number in range(len(samples)):
        yield f"{number:06d}", samples[number]


def _new(folder: Path, *parts: str) -> list[Path]:
    if folder.exists():
        raise DataError(f"{folder}: expected the name of a new folder, it exists")
    for part in parts:
        (folder / part).mkdir(parents=True)
    return [folder / part for part in parts]


def _boxes(sample: Sample) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    if sample.boxes is None or sample.labels is None:
        raise DataError(f"{sample.source}: expected boxes, its objects are not labelled")
    return sample.boxes.astype(np.float64), sample.labels


def _annotation(image: Path, sample: Sample, objects: list[tuple[str, list[float]]]) -> Any:
    root = etree.Element("annotation")
    etree.SubElement(root, "folder").text = image.parent.name
    etree.SubElement(root, "filename").text = image.name
    size = etree.SubElement(root, "size")
    height, width, depth = sample.image.shape
    for tag, value in (("width", width), ("height", height), ("depth", depth)):
        etree.SubElement(size, tag).text = str(value)
    for word, (x_min, y_min, x_max, y_max) in objects:
        marked = etree.SubElement(root, "object")
        etree.SubElement(marked, "name").text = word
        etree.SubElement(marked, "difficult").text = "0"
        box = etree.SubElement(marked, "bndbox")
        # VOC counts pixels from 1.
        for tag, edge in (("xmin", x_min + 1), ("ymin", y_min + 1), ("xmax", x_max), ("ymax", y_max)):
            etree.SubElement(box, tag).text = f"{edge:.17g}"
    return root


def _coco_rows(sample: Sample, image_id: int, first_id: int) -> list[dict[str, Any]]:
    boxes, labels = _boxes(sample)
    sizes = boxes[:, 2:] - boxes[:, :2]
    rows = zip(np.hstack([boxes[:, :2], sizes]).tolist(), labels.tolist(), strict=True)
    return [
        {
            "id": first_id + n,
            "image_id": image_id,
            "category_id": label,
            "bbox": box,
            "area": box[2] * box[3],
            "iscrowd": 0,
        }
        for n, (box, label) in enumerate(rows)
    ]


def _suffix(picture: Picture) -> str:
    return "jpg" if picture == "jpeg" else "png"


def _write_picture(path: Path, image: npt.NDArray[np.uint8]) -> Path:
    _write(path, np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2BGR), np.uint8))
    return path


def _write(path: Path, image: npt.NDArray[np.uint8]) -> None:
    done, data = cv2.imencode(path.suffix, image, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    if not done:
        raise DataError(f"{path}: expected an image that {path.suffix} can store, got {image.shape}")
    path.write_bytes(data.tobytes())
