"""Classical methods, by name: what learned policies are judged against."""

from __future__ import annotations

from collections.abc import Mapping

from dl_robotics.navigation.driver import DriverMaker
from dl_robotics.navigation.dynamic_window import DynamicWindow
from dl_robotics.navigation.follow_the_gap import FollowTheGap

BASELINES: Mapping[str, DriverMaker] = {"dynamic_window": DynamicWindow, "follow_the_gap": FollowTheGap}
