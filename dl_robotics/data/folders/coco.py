"""COCO's object detection files: one JSON file of images, annotations and categories beside folders of images.

A box is x, y, width, height of its left top corner in pixels, counted from 0. Outlines (``segmentation``) are not read.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from dl_robotics.data.classes import ClassIds
from dl_robotics.data.config import DataConfig
from dl_robotics.data.errors import DataError
from dl_robotics.data.folders.images import FolderImages, LabelledFile, one_block_each
from dl_robotics.data.folders.objects import MarkedObject, labelled_file
from dl_robotics.data.notes import Notes


def open_coco(path: Path, config: DataConfig) -> FolderImages:
    """Open a COCO data set.

    :param path: its JSON file, or the folder with ``annotations/``; ``config.subset`` is then part of the file's name.
    :raises DataError: naming the file and the entry, for what is not COCO's format and for images that are missing.
    """
    file = path if path.suffix == ".json" else _only_file(path, config.subset)
    content = _read(file)
    categories = {
        _get(entry, "id", int, where): _get(entry, "name", str, where) for entry, where in content["categories"]
    }
    words = [categories[number] for number in sorted(categories)]
    classes, notes = ClassIds(config, words, True, file), Notes(file)
    objects = _objects(content["annotations"], categories)
    folders = _image_folders(file)
    files: list[LabelledFile] = []
    for entry, where in content["images"]:
        image = _find(_get(entry, "file_name", str, where), folders, where)
        size = (_get(entry, "width", int, where), _get(entry, "height", int, where))
        marked = objects.pop(_get(entry, "id", int, where), [])
        files.append(labelled_file(image, size, marked, config, classes, notes, f"{file}: {image.name}"))
    if objects:
        raise DataError(f"{file}: annotations: expected ids of images, got image_id {next(iter(objects))}")
    if not files:
        raise DataError(f"{file}: images: expected at least one, there is none")
    return FolderImages(classes.names, files, one_block_each(files), policy=config.boxes, notes=notes.tell())


def _read(file: Path) -> dict[str, list[tuple[Mapping[str, Any], str]]]:
    """The three lists of the file, each entry with its place for messages."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(f"{file}: {error.strerror}") from error
    except ValueError as error:
        raise DataError(f"{file}: not readable as JSON: {error}") from error
    if not isinstance(content, Mapping):
        raise DataError(f"{file}: expected images, annotations and categories, got {type(content).__name__}")
    lists = {}
    for key in ("images", "annotations", "categories"):
        entries = content.get(key)
        if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
            raise DataError(f"{file}: {key}: expected a list of objects, got {type(entries).__name__}")
        lists[key] = [(entry, f"{file}: {key}[{number}]") for number, entry in enumerate(entries)]
    return lists


def _objects(
    annotations: list[tuple[Mapping[str, Any], str]], categories: Mapping[int, str]
) -> dict[int, list[MarkedObject]]:
    """The objects of each image by its id."""
    objects: dict[int, list[MarkedObject]] = defaultdict(list)
    for entry, where in annotations:
        number = _get(entry, "category_id", int, where)
        if number not in categories:
            raise DataError(f"{where}: category_id: expected one of the categories' ids, got {number}")
        x, y, width, height = _box(entry, where)
        box = np.array([x, y, x + width, y + height], np.float32)
        marked = MarkedObject(categories[number], box, bool(entry.get("iscrowd", 0)))
        objects[_get(entry, "image_id", int, where)].append(marked)
    return objects


def _box(entry: Mapping[str, Any], where: str) -> list[float]:
    box = _get(entry, "bbox", list, where)
    fits = len(box) == 4 and all(type(edge) in (int, float) and math.isfinite(edge) for edge in box)
    if not fits or min(box[2:]) < 0:
        raise DataError(f"{where}: bbox: expected x, y, width, height, got {box!r}")
    return [float(edge) for edge in box]


def _get(entry: Mapping[str, Any], key: str, kind: type, where: str) -> Any:
    value = entry.get(key)
    if type(value) is not kind:
        raise DataError(f"{where}: {key}: expected {kind.__name__}, got {value!r}")
    return value


def _only_file(path: Path, subset: str) -> Path:
    files = sorted(file for file in path.glob("annotations/*.json") if subset in file.stem)
    if len(files) != 1:
        found = ", ".join(file.name for file in sorted(path.glob("annotations/*.json")))
        raise DataError(f"{path}: subset {subset!r}: expected the name of one file of annotations/, which has: {found}")
    return files[0]


def _image_folders(file: Path) -> list[Path]:
    """Where the images of a JSON file may lie: beside it, beside its folder, or in a folder named after its subset."""
    subset = file.stem.split("_")[-1]
    bases = (file.parent, file.parent.parent)
    return [base / name for base in bases for name in (".", "images", subset, f"images/{subset}")]


def _find(name: str, folders: list[Path], where: str) -> Path:
    for folder in folders:
        if (folder / name).is_file():
            return folder / name
    looked = ", ".join(str(folder) for folder in folders)
    raise DataError(f"{where}: file_name: expected an image, {name!r} is in none of {looked}")
