"""The feature pyramid on maps whose sums can be done in the head."""

import torch
from torch import nn

from dl_robotics.detection.pyramid import FeaturePyramid


def test_coarse_maps_are_added_to_finer_ones():
    pyramid = FeaturePyramid((1, 1, 1), 1, norm=nn.Identity)
    for number, layer in enumerate(pyramid.lateral):
        nn.init.constant_(layer[0].weight, 10.0**number)
    fine, middle, coarse = torch.ones(1, 1, 4, 5), torch.ones(1, 1, 2, 3), torch.tensor([[[[1.0, -2.0]]]])
    fused = pyramid([fine, middle, coarse])
    assert [tuple(x.shape[2:]) for x in fused] == [(4, 5), (2, 3), (1, 2)]
    assert fused[2].flatten().tolist() == [100.0, 0.0]  # nothing negative is left
    assert fused[1][0, 0, 0].tolist() == [110.0, 110.0, 10.0]
    assert fused[0][0, 0, 0].tolist() == [111.0, 111.0, 111.0, 111.0, 11.0]
