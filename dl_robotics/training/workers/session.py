"""Ray, where it is installed."""

from __future__ import annotations

import importlib
import os
from types import TracebackType
from typing import Any

from typing_extensions import Self

from dl_robotics.config import ConfigError

ADDRESS = "RAY_ADDRESS"  # of a cluster's first node, or "auto" for the one that this machine belongs to


class RaySession:
    """Joins the cluster that ``RAY_ADDRESS`` names, or starts Ray on this machine alone. Use it as a context manager.

    A session that the process has already is used, and left as it is.

    :raises ConfigError: if Ray is not installed, or there is no such cluster.
    """

    def __init__(self) -> None:
        try:
            self.ray: Any = importlib.import_module("ray")
        except ModuleNotFoundError as error:
            raise ConfigError("workers: expected 0 without Ray (pip install 'ray[default]')") from error
        self._ours = not self.ray.is_initialized()

    def __enter__(self) -> Self:
        if self._ours and ADDRESS in os.environ:
            try:
                self.ray.init(log_to_driver=False, configure_logging=False)
            except ConnectionError as error:
                raise ConfigError(f"{ADDRESS}: expected a running cluster, got {os.environ[ADDRESS]}") from error
        elif self._ours:
            self.ray.init(address="local", include_dashboard=False, log_to_driver=False, configure_logging=False)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._ours:
            self.ray.shutdown()

    def cpus(self) -> float:
        """Of all machines that are up."""
        return float(sum(node["Resources"].get("CPU", 0.0) for node in self.ray.nodes() if node["Alive"]))
