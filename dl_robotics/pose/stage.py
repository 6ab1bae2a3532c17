"""BlazePose as a stage: an image in, people's joints out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from dl_robotics.inference.backend import BackendError
from dl_robotics.inference.tflite import AUTO, make_tflite
from dl_robotics.ops.detections import Detections
from dl_robotics.ops.preprocess import check_image
from dl_robotics.ops.skeleton_boxes import skeleton_boxes
from dl_robotics.ops.skeleton_layout import SkeletonLayout
from dl_robotics.ops.skeletons import Skeletons
from dl_robotics.pose import finder as finding
from dl_robotics.pose import landmarks
from dl_robotics.pose.crop import Crop, Image
from dl_robotics.pose.finder import Finder
from dl_robotics.pose.followed import Followed, distinct, skeletons_of, unmatched
from dl_robotics.pose.landmarks import Landmarker
from dl_robotics.pose.models import DETECTION, LANDMARKS, find
from dl_robotics.pose.settings import PoseSettings

Box = npt.NDArray[np.float32]

LAYOUT = "blazepose33"
VISIBLE = 0.5  # score of a joint that counts for a person's box


class PoseEstimator:
    """Finds the joints of several people, and follows each from frame to frame.

    The next frame is looked at where a person's joints were: the detector, its own or another, is only needed for those
    who come in. ``layout`` describes the joints.

    :param finder: finds people in an image.
    :param landmarker: finds a person's joints in a crop.
    """

    def __init__(self, finder: Finder, landmarker: Landmarker) -> None:
        self.layout = SkeletonLayout.load(LAYOUT)
        self.settings = PoseSettings()
        self._find, self._look = finder, landmarker
        self.reset()

    @classmethod
    def load(
        cls, path: str | Path = "", device: str = "cpu", backend: str = AUTO, threads: int | None = None
    ) -> PoseEstimator:
        """Build it from the networks in a folder.

        :param path: the folder; by default the models' cache, see :func:`dl_robotics.pose.models.models_folder`.
        :param device: ``cpu``.
        :param backend: what runs the networks: ``litert``, ``openvino``, or the faster one here, ``auto``.
        :param threads: that one run computes with; see :func:`dl_robotics.inference.backend.default_threads`.
        :raises PoseModelError: if a network is missing or another; the message names the command that fetches it.
        :raises ConfigError: if there is no such backend.
        :raises BackendError: if the backend is not installed, or for another device.
        """
        if device != "cpu":
            raise BackendError(f"pose: expected device 'cpu', got {device!r}")
        finder = make_tflite(backend, find(DETECTION, path), finding.OUTPUTS, finding.SIDE, threads)
        landmarker = Landmarker(make_tflite(backend, find(LANDMARKS, path), landmarks.OUTPUTS, landmarks.SIDE, threads))
        blank = np.zeros((landmarks.SIDE, landmarks.SIDE, 3), np.uint8)
        landmarker(blank, Crop.whole(blank))  # compiles before the first person comes
        return cls(Finder(finder), landmarker)

    def reset(self) -> None:
        """Forget everybody."""
        self._followed: list[Followed] = []
        self._shape: tuple[int, ...] = ()
        self._count = self._frame = 0

    def __call__(self, image: Image, detections: Detections | None = None) -> Skeletons:
        """Find people's joints, those first who have been followed longest.

        A joint's score is how surely it is seen: low where it is hidden or outside the image. A person keeps the number
        while followed.

        :param image: (height, width, 3) uint8, red first, of any size; another size than before begins anew.
        :param detections: people found by another detector, in pixels of this image; else its own looks for them.
        :return: joints of ``layout`` in pixels, z = 0.
        :raises ImageError: if it is no such image.
        """
        check_image(image)
        if image.shape != self._shape:
            self.reset()
            self._shape = image.shape
        followed = [Followed(one.number, self._look(image, one.person.crop)) for one in self._followed]
        self._followed = self._surely(followed)
        for crop in self._new_crops(image, detections):
            self._add(image, crop)
        self._frame += 1
        return skeletons_of(self._followed)

    def _new_crops(self, image: Image, detections: Detections | None) -> Iterator[Crop]:
        """Where people may be who are not followed yet."""
        if detections is not None:
            wanted = self.settings.person_class
            boxes = detections.boxes if wanted == 0 else detections.boxes[detections.labels == wanted]
            known = skeleton_boxes(skeletons_of(self._followed), VISIBLE)
            yield from (self._body(image, box) for box in unmatched(boxes, known))
        elif not self._followed or self._frame % self.settings.search_every == 0:
            yield from self._find(image, self.settings.detection_threshold).crops

    def _body(self, image: Image, box: Box) -> Crop:
        """A crop as the network likes it, about the hips and upright, of the person whose box another detector gave."""
        view = Crop.around_box(box)
        seen = self._find(image, self.settings.detection_threshold, view)
        for (x, y), crop in zip(seen.faces, seen.crops, strict=True):
            if box[0] <= x <= box[2] and box[1] <= y <= box[3]:  # others may be seen beside
                return crop
        return self._look(image, view).crop

    def _add(self, image: Image, crop: Crop) -> None:
        """Follow the person in a crop, if there is one and nobody else follows."""
        if len(self._followed) >= self.settings.max_people:
            return
        if any(crop.shows_same(one.person.crop) for one in self._followed):
            return
        before = len(self._followed)
        self._followed = self._surely([*self._followed, Followed(self._count, self._look(image, crop))])
        self._count += len(self._followed) - before

    def _surely(self, people: Sequence[Followed]) -> list[Followed]:
        """Those who are to be followed further."""
        there = [one for one in people if one.person.presence >= self.settings.presence_threshold]
        return distinct(there)[: self.settings.max_people]
