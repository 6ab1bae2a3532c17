"""Real checkpoints of a small detector and segmenter with random weights, which see something or other anywhere."""

from functools import partial

from dl_robotics.commands.benchmark.random_models import CLASSES, save_random_detector, save_random_segmenter

SIZE = {"image_height": 96, "image_width": 128}

save_detector = partial(save_random_detector, **SIZE)
save_segmenter = partial(save_random_segmenter, **SIZE)

__all__ = ["CLASSES", "save_detector", "save_segmenter"]
