"""New best models on their way to the nodes that run: policies have to pass a gate first."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

from rclpy.node import Node

from dl_robotics.navigation.gate import Gate, Verdict
from dl_robotics.nodes.model_push import ModelPush
from dl_robotics.nodes.newest import Newest


class _Candidate(NamedTuple):
    """A policy to be judged, and the one that drives now."""

    path: Path
    current: Path | None


class GatedPush:
    """Judges in a thread of its own; of policies that come meanwhile the last is next.

    Each policy gets a file of its own beside the best one, which is overwritten as the training goes on; files of
    those that did not pass are removed. ``note`` says how the last one fared; ``passed`` and ``refused`` count them.

    :param gate: None lets everything pass as it is.
    """

    def __init__(self, node: Node, push: ModelPush, gate: Gate | None) -> None:
        self._node, self._push, self._gate = node, push, gate
        self._judging: Newest[_Candidate] = Newest("gate", self._judge)
        self.note = "nothing judged yet" if gate else "no gate"
        self.passed = self.refused = self._number = 0

    def offer(self, best: Path) -> None:
        """Hand over a new best model."""
        if self._gate is None:
            self._push.push(best)
            return
        self._judging.check()
        self._number += 1
        path = best.with_name(f"candidate-{self._number:06}{best.suffix}")
        shutil.copyfile(best, path)
        self.note = f"judging {path.name}"
        self._push.ask_current(lambda current: self._put(_Candidate(path, current)))

    def close(self) -> None:
        """End the thread, as soon as it is done with the policy that it judges."""
        self._judging.close()

    def _put(self, candidate: _Candidate) -> None:
        for overtaken in self._judging.put(candidate):
            overtaken.path.unlink()

    def _judge(self, candidate: _Candidate) -> None:
        """In the gate's thread."""
        if self._gate is not None and self._node.executor is not None:
            verdict = self._gate.judge(candidate.path, candidate.current)
            self._node.executor.create_task(self._decide, candidate.path, verdict)

    def _decide(self, path: Path, verdict: Verdict) -> None:
        """In the node's thread."""
        self.note = f"{path.name} {'passed' if verdict.passed else 'did not pass'}: it {verdict.reason}"
        self._node.get_logger().info(f"gate: {self.note}")
        if verdict.passed:
            self.passed += 1
            passed = path.rename(path.with_name(path.name.replace("candidate", "passed")))
            self._push.push(passed)
        else:
            self.refused += 1
            path.unlink()
