"""Asking a simulator, whichever it is, to put its robot back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Literal, NamedTuple, TypeAlias

from rclpy.client import Client
from rclpy.node import Node
from std_srvs.srv import Trigger

from dl_robotics.errors import UserError
from dl_robotics.messages.message_class import message_class
from dl_robotics.messages.world_control import CONTROL_WORLD, encode_model_reset

ResetKind: TypeAlias = Literal["trigger", "control_world", "none"]
Wait: TypeAlias = Callable[[Callable[[], bool], str, float], None]

FIRST_PATIENCE_S = 2.0


class SilenceError(UserError):
    """A robot of which nothing comes; the message names topic or service, and for how long."""


class ResetType(NamedTuple):
    """A service type, and how its request is made."""

    service: type[Any]
    request: Callable[[], Any]


class ResetService:
    """A client whose calls may remain unanswered.

    Fast DDS loses the answer to a client that the server has not found yet, so questions are repeated, at growing
    intervals. The answer to the last one counts: those before it are then done with, too.

    :param kind: of :func:`reset_type`; None asks nobody.
    :param limit_s: real time without an answer after which we give up.
    :param wait: spins the node until a condition holds; raises SilenceError, with this text, if that takes longer.
    """

    def __init__(self, node: Node, kind: ResetType | None, name: str, limit_s: float, wait: Wait) -> None:
        self._kind, self._limit_s, self._wait = kind, limit_s, wait
        self._client: Client[Any, Any] | None = node.create_client(kind.service, name) if kind else None
        self._name = node.resolve_service_name(name)

    def __call__(self) -> str:
        """Ask, and wait for the answer.

        :returns: why it was refused; empty if it was not, or there is nothing to ask.
        :raises SilenceError: if nobody answers.
        """
        if self._kind is None or self._client is None:
            return ""
        self._wait(self._client.service_is_ready, f"{self._name}: no such service", self._limit_s)
        asked_s, patience_s = 0.0, FIRST_PATIENCE_S
        while asked_s < self._limit_s:
            future = self._client.call_async(self._kind.request())
            with suppress(SilenceError):
                self._wait(future.done, f"{self._name}: no answer", patience_s)
                return self._refusal(future.result())
            self._client.remove_pending_request(future)
            asked_s, patience_s = asked_s + patience_s, 2.0 * patience_s
        raise SilenceError(f"{self._name}: no answer for {asked_s:.1f} s")

    def _refusal(self, answer: Any) -> str:
        return "" if answer.success else f"{self._name}: refused: {getattr(answer, 'message', 'without a reason')}"


def reset_type(kind: ResetKind) -> ResetType | None:
    """The type of a kind of reset.

    :raises MessageTypeError: if it is not installed.
    """
    if kind == "none":
        return None
    if kind == "trigger":
        return ResetType(Trigger, Trigger.Request)
    return ResetType(message_class(CONTROL_WORLD), encode_model_reset)
