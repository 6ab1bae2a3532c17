"""Pascal VOC folders: ``JPEGImages/`` (or ``images/``) and ``Annotations/`` with an XML file for each image.

VOC counts pixels from 1, and the last one is inside the box: a box from xmin to xmax covers [xmin - 1, xmax].
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from lxml import etree

from dl_robotics.data.classes import ClassIds
from dl_robotics.data.config import DataConfig
from dl_robotics.data.errors import DataError
from dl_robotics.data.folders.images import FolderImages, LabelledFile, image_files, one_block_each
from dl_robotics.data.folders.objects import MarkedObject, labelled_file
from dl_robotics.data.notes import Notes


class Annotation(NamedTuple):
    """What one XML file says."""

    path: Path
    filename: str
    size: tuple[int, int] | None  # width, height; None where it says 0
    objects: tuple[MarkedObject, ...]


def open_voc(path: Path, config: DataConfig) -> FolderImages:
    """Open a VOC folder.

    :param path: the folder; ``config.subset`` names a list of images in ``ImageSets/Main``, e.g. ``train``.
    :raises DataError: naming the file, for annotations that cannot be read and images that are missing.
    """
    annotations = [read_annotation(file) for file in _annotation_files(path, config.subset)]
    images = image_files(_folder(path, "JPEGImages", "images"))
    words = sorted({marked.word for annotation in annotations for marked in annotation.objects})
    classes, notes = ClassIds(config, words, True, path), Notes(path)
    files: list[LabelledFile] = []
    for annotation in annotations:
        image = images.get(annotation.path.stem) or images.get(Path(annotation.filename).stem)
        if image is None:
            raise DataError(f"{annotation.path}: expected an image {annotation.filename!r} beside it, there is none")
        place, size = str(annotation.path), annotation.size
        files.append(labelled_file(image, size, annotation.objects, config, classes, notes, place))
    return FolderImages(classes.names, files, one_block_each(files), policy=config.boxes, notes=notes.tell())


def read_annotation(path: Path) -> Annotation:
    """Read one XML file.

    :raises DataError: naming the file, if it is not an annotation.
    """
    # Nothing outside the file is read, whatever its entities say.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.parse(str(path), parser).getroot()
    except (etree.XMLSyntaxError, OSError) as error:
        raise DataError(f"{path}: not readable as XML: {error}") from error
    if root.tag != "annotation":
        raise DataError(f"{path}: expected an <annotation>, got <{root.tag}>")
    width, height = (_number(root, f"size/{side}", path, 0.0) for side in ("width", "height"))
    objects = tuple(_object(element, path) for element in root.iterfind("object"))
    size = (int(width), int(height)) if width > 0 and height > 0 else None
    return Annotation(path, root.findtext("filename", "").strip(), size, objects)


def _object(element: Any, path: Path) -> MarkedObject:
    word = element.findtext("name", "").strip()
    if not word:
        raise DataError(f"{path}: line {element.sourceline}: expected an object with a name, there is none")
    edges = [_number(element, f"bndbox/{edge}", path) for edge in ("xmin", "ymin", "xmax", "ymax")]
    box = (np.array(edges, np.float64) - (1.0, 1.0, 0.0, 0.0)).astype(np.float32)
    return MarkedObject(word, box, _number(element, "difficult", path, 0.0) != 0.0)


def _number(element: Any, name: str, path: Path, default: float | None = None) -> float:
    text = element.findtext(name, "" if default is None else str(default))
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise DataError(f"{path}: line {element.sourceline}: {name}: expected a number, got {text!r}")
    return number


def _annotation_files(path: Path, subset: str) -> list[Path]:
    folder = _folder(path, "Annotations", "annotations")
    if not subset:
        files = sorted(folder.glob("*.xml"))
    else:
        listed = path / "ImageSets" / "Main" / f"{subset}.txt"
        if not listed.is_file():
            raise DataError(f"{path}: subset {subset!r}: expected the list {listed}, there is none")
        files = [folder / f"{line.split()[0]}.xml" for line in listed.read_text().splitlines() if line.strip()]
    if not files:
        raise DataError(f"{folder}: expected XML files, there are none")
    return files


def _folder(path: Path, *names: str) -> Path:
    for name in names:
        if (path / name).is_dir():
            return path / name
    raise DataError(f"{path}: expected a folder {' or '.join(names)} in it, there is none")
