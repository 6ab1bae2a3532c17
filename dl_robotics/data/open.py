"""Labelled data by their paths: bags and folders of every supported format become one collection."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dl_robotics.data.bags.images import open_bag
from dl_robotics.data.config import DataConfig
from dl_robotics.data.errors import DataError
from dl_robotics.data.folders.coco import open_coco
from dl_robotics.data.folders.masks import open_masks
from dl_robotics.data.folders.voc import open_voc
from dl_robotics.data.sample import LabelledImages
from dl_robotics.data.views import Joined

_OPEN: dict[str, Callable[[Path, DataConfig], LabelledImages]] = {
    "bag": open_bag,
    "voc": open_voc,
    "coco": open_coco,
    "masks": open_masks,
}
_BOXES_ONLY, _MASKS_ONLY = ("voc", "coco"), ("masks",)
_BAG_FILES = (".mcap", ".db3", ".bag", ".zstd")


def open_data(config: DataConfig) -> LabelledImages:
    """Open all paths of a configuration and join them.

    What was left out (images without labels, dropped boxes) is told through ``logging``.

    :raises DataError: naming the path, and within it file and topic, of what cannot be used.
    """
    parts = [_open(Path(path).expanduser(), config) for path in config.paths]
    return parts[0] if len(parts) == 1 else Joined(parts)


def detect_format(path: Path) -> str:
    """``bag``, ``coco``, ``voc`` or ``masks``, by what lies at a path.

    :raises DataError: if it is none of them.
    """
    if not path.exists():
        raise DataError(f"{path}: expected a bag or a folder of labelled images, it does not exist")
    if path.suffix == ".json":
        return "coco"
    if is_bag(path):
        return "bag"
    if path.is_dir():
        if any((path / name).is_dir() for name in ("Annotations", "annotations")):
            return "coco" if _coco_files(path) else "voc"
        if (path / "leftImg8bit").is_dir() or any(path.glob("*annot")):
            return "masks"
    raise DataError(
        f"{path}: expected a bag (metadata.yaml, *.mcap, *.db3, *.bag), a VOC folder (Annotations), a COCO "
        "file (*.json) or a folder of masks (leftImg8bit and gtFine, or train and trainannot)"
    )


def is_bag(path: Path) -> bool:
    """Whether a bag's folder or one of its files lies there."""
    if path.suffix in _BAG_FILES or (path / "metadata.yaml").exists():
        return True
    return path.is_dir() and any(child.suffix in _BAG_FILES for child in path.iterdir())


def _coco_files(path: Path) -> list[Path]:
    return sorted(path.glob("annotations/*.json"))


def _open(path: Path, config: DataConfig) -> LabelledImages:
    name = detect_format(path) if config.format == "auto" else config.format
    without = {"boxes": _MASKS_ONLY, "masks": _BOXES_ONLY, "any": ()}[config.labels]
    if name in without:
        raise DataError(f"{path}: labels: expected {config.labels}, which the format {name!r} does not have")
    return _OPEN[name](path, config)
