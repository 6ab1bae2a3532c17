"""Times taken from outside."""

from pathlib import Path

from camera_bench import CameraBench
from rig import Rig
from tiny_vision import save_detector
from vision_msgs.msg import Detection2DArray

from dl_robotics.nodes.detector import DetectorNode
from dl_robotics.nodes.stopwatch import Stopwatch


def test_ages_are_longer_than_the_stages_own_time(rig: Rig, tmp_path: Path) -> None:
    model = save_detector(tmp_path / "detector.safetensors")
    bench = CameraBench(rig, DetectorNode, model=str(model), backend="torch")
    rig.client.create_timer(0.02, lambda: bench.camera.publish(bench.picture()))
    with Stopwatch(lambda: rig.spin_for(0.005)) as watch:
        watch.read({"/detector/detections": Detection2DArray})
        ages = watch.median_ages_ms(10)
        own_ms = watch.own_time_ms("/detector: detector")
    assert 0.0 < own_ms < 1000.0
    assert ages["/detector/detections"] > 0.5 * own_ms


def test_a_node_is_configured_and_not_activated(rig: Rig, tmp_path: Path) -> None:
    model = save_detector(tmp_path / "detector.safetensors")
    node = rig.start(DetectorNode, model=str(model), backend="torch")
    with Stopwatch(lambda: rig.spin_for(0.005)) as watch:
        watch.configure("/detector")
    assert node.loaded
    assert not node.active
