"""What a sequence model is: its signals, its network, its goal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from dl_robotics.config import require
from dl_robotics.data.series.config import SignalConfig

Goal: TypeAlias = Literal["classify", "forecast", "anomaly"]
NetworkKind: TypeAlias = Literal["rnn", "lstm", "gru", "tcn", "transformer"]
Pooling: TypeAlias = Literal["last", "mean", "max"]

RECURRENT: tuple[NetworkKind, ...] = ("rnn", "lstm", "gru")

MAX_ERRORS = 512  # whose covariance a checkpoint holds


@dataclass(frozen=True)
class NetworkConfig:
    """The encoder of a sequence: (N, T, C) to features of every time step.

    :param hidden: features of each layer (and of each direction, where there are two).
    :param layers: recurrent layers, residual blocks of the temporal convolution, or layers of attention.
    :param bidirectional: of recurrent networks, whether a second one reads from the end.
    :param truncate: of recurrent networks, steps after which gradients go back no further; 0 for never.
    :param kernels: of the temporal convolution, odd sizes that run side by side and share the hidden features.
    :param dilation: of the temporal convolution, by which the taps' distance grows from block to block.
    :param causal: of temporal convolution and Transformer, whether a step sees earlier steps only.
    :param heads: of the Transformer's attention.
    :param dropout: share of the features that is silenced while learning.
    """

    kind: NetworkKind = "gru"
    hidden: int = 64
    layers: int = 1
    bidirectional: bool = False
    truncate: int = 0
    kernels: tuple[int, ...] = (3,)
    dilation: int = 2
    causal: bool = False
    heads: int = 4
    dropout: float = 0.1

    def __post_init__(self) -> None:
        for name in ("hidden", "layers", "heads"):
            require(1 <= getattr(self, name) <= 4096, name, "1 to 4096", getattr(self, name))
        require(1 <= self.dilation <= 16, "dilation", "1 to 16", self.dilation)
        require(0.0 <= self.dropout < 1.0, "dropout", "in [0, 1)", self.dropout)
        odd = len(self.kernels) > 0 and all(size % 2 == 1 and size > 0 for size in self.kernels)
        require(
            odd and self.hidden % max(1, len(self.kernels)) == 0, "kernels", "odd sizes that share hidden", self.kernels
        )
        recurrent = self.kind in RECURRENT
        require(
            recurrent or not self.bidirectional, "bidirectional", "false but for rnn, lstm, gru", self.bidirectional
        )
        require(self.truncate >= 0, "truncate", ">= 0 steps", self.truncate)
        one_way = recurrent and not self.bidirectional
        require(one_way or self.truncate == 0, "truncate", "0 but for rnn, lstm, gru in one direction", self.truncate)
        divided = self.kind != "transformer" or self.hidden % (2 * self.heads) == 0
        require(divided, "hidden", "an even multiple of heads", self.hidden)


@dataclass(frozen=True)
class DecoderConfig:
    """How features become a forecast.

    :param kind: ``direct`` says the whole horizon at once; a recurrent cell says one step after another, each from the
        one before (sequence to sequence, Sutskever et al. 2014).
    :param hidden: of the cell.
    :param teacher: probabilities with which the cell is shown the true step rather than its own while learning, at the
        first update and from ``teacher_steps`` on, on a line between: 1 is teacher forcing (Williams & Zipser 1989), a
        fall is scheduled sampling (Bengio et al. 2015).
    :param teacher_steps: updates until the second of them is reached.
    """

    kind: Literal["direct", "rnn", "lstm", "gru"] = "direct"
    hidden: int = 64
    teacher: tuple[float, float] = (1.0, 0.0)
    teacher_steps: int = 500

    def __post_init__(self) -> None:
        require(1 <= self.hidden <= 4096, "hidden", "1 to 4096", self.hidden)
        require(all(0.0 <= share <= 1.0 for share in self.teacher), "teacher", "numbers in [0, 1]", self.teacher)
        require(self.teacher_steps >= 1, "teacher_steps", ">= 1", self.teacher_steps)


@dataclass(frozen=True)
class ErrorStatistics:
    """How far forecasts of normal data are off: what an anomaly is measured by.

    :param mean: (D,) of the errors of horizon x channels numbers, the first step's channels first.
    :param precision: (D, D) inverse covariance.
    :param quantiles: rising anomaly scores of normal data, at equal steps of probability from 0 to 1.
    """

    mean: tuple[float, ...]
    precision: tuple[tuple[float, ...], ...]
    quantiles: tuple[float, ...]

    def __post_init__(self) -> None:
        size = len(self.mean)
        square = len(self.precision) == size and all(len(row) == size for row in self.precision)
        require(size > 0 and square, "precision", f"{size} rows of {size}", [len(row) for row in self.precision])
        rising = len(self.quantiles) >= 2 and list(self.quantiles) == sorted(self.quantiles)
        require(rising, "quantiles", "two or more rising numbers", self.quantiles)


@dataclass(frozen=True, kw_only=True)
class SequenceConfig:
    """Settings of a sequence model that its weights depend on.

    :param channels: names of the signals, in their order.
    :param classes: of ``classify``: names of the class ids.
    :param length: time steps that the network takes.
    :param horizon: of ``forecast`` and ``anomaly``: time steps that it foretells.
    :param rate_hz: of the steps; 0 where it is not known, and no stage can run on stamped samples then.
    :param signals: the topics and fields that the channels are read from; empty where they come from arrays.
    :param mean: of each channel; and ``std``: what it is scaled by. Empty until they are measured on training data.
    :param scaling: whether a sequence is scaled by the training data's statistics, or by its own: what differs from one
        wearer, mounting or sensor to the next is gone then.
    :param differences: whether the change from step to step of each channel is shown to the network, too.
    :param pooling: of ``classify``: what is made of the features of all steps.
    :param seasonal_period: steps of the seasonal baseline; training takes the lag of the training data's strongest
        autocorrelation for 0.
    :param members: networks trained side by side whose answers are averaged.
    :param loss: of ``forecast`` and ``anomaly``, of the errors in standard deviations: absolute, squared, or Huber's.
    :param normal: of ``anomaly``: the class that is normal, which alone is learned; empty if all data are.
    :param errors: of ``anomaly``: measured on validation data.
    """

    goal: Goal = "classify"
    channels: tuple[str, ...]
    classes: tuple[str, ...] = ()
    length: int
    horizon: int = 0
    rate_hz: float = 0.0
    signals: tuple[SignalConfig, ...] = ()
    mean: tuple[float, ...] = ()
    std: tuple[float, ...] = ()
    scaling: Literal["data", "self"] = "data"
    differences: bool = False
    network: NetworkConfig = field(default_factory=NetworkConfig)
    decoder: DecoderConfig = field(default_factory=DecoderConfig)
    pooling: Pooling = "mean"
    seasonal_period: int = 0
    members: int = 1
    loss: Literal["l1", "l2", "huber"] = "l1"
    normal: str = ""
    errors: ErrorStatistics | None = None

    def __post_init__(self) -> None:
        count = len(self.channels)
        require(count >= 1, "channels", "at least one", self.channels)
        require(2 <= self.length <= 100_000, "length", "2 to 100000 steps", self.length)
        require(self.rate_hz >= 0.0, "rate_hz", ">= 0 Hz", self.rate_hz)
        for name in ("mean", "std"):
            require(len(getattr(self, name)) in (0, count), name, f"{count} numbers", getattr(self, name))
        require(all(scale > 0.0 for scale in self.std), "std", "> 0", self.std)
        require(1 <= self.members <= 64, "members", "1 to 64", self.members)
        period = self.seasonal_period
        require(0 <= period <= self.length, "seasonal_period", f"0 to {self.length} steps, the length", period)
        if self.goal == "classify":
            require(len(self.classes) >= 2, "classes", "two or more names", self.classes)
            require(self.horizon == 0, "horizon", "0, as nothing is foretold", self.horizon)
        else:
            require(1 <= self.horizon <= 10_000, "horizon", "1 to 10000 steps", self.horizon)
        if self.goal == "anomaly":
            size = self.horizon * count
            require(size <= MAX_ERRORS, "horizon", f"at most {MAX_ERRORS} numbers, channels x steps", size)
            known = self.normal == "" or self.normal in self.classes
            require(known, "normal", f"empty or one of {', '.join(self.classes)}", self.normal)
