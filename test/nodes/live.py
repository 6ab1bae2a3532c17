"""A practice robot behind topics: its simulator is a process of its own, and waits for the learner's commands."""

from pathlib import Path

import yaml

PACE = {"real_time_factor": 0.0, "command_latency_s": 0.05, "command_wait_s": 10.0, "command_first": True}
STAMPED = "stamped_cmd_vel"
TASK = {
    "name": "tiny",
    "time_limit_s": 8.0,
    "goal_tolerance_m": 0.25,
    "goal_distance_m": [0.4, 1.0],
    "lidar": {"count": 12},
    "action": {"kind": "continuous", "linear_mps": [0.0, 0.22], "angular_radps": [-1.0, 1.0]},
}
NAMESPACE = "practice"
START_S = 300.0  # which a simulator needs on a machine with much other work; two, otherwise


def live_settings(
    folder: Path,
    world: str = "empty",
    program: str = "-m dl_robotics.nodes.simulator",
    stamped: bool = True,
    **changes: object,
) -> dict[str, object]:
    """Arguments of the live environment; goals lie within 2 m of where the robot starts, in the odometry's frame.

    :param program: of the simulator, as Python is told.
    :param stamped: whether its commands bear stamps.
    """
    task = folder / "tiny.yaml"
    task.write_text(yaml.safe_dump(TASK))
    parameters = {"start": "file", **PACE, STAMPED: stamped}
    told = [word for name, value in parameters.items() for word in ("-p", f"{name}:={str(value).lower()}")]
    module = ["{python}", *program.split(), "--ros-args", "-r", "__ns:=/{namespace}"]
    return {
        "task": str(task),
        "goals": {"frame": "odom", "box": [-1.0, 1.5, -1.0, 1.0]},
        "robots": [{"namespace": NAMESPACE}],
        "topics": {STAMPED: stamped},
        "simulator": {"command": [*module, "-p", f"world:={world}", *told], "start_s": START_S, "alone_s": 2.0},
        "silence_s": 4.0,
        **changes,
    }
