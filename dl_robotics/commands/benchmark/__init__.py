"""Measurements that anyone can repeat, one a module."""

from dl_robotics.commands.registry import Registry

BENCHMARKS = Registry(
    __name__,
    {
        "cartpole": "train DQN on CartPole-v1 over several seeds",
        "inference": "networks in torch, ONNX Runtime and OpenVINO; preprocessing and suppression against OpenCV",
        "latency": "what nodes add to their models, beside the node as it is often written",
        "reading": "labelled frames a second that a bag feeds to training",
        "raccoon": "train a detector on 160 photographs, five-fold",
        "camvid": "train a segmenter on street scenes",
        "simulation": "control steps a second of our engines, ir-sim and pybullet",
    },
)
add_arguments, run = BENCHMARKS.add_arguments, BENCHMARKS.run
