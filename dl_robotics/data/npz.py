"""NumPy's ``.npz`` files of numbers and words, from anybody."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from dl_robotics.data.errors import DataError

Array: TypeAlias = npt.NDArray[Any]
Arrays: TypeAlias = Mapping[str, Array]


def load_arrays(path: Path, *needed: str) -> Arrays:
    """All arrays of a file; objects, which could run code, are refused.

    :param needed: names that must be there.
    :raises DataError: if it is no such file, or an array is missing.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except (OSError, ValueError, AttributeError, EOFError, zipfile.BadZipFile) as error:
        raise DataError(f"{path}: expected an .npz file of arrays of numbers and words: {error}") from error
    for name in needed:
        check_array(name in arrays, path, name, "an array of this name", ", ".join(arrays) or "none")
    return arrays


def check_array(condition: bool, path: Path, name: str, expected: str, got: object) -> None:
    """Refuse an array.

    :raises DataError: unless the condition holds.
    """
    if not condition:
        raise DataError(f"{path}: {name}: expected {expected}, got {got}")


def ends_of(path: Path, lengths: Array, total: int) -> npt.NDArray[np.int64]:
    """Where pieces that lie end to end are cut, by the array ``lengths``.

    :raises DataError: if the lengths are no numbers above zero with this sum.
    """
    fits = lengths.dtype.kind in "iu" and lengths.ndim == 1 and bool((lengths > 0).all())
    check_array(fits and int(lengths.sum()) == total, path, "lengths", f"> 0, {total} together", lengths)
    return np.cumsum(lengths)[:-1]
