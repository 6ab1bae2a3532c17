"""What can change while a sequence model runs."""

from __future__ import annotations

from dataclasses import dataclass

from dl_robotics.parameters import ParameterSet, parameter


@dataclass(frozen=True)
class SequenceSettings(ParameterSet):
    """How often signals are judged, and what counts as sure."""

    every: int = parameter(1, "Steps of the model's rate from one judgement to the next.", low=1, high=100_000)
    smoothing_s: float = parameter(
        0.0, "Time constant over which an activity's probabilities are smoothed; 0 for none.", low=0.0, high=60.0
    )
    min_probability: float = parameter(0.0, "An activity that is less probable is called unknown.", low=0.0, high=1.0)
    alarm_rank: float = parameter(
        0.995, "What is odder than this share of the normal data is called anomalous.", low=0.0, high=1.0
    )
    max_gap_s: float = parameter(
        0.5, "Signals are not interpolated over a longer gap; nothing is said then.", low=0.001, high=60.0
    )
