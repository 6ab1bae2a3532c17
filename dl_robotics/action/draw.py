"""Activities for people to look at."""

from __future__ import annotations

from collections.abc import Sequence

from dl_robotics.ops.activities import Activities
from dl_robotics.ops.draw_skeletons import draw_skeletons
from dl_robotics.ops.draw_text import Image, draw_text
from dl_robotics.ops.palette import colour_of
from dl_robotics.ops.skeleton_layout import SkeletonLayout


def draw_activities(image: Image, activities: Activities, classes: Sequence[str], layout: SkeletonLayout) -> Image:
    """A copy of an image with people's bones, and over each their track, activity and how sure that is.

    :param image: (height, width, 3) uint8, red first.
    :param classes: names by class id, that of unknown first.
    """
    drawn = draw_skeletons(image, activities.skeletons, layout)
    rows = zip(activities.boxes, activities.persons.tolist(), activities.labels, activities.scores, strict=True)
    for box, person, label, score in rows:
        corner = (round(float(box[0])), round(float(box[1])))
        draw_text(drawn, corner, f"{person} {classes[label]} {score:.2f}", colour_of(person + 1))
    return drawn
