"""``python -m dl_robotics.commands COMMAND``."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence

from dl_robotics.commands.registry import Registry
from dl_robotics.errors import UserError

COMMANDS = Registry(
    "dl_robotics.commands",
    {
        "demo": "train a policy, drive a simulated robot with it over ROS 2 topics, and report",
        "train": "train a policy, or a model of images, people or signals, by a recipe",
        "evaluate": "judge a checkpoint on labelled data, or a policy in scenarios",
        "cross_validate": "train and judge a recipe once for each part of its data, or each subject",
        "curves": "draw the learning curves of runs that differ in their seeds, with a confidence band",
        "film": "film a policy in its environment, as a GIF or an MP4",
        "observe": "judge a running system: ages, dropped frames, results beside the truth",
        "capture": "draw labelled frames of randomised scenes, or films of people, into a bag",
        "demonstrate": "let a classical driver or a policy drive in scenarios, into a bag to learn from",
        "convert": "copy labelled images from bags and folders into another format",
        "record": "record topics to a bag",
        "fetch": "fetch the networks of pose estimation into the models' cache",
        "track": "track detections in files of the MOT challenge, and score the tracks",
        "export": "prepare a model for ONNX Runtime and OpenVINO, or import weights of torchvision or ST-GCN",
        "benchmark": "measure, and print a table",
    },
)
USER_ERROR = 2
INTERRUPTED = 128 + signal.SIGINT  # as shells tell it


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    :param arguments: the command line's, unless given.
    :returns: the exit code; 2 for what the user can mend, told in one line, 130 after Ctrl-C.
    """
    parser = argparse.ArgumentParser(prog="dl_robotics", description="Learned components for robots.")
    COMMANDS.add_arguments(parser)
    try:
        return COMMANDS.run(parser.parse_args(arguments))
    except KeyboardInterrupt:
        print("dl_robotics: interrupted", file=sys.stderr)
        return INTERRUPTED
    except (UserError, OSError) as error:
        print("dl_robotics: error:", *str(error).split(), file=sys.stderr)
        return USER_ERROR


if __name__ == "__main__":
    sys.exit(main())
