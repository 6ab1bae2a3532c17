"""Handing a new checkpoint to nodes that run: their parameter ``model`` is set, and they exchange it on the fly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from rcl_interfaces.srv import GetParameters, SetParameters
from rclpy.client import Client
from rclpy.node import Node
from rclpy.parameter import Parameter
from rclpy.task import Future


class ModelPush:
    """Sets the parameter of several nodes; ``accepted`` counts the answers that were yes.

    :param targets: their names.
    """

    def __init__(self, node: Node, targets: Sequence[str]) -> None:
        self._node = node
        self._clients: dict[str, Client[SetParameters.Request, SetParameters.Response]] = {
            target: node.create_client(SetParameters, f"{target}/set_parameters") for target in targets
        }
        self._asking: dict[str, Client[GetParameters.Request, GetParameters.Response]] = {
            target: node.create_client(GetParameters, f"{target}/get_parameters") for target in targets
        }
        self.accepted = 0

    def push(self, path: Path) -> None:
        """Let every node that is there use a checkpoint; those that are not are named in the log."""
        request = SetParameters.Request(parameters=[Parameter("model", value=str(path.absolute())).to_parameter_msg()])
        for target, client in self._clients.items():
            if client.service_is_ready():
                client.call_async(request).add_done_callback(partial(self._answered, target))
            else:
                self._node.get_logger().warning(f"{target}: not there, so it does not get {path}")

    def ask_current(self, then: Callable[[Path | None], None]) -> None:
        """Ask the first node that is there for its model.

        :param then: is told of it; None if there is none.
        """
        client = next((client for client in self._asking.values() if client.service_is_ready()), None)
        if client is None:
            then(None)
            return
        future = client.call_async(GetParameters.Request(names=["model"]))
        future.add_done_callback(lambda done: then(_model_of(done.result())))

    def _answered(self, target: str, future: Future[SetParameters.Response]) -> None:
        response = future.result()
        result = response.results[0] if response else None
        if result and result.successful:
            self.accepted += 1
        else:
            self._node.get_logger().error(
                f"{target}: refuses the new model: {result.reason if result else 'no answer'}"
            )


def _model_of(response: GetParameters.Response | None) -> Path | None:
    """The file that a node's parameter names, if it does."""
    name = response.values[0].string_value if response and response.values else ""
    return Path(name) if name else None
