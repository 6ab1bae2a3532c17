"""Pairs of messages that belong together, by their stamps."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Stamps = npt.NDArray[np.int64]


def pair(images_ns: Stamps, labels_ns: Stamps, tolerance_ns: int) -> npt.NDArray[np.int64]:
    """For each image the label that belongs to it, or -1.

    The nearest pairs come first; a label belongs to one image at most. Of pairs that are equally near the one with the
    earlier image, then the earlier label, wins.

    :param images_ns: (n,) stamps in any order.
    :param labels_ns: (m,) stamps in any order.
    :param tolerance_ns: largest difference of the stamps of a pair.
    :return: (n,) places in ``labels_ns``.
    """
    image_order = np.argsort(images_ns, kind="stable")
    label_order = np.argsort(labels_ns, kind="stable")
    images, labels = _candidates(images_ns[image_order], labels_ns[label_order], tolerance_ns)
    images, labels = image_order[images], label_order[labels]
    chosen = np.full(len(images_ns), -1, np.int64)
    used = np.zeros(len(labels_ns), np.bool_)
    for number in np.argsort(np.abs(images_ns[images] - labels_ns[labels]), kind="stable").tolist():
        image, label = images[number], labels[number]
        if chosen[image] < 0 and not used[label]:
            chosen[image], used[label] = label, True
    return chosen


def _candidates(images_ns: Stamps, labels_ns: Stamps, tolerance_ns: int) -> tuple[Stamps, Stamps]:
    """Places of all images and labels, both sorted, that are within the tolerance."""
    first = np.searchsorted(labels_ns, images_ns - tolerance_ns, side="left")
    counts = np.searchsorted(labels_ns, images_ns + tolerance_ns, side="right") - first
    images = np.repeat(np.arange(len(images_ns)), counts)
    steps = np.arange(len(images)) - np.repeat(np.cumsum(counts) - counts, counts)
    return images, np.repeat(first, counts) + steps
