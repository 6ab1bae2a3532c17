"""A camera of the robot: colour, depth, models and classes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dl_robotics.sim.labels import BoxRule, GroundTruth, ground_truth
from dl_robotics.sim.mujoco.names import sensor_name
from dl_robotics.sim.mujoco.renderer import Renderer
from dl_robotics.sim.mujoco.silhouette import merged, silhouettes
from dl_robotics.sim.mujoco.simulation import Simulation
from dl_robotics.sim.world import Camera, Link

BACKGROUND = 0


class CameraView:
    """What one of the robot's cameras sees now. The robot's own visuals are seen too.

    OpenGL is set up by the first picture, so that a machine without it can still simulate.
    """

    def __init__(self, simulation: Simulation, link: Link, sensor: Camera) -> None:
        self._simulation, self._sensor = simulation, sensor
        self._camera = simulation.model.camera(sensor_name(simulation.world.robot, link, sensor)).id
        user = simulation.model.geom_user.astype(np.int64)
        self._labels = np.append(user[:, 0] + 1, BACKGROUND)
        # An object is what one model has of one label: a table and the vase that its model holds are two.
        self._labelled = np.flatnonzero(user[:, 1])
        objects, self._owners = np.unique(user[self._labelled], axis=0, return_inverse=True)
        self._classes = np.append(0, objects[:, 1]).astype(np.uint8)
        self._instances = np.zeros(len(user) + 1, np.int64)
        self._instances[self._labelled] = self._owners + 1
        self._renderer: Renderer | None = None

    def rgb(self) -> npt.NDArray[np.uint8]:
        """(height, width, 3) colours, 0 to 255.

        :raises RuntimeError: where no OpenGL can be had.
        """
        return self._draw(as_ids=False).colours()

    def depth(self) -> npt.NDArray[np.float32]:
        """(height, width) distances along the optical axis, m; ``inf`` where nothing lies within the far clip.

        :raises RuntimeError: where no OpenGL can be had.
        """
        nearness = self._draw(as_ids=True).nearness().astype(np.float64)
        near, far = self._sensor.near_m, self._sensor.far_m
        with np.errstate(divide="ignore"):
            depth = near * far / (near + nearness * (far - near))  # inverse of the perspective projection
        depth[nearness <= 0.0] = np.inf
        return depth.astype(np.float32)

    def labels(self) -> npt.NDArray[np.int64]:
        """(height, width) 1 + the index in ``world.models`` of the model at every pixel, 0 for the background.

        :raises RuntimeError: where no OpenGL can be had.
        """
        return np.asarray(self._labels[self._draw(as_ids=True).geom_ids()])

    def truth(self, things: int, rule: BoxRule) -> GroundTruth:
        """The world file's labels: the class of every pixel, and boxes around objects of the classes 1 to ``things``.

        :raises RuntimeError: where no OpenGL can be had.
        """
        instances = self._instances[self._draw(as_ids=True).geom_ids()]
        simulation, sensor = self._simulation, self._sensor
        boxes = silhouettes(
            simulation.model, simulation.data, self._camera, self._labelled, sensor.width, sensor.height
        )
        whole = merged(boxes, self._owners + 1, len(self._classes))
        return ground_truth(instances, self._classes, whole, things, rule)

    def _draw(self, as_ids: bool) -> Renderer:
        model, sensor = self._simulation.model, self._sensor
        if self._renderer is None:
            self._renderer = Renderer(model, sensor.width, sensor.height)
        model.vis.map.znear, model.vis.map.zfar = sensor.near_m, sensor.far_m  # in units of stat.extent, which is 1
        self._renderer.draw(self._simulation.data, self._camera, as_ids)
        return self._renderer
