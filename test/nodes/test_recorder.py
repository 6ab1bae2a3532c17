"""The recorder: what it chooses, what it refuses, what its bags hold, and how it ends."""

import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rclpy.qos import DurabilityPolicy, QoSProfile
from rig import Rig
from rosbags.highlevel import AnyReader
from std_msgs.msg import Bool, String
from vision_msgs.msg import Detection2DArray

from dl_robotics.config import ConfigError
from dl_robotics.data.free_disk import FreeDisk
from dl_robotics.data.recordings import BagWriter
from dl_robotics.messages.flag import encode_flag
from dl_robotics.nodes.record_choice import Choice
from dl_robotics.nodes.recorder import Recorder

LATCHED = QoSProfile(depth=3, durability=DurabilityPolicy.TRANSIENT_LOCAL)
Record = Callable[..., Recorder]
MEGABYTES_20 = 20_000_000


class NearlyFull(FreeDisk):
    """A disk that is found full at the second look."""

    looks = 0

    def free_bytes(self) -> int:
        self.looks += 1
        return 10**9 if self.looks == 1 else 0


@pytest.fixture
def ended() -> list[str]:
    """Gets a word when a recorder asks for its end."""
    return []


@pytest.fixture
def record(rig: Rig, tmp_path: Path, ended: list[str]) -> Record:
    """Starts a recorder of a choice, into ``tmp_path / "bag"``."""

    def record(choice: Choice, disk: type[FreeDisk] = FreeDisk, storage: str = "mcap") -> Recorder:
        bag = BagWriter(tmp_path / "bag", storage)
        return rig.start(
            lambda **node: Recorder(choice, bag, disk(tmp_path, 0.5), lambda: ended.append("please"), **node)
        )

    return record


def held(path: Path) -> dict[str, int]:
    """Numbers of messages by topic."""
    with AnyReader([path]) as reader:
        return {connection.topic: connection.msgcount for connection in reader.connections}


@pytest.mark.parametrize("storage", ["sqlite3", "mcap"])
def test_types_beyond_the_standard_are_recorded_and_read_back(
    rig: Rig, record: Record, tmp_path: Path, storage: str
) -> None:
    recorder = record(Choice(("/found", "flag")), storage=storage)
    found, flag = rig.speaker(Detection2DArray, "/found"), rig.speaker(Bool, "/flag")
    message = Detection2DArray()
    message.header.frame_id = "camera"
    found.publish(message)
    flag.publish(encode_flag(True))
    rig.until(lambda: recorder.bag.messages == 2, "both messages")
    rig.stop(recorder)
    with AnyReader([tmp_path / "bag"]) as reader:
        read = {c.topic: reader.deserialize(raw, c.msgtype) for c, _, raw in reader.messages()}
    assert read["/found"].header.frame_id == "camera"
    assert read["/flag"].data is True


def test_a_pattern_takes_whole_names(rig: Rig, record: Record, tmp_path: Path) -> None:
    recorder = record(Choice(pattern=re.compile("/a.*")))
    speakers = [rig.speaker(Bool, name, match=False) for name in ("/ab", "/b/a", "/a_c")]
    rig.until(lambda: all(s.get_subscription_count() for s in (speakers[0], speakers[2])), "two subscriptions")
    for speaker in speakers:
        speaker.publish(encode_flag(True))
    rig.until(lambda: recorder.bag.messages == 2, "two messages")
    rig.stop(recorder)
    assert held(tmp_path / "bag") == {"/ab": 1, "/a_c": 1}


def test_latched_messages_of_before_are_recorded(rig: Rig, record: Record, tmp_path: Path) -> None:
    rig.speaker(Bool, "/latched", LATCHED, match=False).publish(encode_flag(True))
    recorder = record(Choice(("/latched",)))
    rig.until(lambda: recorder.bag.messages == 1, "what was sent before")
    rig.stop(recorder)
    assert held(tmp_path / "bag") == {"/latched": 1}


def test_choices() -> None:
    everything = Choice(all=True)
    assert ["/a" in everything, "/a/_hidden" in everything] == [True, False]
    assert "/a/_hidden" in Choice(("/a/_hidden",))
    assert Choice(("/a", "/b")).missing({"/b"}) == ["/a"]
    with pytest.raises(ConfigError, match="topics: expected names of topics, --regex or --all"):
        Choice()


def test_it_ends_before_the_disk_is_full_and_leaves_a_whole_bag(
    rig: Rig, record: Record, ended: list[str], tmp_path: Path
) -> None:
    recorder = record(Choice(("/text",)), disk=NearlyFull)
    text = rig.speaker(String, "/text")
    for _ in range(2):
        text.publish(String(data="x" * MEGABYTES_20))
    rig.until(lambda: ended, "the wish to end")
    rig.spin_for(0.3)
    rig.stop(recorder)
    assert "expected 0.5 GB of free disk to be left, got 0.0 GB" in recorder.shortage
    assert ended == ["please"]
    assert held(tmp_path / "bag") == {"/text": 1}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_a_whole_bag(rig: Rig, tmp_path: Path, number: signal.Signals) -> None:
    arguments = ["/flag", "/nobody", "--output", str(tmp_path / "bag"), "--min-free-gb", "0.001"]
    command = [sys.executable, "-m", "dl_robotics.commands", "record", *arguments]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        speaker = rig.speaker(Bool, "/flag")
        speaker.publish(encode_flag(True))
        rig.spin_for(0.3)
        process.send_signal(number)
        _, errors = process.communicate(timeout=20.0)
    finally:
        process.kill()
    assert process.returncode == 0
    assert "recorded 1 messages" in errors
    assert "/nobody: nothing recorded, nobody published it" in errors
    assert held(tmp_path / "bag") == {"/flag": 1}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "topics: expected names of topics, --regex or --all"),
        (["/a", "--min-free-gb", "1e9"], "expected 1e+09 GB of free disk to be left"),
    ],
)
def test_what_cannot_start_says_why(tmp_path: Path, arguments: list[str], message: str) -> None:
    command = [sys.executable, "-m", "dl_robotics.nodes.recorder", *arguments, "--output", str(tmp_path / "bag")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert f"cannot start: {message}" in done.stderr.replace(f"{tmp_path}: ", "")
    assert not (tmp_path / "bag").exists()
