"""Images handed over within one process, as they are: no message is built, and none is sent."""

from __future__ import annotations

from typing import Protocol
from weakref import WeakKeyDictionary, WeakSet

from rclpy.context import Context

from dl_robotics.nodes.frame import Frame


class Source(Protocol):
    """A node's end that gives images; ``topic`` is its full name."""

    topic: str


class Sink(Protocol):
    """A node's end that takes images; ``topic`` is its full name."""

    topic: str

    def take(self, frame: Frame) -> None:
        """Receive an image; called in the source's thread."""

    def sourced(self) -> None:
        """Told that a source in this process gives the topic, beside which nothing else is to be heard."""


class LocalImages:
    """The ends of image topics in one ROS context."""

    def __init__(self) -> None:
        self._sources: WeakSet[Source] = WeakSet()
        self._sinks: list[Sink] = []

    def add_source(self, source: Source) -> None:
        """Tell that images come from here, for as long as the object lives."""
        self._sources.add(source)
        for sink in self.sinks(source.topic):
            sink.sourced()

    def add_sink(self, sink: Sink) -> None:
        """Hand images to this one from now on."""
        self._sinks.append(sink)

    def remove_sink(self, sink: Sink) -> None:
        """Hand no more images to this one."""
        if sink in self._sinks:
            self._sinks.remove(sink)

    def has_source(self, topic: str) -> bool:
        """Whether images of this topic come from within the process."""
        return any(source.topic == topic for source in self._sources)

    def sinks(self, topic: str) -> list[Sink]:
        """Who takes images of this topic."""
        return [sink for sink in self._sinks if sink.topic == topic]


_CONTEXTS: WeakKeyDictionary[Context, LocalImages] = WeakKeyDictionary()


def local_images(context: Context) -> LocalImages:
    """The image topics of a context, which its nodes share."""
    return _CONTEXTS.setdefault(context, LocalImages())
