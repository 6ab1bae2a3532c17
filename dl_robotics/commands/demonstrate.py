"""Let a classical driver or a policy drive through a scenario suite, and record it as a bag of a robot's topics.

Odometry is without error, and the goals are given in its frame. Episodes lie 10 s apart.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import get_args

import numpy as np

from dl_robotics.config import require
from dl_robotics.data.recorded_drive import DriveTopics
from dl_robotics.data.recordings import BagWriter, Storage
from dl_robotics.messages.flag import encode_flag
from dl_robotics.messages.laser_scan import Scan, encode_scan
from dl_robotics.messages.odometry import Odometry, encode_odometry
from dl_robotics.messages.pose import StampedPose, encode_pose_stamped
from dl_robotics.messages.twist import encode_twist_stamped
from dl_robotics.navigation.baselines import BASELINES
from dl_robotics.navigation.demonstration import Demonstration, Moment, demonstrate
from dl_robotics.navigation.driver import DriverMaker, policy_maker
from dl_robotics.navigation.stage import PolicyStage
from dl_robotics.navigation.suite import load_suite
from dl_robotics.ops.geometry import transform_from_planar

FIRST_NS, BETWEEN_NS = 1_000_000_000, 10_000_000_000
ODOM, BASE, LIDAR = "odom", "base_footprint", "base_scan"
TOPICS = DriveTopics()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("suite", help="scenarios: a file, or the name of one in config/suites")
    parser.add_argument("--output", type=Path, required=True, metavar="BAG", help="folder of the new bag")
    parser.add_argument(
        "--driver", default="dynamic_window", help=f"{' or '.join(BASELINES)}, or a policy's checkpoint (%(default)s)"
    )
    parser.add_argument("--episodes", type=int, default=200, help="how many (%(default)s)")
    parser.add_argument(
        "--noise", type=float, default=0.2, help="on commands, as a share of half their range (%(default)s)"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the noise (%(default)s)")
    parser.add_argument("--storage", choices=get_args(Storage), default="mcap", help="of the bag (%(default)s)")


def run(args: argparse.Namespace) -> int:
    """Drive and record."""
    require(args.episodes >= 1, "--episodes", ">= 1", args.episodes)
    require(args.noise >= 0.0, "--noise", ">= 0", args.noise)
    reached, stamp_ns = 0, FIRST_NS
    with BagWriter(args.output, args.storage) as bag:
        drives = demonstrate(load_suite(args.suite), _driver(args.driver), args.episodes, args.noise, args.seed)
        for drive in drives:
            stamp_ns = write(bag, drive, stamp_ns) + BETWEEN_NS
            reached += drive.reached
    print(f"{args.output}: {args.episodes} episodes, {reached} goals reached, {bag.messages} messages")
    return 0


def write(bag: BagWriter, drive: Demonstration, stamp_ns: int) -> int:
    """Write one episode, beginning at a stamp; the stamp of its end."""
    goal = StampedPose(stamp_ns, ODOM, transform_from_planar((*drive.goal, 0.0)))
    bag.write_message(TOPICS.collision, encode_flag(False), stamp_ns)
    bag.write_message(TOPICS.goal, encode_pose_stamped(goal), stamp_ns)
    for moment in drive.moments:
        _write(bag, drive, moment, stamp_ns)
        stamp_ns += round(drive.period_s * 1e9)
    return stamp_ns


def _write(bag: BagWriter, drive: Demonstration, moment: Moment, stamp_ns: int) -> None:
    (forward, turn), beams, still = moment.velocity, drive.beams, np.zeros(2)
    pose, linear, angular = transform_from_planar(moment.pose), (forward, *still), (*still, turn)
    odometry = Odometry(stamp_ns, ODOM, BASE, pose, np.array(linear), np.array(angular))
    bag.write_message(TOPICS.odom, encode_odometry(odometry), stamp_ns)
    if moment.collided:
        bag.write_message(TOPICS.collision, encode_flag(True), stamp_ns)
    ranges = moment.ranges.astype(np.float32)
    first, increment = float(beams.angles[0]), float(beams.increment)
    scan = Scan(stamp_ns, LIDAR, first, increment, beams.range_min_m, beams.range_max_m, ranges)
    bag.write_message(TOPICS.scan, encode_scan(scan), stamp_ns)
    if moment.command is not None:
        forward, turn = moment.command
        command = encode_twist_stamped(stamp_ns, BASE, (forward, 0.0, 0.0), (0.0, 0.0, turn))
        bag.write_message(TOPICS.cmd_vel, command, stamp_ns)


def _driver(name: str) -> DriverMaker:
    return BASELINES[name] if name in BASELINES else policy_maker(PolicyStage.load(name))
