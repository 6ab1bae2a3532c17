"""LiteRT: the runtime for networks in TensorFlow Lite's format."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from dl_robotics.inference.backend import Floats, Outputs


class LiteRt:
    """Runs a ``.tflite`` file in LiteRT on the CPU.

    :param outputs: which of its outputs are wanted, by their places; the others are computed all the same.
    :param threads: that one run computes with.
    """

    name = "litert"

    def __init__(self, path: Path, outputs: Sequence[int], threads: int) -> None:
        interpreter: Any = import_module("ai_edge_litert.interpreter").Interpreter(str(path), num_threads=threads)
        interpreter.allocate_tensors()
        (taken,), given = interpreter.get_input_details(), interpreter.get_output_details()
        self._interpreter, self._input = interpreter, taken["index"]
        self._outputs = [given[place]["index"] for place in outputs]

    def __call__(self, images: Floats) -> Outputs:
        """Run the network; see :class:`Backend`, but for the channels, which are last."""
        self._interpreter.set_tensor(self._input, images)
        self._interpreter.invoke()
        return tuple(self._interpreter.get_tensor(index) for index in self._outputs)
