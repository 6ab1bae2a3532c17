"""A frame of a film of the simulator as the messages of a bag: the image, true skeletons, and who does what."""

from __future__ import annotations

from typing import Any

import numpy as np

from dl_robotics.data.frame_messages import CAMERA_INFO, FRAME_ID, ImageCodec, image_messages
from dl_robotics.data.labelled_topics import ACTIVITIES, SKELETONS
from dl_robotics.messages.camera_info import encode_camera_info, pinhole
from dl_robotics.messages.detections import encode_detections
from dl_robotics.messages.header import encode_header
from dl_robotics.messages.skeletons import encode_skeletons
from dl_robotics.ops.detections import Detections
from dl_robotics.ops.skeletons import Skeletons
from dl_robotics.sim.motion.films import FilmFrame

PERSON = 1  # class id


def film_messages(
    frame: FilmFrame, stamp_ns: int, first_person: int, horizontal_fov: float, codec: ImageCodec
) -> dict[str, Any]:
    """Messages by topic, all with one header; only people of whom something is seen.

    :param first_person: number of the film's first person.
    :param horizontal_fov: of the camera, rad.
    """
    header = encode_header(stamp_ns, FRAME_ID)
    height, width = frame.image.shape[:2]
    seen = np.flatnonzero((frame.boxes[:, 2:] > frame.boxes[:, :2]).all(axis=1))
    numbers = first_person + seen
    people, ones = frame.skeletons, np.ones(len(seen), np.float32)
    boxes = Detections(frame.boxes[seen], np.full(len(seen), PERSON), ones, tuple(map(str, numbers.tolist())))
    return image_messages(frame.image, header, codec) | {
        CAMERA_INFO: encode_camera_info(pinhole(stamp_ns, FRAME_ID, width, height, horizontal_fov)),
        SKELETONS: encode_skeletons(Skeletons(people.joints[seen], people.scores[seen], numbers), header),
        ACTIVITIES: encode_detections(boxes, header, [frame.activities[row] for row in seen]),
    }
