"""Small environments with episodes of a known length: the observation counts the steps, each step pays 1."""

import gymnasium as gym
import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

OBS_SPACE = gym.spaces.Box(0.0, np.inf, (1,), np.float32)
ACTION_SPACE = gym.spaces.Discrete(2)
METADATA = {"render_modes": ["rgb_array"], "render_fps": 20}


class CountingEnv(gym.Env):
    """Ends after ``length`` steps, by termination or by time-out; only the former is a success."""

    metadata = METADATA

    def __init__(self, length=3, times_out=False, render_mode=None):
        self.render_mode = render_mode
        self.observation_space, self.action_space = OBS_SPACE, ACTION_SPACE
        self.length, self.times_out, self.count = length, times_out, 0

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.count = 0
        return self._observation(), {}

    def step(self, action):
        self.count += 1
        ended = self.count == self.length
        info = {"success": not self.times_out} if ended else {}
        return self._observation(), 1.0, ended and not self.times_out, ended and self.times_out, info

    def render(self):
        return np.full((64, 160, 3), 40 * self.count, np.uint8)

    def _observation(self):
        return np.array([self.count], np.float32)


def sync(*settings):
    """Gymnasium's own vector form: infos of the last step come under ``final_info``."""
    envs = [lambda kwargs=kwargs: CountingEnv(**kwargs) for kwargs in settings]
    return gym.vector.SyncVectorEnv(envs, autoreset_mode=AutoresetMode.SAME_STEP)


class BatchedCountingEnv(VectorEnv):
    """The batched form: infos of the last step come at the top, and one array is reused for all observations."""

    def __init__(self, *settings):
        self.metadata = {"autoreset_mode": AutoresetMode.SAME_STEP}
        self.num_envs = len(settings)
        self.single_observation_space, self.single_action_space = OBS_SPACE, ACTION_SPACE
        self.observation_space = batch_space(OBS_SPACE, self.num_envs)
        self.action_space = batch_space(ACTION_SPACE, self.num_envs)
        self.envs = [CountingEnv(**kwargs) for kwargs in settings]
        self.obs = np.zeros((self.num_envs, 1), np.float32)

    def reset(self, *, seed=None, options=None):
        for env in self.envs:
            env.reset(seed=seed)
        self.obs[:] = 0.0
        return self.obs, {}

    def step(self, actions):
        steps = [env.step(action) for env, action in zip(self.envs, actions, strict=True)]
        seen, reward, terminated, truncated = (np.array(field) for field in list(zip(*steps, strict=True))[:4])
        ended = terminated | truncated
        success = np.array([step[4].get("success", False) for step in steps])
        info = {"final_obs": seen, "_final_obs": ended, "success": success, "_success": ended} if ended.any() else {}
        self.obs[:] = seen
        for i in np.flatnonzero(ended):
            self.obs[i] = self.envs[i].reset()[0]
        return self.obs, reward, terminated, truncated, info


BOTH = [sync, BatchedCountingEnv]
