"""A model that is exchanged for another while it works: between two frames, without a pause."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Any, Generic, NamedTuple, TypeVar

from rclpy.node import Node
from rclpy.parameter import Parameter
from rclpy.task import Future
from std_srvs.srv import Trigger

from dl_robotics.config import ConfigError
from dl_robotics.nodes.kind import Kind, LiveStage
from dl_robotics.nodes.models import ModelError, PartParameters, load_model
from dl_robotics.nodes.newest import Newest
from dl_robotics.nodes.parameters import Parameters

P = TypeVar("P", bound=PartParameters)
S = TypeVar("S", bound=LiveStage)


class _Request(NamedTuple):
    """A model to be loaded, and who waits for it: the future gets an empty text, or why it was refused."""

    told: Any
    outcome: Future[str]


class HotModel(Generic[P, S]):
    """A stage as a node's parameters have it.

    When ``model``, ``device`` or ``backend`` are set, or what else ``PLACE`` names, and when the service ``load`` is
    called, another stage is loaded and warmed up in the background while the old one works on. If that fails the old
    one stays, and so do its parameters. All other parameters take effect from the next frame on.

    ``stage`` is what works now, as ``used`` told; ``note`` says how the last exchange went.

    :param prefix: stands before the parameters' names.
    :param service: name of the service that loads the model again.
    :param between_frames: has something done in the thread in which the stage works.
    :param changed: called in that thread when stage or settings have changed.
    """

    def __init__(
        self,
        node: Node,
        kind: Kind[P, S, Any],
        defaults: Mapping[str, Any],
        *,
        prefix: str,
        service: str,
        between_frames: Callable[..., object],
        changed: Callable[[S], None],
    ) -> None:
        self._node, self._kind, self._prefix = node, kind, prefix
        self._between_frames, self._announce = between_frames, changed
        self._restoring = False
        self._loader: Newest[_Request] = Newest("loader", self._exchange)
        self.stage: S | None = None
        self.note = "none"
        self.parameters = Parameters(
            node, kind.parameters, accept=self._accept, told=self._on_told, prefix=prefix, defaults=defaults
        )
        self.used = self.parameters.value
        node.create_service(Trigger, service, self._on_load)

    def load(self) -> None:
        """Load the stage now.

        :raises ModelError: if it cannot be loaded.
        """
        self.used = self.parameters.value
        self.stage = load_model(self._kind.make, self.used)
        self._announce(self.stage)

    def free(self) -> None:
        """Let go of the stage; one that is still being loaded will not be used."""
        self.stage, self.note = None, "none"

    def check(self) -> None:
        """Raise what has gone wrong in the background and is nobody's fault but ours."""
        self._loader.check()

    def close(self) -> None:
        """End the background work."""
        self._loader.close()

    def _accept(self, told: P) -> None:
        """Refuse at once what can be seen to be wrong without loading it."""
        if self.stage is None:
            return
        if told.place == self.used.place:
            self._kind.fit(self.stage, told)
        else:
            self._kind.look(told)

    def _on_told(self, names: frozenset[str]) -> None:
        told = self.parameters.value
        if self.stage is None or self._restoring:
            return
        if names & {*told.PLACE}:
            self._request(told)
        elif told.place == self.used.place:
            self._use_settings(self.stage, told)

    async def _on_load(self, request: Trigger.Request, response: Trigger.Response) -> Trigger.Response:
        if self.stage is None:
            response.success, response.message = False, "refused: expected a configured node"
            return response
        told = self.parameters.value
        reason = await self._request(told)
        response.success, response.message = not reason, reason or f"loaded {told.place}"
        return response

    def _request(self, told: P) -> Future[str]:
        """Have a model loaded; what was to be loaded before it no longer is."""
        request = _Request(told, Future(executor=self._node.executor))
        self.note = f"loading {told.place}"
        for overtaken in self._loader.put(request):
            overtaken.outcome.set_result("another was asked for before this one was loaded")
        return request.outcome

    def _exchange(self, request: _Request) -> None:
        """In the loader's thread."""
        try:
            stage = load_model(self._kind.make, request.told)
        except ModelError as error:
            self._in_node(self._end, request, str(error))
        else:
            self._between_frames(self._install, request, stage)

    def _install(self, request: _Request, stage: S) -> None:
        """In the stage's thread, between two frames."""
        outdated = self.stage is None or request.told.place != self.parameters.value.place
        if not outdated:
            self.stage, self.used = stage, request.told
            self._announce(stage)
        self._in_node(self._end, request, "no longer wanted" if outdated else "")

    def _end(self, request: _Request, reason: str) -> None:
        """In the node's thread, which owns the parameters."""
        place = request.told.place
        if place == self.parameters.value.place:
            self.note = f"refused {reason}" if reason else f"loaded {place}"
            self._restore(request.told.PLACE) if reason else self._settle()
        log = self._node.get_logger()
        log.error(f"old model kept: {reason}") if reason else log.info(self.note)
        request.outcome.set_result(reason)

    def _settle(self) -> None:
        """Settings may have changed while the stage was loaded."""
        told = self.parameters.value
        if self.stage is None or told == self.used:
            return
        try:
            self._use_settings(self.stage, told)
        except ConfigError as error:
            self.note = f"settings refused: {error}"
            self._restore(asdict(self.used))

    def _use_settings(self, stage: S, told: P) -> None:
        stage.settings, self.used = told, told
        self._between_frames(self._announce, stage)

    def _restore(self, names: Iterable[str]) -> None:
        """Let parameters tell what is in use."""
        used = asdict(self.used)
        self._restoring = True
        self._node.set_parameters([Parameter(self._prefix + name, value=used[name]) for name in names])
        self._restoring = False

    def _in_node(self, task: Callable[..., None], *args: Any) -> None:
        if self._node.executor is not None:
            self._node.executor.create_task(task, *args)
