"""Backends by name and by speed: all agree with torch, none is used in silence when it should not be."""

import logging
import time

import numpy as np
import onnx
import pytest
import torch
from small_network import random_images, small_network
from torch import nn

from dl_robotics.config import ConfigError
from dl_robotics.inference.backend import TOLERANCE, BackendError, difference
from dl_robotics.inference.choose import BACKENDS, choose_backend, make_backend
from dl_robotics.inference.export import export_onnx
from dl_robotics.inference.runtimes import RUNTIMES, make_runtime, require_installed


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    path = tmp_path_factory.mktemp("exported") / "best.onnx"
    export_onnx(small_network(), random_images(), path)
    return path


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("name", ["torch", *RUNTIMES])
def test_every_backend_agrees_with_torch(exported, name, threads):
    backend = make_backend(name, small_network(), random_images(), exported, threads=threads)
    assert backend.name == name
    for seed in range(3):
        with torch.inference_mode():
            expected = tuple(output.numpy() for output in small_network()(torch.from_numpy(random_images(seed))))
        found = backend(random_images(seed))
        assert [output.dtype for output in found] == [np.float32] * 2
        assert difference(expected, found) <= TOLERANCE


def test_a_network_with_one_output_gives_a_tuple_of_one():
    for name in ("torch", *RUNTIMES):
        (output,) = make_backend(name, nn.Conv2d(3, 2, 1), random_images())(random_images())
        assert output.shape == (1, 2, 33, 47)


def test_torch_computes_with_the_threads_asked_for_and_leaves_the_others_as_they_were():
    class Threads(nn.Module):
        def forward(self, images):
            return torch.tensor([float(torch.get_num_threads())])

    before = torch.get_num_threads()
    backend = make_backend("torch", Threads(), random_images(), threads=before + 1)
    assert backend(random_images())[0].tolist() == [before + 1]
    assert torch.get_num_threads() == before


def test_auto_takes_the_fastest_of_what_it_measured(exported):
    choice = choose_backend(small_network(), random_images(), exported)
    assert choice.times_ms.keys() == {"torch", *RUNTIMES}
    assert choice.backend.name == min(choice.times_ms, key=choice.times_ms.get)
    assert choice.left_out == {}
    assert all(f"{name} {time_ms:.1f} ms" in str(choice) for name, time_ms in choice.times_ms.items())


class Slow(nn.Module):
    """Loses time in Python, which an exported network leaves behind."""

    def forward(self, images):
        until_s = time.perf_counter() + 0.05
        while time.perf_counter() < until_s:
            pass
        return images + 1.0


def test_auto_leaves_slow_python_behind_and_says_so(caplog):
    with caplog.at_level(logging.INFO):
        backend = make_backend("auto", Slow(), random_images())
    assert backend.name in RUNTIMES
    assert f"backend: {backend.name}, the fastest of: torch " in caplog.text


class Unexportable(nn.Module):
    """Uses what ONNX has no word for."""

    def forward(self, images):
        return torch.linalg.svdvals(images)


def test_auto_runs_in_torch_what_cannot_be_exported_and_a_named_runtime_does_not():
    choice = choose_backend(Unexportable(), random_images())
    assert choice.backend.name == "torch"
    assert choice.left_out.keys() == RUNTIMES.keys()
    assert "torch cannot export it" in str(choice)
    with pytest.raises(BackendError, match="torch cannot export it"):
        make_backend("openvino", Unexportable(), random_images())


@pytest.mark.parametrize("content", [None, b"damaged"])
def test_a_stale_or_damaged_file_is_not_used_and_stays(exported, tmp_path, caplog, content):
    path, network = tmp_path / "best.onnx", small_network(seed=1)
    path.write_bytes(content or exported.read_bytes())
    before = path.read_bytes()
    backend = make_backend("onnxruntime", network, random_images(), path)
    assert "best.onnx: of other weights, size or version; the network is exported anew" in caplog.text
    with torch.inference_mode():
        expected = tuple(output.numpy() for output in network(torch.from_numpy(random_images(3))))
    assert difference(expected, backend(random_images(3))) <= TOLERANCE
    assert path.read_bytes() == before


def test_a_fresh_file_is_what_runs(exported, tmp_path, caplog):
    """Told by a file that carries the right fingerprint over other numbers: auto finds it out and leaves it."""
    proto, path = onnx.load(exported), tmp_path / "best.onnx"
    for weights in proto.graph.initializer:
        if weights.name == "offset.weight":
            weights.CopyFrom(onnx.numpy_helper.from_array(2 * onnx.numpy_helper.to_array(weights), weights.name))
    onnx.save(proto, path)
    choice = choose_backend(small_network(), random_images(), path)
    assert choice.backend.name == "torch"
    assert all("differs from torch by" in reason for reason in choice.left_out.values())
    assert "exported anew" not in caplog.text


def test_without_an_int8_file_int8_is_refused_by_name(exported):
    with pytest.raises(BackendError, match=r"expected a file made by export --int8, found none at .*best\.int8\.onnx"):
        make_backend("onnxruntime-int8", small_network(), random_images(), exported)


def test_unknown_names_and_devices_are_refused_by_name(exported):
    with pytest.raises(ConfigError, match=f"backend: expected one of {', '.join(BACKENDS)}, got 'tensorrt'"):
        make_backend("tensorrt", small_network(), random_images(), exported)
    for name in RUNTIMES:
        with pytest.raises(BackendError, match=f"backend '{name}': expected device 'cpu'.*, got 'vulkan'"):
            make_runtime(name, exported.read_bytes(), "vulkan", 1)
    with pytest.raises(BackendError, match="tensorrt: not installed; pip install tensorrt"):
        require_installed("tensorrt")
