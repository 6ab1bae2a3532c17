"""Where ``<include>`` finds its file: ``model://name``, ``file://`` and paths; folders with a ``model.config``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from dl_robotics.resources import config_file
from dl_robotics.sim.sdf.document import load
from dl_robotics.sim.sdf.element import Element, SdfError
from dl_robotics.sim.sdf.elements import SDF
from dl_robotics.sim.sdf.schema import check

VERSIONS = tuple(f"1.{minor}" for minor in range(5, 13))
FUEL_SERVER = "fuel.gazebosim.org/1.0/"
PATH_VARIABLES = ("SDF_PATH", "GZ_SIM_RESOURCE_PATH")


def load_sdf(path: Path, includers: tuple[Path, ...] = ()) -> Element:
    """The ``<sdf>`` of a file, which holds nothing that is not supported.

    :raises SdfError: if it does, or cannot be read.
    """
    root = load(path, includers)
    if root.tag != "sdf":
        raise root.error(f"root element is <{root.tag}>; expected <sdf>")
    if root.attribute("version") not in VERSIONS:
        raise root.error(f"version is {root.attribute('version')!r}; expected one of {', '.join(VERSIONS)}")
    check(root, SDF)
    return root


def load_included(uri: Element) -> Element:
    """The ``<sdf>`` of the file that an ``<include>`` names by its ``<uri>``.

    :raises SdfError: if it cannot be read, or includes itself.
    """
    path = find_resource(uri)
    if path.resolve() in uri.source.chain:
        raise uri.error(f"{path} includes itself")
    return load_sdf(path, uri.source.chain)


def find_resource(uri: Element) -> Path:
    """The SDF file that an ``<uri>`` names.

    ``model://name`` is looked for in the folders of SDF_PATH and GZ_SIM_RESOURCE_PATH, then beside the including file,
    in ``robots/`` and ``models/`` beside that file's folder, and among the robots of this package. The address of a
    model on Gazebo Fuel is looked for in the copies that Gazebo keeps of what it fetched; nothing is fetched here.

    :raises SdfError: if there is none; the message says where it was looked for.
    """
    looked_for = []
    for candidate in _candidates(uri):
        if _exists(candidate):
            return model_file(candidate)
        looked_for.append(str(candidate))
    raise uri.error(f"<uri> {uri.text!r} was not found; looked for {', '.join(looked_for)}")


def _candidates(uri: Element) -> Iterator[Path]:
    text, here = uri.string(), uri.source.path.parent
    scheme, separator, name = text.partition("://")
    if not separator or scheme == "file":
        yield here / (name if separator else text)
    elif scheme == "model":
        yield from (folder / name for folder in _search_path(here))
    elif name.startswith(FUEL_SERVER):
        yield from _fuel_copies(unquote(name))
    else:
        raise uri.error(f"<uri> is {text!r}; expected model://, file://, a path, or a model of {FUEL_SERVER}")


def model_file(path: Path) -> Path:
    """The SDF file of a model: the path itself, or the newest one that the ``model.config`` of a folder names.

    :raises SdfError: if the folder has no such file.
    """
    if not path.is_dir():
        return path
    config = load(path / "model.config")
    entries = list(config.children("sdf"))
    if not entries:
        raise config.error("<model> has no <sdf>; expected the name of the model's SDF file")
    newest = max(entries, key=_version)
    return path / newest.string()


def _version(entry: Element) -> tuple[int, ...]:
    text = entry.attributes.get("version", "0")
    try:
        return tuple(int(part) for part in text.split("."))
    except ValueError:
        raise entry.error(f"version is {text!r}; expected numbers such as 1.9") from None


def _search_path(here: Path) -> Iterator[Path]:
    for variable in PATH_VARIABLES:
        yield from (Path(folder) for folder in os.environ.get(variable, "").split(os.pathsep) if folder)
    yield from (here, here.parent / "robots", here.parent / "models", config_file("robots"))


def _fuel_copies(address: str) -> Iterator[Path]:
    """Where Gazebo keeps ``fuel.gazebosim.org/1.0/Owner/models/Name[/version]``; without version the newest first."""
    cache = Path(os.environ.get("GZ_FUEL_CACHE_PATH") or Path.home() / ".gz" / "fuel")
    owner, _, name, *version = address.removeprefix(FUEL_SERVER).strip("/").lower().split("/")
    model = cache / "fuel.gazebosim.org" / owner / "models" / name
    if version and version[0] != "tip":
        yield model / version[0]
    else:
        kept = [path for path in model.glob("*") if path.name.isdigit()]
        yield from sorted(kept, key=lambda path: int(path.name), reverse=True)
        yield model


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        raise SdfError(f"{path}: cannot be read: {error.strerror}") from error
