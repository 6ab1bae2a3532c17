"""Cityscapes' classes by pixel value (Cordts et al. 2016)."""

# *_labelIds.png: everything that was marked. Values without a name are not used by the data set's own benchmark.
LABEL_IDS = {
    7: "road",
    8: "sidewalk",
    11: "building",
    12: "wall",
    13: "fence",
    17: "pole",
    19: "traffic light",
    20: "traffic sign",
    21: "vegetation",
    22: "terrain",
    23: "sky",
    24: "person",
    25: "rider",
    26: "car",
    27: "truck",
    28: "bus",
    31: "train",
    32: "motorcycle",
    33: "bicycle",
}
UNUSED_LABEL_IDS = tuple(value for value in range(34) if value not in LABEL_IDS)

# *_labelTrainIds.png: the same classes, numbered from 0.
TRAIN_IDS = dict(enumerate(LABEL_IDS.values()))
