"""What can change while a segmenter runs."""

from __future__ import annotations

from dataclasses import dataclass

from dl_robotics.parameters import ParameterSet, parameter


@dataclass(frozen=True)
class SegmenterSettings(ParameterSet):
    """How the network's scores become class ids."""

    min_confidence: float = parameter(
        0.0, "Pixels that are less sure, as a probability, get the class unsure_class.", low=0.0, high=1.0
    )
    unsure_class: int = parameter(255, "Class id of pixels below min_confidence; 255 is no class.", low=0, high=255)
