"""Labelled images from bags and folders of any supported format into a new bag or folder."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import get_args

from dl_robotics.commands.settings import setting
from dl_robotics.config import from_dict, override, read, require
from dl_robotics.data.config import DataConfig
from dl_robotics.data.convert import FOLDERS
from dl_robotics.data.convert_bag import Codec, write_bag
from dl_robotics.data.open import open_data
from dl_robotics.data.recordings import Storage


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("source", nargs="*", metavar="SOURCE", help="bags, folders, COCO files")
    parser.add_argument("--to", choices=("bag", *FOLDERS), required=True, help="format of what is written")
    parser.add_argument("--output", type=Path, required=True, metavar="PATH", help="the new bag or folder")
    parser.add_argument("--data", type=Path, metavar="YAML", help="how to read the source: topics, classes, ...")
    parser.add_argument("--image", choices=get_args(Codec), default="png", help="how images are stored (%(default)s)")
    parser.add_argument("--storage", choices=get_args(Storage), default="mcap", help="of a bag (%(default)s)")
    parser.add_argument(
        "--set",
        type=setting,
        action="append",
        default=[],
        metavar="KEY=VALUE",
        dest="settings",
        help="a setting of --data, e.g. subset=train or topics.image=/camera/image",
    )


def run(args: argparse.Namespace) -> int:
    """Convert, and tell what was written."""
    require(args.to == "bag" or args.image != "raw", "--image", "png or jpeg in a folder", args.image)
    samples = open_data(_config(args))
    if args.to == "bag":
        write_bag(samples, args.output, args.image, args.storage)
    else:
        FOLDERS[args.to](samples, args.output, args.image)
    print(f"{args.output}: {len(samples)} images of {', '.join(samples.classes)}")
    return 0


def _config(args: argparse.Namespace) -> DataConfig:
    plain = read(args.data) if args.data else {}
    return from_dict(DataConfig, override(plain, dict(args.settings) | ({"paths": args.source} if args.source else {})))
