"""Drivers that learned nothing, by name: what learned policies are judged against."""

from __future__ import annotations

from collections.abc import Mapping

from dl_robotics.navigation.driver import DriverMaker
from dl_robotics.navigation.dynamic_window import DynamicWindow
from dl_robotics.navigation.follow_the_gap import FollowTheGap
from dl_robotics.navigation.foresight import Foresight

BASELINES: Mapping[str, DriverMaker] = {"dynamic_window": DynamicWindow, "follow_the_gap": FollowTheGap}
CEILINGS: Mapping[str, DriverMaker] = {"foresight": Foresight}  # they know more than they could sense
