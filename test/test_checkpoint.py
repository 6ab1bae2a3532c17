"""Checkpoints come back as they were, or are refused."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import save_file

from dl_robotics import checkpoint
from dl_robotics.checkpoint import Checkpoint, CheckpointError

EXAMPLE = Checkpoint(
    kind="dqn",
    weights={"layer.weight": torch.arange(6.0).reshape(2, 3), "layer.bias": torch.tensor([0.5, -0.5]).half()},
    config={"hidden": [64, 64], "name": "Grüße"},
    task={"rate_hz": 10.0, "nested": {"fov_deg": 360}},
    metrics={"success_rate": 0.93},
    data_version="CartPole-v1",
)


@pytest.fixture(scope="module")
def content():
    """The bytes of a valid file."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.safetensors"
        checkpoint.save(path, EXAMPLE)
        return path.read_bytes()


def assert_same(found, expected):
    assert found.weights.keys() == expected.weights.keys()
    for name, weight in expected.weights.items():
        assert found.weights[name].dtype == weight.dtype
        assert torch.equal(found.weights[name], weight)
    for name in ("kind", "config", "task", "metrics", "data_version", "code_version", "licence"):
        assert getattr(found, name) == getattr(expected, name)


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
shapes = st.lists(st.integers(0, 3), max_size=3)
dtypes = st.sampled_from([torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.uint8, torch.bool])


@settings(deadline=None)
@given(
    weights=st.dictionaries(st.text(min_size=1).filter(lambda name: name != "__metadata__"), st.tuples(shapes, dtypes)),
    config=st.dictionaries(st.text(), plain, max_size=3),
    task=st.dictionaries(st.text(), plain, max_size=3),
)
def test_round_trip(weights, config, task):
    tensors = {name: torch.randint(0, 2, shape).to(dtype) for name, (shape, dtype) in weights.items()}
    saved = Checkpoint("any", tensors, config, task, {"loss": 0.25})
    with TemporaryDirectory() as folder:
        checkpoint.save(f"{folder}/a", saved)
        assert_same(checkpoint.load(f"{folder}/a", "any"), saved)


def test_views_of_a_training_network_can_be_saved(tmp_path):
    base = torch.randn(4, 4, requires_grad=True)
    checkpoint.save(tmp_path / "a", Checkpoint("any", {"view": base[:, 1:3].T}, {}))
    assert torch.equal(checkpoint.load(tmp_path / "a").weights["view"], base[:, 1:3].T)


@settings(deadline=None)
@given(st.data())
def test_every_flipped_bit_is_refused(content, data):
    bit = data.draw(st.integers(0, 8 * len(content) - 1))
    damaged = bytearray(content)
    damaged[bit // 8] ^= 1 << bit % 8
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a"
        path.write_bytes(damaged)
        with pytest.raises(CheckpointError, match=str(path)):
            checkpoint.load(path)


@settings(deadline=None)
@given(st.data())
def test_every_truncation_is_refused(content, data):
    length = data.draw(st.integers(0, len(content) - 1))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a"
        path.write_bytes(content[:length])
        with pytest.raises(CheckpointError, match="truncated, damaged or not a safetensors file"):
            checkpoint.load(path)


def test_missing_file(tmp_path):
    with pytest.raises(CheckpointError, match=r"nowhere: No such file"):
        checkpoint.load(tmp_path / "nowhere")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 a pickled torch file", b'{"json": 1}' * 10])
def test_other_files(tmp_path, content):
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(CheckpointError, match="not a safetensors file"):
        checkpoint.load(tmp_path / "a")


def test_other_safetensors_files(tmp_path):
    save_file({"x": torch.zeros(1)}, tmp_path / "a")
    with pytest.raises(CheckpointError, match="expected format 'dl_robotics checkpoint 1', got None"):
        checkpoint.load(tmp_path / "a")


def test_other_format_version(tmp_path, content):
    (tmp_path / "a").write_bytes(content.replace(b"checkpoint 1", b"checkpoint 2"))
    with pytest.raises(CheckpointError, match="got 'dl_robotics checkpoint 2'"):
        checkpoint.load(tmp_path / "a")


def test_changed_weights(tmp_path, content):
    (tmp_path / "a").write_bytes(content[:-1] + b"\x00")
    with pytest.raises(CheckpointError, match="damaged: expected SHA-256"):
        checkpoint.load(tmp_path / "a")


def test_other_kind(tmp_path):
    checkpoint.save(tmp_path / "a", EXAMPLE)
    with pytest.raises(CheckpointError, match="expected a checkpoint of kind 'td3', got 'dqn'"):
        checkpoint.load(tmp_path / "a", "td3")


@pytest.mark.parametrize("body", ["", "[]", "3", '{"kind": "dqn"}', '{"kind": 1, "config": {}}'])
def test_a_right_digest_over_a_wrong_body(tmp_path, body):
    # What a stranger could write on purpose.
    digest = checkpoint._digest(body, {})
    save_file({}, tmp_path / "a", {"format": checkpoint.FORMAT, "body": body, "sha256": digest})
    with pytest.raises(CheckpointError, match="a: "):
        checkpoint.load(tmp_path / "a")


@pytest.mark.parametrize("metrics", [{"loss": float("nan")}, {"loss": object()}])
def test_what_json_cannot_hold_is_refused_and_the_old_file_stays(tmp_path, metrics):
    path = tmp_path / "a"
    checkpoint.save(path, EXAMPLE)
    with pytest.raises(CheckpointError, match="not writable as JSON"):
        checkpoint.save(path, Checkpoint("dqn", {}, {}, metrics=metrics))
    assert_same(checkpoint.load(path), EXAMPLE)


def test_saving_replaces_and_leaves_nothing_else(tmp_path):
    for kind in ("first", "second"):
        checkpoint.save(tmp_path / "a", Checkpoint(kind, {}, {}))
    assert checkpoint.load(tmp_path / "a").kind == "second"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_an_unwritable_folder_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        checkpoint.save(tmp_path / "nowhere" / "a", EXAMPLE)


def test_metadata_are_readable_by_others(content):
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    body = json.loads(header["__metadata__"]["body"])
    assert body["licence"] == "Apache-2.0"
    assert body["task"]["rate_hz"] == 10.0


def test_a_look_at_the_header_refuses_what_is_no_checkpoint_of_the_kind(tmp_path):
    path = tmp_path / "model.safetensors"
    checkpoint.save(path, Checkpoint("detector", {"weight": torch.zeros(3)}, {}))
    checkpoint.peek(path, "detector")
    checkpoint.peek(path)
    with pytest.raises(CheckpointError, match="expected a checkpoint of kind 'segmenter', got 'detector'"):
        checkpoint.peek(path, "segmenter")
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(CheckpointError, match="truncated"):
        checkpoint.peek(path)
    with pytest.raises(CheckpointError, match="missing"):
        checkpoint.peek(tmp_path / "missing")
    save_file({"weight": torch.zeros(3)}, path)
    with pytest.raises(CheckpointError, match="expected format"):
        checkpoint.peek(path)
    for body, message in (("{", "damaged"), ("[]", "got None")):
        save_file({"weight": torch.zeros(3)}, path, {"format": checkpoint.FORMAT, "body": body})
        with pytest.raises(CheckpointError, match=message):
            checkpoint.peek(path, "detector")
