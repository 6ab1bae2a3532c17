"""Stages that feed one another, wired by a YAML file: arrays between them, and nothing is run that nobody reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dl_robotics.config import require

IMAGE, STAMP = "image", "stamp"  # what a frame brings: pixels, and ROS time in nanoseconds
NAME = re.compile(r"[a-z][a-z0-9_]*")  # of a stage, which is part of its topics' and parameters' names


@dataclass(frozen=True)
class StageConfig:
    """One stage of a pipeline.

    :param kind: what it is, e.g. ``detector``.
    :param takes: what it is called with: inputs of the pipeline, e.g. ``image`` and ``stamp``, and earlier stages by
        name, whose results it gets.
    :param settings: values of the kind's parameters, ``model`` among them; those left out have their defaults.
    :param lane: stages of one lane run one after another on the same frame. A slow stage in a lane of its own does not
        hold the others up: it takes the newest frame when it is done with one.
    """

    name: str
    kind: str
    takes: tuple[str, ...] = (IMAGE,)
    settings: Mapping[str, Any] = field(default_factory=dict)
    lane: str = "main"

    def __post_init__(self) -> None:
        require(NAME.fullmatch(self.name) is not None, "name", "small letters, digits and _", self.name)
        require(len(self.takes) > 0, "takes", "inputs or stages", self.takes)


@dataclass(frozen=True)
class PipelineConfig:
    """Stages in the order in which they run.

    :param inputs: what they are run on, by name.
    """

    stages: tuple[StageConfig, ...]
    inputs: tuple[str, ...] = (IMAGE, STAMP)

    def __post_init__(self) -> None:
        require(len(self.stages) > 0, "stages", "at least one", self.stages)
        earlier: dict[str, StageConfig] = {}
        for index, stage in enumerate(self.stages):
            where, known = f"stages[{index}]", (*self.inputs, *earlier)
            require(stage.name not in known, f"{where}.name", "a name of its own", stage.name)
            for name in stage.takes:
                require(name in known, f"{where}.takes", f"one of {', '.join(known)}", name)
                if name in earlier:
                    lane = earlier[name].lane
                    require(stage.lane == lane, f"{where}.lane", f"{lane!r}, where {name!r} runs", stage.lane)
            earlier[stage.name] = stage

    def lanes(self) -> dict[str, PipelineConfig]:
        """The stages of each lane, lanes by name."""
        names = dict.fromkeys(stage.lane for stage in self.stages)
        return {name: replace(self, stages=tuple(one for one in self.stages if one.lane == name)) for name in names}

    def needed(self, wanted: Collection[str]) -> tuple[StageConfig, ...]:
        """The stages that are wanted, and those that feed them, in order."""
        needed: set[str] = set()
        for stage in reversed(self.stages):
            if stage.name in wanted or stage.name in needed:
                needed |= {stage.name, *stage.takes}
        return tuple(stage for stage in self.stages if stage.name in needed)


class Pipeline:
    """Runs stages on one frame after another.

    :param stages: by name; one that returns None has no result, and what it feeds is left out.
    """

    def __init__(self, config: PipelineConfig, stages: Mapping[str, Callable[..., Any]]) -> None:
        self.config, self.stages = config, stages

    def __call__(self, **inputs: Any) -> dict[str, Any]:
        """Results of all stages by name.

        :param inputs: all that the configuration names: ``image``, (height, width, 3) uint8 RGB; ``stamp``, int ns.
        """
        return dict(self.run(inputs, [stage.name for stage in self.config.stages]))

    def run(self, inputs: Mapping[str, Any], wanted: Collection[str]) -> Iterator[tuple[str, Any]]:
        """The wanted stages' names and results, each as soon as there is one; nothing else is run but what feeds them.

        :param inputs: see :meth:`__call__`.
        """
        values = dict(inputs)
        for stage in self.config.needed(wanted):
            if all(name in values for name in stage.takes):
                result = self.stages[stage.name](*(values[name] for name in stage.takes))
                if result is not None:
                    values[stage.name] = result
                    yield stage.name, result
