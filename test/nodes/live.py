"""A practice robot behind topics: its simulator is a process of its own, and waits for the learner's commands."""

from pathlib import Path

import yaml

PARAMETERS = {"start": "file", "real_time_factor": 0.0, "command_latency_s": 0.05, "command_wait_s": 10.0}
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
    folder: Path, world: str = "empty", program: str = "-m dl_robotics.nodes.simulator", **changes: object
) -> dict[str, object]:
    """Arguments of the live environment; goals lie within 2 m of where the robot starts, in the odometry's frame.

    :param program: of the simulator, as Python is told.
    """
    task = folder / "tiny.yaml"
    task.write_text(yaml.safe_dump(TASK))
    told = [word for name, value in PARAMETERS.items() for word in ("-p", f"{name}:={value}")]
    module = ["{python}", *program.split(), "--ros-args", "-r", "__ns:=/{namespace}"]
    return {
        "task": str(task),
        "goals": {"frame": "odom", "box": [-1.0, 1.5, -1.0, 1.0]},
        "robots": [{"namespace": NAMESPACE}],
        "simulator": {"command": [*module, "-p", f"world:={world}", *told], "start_s": START_S, "alone_s": 2.0},
        "silence_s": 4.0,
        **changes,
    }
