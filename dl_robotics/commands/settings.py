"""The option ``--set KEY=VALUE`` of commands whose settings come from YAML."""

from __future__ import annotations

import argparse
from typing import Any

from dl_robotics import config


def add_settings(parser: argparse.ArgumentParser, meaning: str) -> None:
    """Declare ``--set``; the namespace gets ``settings``, a list of keys with values.

    :param meaning: what is set, for ``--help``.
    """
    parser.add_argument(
        "--set", type=setting, action="append", default=[], metavar="KEY=VALUE", dest="settings", help=meaning
    )


def setting(text: str) -> tuple[str, Any]:
    """``KEY=VALUE`` with the value as YAML has it.

    :raises argparse.ArgumentTypeError: if there is no ``=``, or the value is not YAML.
    """
    key, equals, value = text.partition("=")
    if not (key and equals):
        raise argparse.ArgumentTypeError(f"expected KEY=VALUE, got {text!r}")
    try:
        return key, config.parse(value)
    except config.ConfigError as error:
        raise argparse.ArgumentTypeError(f"{key}: {error}") from error
