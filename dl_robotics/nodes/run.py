"""From nodes' classes to a process: spin until SIGINT or SIGTERM, then end in order."""

from __future__ import annotations

import gc
import importlib
import importlib.util
import signal
import threading
from collections.abc import Callable, Iterable, Sequence

import rclpy
from rclpy.context import Context
from rclpy.exceptions import ParameterException
from rclpy.executors import Executor, SingleThreadedExecutor
from rclpy.node import Node
from rclpy.signals import SignalHandlerOptions

from dl_robotics.errors import UserError

SPIN_TIMEOUT_S = 0.1  # how long a signal may go unnoticed


def make_executor(context: Context | None = None) -> Executor:
    """The cheapest executor of this ROS installation for small messages at high rates."""
    if importlib.util.find_spec("rclpy.experimental") is None:  # before Kilted
        return SingleThreadedExecutor(context=context)
    executor: Executor = importlib.import_module("rclpy.experimental").EventsExecutor(context=context)
    return executor


def ask_to_end() -> None:
    """End the process that :func:`run` spins, from one of its nodes, in the same order as from outside.

    To shut the context down instead would take the executor away beneath the call that waits for it.
    """
    signal.raise_signal(signal.SIGTERM)


def run(make_node: Callable[[], Node], args: Sequence[str] | None = None) -> int:
    """Run one node until the process is told to end; see :func:`run_all`."""
    return run_all([make_node], args)


def run_all(make_nodes: Iterable[Callable[[], Node]], args: Sequence[str] | None = None) -> int:
    """Run nodes, all in one thread, until the process is told to end.

    rclpy's own signal handlers shut the context down at once, and with it the publisher that has to stop the robot;
    so signals only ask for the end here.

    :param args: command line arguments, ``--ros-args`` among them; None takes the process's own.
    :returns: the process's exit code: 0 after a clean end, 1 if a node could not start.
    """
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    gc.freeze()  # what the imports have made stays: to look at it again takes each collection a second
    with rclpy.init(args=None if args is None else list(args), signal_handler_options=SignalHandlerOptions.NO):
        nodes: list[Node] = []
        try:
            nodes.extend(make_node() for make_node in make_nodes)  # one by one: those made are known if the next fails
        except (UserError, ValueError, OSError, ParameterException) as error:
            rclpy.logging.get_logger("dl_robotics").fatal(f"cannot start: {error}")
            _destroy(nodes)
            code = 1
        else:
            _spin(nodes, stop)
            code = 0
        nodes.clear()
    gc.collect()  # lifecycle nodes hold on to themselves, and with that to what Fast DDS has put into /dev/shm
    gc.freeze()  # the interpreter's last collections look at everything; launch files give a process five seconds
    return code


def _spin(nodes: Sequence[Node], stop: threading.Event) -> None:
    executor = make_executor()
    for node in nodes:
        executor.add_node(node)
    try:
        while rclpy.ok() and not stop.is_set():
            executor.spin_once(timeout_sec=SPIN_TIMEOUT_S)
    finally:
        for node in nodes:
            executor.remove_node(node)
        _destroy(nodes)
        executor.shutdown()


def _destroy(nodes: Sequence[Node]) -> None:
    for node in nodes:
        node.destroy_node()
