"""Commands by name, each in a module that is imported only when it is asked for.

A command module offers ``add_arguments(parser)`` and ``run(args) -> int``, the exit code. A registry offers the same
two, so that a command may be a family of commands.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from importlib import import_module


class Registry:
    """The commands of a package.

    :param package: the package that holds a module for each.
    :param summaries: one line for each module's name.
    """

    def __init__(self, package: str, summaries: Mapping[str, str]) -> None:
        self.package, self.summaries = package, summaries

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Ask for a command; what follows it is left to its own parser."""
        width = max(map(len, self.summaries))
        lines = (f"  {name:<{width}}  {summary}" for name, summary in self.summaries.items())
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        parser.epilog = "commands (COMMAND --help tells more):\n" + "\n".join(lines)
        parser.add_argument("command", choices=self.summaries, metavar="COMMAND")
        parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="...")
        parser.set_defaults(prog=parser.prog)

    def run(self, args: argparse.Namespace) -> int:
        """Run the command and return its exit code."""
        module = import_module(f"{self.package}.{args.command}")
        parser = argparse.ArgumentParser(prog=f"{args.prog} {args.command}", description=self.summaries[args.command])
        module.add_arguments(parser)
        code: int = module.run(parser.parse_args(args.arguments))
        return code
