"""Export a detector, segmenter or recogniser for ONNX Runtime and OpenVINO, checked against torch; tell what it gains.

With ``--int8`` also in eight bits, kept if the figure of merit on labelled data falls by no more than is allowed. With
``--from-torchvision`` or ``--from-st-gcn`` the weights of a published model become a checkpoint first.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from dl_robotics import checkpoint
from dl_robotics.action import published
from dl_robotics.checkpoint import Checkpoint
from dl_robotics.commands.int8 import add_int8_arguments, to_int8
from dl_robotics.config import require
from dl_robotics.detection import coco
from dl_robotics.inference.choose import choose_backend
from dl_robotics.inference.export import export_onnx
from dl_robotics.segmentation import voc
from dl_robotics.training.exportable import Exportable, load_exportable

IMPORTS: Mapping[str, Callable[[Path], Checkpoint]] = {
    "ssd300_vgg16": partial(coco.load_torchvision, architecture="ssd300_vgg16"),
    "ssdlite320_mobilenet_v3_large": partial(coco.load_torchvision, architecture="ssdlite320_mobilenet_v3_large"),
    voc.ARCHITECTURE: voc.load_torchvision,
}
LAYOUTS: Mapping[str, Callable[[Path], Checkpoint]] = {
    layout: partial(published.load_stgcn, layout=layout) for layout in published.INPUTS
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument("checkpoint", type=Path, metavar="CHECKPOINT", help="or the published weights")
    parser.add_argument(
        "--output", type=Path, metavar="FILE", help="instead of CHECKPOINT.onnx, where its stage looks for it"
    )
    parser.add_argument(
        "--from-torchvision",
        choices=IMPORTS,
        metavar="MODEL",
        dest="model",
        help=f"make a checkpoint, OUTPUT.safetensors, of torchvision's weights first: {', '.join(IMPORTS)}",
    )
    parser.add_argument(
        "--from-st-gcn",
        choices=LAYOUTS,
        metavar="LAYOUT",
        dest="model",
        help=f"the same of the ST-GCN authors' weights, by the layout of their skeletons: {', '.join(LAYOUTS)}",
    )
    add_int8_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Export, check, measure."""
    source, exported = args.checkpoint, args.output or args.checkpoint.with_suffix(".onnx")
    if args.model:
        source = _imported(args)
        exported = source.with_suffix(".onnx")
    exportable = load_exportable(source)
    worst = export_onnx(exportable.network, exportable.example, exported)
    print(f"{exported}: {_megabytes(exported)}, differs from torch by {worst:.1e} of the largest value at most")
    if args.int8:
        print(to_int8(args, source, exportable, exported))
    _print_times(exportable, exported)
    return 0


def _imported(args: argparse.Namespace) -> Path:
    require(args.output is not None, "--output", "the checkpoint to make", args.output)
    output: Path = args.output
    checkpoint.save(output, {**IMPORTS, **LAYOUTS}[args.model](args.checkpoint))
    print(f"{output}: {_megabytes(output)}, {args.model}")
    return output


def _print_times(exportable: Exportable, exported: Path) -> None:
    """Times of all backends, and which one ``auto`` takes here."""
    choice = choose_backend(exportable.network, exportable.example, exported)
    for name, time_ms in choice.times_ms.items():
        print(f"{name:<18}{time_ms:8.1f} ms{'  <- auto' if name == choice.backend.name else ''}")
    for name, reason in choice.left_out.items():
        print(f"{name:<18}left out: {reason}")


def _megabytes(path: Path) -> str:
    return f"{path.stat().st_size / 1e6:.1f} MB"
