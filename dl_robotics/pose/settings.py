"""What can be changed in a running pose estimator."""

from __future__ import annotations

from dataclasses import dataclass

from dl_robotics.parameters import ParameterSet, parameter


@dataclass(frozen=True)
class PoseSettings(ParameterSet):
    """Whom it looks for, and what counts as found."""

    detection_threshold: float = parameter(
        0.5, "People whom its own detector finds with a lower score are left out.", low=0.0, high=1.0
    )
    presence_threshold: float = parameter(
        0.5, "People of whom the landmark network is less certain are dropped.", low=0.0, high=1.0
    )
    max_people: int = parameter(5, "Only so many people are looked at; each costs a run.", low=1, high=100)
    search_every: int = parameter(
        10, "Frames from one search for further people to the next; without anybody each is searched.", low=1, high=1000
    )
    person_class: int = parameter(
        1, "Class id of people, where another detector finds them; 0 for all it finds.", low=0, high=10_000
    )
