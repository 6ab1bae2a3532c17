"""A simulator that is reset as Gazebo is, by ``ros_gz_interfaces/ControlWorld``: models go back, time goes on."""

import sys

from ros_gz_interfaces.srv import ControlWorld
from std_srvs.srv import Trigger

from dl_robotics.nodes.run import run
from dl_robotics.nodes.simulator import Simulator


class ControlledWorld(Simulator):
    """The simulator with another reset service beside its own."""

    def __init__(self, **node: object) -> None:
        super().__init__(**node)
        self.create_service(ControlWorld, "/world/control", self._on_control)

    def _on_control(self, request: ControlWorld.Request, response: ControlWorld.Response) -> ControlWorld.Response:
        if request.world_control.reset.model_only:
            response.success = self._on_reset(Trigger.Request(), Trigger.Response()).success
        return response


if __name__ == "__main__":
    sys.exit(run(ControlledWorld))
