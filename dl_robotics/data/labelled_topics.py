"""The topics of labelled images and people, in bags that are made here."""

IMAGE, COMPRESSED_IMAGE = "/image", "/image/compressed"
DETECTIONS, SEGMENTATION, LABEL_INFO = "/labels/detections", "/labels/segmentation", "/labels/label_info"
SKELETONS, ACTIVITIES = "/skeletons", "/labels/activities"
