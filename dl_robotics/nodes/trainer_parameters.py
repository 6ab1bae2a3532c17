"""Parameters of the trainer."""

from __future__ import annotations

from dataclasses import dataclass

from dl_robotics.navigation.gate import Gate, GateConfig
from dl_robotics.nodes.managed_node import NodeParameters
from dl_robotics.parameters import parameter


@dataclass(frozen=True)
class TrainerParameters(NodeParameters):
    """What the trainer can be told; all but ``autostart`` counts when it is configured."""

    recipe: str = parameter("", "Recipe (YAML) to train by when activated; empty to wait for goals of the action.")
    output: str = parameter("", "Folder of the run.")
    resume: bool = parameter(True, "Whether a run found in that folder goes on; else it is refused.")
    live: bool = parameter(False, "Whether to learn from topics rather than from the recipe's data.")
    capacity: int = parameter(1000, "Live: samples kept, a random choice of all.", low=2, high=1_000_000)
    min_samples: int = parameter(100, "Live: training begins with so many samples.", low=1, high=1_000_000)
    compressed: bool = parameter(False, "Live: whether images come compressed, on image/compressed.")
    push_to: tuple[str, ...] = parameter(
        (), "Nodes whose parameter 'model' follows the best checkpoint, e.g. /detector.", read_only=True
    )
    gate_suite: str = parameter(
        "", "Policies: suite that a new best one has to pass before it is pushed; empty for no gate.", read_only=True
    )
    gate_episodes: int = parameter(100, "Episodes of the suite.", low=1, high=100_000, read_only=True)
    gate_success: float = parameter(
        0.8, "Share of its goals that a policy has to reach.", low=0.0, high=1.0, read_only=True
    )
    gate_slack: float = parameter(
        0.0, "How much of that it may fall behind the policy that drives.", low=0.0, high=1.0, read_only=True
    )

    @property
    def gate(self) -> Gate | None:
        """What new policies have to pass.

        :raises ConfigError: if there is no such suite.
        """
        if not self.gate_suite:
            return None
        return Gate(GateConfig(self.gate_suite, self.gate_episodes, self.gate_success, self.gate_slack))
