"""The inference benchmark runs, and its figures stand where they belong."""

from dl_robotics.commands.__main__ import main


def test_the_table_has_a_row_for_each_network_and_thread_count(capsys):
    arguments = ["--networks", "small SSD", "--threads", "1", "--seconds", "0.01"]
    assert main(["benchmark", "inference", *arguments]) in {0, 1}  # whether OpenCV is beaten in a moment is chance
    head, row, *others = capsys.readouterr().out.splitlines()
    assert head.split()[-6:] == ["threads", "torch", "onnxruntime", "openvino", "auto", "gain"]
    torch_ms, onnxruntime_ms, openvino_ms = map(float, row.split()[3:6])
    chosen, gain = row.split()[6:]
    times_ms = {"torch": torch_ms, "onnxruntime": onnxruntime_ms, "openvino": openvino_ms}
    assert abs(float(gain.rstrip("x")) - torch_ms / times_ms[chosen]) < 0.2
    assert [line.split(":")[0] for line in others] == ["640x480 to 320x320", "2000 boxes, 20 classes"]
