"""A corridor whose first place tells which way to turn at its end (the T-maze of Bakker 2002, walked through)."""

import gymnasium as gym
import numpy as np

LENGTH = 4  # places, the first with the cue, the last one with the choice
ENV = "cue:Cue-v0"


class Cue(gym.Env):
    """Seen are the cue, -1 or 1, in the first place and 0 after it, and whether one is to choose now."""

    observation_space = gym.spaces.Box(-1.0, 1.0, (2,), np.float32)
    action_space = gym.spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.right, self.place = int(self.np_random.integers(2)), 0
        return self._seen(), {}

    def step(self, action):
        if self.place == LENGTH - 1:
            success = bool(action == self.right)
            return self._seen(), float(success), True, False, {"success": success}
        self.place += 1
        return self._seen(), 0.0, False, False, {}

    def _seen(self):
        return np.array([(2 * self.right - 1) * (self.place == 0), self.place == LENGTH - 1], np.float32)


if "Cue-v0" not in gym.registry:
    gym.register("Cue-v0", entry_point=Cue)
