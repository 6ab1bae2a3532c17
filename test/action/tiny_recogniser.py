"""A recogniser without weights to learn, that tells people who move from those who do not; and people for it."""

import numpy as np

from dl_robotics.action.config import RecogniserConfig
from dl_robotics.action.model import build_model
from dl_robotics.action.settings import RecogniserSettings
from dl_robotics.action.stage import ActionRecogniser
from dl_robotics.ops.skeletons import Skeletons

STILL, MOVING = 1, 2  # class ids
CONFIG = RecogniserConfig(
    classes=("still", "moving"),
    normalisation="none",
    frames=16,
    rate_hz=10.0,
    channels=(4,),
    strides=(1,),
    temporal_kernel=3,
    padded=False,
)
SETTINGS = RecogniserSettings(every=1, smoothing_s=0.0, forget_s=1.0)
NUM_JOINTS = len(CONFIG.skeleton.joints)
PERIOD_NS = 100_000_000
START_NS = 1_700_000_000_000_000_000


class MotionNetwork:
    """Runs as any backend does: (1, C, T, V, M) to logits, by how far the wrists go from one frame to the next."""

    name = "motion"

    def __init__(self) -> None:
        self.runs = 0

    def __call__(self, windows: np.ndarray) -> tuple[np.ndarray, ...]:
        self.runs += 1
        x, seen = windows[0, 0, :, :, 0], windows[0, -1, :, :, 0] > 0.0
        both = seen[1:] & seen[:-1]
        step = np.abs(np.diff(x, axis=0))[both].mean() if both.any() else 0.0
        return (np.array([[5.0 - step, step - 5.0]], np.float32),)


def recogniser(settings: RecogniserSettings = SETTINGS, config: RecogniserConfig = CONFIG) -> ActionRecogniser:
    return ActionRecogniser(config, MotionNetwork(), build_model(config).eval(), settings)


def person(x: float, time_s: float, moving: bool) -> np.ndarray:
    """(J, 3) joints of one who is at x, in pixels, and swings to and fro by 20 pixels ten times a second, or not."""
    joints = np.zeros((NUM_JOINTS, 3), np.float32)
    joints[:, 0] = x + (20.0 * np.sin(np.pi * (10.0 * time_s + 0.5)) if moving else 0.0)
    joints[:, 1] = 100.0 + 10.0 * np.arange(NUM_JOINTS)
    return joints


def people(numbers: dict[int, np.ndarray]) -> Skeletons:
    """Those people, all joints seen, by number."""
    if not numbers:
        return Skeletons.none(NUM_JOINTS)
    joints = np.stack(list(numbers.values()))
    return Skeletons(joints, np.ones(joints.shape[:2], np.float32), np.array(list(numbers), np.int64))
