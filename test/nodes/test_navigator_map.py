"""The navigator with a map of its world: goals behind walls are reached."""

from pathlib import Path

from action_msgs.msg import GoalStatus
from bench import LATCHED
from geometry_msgs.msg import PoseStamped
from rig import Rig
from seeker import save_seeker

from dl_robotics.messages.goal_status import GoalState, decode_goal_status
from dl_robotics.messages.pose import StampedPose, encode_pose_stamped
from dl_robotics.nodes.navigator import Navigator
from dl_robotics.nodes.simulator import Simulator
from dl_robotics.ops.geometry import transform_from_planar


def test_a_goal_in_another_room_is_reached(rig: Rig, tmp_path: Path) -> None:
    seeker = save_seeker(tmp_path / "seeker.safetensors")
    rig.start(Simulator, world="office", real_time_factor=0.0)
    navigator = rig.start(Navigator, model=str(seeker), map="office", autostart=True, use_sim_time=True)
    states, goals = rig.hear("navigator/status", GoalStatus, LATCHED), rig.speaker(PoseStamped, "goal_pose")
    rig.until(lambda: navigator.active, "the navigator to start")
    goals.publish(encode_pose_stamped(StampedPose(0, "world", transform_from_planar((-3.3, 2.2, 0.0)))))
    rig.until(lambda: len(states) == 2, "the end of the goal", limit_s=60.0)
    assert decode_goal_status(states[-1]).state is GoalState.SUCCEEDED


def test_a_map_whose_frame_nobody_knows_is_told(rig: Rig, tmp_path: Path) -> None:
    seeker = save_seeker(tmp_path / "seeker.safetensors")
    rig.start(Simulator, world="empty", real_time_factor=20.0)
    told = {"model": str(seeker), "map": "empty", "map_frame": "atlantis"}
    navigator = rig.start(Navigator, autostart=True, use_sim_time=True, **told)
    goals = rig.speaker(PoseStamped, "goal_pose")
    rig.until(lambda: navigator.active, "the navigator to start")
    goals.publish(encode_pose_stamped(StampedPose(0, "odom", transform_from_planar((1.0, 0.0, 0.0)))))
    rig.until(lambda: navigator.blocked and "odom->atlantis" in navigator.blocked.reason, "the reason")


def test_a_map_that_is_not_there_is_told(rig: Rig, tmp_path: Path) -> None:
    seeker = save_seeker(tmp_path / "seeker.safetensors")
    navigator = rig.start(Navigator, model=str(seeker), map="no_such_world")
    navigator.trigger_configure()
    assert not navigator.loaded
    assert "no_such_world" in navigator._failure
