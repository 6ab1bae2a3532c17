"""Scenarios of a suite, driven over topics: they go as they do within a process."""

from pathlib import Path

import pytest
from rig import Rig
from seeker import save_seeker

from dl_robotics.commands.over_topics import PATIENCE_S, seats_of
from dl_robotics.navigation.driver import policy_maker
from dl_robotics.navigation.fleet import run_suite
from dl_robotics.navigation.room import Room
from dl_robotics.navigation.stage import PolicyStage
from dl_robotics.navigation.suite import Suite
from dl_robotics.navigation.task import Randomisation
from dl_robotics.navigation.worlds import WorldFile
from dl_robotics.nodes.examiner import Exam, ExamError, Examiner
from dl_robotics.nodes.navigator import Navigator
from dl_robotics.nodes.simulator import Simulator
from dl_robotics.sim.generated.clutter import Clutter


@pytest.fixture
def seeker(tmp_path: Path) -> Path:
    return save_seeker(tmp_path / "seeker.safetensors")


def exam_room(rig: Rig, policy: Path) -> None:
    """A simulator and a navigator that wait for each other."""
    rig.start(Simulator, paused=True, real_time_factor=0.0, command_latency_s=0.0, command_wait_s=PATIENCE_S)
    rig.start(Navigator, model=str(policy), autostart=True, use_sim_time=True, input_timeout_s=PATIENCE_S)


def suite(worlds: WorldFile | Clutter) -> Suite:
    """Scenarios without noise, and with the latency of a slow computer."""
    late = Randomisation(latency_s=(0.05, 0.05), mover_rate=(0.5, 1.5))
    return Suite(worlds, seed=1, randomisation=late, time_limit_s=20.0)


@pytest.mark.parametrize("worlds", [WorldFile("arena"), Clutter()])
def test_the_robot_goes_the_same_way_over_topics(
    rig: Rig, seeker: Path, tmp_path: Path, worlds: WorldFile | Clutter
) -> None:
    what, count = suite(worlds), 2
    make = policy_maker(PolicyStage.load(seeker))
    expected = [drive for _, _, drives in run_suite(what, {"seeker": make}, count, "mujoco") for drive in drives]
    exam_room(rig, seeker)
    seats = list(seats_of(what, count, tmp_path))
    examiner = Examiner(rig.executor, seats[0].room.task, seats[0].room.robot, context=rig.context)
    rig.nodes.append(examiner)
    examiner.warm_up(seats[0].exam)
    for seat, drive in zip(seats, expected, strict=True):
        answer = examiner.examine(seat.exam)
        assert answer.outcome == drive.outcome
        # A step: a scan may overtake the odometry of its instant, and the command then answers to that before it.
        assert len(answer.poses) == pytest.approx(len(drive.path), abs=1)
        both = min(len(answer.poses), len(drive.path))
        assert answer.poses[:both, :2] == pytest.approx(drive.path[:both], abs=0.01)


def test_a_world_that_cannot_be_is_told(rig: Rig, seeker: Path, tmp_path: Path) -> None:
    exam_room(rig, seeker)
    room = Room(suite(WorldFile("empty")), 0, 1)
    examiner = Examiner(rig.executor, room.task, room.robot, context=rig.context)
    rig.nodes.append(examiner)
    with pytest.raises(ExamError, match="no_such_world"):
        examiner.warm_up(Exam(tmp_path / "no_such_world.sdf", room.scenario(0), 0))
