"""Eight bits: kept where the figure of merit holds, refused where it does not."""

import numpy as np
import pytest
from small_network import random_images, small_network

from dl_robotics.inference.backend import BackendError
from dl_robotics.inference.choose import choose_backend, make_backend
from dl_robotics.inference.export import export_onnx
from dl_robotics.inference.exports import int8_path
from dl_robotics.inference.quantise import quantise

CALIBRATION = [random_images(seed) for seed in range(8)]


def agreement(network):
    """The share of pixels of unseen images that a backend classifies as torch does."""
    expected = make_backend("torch", network, random_images())
    classes = [expected(random_images(seed))[0].argmax(axis=1) for seed in range(20, 24)]

    def merit(backend):
        found = [backend(random_images(seed))[0].argmax(axis=1) for seed in range(20, 24)]
        return float(np.mean(np.array(found) == np.array(classes)))

    return merit


@pytest.fixture
def exported(tmp_path):
    path = tmp_path / "best.onnx"
    export_onnx(small_network(), random_images(), path)
    return path


def test_int8_is_kept_where_accuracy_holds_and_then_measured_by_auto(exported):
    network = small_network()
    result = quantise(exported, CALIBRATION, agreement(network), allowed_drop=0.05)
    assert result.exact_merit >= 0.999
    assert 0.95 <= result.int8_merit < 1.0
    assert result.kept
    assert int8_path(exported) == exported.parent / "best.int8.onnx"

    choice = choose_backend(network, random_images(), exported)
    assert {"onnxruntime-int8", "openvino-int8"} <= choice.times_ms.keys()
    named = make_backend("onnxruntime-int8", network, random_images(), exported)
    assert named.name == "onnxruntime-int8"
    assert 0.9 <= agreement(network)(named) < 1.0

    with pytest.raises(BackendError, match=r"best\.int8\.onnx: of other weights, size or version; run export --int8"):
        make_backend("onnxruntime-int8", small_network(seed=1), random_images(), exported)


def test_int8_is_not_kept_where_accuracy_falls(exported):
    int8_path(exported).write_bytes(b"of an earlier export")
    result = quantise(exported, [1e-3 * CALIBRATION[0]], agreement(small_network()), allowed_drop=0.05)
    assert not result.kept
    assert result.int8_merit < 0.9
    assert not int8_path(exported).exists()
