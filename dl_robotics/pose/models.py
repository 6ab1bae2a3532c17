"""BlazePose's networks: where they are kept, and how it is known that they are the right ones.

They are not part of this package. MediaPipe's wheel on PyPI (Apache-2.0) has them; :func:`unpack` takes them out of it.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dl_robotics.checkpoint import replace_file
from dl_robotics.errors import UserError

WHEEL = "mediapipe==0.10.14"
FOLDER_VARIABLE = "DL_ROBOTICS_MODELS"
COMMAND = "python -m dl_robotics.commands fetch"


class PoseModelError(UserError):
    """A network that is not there, or not the one that this package knows; the message names the command that helps."""


@dataclass(frozen=True)
class PoseModel:
    """A network's file.

    :param member: its place in the wheel.
    :param sha256: of its content.
    """

    member: str
    sha256: str

    @property
    def name(self) -> str:
        """The file's name."""
        return Path(self.member).name


DETECTION = PoseModel(
    "mediapipe/modules/pose_detection/pose_detection.tflite",
    "9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c",
)
LANDMARKS = PoseModel(
    "mediapipe/modules/pose_landmark/pose_landmark_full.tflite",
    "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
)
POSE_MODELS = (DETECTION, LANDMARKS)


def models_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where networks of others are kept: $DL_ROBOTICS_MODELS, else ``dl_robotics`` in the user's cache folder."""
    given = environment.get(FOLDER_VARIABLE)
    cache = environment.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(given) if given else Path(cache) / "dl_robotics"


def find(model: PoseModel, folder: str | Path = "") -> Path:
    """A network's file, whose content has been checked.

    :param folder: where it is; by default :func:`models_folder`.
    :raises PoseModelError: if it is not there, or is another.
    """
    path = Path(folder or models_folder()) / model.name
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise PoseModelError(f"{path}: {error.strerror}; fetch it with: {COMMAND}") from error
    if found != model.sha256:
        raise PoseModelError(f"{path}: expected SHA-256 {model.sha256}, got {found}; fetch it anew with: {COMMAND}")
    return path


def unpack(wheel: Path, folder: Path) -> tuple[Path, ...]:
    """Put the networks of a wheel into a folder, which is made if need be; their paths.

    :raises PoseModelError: if the file is no wheel, or not the one that this package knows.
    """
    try:
        with zipfile.ZipFile(wheel) as archive:
            contents = {model: archive.read(model.member) for model in POSE_MODELS}
    except (zipfile.BadZipFile, KeyError, OSError) as error:
        raise PoseModelError(f"{wheel}: expected a wheel of {WHEEL}: {error}") from error
    for model, content in contents.items():
        found = hashlib.sha256(content).hexdigest()
        if found != model.sha256:
            raise PoseModelError(f"{wheel}: {model.member}: expected SHA-256 {model.sha256}, got {found}")
    folder.mkdir(parents=True, exist_ok=True)
    for model, content in contents.items():
        replace_file(folder / model.name, content)
    return tuple(folder / model.name for model in POSE_MODELS)
