"""Folders of images and masks: Cityscapes (``leftImg8bit/``, ``gtFine/``) and CamVid (``train/``, ``trainannot/``).

``classes.txt`` beside the latter may name the classes, one a line in the order of their ids.
A mask is a PNG file of one channel, a class id in each pixel. Frames of one video, as their names tell, are one block.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from dl_robotics.data.classes import ClassIds
from dl_robotics.data.config import DataConfig
from dl_robotics.data.errors import DataError
from dl_robotics.data.folders.cityscapes import LABEL_IDS, TRAIN_IDS, UNUSED_LABEL_IDS
from dl_robotics.data.folders.images import FolderImages, LabelledFile, image_files

CLASSES_FILE = "classes.txt"

_CAMERA, _MARKS = "leftImg8bit", "gtFine"


class MaskFiles(NamedTuple):
    """Images with their masks, and what the masks' values mean, or that they mean nothing, by the folder's format."""

    pairs: list[tuple[Path, Path]]
    words: Mapping[int, str]
    unused: tuple[int, ...] = ()


def open_masks(path: Path, config: DataConfig) -> FolderImages:
    """Open a folder of images and masks.

    :param path: the folder; ``config.subset`` names its part, e.g. ``train``. Where nothing
        names the classes of masks like CamVid's, ``config.classes`` gives the names by value.
    :raises DataError: naming folder or file, where images and masks do not match.
    """
    found = _cityscapes(path, config.subset) if (path / _CAMERA).is_dir() else _camvid(path, config.subset)
    words = found.words or dict(enumerate(config.classes))
    if not words:
        raise DataError(f"{path}: masks of this format do not name their classes: expected names in classes, got none")
    classes = ClassIds(config, words.values(), False, path)
    table = classes.table(words, (*config.ignored_values, *found.unused), str(path))
    files = [LabelledFile(image, mask=mask) for image, mask in found.pairs]
    return FolderImages(classes.names, files, _videos(found.pairs), table)


def _camvid(path: Path, subset: str) -> MaskFiles:
    parts = sorted(folder.name.removesuffix("annot") for folder in path.glob("*annot") if folder.is_dir())
    part = _choose(path, parts, subset)
    masks = image_files(path / f"{part}annot")
    pairs = [(image, _mask(masks, image, name)) for name, image in image_files(path / part).items()]
    listed = path / CLASSES_FILE
    names = listed.read_text(encoding="utf-8").splitlines() if listed.is_file() else []
    return MaskFiles(pairs, dict(enumerate(names)))


def _cityscapes(path: Path, subset: str) -> MaskFiles:
    parts = sorted(folder.name for folder in (path / _CAMERA).iterdir() if folder.is_dir())
    part = _choose(path / _CAMERA, parts, subset)
    images = {p.stem: p for p in sorted((path / _CAMERA / part).glob(f"*/*_{_CAMERA}.*"))}
    masks = {p.stem: p for p in (path / _MARKS / part).glob(f"*/*_{_MARKS}_label*Ids.png")}
    if not images:
        raise DataError(f"{path / _CAMERA / part}: expected images in a folder for each city, there are none")
    kind = "labelTrainIds" if any(name.endswith("labelTrainIds") for name in masks) else "labelIds"
    pairs = [
        (image, _mask(masks, image, f"{name.removesuffix(_CAMERA)}{_MARKS}_{kind}")) for name, image in images.items()
    ]
    return MaskFiles(pairs, TRAIN_IDS) if kind == "labelTrainIds" else MaskFiles(pairs, LABEL_IDS, UNUSED_LABEL_IDS)


def _choose(path: Path, parts: list[str], subset: str) -> str:
    part = subset or (parts[0] if len(parts) == 1 else "")
    if part not in parts:
        raise DataError(f"{path}: subset: expected one of {', '.join(parts)}, got {subset!r}")
    return part


def _mask(masks: Mapping[str, Path], image: Path, name: str) -> Path:
    if name not in masks:
        raise DataError(f"{image}: expected a mask {name}.png for it, there is none")
    return masks[name]


def _videos(pairs: list[tuple[Path, Path]]) -> list[int]:
    """A block for each video: CamVid's ``0016E5_00390``, Cityscapes' ``aachen_000000_000019_leftImg8bit``."""
    names = [image.stem.removesuffix(f"_{_CAMERA}").rpartition("_")[0] or image.stem for image, _ in pairs]
    numbers = {name: 2 * number for number, name in enumerate(dict.fromkeys(names))}
    return [numbers[name] for name in names]
