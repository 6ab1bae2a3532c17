"""Training on the workers of a Ray cluster of two nodes, which are lost one after the other."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections import deque
from contextlib import closing
from pathlib import Path

import pytest
import torch

from dl_robotics import config
from dl_robotics.training.agents import make_agent
from dl_robotics.training.best import BestCheckpoint
from dl_robotics.training.environments import make_environments
from dl_robotics.training.logging import ScalarLog
from dl_robotics.training.progress import Progress
from dl_robotics.training.recipe import Recipe
from dl_robotics.training.reinforcement import Seeds, Trainer
from dl_robotics.training.workers.block import joined
from dl_robotics.training.workers.pool import WorkerPool
from dl_robotics.training.workers.share import Share, weights_of

BLOCK, ROUNDS, DOMAIN = 20, 12, 40
PLAIN = {
    "env": {"id": "CartPole-v1", "vectorization": "sync"},
    "algorithm": {"kind": "dqn", "hidden": [16], "target_update_every": 50},
    "distributed": {"block_steps": BLOCK, "restarts": 1, "ros_domain_id": DOMAIN, "timeout_s": 120.0},
    **{"total_steps": 4 * BLOCK * ROUNDS, "num_envs": 4, "workers": 2, "n_step": 3, "learning_starts": 100},
    **{"batch_size": 16, "eval_every": 10_000, "eval_episodes": 2, "eval_envs": 2},
}
RECIPE = config.from_dict(Recipe, PLAIN)
SEEDS = Seeds.of(RECIPE.seed)[2:]
PORTS = ("metrics_agent_port", "metrics_export_port", "dashboard_agent_listen_port", "runtime_env_agent_port")


def node():
    """A small node's settings; ports that are told beforehand spare it waiting for files with their numbers."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in PORTS]
    ports = {name: one.getsockname()[1] for name, one in zip(PORTS, sockets, strict=True)}
    for one in sockets:
        one.close()
    return {"num_cpus": 1, "object_store_memory": 80_000_000, "include_dashboard": False, **ports}


@pytest.fixture(scope="module")
def cluster():
    """Two nodes of one processor each; afterwards, not a process is left."""
    ray = pytest.importorskip("ray", reason="Ray is not installed (pip install 'ray[default]')")
    cluster_utils = pytest.importorskip("ray.cluster_utils")
    folder = tempfile.mkdtemp(prefix="ray")  # short: paths of sockets end at 107 characters
    quick = {"health_check_initial_delay_ms": 0, "health_check_period_ms": 500, "health_check_failure_threshold": 3}
    head = {**node(), "temp_dir": folder, "_system_config": quick}
    # Where Ray notes the address of its newest cluster, whatever temp_dir says.
    (Path(folder) / "ray").mkdir()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("RAY_TMPDIR", folder)
        nodes = cluster_utils.Cluster(initialize_head=True, head_node_args=head)
    try:
        nodes.second = nodes.add_node(**node())
        ray.init(address=nodes.address, log_to_driver=False)
        yield nodes
    finally:
        ray.shutdown()
        nodes.shutdown()
        shutil.rmtree(folder)
    assert not [path for path in Path("/proc").glob("[0-9]*/cmdline") if folder.encode() in path.read_bytes()]


class Struck(WorkerPool):
    """Loses a worker, and later a node with the worker on it."""

    def __init__(self, cluster, said):
        super().__init__(RECIPE, said.append)
        self.cluster, self.steps = cluster, 0

    def finish(self):
        self.steps += 1
        if self.steps == 3 * BLOCK:
            os.kill(self.fleet.opened[0].pid, signal.SIGKILL)
        if self.steps == 7 * BLOCK:
            self.cluster.remove_node(self.cluster.second, allow_graceful=False)
        return super().finish()


def weights_without_workers(agent):
    """What training by rounds comes to, spelled out: each is collected by weights that have not seen the one before."""
    shares = [Share(RECIPE, index) for index in range(2)]
    waiting = deque()
    step = 0
    for number in range(ROUNDS + 1):
        first = 4 * (1 + number * BLOCK)
        waiting.append(joined([share.collect(weights_of(agent), first, BLOCK) for share in shares]))
        for row in waiting.popleft() if number else ():
            step += 4
            agent.store(*row.collected)
            agent.learn(step)
    return agent.network.state_dict()


def learned(pool, agent, steps, step=0):
    for now in range(step + 4, step + 4 * steps + 4, 4):
        pool.begin(agent, now)
        agent.store(*pool.finish())
        agent.learn(now)
    return {name: weight.clone() for name, weight in agent.network.state_dict().items()}


def assert_equal(one, other):
    assert all(torch.equal(weight, other[name]) for name, weight in one.items())


def test_a_resumed_run_equals_an_uninterrupted_one(cluster):
    with closing(WorkerPool(RECIPE, print)) as pool:
        environments = [Path(f"/proc/{opened.pid}/environ").read_bytes().split(b"\0") for opened in pool.fleet.opened]
        domains = [b"ROS_DOMAIN_ID=%d" % (DOMAIN + index) for index in (0, 1)]
        assert all(domain in variables for domain, variables in zip(domains, environments, strict=True))
        agent, again = (make_agent(RECIPE, pool.obs_dim, pool.space, SEEDS) for _ in range(2))
        learned(pool, agent, BLOCK + 7)  # in the middle of a round, while others are under way
        state, left = pool.state_dict(), agent.state_dict()
        whole, told = learned(pool, agent, 3 * BLOCK, 4 * (BLOCK + 7)), pool.statistics()
        pool.load_state_dict(state)
        again.load_state_dict(left)
        assert_equal(whole, learned(pool, again, 3 * BLOCK, 4 * (BLOCK + 7)))
        assert pool.statistics() == told


def test_losing_a_worker_and_a_node_changes_nothing(cluster, tmp_path):
    said = []
    with (
        closing(Struck(cluster, said)) as pool,
        closing(make_environments(RECIPE.env, RECIPE.eval_envs)) as eval_env,
        ScalarLog(tmp_path) as log,
        Progress(RECIPE.total_steps) as progress,
    ):
        agent = make_agent(RECIPE, pool.obs_dim, pool.space, SEEDS)
        best = BestCheckpoint(tmp_path / "best.safetensors")
        trainer = Trainer(RECIPE, pool, eval_env, best=best, log=log, progress=progress)
        trainer.run()
    assert_equal(weights_without_workers(agent), trainer.agent.network.state_dict())
    assert said[0].startswith("worker 0 is lost: ")
    assert said[1] == "a new worker takes its place"
    assert "is lost: " in said[2]
    assert said[-1] in ("worker 0 takes its place", "worker 1 takes its place")


def test_without_ray_the_extra_is_named(tmp_path):
    (tmp_path / "recipe.yaml").write_text("env: {id: CartPole-v1, vectorization: sync}\ntotal_steps: 100\nworkers: 2\n")
    hidden = "import sys; sys.modules['ray'] = None; from dl_robotics.commands.__main__ import main; sys.exit(main())"
    arguments = ["train", str(tmp_path / "recipe.yaml"), "--output", str(tmp_path / "run")]
    ended = subprocess.run([sys.executable, "-c", hidden, *arguments], capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "workers: expected 0 without Ray (pip install 'ray[default]')" in ended.stderr
