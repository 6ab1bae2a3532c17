"""A setting is declared once, in a frozen dataclass; YAML and the command line are read into it.

Unknown keys, missing keys and values of the wrong type are refused with the file, the dotted key, what was expected
and what came. Ranges are the business of each dataclass's ``__post_init__`` (see :func:`require`).
"""

from __future__ import annotations

import contextlib
import dataclasses
import re
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar, Union

import yaml

from dl_robotics.errors import UserError

T = TypeVar("T")


class _Loader(yaml.SafeLoader):
    """Reads 1e-3 as a number, as YAML 1.2 does; YAML 1.1 asks for 1.0e-3 and takes the former for text."""


_SCIENTIFIC = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)[eE][-+]?\d+$")
_Loader.add_implicit_resolver("tag:yaml.org,2002:float", _SCIENTIFIC, list("-+.0123456789"))


class ConfigError(UserError, ValueError):
    """A setting that cannot be used; the message says where, what was expected and what came."""


def require(condition: bool, name: str, expected: str, value: object) -> None:
    """Refuse a setting's value.

    :param condition: whether the value can be used.
    :param name: the setting's name.
    :param expected: the accepted values in words, e.g. ``"> 0"``.
    :param value: what came.
    :raises ConfigError: if the condition does not hold.
    """
    if not condition:
        raise ConfigError(f"{name}: expected {expected}, got {value!r}")


def load(cls: type[T], path: str | Path, **overrides: Any) -> T:
    """Read a YAML file into a dataclass.

    :param overrides: values that replace the file's; a dotted key reaches into nested mappings.
    :raises ConfigError: naming file and key where the file does not fit the class.
    """
    data = read(path)
    try:
        return from_dict(cls, override(data, overrides))
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error


def read(path: str | Path) -> Any:
    """Read a YAML file into plain data.

    :raises ConfigError: naming the file, if it cannot be read or is not YAML.
    """
    try:
        return parse(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
    except (ConfigError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from error


def parse(text: str) -> Any:
    """Read YAML text into plain data.

    :raises ConfigError: if it is not YAML.
    """
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise ConfigError(f"not readable as YAML: {error}") from error


def from_dict(cls: type[T], data: Any, where: str = "") -> T:
    """Build a (nested) dataclass from plain data.

    :param cls: the dataclass.
    :param data: a mapping of field names to plain values (numbers, text, lists, mappings).
    :param where: the dotted key of ``data``, for messages.
    :raises ConfigError: for unknown or missing keys and values of another type.
    """
    if not isinstance(data, Mapping):
        raise ConfigError(f"{where or cls.__name__}: expected a mapping, got {data!r}")
    hints = typing.get_type_hints(cls)
    fields = {f.name: f for f in dataclasses.fields(cls) if f.init}  # type: ignore[arg-type]
    unknown = [str(key) for key in data if key not in fields]
    if unknown:
        raise ConfigError(f"{_key(where, unknown[0])}: unknown key; expected one of {', '.join(fields)}")
    missing = [n for n, f in fields.items() if n not in data and _has_no_default(f)]
    if missing:
        raise ConfigError(f"{_key(where, missing[0])}: missing; expected {_name(hints[missing[0]])}")
    values = {name: _convert(hints[name], value, _key(where, name)) for name, value in data.items()}
    try:
        return cls(**values)
    except ConfigError as error:
        raise ConfigError(_key(where, error)) from error


def to_dict(config: Any) -> dict[str, Any]:
    """Turn a dataclass into plain data (tuples become lists): the inverse of :func:`from_dict`."""
    return {f.name: _plain(getattr(config, f.name)) for f in dataclasses.fields(config) if f.init}


def override(data: Any, overrides: Mapping[str, Any]) -> Any:
    """Plain data with some values replaced; an empty file counts as an empty mapping."""
    data = {} if data is None else data
    for key, value in overrides.items():
        _check(isinstance(data, Mapping), Mapping, data, key)
        name, _, rest = key.partition(".")
        data = {**data, name: override(data.get(name), {rest: value}) if rest else value}
    return data


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return to_dict(value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value


def _convert(hint: Any, value: Any, where: str) -> Any:
    """One value, checked against its annotation; lists become tuples, whole numbers floats where asked for."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hint is Any:
        return value
    if origin in (Union, types.UnionType):
        return _convert_union(hint, value, where)
    if origin is typing.Literal:
        _check(value in arguments, hint, value, where)
        return value
    if origin is tuple:
        _check(isinstance(value, list | tuple), hint, value, where)
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            arguments = (arguments[0],) * len(value)
        _check(len(value) == len(arguments), hint, value, where)
        return tuple(_convert(a, v, f"{where}[{i}]") for i, (a, v) in enumerate(zip(arguments, value, strict=True)))
    if origin in (dict, Mapping):
        _check(isinstance(value, Mapping), hint, value, where)
        return {_convert(arguments[0], k, where): _convert(arguments[1], v, _key(where, k)) for k, v in value.items()}
    if dataclasses.is_dataclass(hint):
        return value if isinstance(value, hint) else from_dict(hint, value, where)  # type: ignore[arg-type]
    if hint is float:
        _check(isinstance(value, int | float) and not isinstance(value, bool), hint, value, where)
        return float(value)
    _check(type(value) is hint or (hint is not int and isinstance(value, hint)), hint, value, where)
    return value


def _convert_union(hint: Any, value: Any, where: str) -> Any:
    """The first member of a union that fits; a mapping that fits none gets the message of its kind's dataclass."""
    members = typing.get_args(hint)
    for member in members:
        with contextlib.suppress(ConfigError):
            return _convert(member, value, where)
    nested = [member for member in members if dataclasses.is_dataclass(member)]
    if nested and isinstance(value, Mapping):
        return _convert(_of_kind(nested, value), value, where)
    raise ConfigError(f"{where}: expected {_name(hint)}, got {value!r}")


def _of_kind(members: list[Any], value: Mapping[Any, Any]) -> Any:
    """The member whose field ``kind`` takes the value's; else the last."""
    kinds = {name: member for member in members for name in typing.get_args(typing.get_type_hints(member).get("kind"))}
    return kinds.get(str(value.get("kind")), members[-1])


def _check(condition: bool, hint: Any, value: Any, where: str) -> None:
    require(condition, where, _name(hint), value)


def _name(hint: Any) -> str:
    return hint.__name__ if isinstance(hint, type) and not typing.get_args(hint) else str(hint).replace("typing.", "")


def _key(where: str, name: object) -> str:
    return f"{where}.{name}" if where else str(name)


def _has_no_default(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
