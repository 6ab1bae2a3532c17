"""The topics of labelled images, in bags that are made here."""

IMAGE, COMPRESSED_IMAGE = "/image", "/image/compressed"
DETECTIONS, SEGMENTATION, LABEL_INFO = "/labels/detections", "/labels/segmentation", "/labels/label_info"
