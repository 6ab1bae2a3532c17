"""Measurements that anyone can repeat, one a module."""

from dl_robotics.commands.registry import Registry

BENCHMARKS = Registry(
    __name__,
    {
        "cartpole": "train DQN on CartPole-v1 over several seeds",
        "exploration": "DQN in a maze that pays at its end only, with every exploration bonus",
        "inference": "networks in torch, ONNX Runtime and OpenVINO; preprocessing and suppression against OpenCV",
        "learning": "gradient updates a second of DQN, DDPG and TD3, beside Stable-Baselines3",
        "returns": "whole trainings over several seeds, beside Stable-Baselines3: final returns and time taken",
        "overlap": "training steps a second when environments step beside the learner",
        "rollouts": "transitions a second of environments in MuJoCo, here and on workers",
        "latency": "what nodes add to their models, beside the node as it is often written",
        "memory": "driving with half a lidar: the present scan, past scans beside it, a recurrent policy",
        "reading": "labelled frames a second that a bag feeds to training",
        "people": "activities from joints and from images: a frame of one person and of ten, end to end",
        "activities": "the shipped recogniser on people never seen, as joints and through camera and pose stage",
        "raccoon": "train a detector on 160 photographs, five-fold",
        "camvid": "train a segmenter on street scenes",
        "tracking": "ms a frame of the tracker with 10 and 50 boxes or skeletons, and its figures in random scenes",
        "utkinect": "train a recogniser of activities on a Kinect's joints, every person left out once",
        "recognition": "ST-GCN on one core: whole windows in each backend, and each new frame once",
        "uea": "train recognisers of activities on a wrist's sensors, over several seeds",
        "simulation": "control steps a second of our engines, ir-sim and pybullet",
    },
)
add_arguments, run = BENCHMARKS.add_arguments, BENCHMARKS.run
