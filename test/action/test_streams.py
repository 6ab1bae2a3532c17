"""Streams of joints, bones and motion: worked examples."""

import torch

from dl_robotics.action.streams import Streams


def frames(*values):
    """One person of two joints with one coordinate and, perhaps, a score: (1, C, T, 2, 1)."""
    return torch.tensor(values).permute(2, 0, 1)[None, ..., None]


def test_bones_and_motion_of_two_joints():
    x = frames([[1.0], [3.0]], [[2.0], [7.0]])  # two frames
    streams = Streams(["joint", "bone", "joint_motion", "bone_motion"], [0, 0], scored=False, padded=True)
    joint, bone, motion, bone_motion = streams(x)[0, :, :, :, 0].tolist()
    assert joint == [[1.0, 3.0], [2.0, 7.0]]
    assert bone == [[0.0, 2.0], [0.0, 5.0]]
    assert motion == [[0.0, 0.0], [1.0, 4.0]]
    assert bone_motion == [[0.0, 0.0], [0.0, 3.0]]


def test_what_was_not_seen_has_no_bones_and_does_not_move():
    x = frames([[1.0, 0.9], [3.0, 0.5]], [[2.0, 0.8], [0.0, 0.0]], [[2.5, 0.7], [8.0, 0.6]])
    streams = Streams(["bone", "joint_motion"], [0, 0], scored=True, padded=True)
    bone, bone_score, motion, score = streams(x)[0, :, :, 1, 0]
    assert bone.tolist() == [2.0, 0.0, 5.5]
    assert torch.allclose(bone_score, torch.tensor([0.5, 0.0, 0.6]))
    assert motion.tolist() == [0.0, 0.0, 0.0]
    assert torch.allclose(score, torch.tensor([0.5, 0.0, 0.0]))


def test_without_padding_all_streams_begin_when_motion_does():
    x = torch.randn(2, 3, 5, 4, 1)
    both = Streams(["joint", "joint_motion"], [0, 0, 1, 2], scored=False, padded=False)(x)
    assert torch.equal(both[:, :3], x[:, :, 1:])
    assert torch.equal(both[:, 3:], x[:, :, 1:] - x[:, :, :-1])
    assert Streams(["joint", "bone"], [0, 0, 1, 2], scored=False, padded=False)(x).shape[2] == 5
