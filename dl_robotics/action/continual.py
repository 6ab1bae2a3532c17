"""ST-GCN that computes each new frame once (Hedegaard, Heidari and Iosifidis 2023, "Continual ST-GCNs").

The paper's convolutions in time keep what they need of earlier frames, and a block's way around waits for the frame in
the middle of them. There, a block's stride lowers the rate of predictions, or is taken away and the network trained
anew. Here, blocks behind a stride look at every second of their inputs, every fourth behind two ("à trous"): the same
weights give, at every frame, what the strided network gives of the window that ends there.
"""

from __future__ import annotations

import torch
from torch.nn import functional

from dl_robotics.action.folding import FoldedBlock, FoldedNetwork, fold
from dl_robotics.action.memory import Memory
from dl_robotics.action.model import Fusion
from dl_robotics.action.stgcn import STGCN
from dl_robotics.action.timing import dilations, field
from dl_robotics.config import require
from dl_robotics.inference.threads import torch_threads


class Continual:
    """The continual form of a network: frames in, one by one, logits out.

    Once ``frames`` frames have come, the logits are those of the network of the newest ``frames`` frames. Before, they
    are the mean over what there is, with zeros in the layers before the first frame.

    :param model: without padding in time; used as in evaluation mode, and no more after this.
    :raises ConfigError: if the model pads, since then its first and last frames are special.
    """

    def __init__(self, model: STGCN | Fusion) -> None:
        networks = model.members if isinstance(model, Fusion) else (model,)
        require(not any(network.padded for network in networks), "padded", "False for the continual form", True)
        self.frames = networks[0].frames
        self._folded = [(fold(network), network.strides, network.kernel) for network in networks]
        self.reset()

    @property
    def is_full(self) -> bool:
        """Whether a whole window has come."""
        return self.seen >= self.frames

    def another(self) -> Continual:
        """One that shares the weights, which are many, and remembers nothing."""
        other = object.__new__(Continual)
        other.frames, other._folded = self.frames, self._folded
        other.reset()
        return other

    def reset(self) -> None:
        """Forget all frames; people may be more or fewer from now on."""
        self.seen = 0
        self._networks: list[_Network] | None = None

    def step(self, x: torch.Tensor) -> torch.Tensor:
        """Take the next frame.

        :param x: (N, C, V, M) joints, float32 on the CPU.
        :returns: (N, classes) logits.
        :raises ValueError: if N or M change without a reset.
        """
        with torch_threads(1), torch.inference_mode():
            if self._networks is None:
                self._networks = [_Network(*folded, self.frames, x.shape) for folded in self._folded]
            self.seen += 1
            return torch.stack([network.step(x) for network in self._networks]).mean(dim=0)


class _Network:
    """One network and its memory; all people are rows of the same matrices."""

    def __init__(
        self, folded: FoldedNetwork, strides: tuple[int, ...], kernel: int, frames: int, shape: torch.Size
    ) -> None:
        self._folded, self._shape = folded, shape
        batch, _, joints, persons = shape
        *between, self._stride = dilations(strides)
        self._blocks = [
            _Block(block, kernel, dilation, batch * persons, joints)
            for block, dilation in zip(folded.blocks, between, strict=True)
        ]
        self._outputs = (frames - int(folded.inputs.shortened) - field(strides, kernel)) // self._stride + 1
        self._pool = Memory(self._outputs, self._stride, batch, folded.classifier.shape[1])
        self._before: torch.Tensor | None = None
        self._step = 0

    def step(self, x: torch.Tensor) -> torch.Tensor:
        """(N, C, V, M) to (N, classes)."""
        if x.shape != self._shape:
            raise ValueError(f"Continual: expected {tuple(self._shape)} until a reset, got {tuple(x.shape)}")
        pair = torch.stack([x if self._before is None else self._before, x], dim=2)
        self._before = x.clone()
        batch, _, joints, persons = x.shape
        y = self._folded.inputs(pair)[:, :, -1].permute(0, 3, 2, 1)  # (N, M, V, C)
        y = (y * self._folded.scale + self._folded.shift).reshape(batch * persons * joints, -1)
        for block in self._blocks:
            y = block.step(y)
        features = y.view(batch, persons * joints, -1).mean(dim=1)
        come = min(self._step // self._stride + 1, self._outputs)
        self._step += 1
        pooled = self._pool.push(features).sum(dim=1) / come
        return functional.linear(pooled, self._folded.classifier, self._folded.classifier_bias)


class _Block:
    """A block, what its convolution in time remembers, and what waits on the way around."""

    def __init__(self, folded: FoldedBlock, kernel: int, dilation: int, people: int, joints: int) -> None:
        self._folded, self._people, self._joints = folded, people, joints
        self._window = Memory(kernel, dilation, people * joints, len(folded.spatial))
        self._bias = folded.spatial_bias.repeat(people, 1)
        self._around: Memory | None = None
        if folded.identity or folded.around is not None:
            channels = folded.spatial.shape[1] * joints // len(folded.mixing)
            self._around = Memory((kernel - 1) // 2 + 1, dilation, people * joints, channels)

    def step(self, x: torch.Tensor) -> torch.Tensor:
        """(people x joints, C) to (people x joints, C')."""
        folded = self._folded
        gathered = torch.matmul(folded.mixing, x.view(self._people, self._joints, -1)).view(len(x), -1)
        mixed = torch.addmm(self._bias, gathered, folded.spatial.T).relu_()
        y = functional.linear(self._window.push(mixed).flatten(1), folded.temporal, folded.temporal_bias)
        if self._around is not None:
            waited = self._around.push(x)[:, 0]
            y = y.add_(waited) if folded.around is None else y.addmm_(waited, folded.around.T)
        return y.relu_()
