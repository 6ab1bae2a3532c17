"""ST-GCN on one core: a whole window in every backend, and the continual form that computes each new frame once.

Full size and small, random weights: times and work do not depend on them. Everything takes turns; times are medians.
With ``--reference`` the authors' own network runs beside ours with the same weights.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import NamedTuple, TypeAlias

import numpy as np
import torch
from torch.utils.flop_counter import FlopCounterMode

from dl_robotics.action.config import SMALL, RecogniserConfig
from dl_robotics.action.continual import Continual
from dl_robotics.action.model import build_model
from dl_robotics.inference.choose import TORCH, choose_backend, make_backend
from dl_robotics.inference.measure import measure_ms
from dl_robotics.inference.runtimes import RUNTIMES
from dl_robotics.inference.threads import torch_threads

Calls: TypeAlias = Mapping[str, Callable[[], object]]
CLASSES = tuple(f"class {number}" for number in range(400))  # as many as Kinetics has
LAYOUT, PEOPLE, ROUNDS = "openpose18", 10, 3
SMALL_ONE = RecogniserConfig(classes=CLASSES[:8], layout=LAYOUT, padded=False, frames=60, **SMALL)


class Mark(NamedTuple):
    """A figure that the project promises.

    :param value: as measured.
    :param limit: the largest that will do.
    """

    what: str
    value: float
    limit: float
    unit: str

    @property
    def is_reached(self) -> bool:
        """Whether it will do."""
        return self.value <= self.limit

    def __str__(self) -> str:
        verdict = "reached" if self.is_reached else "MISSED"
        return f"{self.what:<60}{self.value:9.2f}{self.unit:<4} <= {self.limit:g}: {verdict}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=list(SIZES))
    parser.add_argument("--seconds", type=float, default=5.0, help="for each comparison, or three rounds (%(default)s)")
    parser.add_argument("--frames", type=int, default=300, help="of the full-size window (%(default)s)")
    parser.add_argument("--reference", type=Path, metavar="FOLDER", help="a checkout of yysijie/st-gcn")


def run(args: argparse.Namespace) -> int:
    """Measure, print; 0 if every mark is reached, else 1."""
    marks = [mark for size in args.sizes for mark in SIZES[size](args)]
    print(*marks, sep="\n", flush=True)
    return 0 if all(mark.is_reached for mark in marks) else 1


def _full_size(args: argparse.Namespace) -> list[Mark]:
    config = RecogniserConfig(classes=CLASSES, layout=LAYOUT, padded=False, frames=args.frames)
    if args.reference:
        _print_reference(args.reference, args.frames, args.seconds)
    window_ms, step_ms = _times("full size", config, args.seconds)
    share = _work(config)
    return [
        Mark("full size, continual, one person, a frame", step_ms, 10.0, " ms"),
        Mark(f"... of its window of {args.frames} frames on the fastest backend", step_ms / window_ms, 1 / 20, ""),
        Mark("... of its window's multiplications", share, 1 / 20, ""),
    ]


def _small(args: argparse.Namespace) -> list[Mark]:
    _, step_ms = _times("small", SMALL_ONE, args.seconds)
    model = build_model(SMALL_ONE).eval()
    first = Continual(model)
    alone = [first.another() for _ in range(PEOPLE)]
    frame, frames = _frame(SMALL_ONE, 1), _frame(SMALL_ONE, PEOPLE)

    def one_by_one() -> None:
        for continual in alone:
            continual.step(frame)

    times_ms = _medians({"together": partial(first.step, frames), "one by one": one_by_one}, args.seconds)
    return [
        Mark("small, continual, one person, a frame", step_ms, 3.0, " ms"),
        *(Mark(f"small, continual, {PEOPLE} people, {how}, a frame", ms, 15.0, " ms") for how, ms in times_ms.items()),
    ]


def _times(name: str, config: RecogniserConfig, seconds: float) -> tuple[float, float]:
    """Print a network's times; returns those of its window on the fastest backend, and of a continual step."""
    model = build_model(config).eval()
    example = np.random.default_rng(0).standard_normal(config.input_shape, np.float32)
    calls: Calls = {
        backend: partial(make_backend(backend, model, example, threads=1), example) for backend in (TORCH, *RUNTIMES)
    }
    times_ms = _medians({**calls, "continual": partial(Continual(model).step, _frame(config, 1))}, seconds)
    weights = sum(weight.numel() for weight in model.parameters())
    print(f"{name}: {weights / 1e6:.2f} M weights, input {config.input_shape}, ms on one thread")
    print("  " + ", ".join(f"{way} {time_ms:.2f}" for way, time_ms in times_ms.items()), flush=True)
    return min(times_ms[way] for way in calls), times_ms["continual"]


def _work(config: RecogniserConfig) -> float:
    """Multiplications of a continual step, as a share of those of the window."""
    model = build_model(config).eval()
    continual, frame = Continual(model), _frame(config, 1)
    continual.step(frame)
    with FlopCounterMode(display=False) as window, torch.no_grad():
        model(torch.zeros(config.input_shape))
    with FlopCounterMode(display=False) as step:
        continual.step(frame)
    return float(step.get_total_flops() / window.get_total_flops())


def _print_reference(folder: Path, frames: int, seconds: float) -> None:
    """The authors' network and ours on the window of two people that they train with: times and difference."""
    sys.path.insert(0, str(folder))
    theirs = import_module("net.st_gcn").Model(3, len(CLASSES), {"layout": "openpose", "strategy": "spatial"}, True)
    config = RecogniserConfig(classes=CLASSES, layout=LAYOUT, persons=2, frames=frames)
    ours = build_model(config).eval()
    ours.load_state_dict(theirs.eval().state_dict())
    example = np.random.default_rng(0).standard_normal(config.input_shape, np.float32)
    x = torch.from_numpy(example)
    chosen = choose_backend(ours, example, threads=1).backend
    with torch_threads(1), torch.inference_mode():
        difference = (theirs(x) - ours(x)).abs().max().item()
        calls: Calls = {"theirs": partial(theirs, x), "ours": partial(ours, x), chosen.name: partial(chosen, example)}
        times_ms = _medians(calls, seconds)
    print(f"reference: input {config.input_shape}, logits differ by {difference:.1e}, ms on one thread")
    print("  " + ", ".join(f"{way} {time_ms:.1f}" for way, time_ms in times_ms.items()), flush=True)


def _frame(config: RecogniserConfig, batch: int) -> torch.Tensor:
    _, channels, _, joints, persons = config.input_shape
    return torch.randn(batch, channels, joints, persons, generator=torch.Generator().manual_seed(0))


def _medians(calls: Calls, seconds: float) -> dict[str, float]:
    return {name: median(times) for name, times in measure_ms(calls, seconds, ROUNDS).items()}


SIZES: Mapping[str, Callable[[argparse.Namespace], list[Mark]]] = {"full": _full_size, "small": _small}
