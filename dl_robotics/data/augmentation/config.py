"""How training images are varied."""

from __future__ import annotations

from dataclasses import dataclass

from dl_robotics.config import require


@dataclass(frozen=True)
class AugmentationConfig:
    """The augmentation of SSD (Liu et al. 2016, section 2.2, and its published settings); 0 turns a part off.

    :param brightness: largest shift, levels of 255.
    :param contrast: largest relative change; 0.5 means factors from 0.5 to 1.5.
    :param saturation: the same for the saturation.
    :param hue: largest turn, degrees of 360.
    :param distortion: probability of each of the four changes above.
    :param channel_swap: probability that the colour channels change places.
    :param zoom: smallest and largest factor by which things grow in an image that keeps its size: above 1 a part of it
        is seen, below 1 the image is surrounded by ``fill``.
    :param expansion: probability that the image, instead, is put at a random place of a larger canvas.
    :param largest_expansion: largest size of that canvas, image sizes.
    :param fill: colour of the canvas, red first; the mean of ImageNet.
    :param crop: probability of a random crop.
    :param crop_overlaps: least IoU that a crop must have with some box; one is drawn for each image. 0 asks for nothing
        and -1 keeps the whole image.
    :param crop_scale: smallest side of a crop, sides of the image.
    :param crop_aspect: largest ratio of a crop's relative sides.
    :param flip: probability that left and right change places.
    """

    brightness: float = 32.0
    contrast: float = 0.5
    saturation: float = 0.5
    hue: float = 18.0
    distortion: float = 0.5
    channel_swap: float = 0.0
    zoom: tuple[float, float] = (1.0, 1.0)
    expansion: float = 0.5
    largest_expansion: float = 4.0
    fill: tuple[int, int, int] = (124, 116, 104)
    crop: float = 1.0
    crop_overlaps: tuple[float, ...] = (-1.0, 0.0, 0.1, 0.3, 0.5, 0.7, 0.9)
    crop_scale: float = 0.3
    crop_aspect: float = 2.0
    flip: float = 0.5

    def __post_init__(self) -> None:
        for name in ("distortion", "channel_swap", "expansion", "crop", "flip", "contrast", "saturation"):
            require(0.0 <= getattr(self, name) <= 1.0, name, "within [0, 1]", getattr(self, name))
        require(0.0 <= self.brightness <= 255.0, "brightness", "within [0, 255]", self.brightness)
        require(0.0 <= self.hue <= 180.0, "hue", "within [0, 180] degrees", self.hue)
        require(0.1 <= self.zoom[0] <= self.zoom[1] <= 10.0, "zoom", "0.1 <= smallest <= largest <= 10", self.zoom)
        require(1.0 <= self.largest_expansion <= 8.0, "largest_expansion", "within [1, 8]", self.largest_expansion)
        require(all(0 <= level <= 255 for level in self.fill), "fill", "three levels of 0 to 255", self.fill)
        overlaps = self.crop_overlaps
        require(len(overlaps) > 0, "crop_overlaps", "at least one", overlaps)
        require(all(o == -1.0 or 0.0 <= o < 1.0 for o in overlaps), "crop_overlaps", "-1 or within [0, 1)", overlaps)
        require(0.0 < self.crop_scale <= 1.0, "crop_scale", "within (0, 1]", self.crop_scale)
        require(1.0 <= self.crop_aspect <= 10.0, "crop_aspect", "within [1, 10]", self.crop_aspect)
