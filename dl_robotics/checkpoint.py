"""Checkpoints: one safetensors file, safe to load from a stranger, complete or refused.

The tensors are the weights. The file's metadata are ``format``, ``body`` (everything else as JSON) and ``sha256``, the
digest of body and weights together, so that no bit of what is used can change unseen.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import safetensors
import torch
from safetensors.torch import load as read_tensors
from safetensors.torch import save as write_tensors

from dl_robotics import __version__
from dl_robotics.config import from_dict, to_dict
from dl_robotics.errors import UserError

FORMAT = "dl_robotics checkpoint 1"


class CheckpointError(UserError):
    """A checkpoint that cannot be written or used; the message names the path and the reason."""


@dataclass(frozen=True)
class Checkpoint:
    """A trained model and where it comes from; all but the weights is plain data as JSON has it.

    :param kind: which class reads it, e.g. ``"dqn"``.
    :param weights: tensors by name, on any device when saved, on the CPU when loaded.
    :param config: settings that the weights depend on.
    :param task: what the model was trained for, opaque here.
    :param metrics: figures of merit.
    :param data_version: the data or environments it learned from.
    """

    kind: str
    weights: Mapping[str, torch.Tensor]
    config: Mapping[str, Any]
    task: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    data_version: str = ""
    code_version: str = __version__
    licence: str = "Apache-2.0"


def save(path: str | Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint; a file of that name is replaced in one step or left as it is.

    :raises CheckpointError: if its metadata does not fit JSON (e.g. a metric that is not a number).
    :raises OSError: if the folder cannot be written.
    """
    weights = {name: weight.detach().cpu().contiguous() for name, weight in checkpoint.weights.items()}
    described = {name: value for name, value in to_dict(checkpoint).items() if name != "weights"}
    try:
        body = json.dumps(described, sort_keys=True, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise CheckpointError(f"{path}: not writable as JSON: {error}") from error
    replace_file(Path(path), write_tensors(weights, {"format": FORMAT, "body": body, "sha256": _digest(body, weights)}))


def load(path: str | Path, *kinds: str) -> Checkpoint:
    """Read a checkpoint.

    :param kinds: refuse any other, if there are some.
    :raises CheckpointError: if the file is missing, truncated, damaged, of another format or of another kind.
    """
    data = _read(path)
    try:
        weights = read_tensors(data)
    except safetensors.SafetensorError as error:
        raise CheckpointError(f"{path}: truncated, damaged or not a safetensors file: {error}") from error
    metadata = _metadata(data)
    _check_format(path, metadata)
    body, expected = metadata.get("body", ""), metadata.get("sha256", "")
    found = _digest(body, weights)
    if found != expected:
        raise CheckpointError(f"{path}: damaged: expected SHA-256 {expected}, got {found}")
    try:
        checkpoint = from_dict(Checkpoint, json.loads(body) | {"weights": weights})
    except (TypeError, ValueError) as error:
        raise CheckpointError(f"{path}: {error}") from error
    _check_kind(path, checkpoint.kind, kinds)
    return checkpoint


def peek(path: str | Path, *kinds: str) -> None:
    """Refuse a file that is no checkpoint, without reading its weights, which may be damaged all the same.

    :param kinds: refuse any other, if there are some.
    :raises CheckpointError: if the file is missing, truncated, of another format or of another kind, or its description
        is damaged.
    """
    try:
        with safetensors.safe_open(path, "pt") as file:
            metadata = file.metadata() or {}
    except OSError as error:
        raise CheckpointError(f"{path}: {error}") from error
    except safetensors.SafetensorError as error:
        raise CheckpointError(f"{path}: truncated or not a safetensors file: {error}") from error
    _check_format(path, metadata)
    try:
        body = json.loads(metadata.get("body", ""))
    except ValueError as error:
        raise CheckpointError(f"{path}: damaged: {error}") from error
    _check_kind(path, body.get("kind") if isinstance(body, dict) else None, kinds)


def _check_format(path: str | Path, metadata: Mapping[str, str]) -> None:
    if metadata.get("format") != FORMAT:
        raise CheckpointError(f"{path}: expected format {FORMAT!r}, got {metadata.get('format')!r}")


def _check_kind(path: str | Path, found: str | None, expected: Sequence[str]) -> None:
    if expected and found not in expected:
        kinds = " or ".join(map(repr, expected))
        raise CheckpointError(f"{path}: expected a checkpoint of kind {kinds}, got {found!r}")


def _digest(body: str, weights: dict[str, torch.Tensor]) -> str:
    """SHA-256 of the body and of the weights' names, types, shapes and bytes."""
    return hashlib.sha256(body.encode() + write_tensors(weights)).hexdigest()


def _metadata(data: bytes) -> dict[str, str]:
    """The text metadata of a valid safetensors file: eight bytes of header length, then the header as JSON."""
    header: dict[str, dict[str, str]] = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    return header.get("__metadata__") or {}


def _read(path: str | Path) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise CheckpointError(f"{path}: {error.strerror}") from error


def replace_file(path: Path, data: bytes) -> None:
    """Write beside the path, force to disk, rename: a reader sees the old file or the new one, whole."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
