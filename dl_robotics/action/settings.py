"""What can be changed in a running recogniser."""

from __future__ import annotations

from dataclasses import dataclass

from dl_robotics.parameters import ParameterSet, parameter


@dataclass(frozen=True)
class RecogniserSettings(ParameterSet):
    """How people's joints become windows, and the network's numbers activities."""

    min_confidence: float = parameter(
        0.5, "An activity with a lower probability, smoothed, is unknown.", low=0.0, high=1.0
    )
    every: int = parameter(
        3, "A person's activity is recognised anew after so many frames of the model's own rate.", low=1, high=300
    )
    smoothing_s: float = parameter(
        0.3,
        "Time in which a change of the probabilities comes through by 63 percent; 0 for no smoothing.",
        low=0,
        high=60,
    )
    min_seen: float = parameter(
        0.5, "Share of the model's window in which a person must have been seen to have an activity.", low=0.0, high=1.0
    )
    min_joint_score: float = parameter(0.1, "Joints with a lower score count as not seen.", low=0.0, high=1.0)
    max_gap_s: float = parameter(
        0.25,
        "Between two frames that are further apart a person was not seen; in between less, it is interpolated.",
        low=0.0,
        high=60.0,
    )
    forget_s: float = parameter(2.0, "A person not seen for longer begins anew.", low=0.1, high=600.0)
    continual: bool = parameter(
        False,
        "Whether the network computes each new frame once, not the whole window anew; not every model can.",
    )
    image_width: int = parameter(
        0, "Of the images that the joints were found in, in pixels; 0 if unknown.", low=0, high=100_000
    )
    image_height: int = parameter(
        0, "Of the images that the joints were found in, in pixels; 0 if unknown.", low=0, high=100_000
    )

    @property
    def image_size(self) -> tuple[int, int] | None:
        """Width and height in pixels, where they are known."""
        return (self.image_width, self.image_height) if self.image_width and self.image_height else None
