"""Ways to run a network: torch, ONNX Runtime, OpenVINO."""
