"""Pickles of plain data and NumPy arrays from strangers: nothing else is built, and no code runs."""

from __future__ import annotations

import pickle
import struct
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dl_robotics.data.errors import DataError

try:
    from numpy._core import multiarray
except ImportError:  # NumPy 1
    from numpy.core import multiarray  # type: ignore[no-redef]

# What a damaged pickle, or one of another kind, makes the standard library raise.
DAMAGES = (
    pickle.UnpicklingError,
    AttributeError,
    EOFError,
    ImportError,
    IndexError,
    KeyError,
    MemoryError,
    OverflowError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
)


def load_plain_pickle(path: Path) -> Any:
    """Numbers, words, lists, dictionaries and arrays of numbers from a pickle.

    :raises DataError: if it is damaged, or wants anything else to be built, which is named.
    """
    try:
        with path.open("rb") as file:
            return _PlainUnpickler(file).load()
    except OSError as error:
        raise DataError(f"{path}: {error.strerror}") from error
    except DAMAGES as error:
        raise DataError(f"{path}: expected a pickle of plain data and arrays: {error}") from error


class _PlainUnpickler(pickle.Unpickler):
    """Knows by name what arrays of numbers are built with."""

    def find_class(self, module: str, name: str) -> Any:
        known = ALLOWED.get((module.replace("numpy.core", "numpy._core"), name))
        if known is None:
            raise pickle.UnpicklingError(f"got {module}.{name}, which is neither")
        return known

    def persistent_load(self, pid: Any) -> Any:
        raise pickle.UnpicklingError(f"got a reference to something outside, {pid!r}")


def _dtype(*arguments: Any) -> np.dtype[Any]:
    """A type of numbers or words; objects could be anything."""
    found: np.dtype[Any] = np.dtype(*arguments)
    if found.hasobject:
        raise pickle.UnpicklingError(f"got an array of objects, {found}")
    return found


def _array_of(
    data: bytes | bytearray, dtype: np.dtype[Any], shape: tuple[int, ...], order: Any, axes: Any = None
) -> npt.NDArray[Any]:
    """An array as protocol 5 writes it: its memory in C or Fortran order, or in that of its axes."""
    flat = np.frombuffer(data, dtype)
    return flat.reshape(shape, order=order) if axes is None else flat.reshape(shape).transpose(axes)


def _bytes_of(text: str, encoding: str) -> bytes:
    """Bytes as protocol 2 writes them: one for each character."""
    if encoding != "latin1":
        raise pickle.UnpicklingError(f"got bytes encoded as {encoding!r}")
    return text.encode("latin1")


ALLOWED: Mapping[tuple[str, str], Callable[..., Any]] = {
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): _dtype,
    ("numpy._core.multiarray", "_reconstruct"): multiarray._reconstruct,
    ("numpy._core.multiarray", "scalar"): multiarray.scalar,
    ("numpy._core.numeric", "_frombuffer"): _array_of,
    ("_codecs", "encode"): _bytes_of,
}
