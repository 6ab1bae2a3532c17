"""Training as a ROS 2 node: from bags and folders, from live topics while they come in, or from robots behind topics.

Run it with ``ros2 run dl_robotics trainer`` or ``python -m dl_robotics.nodes.trainer``.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from diagnostic_msgs.msg import DiagnosticArray
from rclpy.clock import Clock
from rclpy.clock_type import ClockType
from rclpy.lifecycle import LifecycleState, TransitionCallbackReturn

from dl_robotics.config import ConfigError, require
from dl_robotics.messages.diagnostics import Level, Status, encode_diagnostics
from dl_robotics.nodes.gated_push import GatedPush
from dl_robotics.nodes.health import Silence
from dl_robotics.nodes.live_inputs import LiveInputs
from dl_robotics.nodes.managed_node import ManagedNode
from dl_robotics.nodes.model_push import ModelPush
from dl_robotics.nodes.outputs import Output
from dl_robotics.nodes.run import run
from dl_robotics.nodes.trainer_parameters import TrainerParameters
from dl_robotics.nodes.training_thread import TrainingThread
from dl_robotics.training.any_run import AnyRecipe, load_any_recipe, prepare_any
from dl_robotics.training.listener import RunProgress
from dl_robotics.training.offline_recipe import OfflineRecipe
from dl_robotics.training.recipe import Recipe
from dl_robotics.training.recipes.images import ImageRecipe
from dl_robotics.training.reservoir import FromReservoir
from dl_robotics.training.runs import prepare_run

LOOK_PERIOD_S = 0.1  # between looks at how far the training is
INTERFACES = "dl_robotics_interfaces"


class Trainer(ManagedNode[TrainerParameters]):
    """Trains while it is active; on ``~/progress`` and in the diagnostics it tells how far it is.

    A run that a deactivation interrupts is saved, and goes on with the next activation. Goals of the action
    ``~/train`` are followed while nothing else is to be trained; they learn from their recipe's data.
    """

    def __init__(self, **node: Any) -> None:
        super().__init__("trainer", TrainerParameters, **node)
        self._progress = Output(self, "~/progress", DiagnosticArray, encode_diagnostics)
        self.outputs = [self._progress]
        told = self.parameters.value
        self._push = GatedPush(self, ModelPush(self, told.push_to), told.gate)
        self._live: LiveInputs | None = None
        self._own: TrainingThread | None = None  # the run of the parameters, while it is not done
        self._run: TrainingThread | None = None  # the newest run, by the parameters or by a goal
        self._at_work = False  # whether its end is still to be told
        self._told: RunProgress | None = None
        self._reported: RunProgress | None = None
        self.note = Silence("nothing to train", Level.OK)
        self._action: Any = None
        if importlib.util.find_spec(INTERFACES):
            self._action = importlib.import_module("dl_robotics.nodes.train_action").TrainAction(self, self)
        else:
            self.get_logger().info(f"{INTERFACES} is not installed: there is no action ~/train")
        self.create_timer(LOOK_PERIOD_S, self._look, clock=Clock(clock_type=ClockType.STEADY_TIME))

    def load(self) -> str:
        """Read the recipe and open its data."""
        told = self.parameters.value
        if not told.recipe:
            return "no recipe: goals of the action name theirs"
        recipe = self._recipe(told.recipe, told.output)
        if told.live:
            self._live = LiveInputs(self, _image_recipe(recipe, told.recipe), told.capacity, told.compressed)
            self.inputs = self._live.inputs
        else:
            trainer = prepare_any(recipe, Path(told.output), resume=told.resume)
            self._own = TrainingThread(lambda: trainer)
        return f"recipe {told.recipe!r}, output {told.output!r}"

    def free(self) -> None:
        """Let go of data and model."""
        for thread in (self._own, self._run):
            if thread:
                thread.close()
        self._own = self._run = self._live = None
        self.inputs = []

    def destroy_node(self) -> None:
        """Come to rest, and end the gate's thread."""
        super().destroy_node()
        self._push.close()

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Begin to train, or go on."""
        result = super().on_activate(state)
        if self._own:
            self._begin(self._own)
        return result

    def rest(self) -> None:
        """Save and stop."""
        super().rest()
        if self._run and self._at_work:
            self._run.ask_to_stop()
            self._end(self._run)

    def check_request(self, recipe: str, output: str) -> None:
        """Refuse a goal that cannot be followed now.

        :raises ConfigError: with the reason.
        """
        told = self.parameters.value
        require(self.active, "trainer", "to be active", "a goal while it is not")
        free = not (self._own or self._live or self._at_work)
        require(free, "trainer", "nothing else to be trained", "a goal while something is")
        self._recipe(recipe or told.recipe, output or told.output)

    def follow(self, recipe: str, output: str, resume: bool) -> TrainingThread:
        """Train by a goal of the action."""
        told = self.parameters.value
        folder = output or told.output
        prepare = partial(prepare_any, self._recipe(recipe or told.recipe, folder), Path(folder), resume=resume)
        return self._begin(TrainingThread(prepare))

    def figures(self) -> Mapping[str, object]:
        """How far the training is, and what has come in."""
        progress = self._run.progress if self._run else None
        samples = self._live.counts() if self._live else {}
        refused = {f"refused on {source.topic}": source.refused for source in self.inputs}
        gate = {"gate": self._push.note} if self.parameters.value.gate_suite else {}
        return {**(progress._asdict() if progress else {}), **samples, **refused, **gate}

    def idle(self) -> Silence | None:
        """Why there was no step since this was last asked."""
        progress = self._run.progress if self._run else None
        if progress != self._reported:
            self._reported = progress
            return None
        return self.note

    def _recipe(self, path: str, output: str) -> AnyRecipe:
        require(path != "", "recipe", "a file", path)
        require(output != "", "output", "the folder of the run", output)
        return load_any_recipe(path)

    def _begin(self, thread: TrainingThread) -> TrainingThread:
        if self._run and self._run is not thread:
            self._run.close()
        self._run, self._at_work, self._told = thread, True, None
        self.note = Silence("preparing data and model", Level.OK)
        thread.start()
        return thread

    def _look(self) -> None:
        """Begin when there are samples enough, tell how far the training is, and notice its end."""
        if self.active and self._live and not self._own:
            self._start_live(self._live)
        if self._run and self._at_work:
            self._tell(self._run)
            if not self._run.running:
                self._end(self._run)

    def _start_live(self, live: LiveInputs) -> None:
        told, data = self.parameters.value, live.data
        if data is None or not data.ready(told.min_samples):
            self.note = Silence(f"gathering samples: {live.counts()}, {told.min_samples} are wanted")
            return
        recipe = _image_recipe(self._recipe(told.recipe, told.output), told.recipe)
        order = FromReservoir(data.training, recipe.seed)
        self._own = TrainingThread(
            partial(prepare_run, recipe, Path(told.output), resume=told.resume, data=data.split, order=order)
        )
        self._begin(self._own)

    def _tell(self, thread: TrainingThread) -> None:
        progress = thread.progress
        if progress and progress != self._told:
            self._told = progress
            status = Status(Level.OK, self.get_fully_qualified_name(), "training", values=progress._asdict())
            self._progress(self.get_clock().now().nanoseconds, [status])
            if self._action:
                self._action.progressed(progress)
        if best := thread.take_best():
            self._push.offer(best)

    def _end(self, thread: TrainingThread) -> None:
        """Wait for a run that ends, and tell how it did."""
        how = thread.wait()
        self._tell(thread)
        self._at_work = False
        if how.success and thread is self._own:
            self._own = None
            if self._live:
                self._live.close()
                self._live, self.inputs = None, []
        fine = how.success or thread.stopping()
        self.note = Silence(f"training {how.message}", Level.OK if fine else Level.ERROR)
        log = self.get_logger()
        log.info(f"{self.note.reason}. {thread.exported}") if fine else log.error(self.note.reason)
        if self._action:
            self._action.ended(how)


def _image_recipe(recipe: AnyRecipe, path: str) -> ImageRecipe:
    """A recipe for labelled images that come on topics.

    :raises ConfigError: if it is another.
    """
    if not isinstance(recipe, ImageRecipe):
        kind = recipe.algorithm.kind if isinstance(recipe, Recipe | OfflineRecipe) else recipe.task
        raise ConfigError(f"{path}: task: expected one that learns from images, got {kind!r}")
    require(recipe.steps is not None, f"{path}: steps", "a number, as data are live", recipe.steps)
    return recipe


def main(args: Sequence[str] | None = None) -> int:
    """Run the node until it is told to end."""
    return run(Trainer, args)


if __name__ == "__main__":
    sys.exit(main())
