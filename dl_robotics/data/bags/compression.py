"""Data as bags compress them."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import lz4.frame  # type: ignore[import-untyped]

from dl_robotics.data.bags.storage import Damage

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_SUFFIX = ".zstd"


def decompress(data: memoryview, compression: str, size: int) -> memoryview:
    """Decompressed data; what is not compressed is returned as it is.

    :param compression: ``zstd``, ``lz4`` or empty.
    :param size: of the result in bytes.
    :raises Damage: if the data do not decompress to that size.
    """
    try:
        result = _decompress(data, compression)
    except (zstd.ZstdError, RuntimeError, EOFError) as error:
        raise Damage(f"{compression} data that do not decompress: {error}") from error
    if len(result) != size:
        raise Damage(f"expected {size} bytes of {compression or 'uncompressed'} data, got {len(result)}")
    return result


def plain_message(data: bytes | memoryview) -> bytes | memoryview:
    """A message in CDR, decompressed where the recorder compressed each message; CDR itself starts with a zero.

    :raises Damage: if it does not decompress.
    """
    if bytes(data[:4]) != ZSTD_MAGIC:
        return data
    try:
        return zstd.decompress(data)
    except zstd.ZstdError as error:
        raise Damage(f"a message that does not decompress: {error}") from error


def plain_file(path: Path, folder: Path) -> Path:
    """A storage file, decompressed into a folder where the recorder compressed the whole file.

    :raises Damage: if it does not decompress.
    """
    if path.suffix != _SUFFIX:
        return path
    plain = folder / path.stem
    try:
        with zstd.open(path, "rb") as source, plain.open("wb") as target:
            shutil.copyfileobj(source, target)
    except (zstd.ZstdError, EOFError) as error:
        raise Damage(f"a file that does not decompress: {error}") from error
    return plain


def _decompress(data: memoryview, compression: str) -> memoryview:
    if compression == "":
        return data
    if compression == "zstd":
        return memoryview(zstd.decompress(data))
    if compression == "lz4":
        return memoryview(lz4.frame.decompress(data))
    raise Damage(f"compression: expected zstd, lz4 or none, got {compression!r}")
