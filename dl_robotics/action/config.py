"""What a recogniser of activities is: its skeletons, its network, its window of time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, TypeAlias

from dl_robotics.action.graph import Partition
from dl_robotics.action.timing import dilations, field
from dl_robotics.config import require
from dl_robotics.ops.skeleton_layout import SkeletonLayout

Stream: TypeAlias = Literal["joint", "bone", "joint_motion", "bone_motion"]
Normalisation: TypeAlias = Literal["none", "image", "window", "frame"]
FULL_CHANNELS, FULL_STRIDES = (64, 64, 64, 64, 128, 128, 128, 256, 256, 256), (1, 1, 1, 1, 2, 1, 1, 2, 1, 1)
SMALL: Mapping[str, Any] = {"channels": (32, 32, 64, 64, 96), "strides": (1, 1, 2, 1, 2)}  # below 0.3 M parameters


@dataclass(frozen=True, kw_only=True)
class RecogniserConfig:
    """Settings of a recogniser that its weights depend on. As they come, the network has the size of the paper's.

    :param classes: names of the activities by class id.
    :param layout: of the skeletons: a shipped table's name, or a table. The path of a table is read at once, so that a
        checkpoint holds the table.
    :param persons: that are looked at together, 1 or 2; a missing person is all zeros.
    :param coordinates: of a joint: 2 (x, y) or 3.
    :param scored: whether the joint's score follows its coordinates as a channel.
    :param normalisation: what coordinates are divided by and seen from before they reach the network: nothing; the
        image's size, seen from its middle; the person's size, seen from the layout's centre, at one place for the whole
        window; the same in every frame anew.
    :param frames: length of the window.
    :param rate_hz: frames a second that the window is sampled at.
    :param sampling: of labelled clips: stretches of them at that rate, as live people are seen; or the whole ``clip``,
        however long, spread over the window (Duan et al. 2022).
    :param streams: what the network sees of the joints; see :mod:`dl_robotics.action.streams`.
    :param fusion: of several streams: ``early`` as channels of one network, ``late`` as the mean logits of one network
        each.
    :param partition: of neighbourhoods; see :func:`dl_robotics.action.graph.adjacency`.
    :param hops: bones that a neighbourhood reaches.
    :param edge_importance: whether each block learns weights of the graph's edges.
    :param channels: of each block.
    :param strides: in time, of each block.
    :param temporal_kernel: frames that a block's convolution in time spans, odd.
    :param padded: whether convolutions in time see zeros before and after the window, as the authors'; the continual
        form needs a network that does not.
    :param dropout: share of what each block but the first gives that training drops.
    """

    classes: tuple[str, ...]
    layout: str | SkeletonLayout = "coco17"
    persons: int = 1
    coordinates: Literal[2, 3] = 2
    scored: bool = True
    normalisation: Normalisation = "window"
    frames: int = 300
    rate_hz: float = 30.0
    sampling: Literal["rate", "clip"] = "rate"
    streams: tuple[Stream, ...] = ("joint",)
    fusion: Literal["early", "late"] = "late"
    partition: Partition = "spatial"
    hops: int = 1
    edge_importance: bool = True
    channels: tuple[int, ...] = FULL_CHANNELS
    strides: tuple[int, ...] = FULL_STRIDES
    temporal_kernel: int = 9
    padded: bool = True
    dropout: float = 0.5

    def __post_init__(self) -> None:
        if isinstance(self.layout, str) and Path(self.layout).suffix:
            object.__setattr__(self, "layout", SkeletonLayout.load(self.layout))
        require(len(self.classes) >= 2, "classes", "2 or more names", self.classes)
        require(len({*self.classes}) == len(self.classes), "classes", "different names", self.classes)
        require(self.persons in (1, 2), "persons", "1 or 2", self.persons)
        require(len(self.streams) > 0, "streams", "one or more", self.streams)
        require(len({*self.streams}) == len(self.streams), "streams", "each once", self.streams)
        require(self.rate_hz > 0.0, "rate_hz", "> 0", self.rate_hz)
        require(1 <= self.hops <= 8, "hops", "1 to 8", self.hops)
        require(0.0 <= self.dropout < 1.0, "dropout", "in [0, 1)", self.dropout)
        self._check_blocks()

    def _check_blocks(self) -> None:
        require(len(self.channels) > 0 and min(self.channels) > 0, "channels", "one or more, > 0", self.channels)
        fits = len(self.strides) == len(self.channels) and min(self.strides) > 0
        require(fits, "strides", f"one for each of {len(self.channels)} blocks, > 0", self.strides)
        odd = self.temporal_kernel % 2 == 1 and self.temporal_kernel > 0
        require(odd, "temporal_kernel", "an odd number > 0", self.temporal_kernel)
        needed = 1 if self.padded else self.field
        require(self.frames >= needed, "frames", f">= {needed} with these blocks", self.frames)

    @cached_property
    def skeleton(self) -> SkeletonLayout:
        """The table of joints."""
        return self.layout if isinstance(self.layout, SkeletonLayout) else SkeletonLayout.load(self.layout)

    @property
    def in_channels(self) -> int:
        """Channels C of the network's input (N, C, T, V, M)."""
        return self.coordinates + int(self.scored)

    @property
    def input_shape(self) -> tuple[int, int, int, int, int]:
        """(N, C, T, V, M) of the network's input, of batch 1."""
        return (1, self.in_channels, self.frames, len(self.skeleton.joints), self.persons)

    @property
    def stride(self) -> int:
        """Frames from one of the last block's outputs to the next."""
        return dilations(self.strides)[-1]

    @property
    def field(self) -> int:
        """Frames that one output of the last block depends on, where convolutions are not padded."""
        moving = any(stream.endswith("_motion") for stream in self.streams)
        return field(self.strides, self.temporal_kernel) + int(moving)
