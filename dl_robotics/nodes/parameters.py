"""ROS parameters declared from a :class:`ParameterSet`: name, type, default, range and description are said once.

The dataclass stays the judge of every value: a parameter file, a launch argument and ``ros2 param set`` all pass
through its ``__post_init__``, and what that refuses is refused with its reason.
"""

from __future__ import annotations

import array
import dataclasses
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from rcl_interfaces.msg import FloatingPointRange, IntegerRange, ParameterDescriptor, SetParametersResult
from rclpy.node import Node
from rclpy.parameter import Parameter

from dl_robotics import config
from dl_robotics.errors import UserError
from dl_robotics.parameters import ParameterSet

P = TypeVar("P", bound=ParameterSet)


class Parameters(Generic[P]):
    """A node's parameters as one dataclass, ``value``, that follows ``ros2 param set``.

    :param changed: called after each change.
    :param accept: raises a UserError or OSError for a change that fits the dataclass and cannot be made all the same.
    :param told: called after each setting with the names that were set, changed or not.
    :param prefix: stands before their names, e.g. ``"detector."``.
    :param defaults: values instead of the dataclass's own defaults.
    :raises ConfigError: if the values that the node was started with do not fit the dataclass.
    """

    def __init__(
        self,
        node: Node,
        cls: type[P],
        changed: Callable[[], None] = lambda: None,
        *,
        accept: Callable[[P], None] = lambda _: None,
        told: Callable[[frozenset[str]], None] = lambda _: None,
        prefix: str = "",
        defaults: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        self._cls, self._prefix = cls, prefix
        self._changed, self._accept, self._told = changed, accept, told
        start = config.to_dict(config.from_dict(cls, defaults, where=prefix.rstrip(".")))
        fields = dataclasses.fields(cls)
        node.declare_parameters("", [(prefix + f.name, start[f.name], _descriptor(f)) for f in fields])
        self.value = self._build({f.name: node.get_parameter(prefix + f.name).value for f in fields})
        node.add_on_set_parameters_callback(self._check)
        node.add_post_set_parameters_callback(self._apply)

    def _check(self, changed: list[Parameter[Any]]) -> SetParametersResult:
        try:
            merged = self._merged(changed)
            if merged != self.value:
                self._accept(merged)
        except (UserError, OSError) as error:
            return SetParametersResult(successful=False, reason=str(error))
        return SetParametersResult(successful=True)

    def _apply(self, changed: list[Parameter[Any]]) -> None:
        merged = self._merged(changed)
        if merged != self.value:
            self.value = merged
            self._changed()
        if names := frozenset(self._own(changed)):
            self._told(names)

    def _merged(self, changed: list[Parameter[Any]]) -> P:
        return self._build(config.to_dict(self.value) | self._own(changed))

    def _own(self, changed: list[Parameter[Any]]) -> dict[str, Any]:
        """Values by name, without the prefix, of those parameters that belong here."""
        names = {self._prefix + f.name: f.name for f in dataclasses.fields(self._cls)}
        return {names[p.name]: p.value for p in changed if p.name in names}

    def _build(self, values: dict[str, Any]) -> P:
        return config.from_dict(self._cls, {name: _plain(value) for name, value in values.items()})


def _plain(value: Any) -> Any:
    """Arrays and tuples as lists: what ROS takes as a default, and what the configuration reads."""
    return list(value) if isinstance(value, array.array | tuple) else value


def _descriptor(field: dataclasses.Field[Any]) -> ParameterDescriptor:
    told, whole = field.metadata, isinstance(field.default, int)
    descriptor = ParameterDescriptor(description=told["description"], read_only=told["read_only"])
    # ROS takes no 20 for a 20.0, which is how people write it; the dataclass does, and refuses everything else.
    descriptor.dynamic_typing = not whole and not isinstance(field.default, str)
    if told["range"] is not None:
        low, high = told["range"]
        if whole:
            descriptor.integer_range = [IntegerRange(from_value=int(low), to_value=int(high), step=1)]
        else:
            descriptor.floating_point_range = [FloatingPointRange(from_value=float(low), to_value=float(high))]
    return descriptor
