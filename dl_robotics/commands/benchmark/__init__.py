"""Measurements that anyone can repeat, one a module."""

from dl_robotics.commands.registry import Registry

BENCHMARKS = Registry(
    __name__,
    {
        "cartpole": "train DQN on CartPole-v1 over several seeds",
        "simulation": "control steps a second of our engines, ir-sim and pybullet",
    },
)
add_arguments, run = BENCHMARKS.add_arguments, BENCHMARKS.run
