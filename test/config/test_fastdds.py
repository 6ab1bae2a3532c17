"""The Fast DDS profile carries best-effort images that the default drops."""

import os
import subprocess
import sys
from pathlib import Path

from dl_robotics.resources import config_file


def test_full_hd_images_arrive_in_another_process():
    environment = {**os.environ, "FASTDDS_DEFAULT_PROFILES_FILE": str(config_file("fastdds.xml"))}
    command = [sys.executable, str(Path(__file__).with_name("large_images.py"))]
    with subprocess.Popen([*command, "receive"], env=environment) as receiver:
        try:
            sender = subprocess.run([*command, "send"], env=environment, capture_output=True, timeout=60, check=True)
        finally:
            receiver.terminate()
    # The receiver leaves after 10. As Fast DDS comes none arrives, and the sender gives up at 100.
    assert 10 <= int(sender.stdout) < 100
