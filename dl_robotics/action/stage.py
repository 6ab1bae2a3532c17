"""A trained recogniser as a stage: people's joints in, with the time they were seen at; what they are doing out."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from dl_robotics.action.config import RecogniserConfig
from dl_robotics.action.forms import ContinualForm, Form, WindowForm, check
from dl_robotics.action.groups import groups
from dl_robotics.action.model import Fusion, load_model
from dl_robotics.action.people import People, Person
from dl_robotics.action.seen import seen
from dl_robotics.action.settings import RecogniserSettings
from dl_robotics.action.stgcn import STGCN
from dl_robotics.inference.backend import Backend
from dl_robotics.inference.choose import make_backend
from dl_robotics.ops.activities import UNKNOWN, Activities
from dl_robotics.ops.boxes import Boxes
from dl_robotics.ops.skeleton_boxes import skeleton_boxes
from dl_robotics.ops.skeletons import Skeletons
from dl_robotics.ops.smoothing import softmax


class ActionRecogniser:
    """Names the activities of people, each by the number of their track.

    :param backend: runs the network on windows.
    :param model: the same network, for the continual form.
    :param settings: how frames become windows and numbers activities; can be set while running.
    """

    def __init__(
        self,
        config: RecogniserConfig,
        backend: Backend,
        model: STGCN | Fusion,
        settings: RecogniserSettings | None = None,
    ) -> None:
        self.config, self.backend, self._model = config, backend, model
        self.people = People(config.frames, config.rate_hz, len(config.skeleton.joints))
        self._form: Form = WindowForm(backend, config)
        self._settings = RecogniserSettings()
        self.settings = settings or self._settings

    @classmethod
    def load(
        cls, path: str | Path, device: str = "cpu", backend: str = "auto", threads: int | None = None
    ) -> ActionRecogniser:
        """Build the recogniser of a checkpoint.

        :param device: where the network runs, as torch names it; the continual form always runs on the CPU.
        :param backend: what runs it: ``torch``, ``onnxruntime``, ``openvino``, or the fastest here, ``auto``.
        :param threads: that one run computes with; see :func:`dl_robotics.inference.backend.default_threads`.
        :raises CheckpointError: if the file is missing, damaged, no recogniser, or its weights do not fit its settings.
        :raises ConfigError: if its settings are not a recogniser's, or there is no such backend.
        :raises BackendError: if the backend cannot be had.
        """
        model, config = load_model(path)
        shape = (1, config.in_channels, config.frames, len(config.skeleton.joints), config.persons)
        example, exported = np.zeros(shape, np.float32), Path(path).with_suffix(".onnx")
        return cls(config, make_backend(backend, model, example, exported, device, threads), model)

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the class ids, that of unknown first."""
        return (UNKNOWN, *self.config.classes)

    @property
    def settings(self) -> RecogniserSettings:
        """How frames become windows and numbers activities.

        :raises ConfigError: on setting, if the model does not allow it.
        """
        return self._settings

    @settings.setter
    def settings(self, settings: RecogniserSettings) -> None:
        check(settings, self.config)
        self._settings = settings

    def reset(self) -> None:
        """Forget everybody."""
        self.people.reset()

    def __call__(self, skeletons: Skeletons, stamp_ns: int) -> Activities:
        """Look at a frame.

        A frame that is not newer than the last one changes nothing.

        :param skeletons: in the model's layout; joints at the end of its table that do not come were not seen.
        :param stamp_ns: when they were seen.
        :returns: the people of this frame of whom anything was seen, and what they are doing.
        :raises SkeletonError: for skeletons of another layout.
        """
        settings = self._settings  # another may be set meanwhile
        self._choose_form(settings.continual)
        skeletons = seen(skeletons, len(self.config.skeleton.joints), settings.min_joint_score)
        boxes = skeleton_boxes(skeletons)
        people = self.people.see(skeletons, stamp_ns, settings)
        for person, group in zip(people, groups(people, boxes, self.config.persons), strict=True):
            if person.ticks:
                self._recognise(person, group, settings)
        return self._named(skeletons, boxes, settings.min_confidence)

    def _recognise(self, person: Person, group: list[Person], settings: RecogniserSettings) -> None:
        tick = person.window.tick + person.number  # not everybody's turn is at once
        due = tick // settings.every > (tick - person.ticks) // settings.every
        logits = self._form(group, due, settings.image_size)
        if due and person.window.filled < settings.min_seen:
            person.activity.forget()
        elif logits is not None:
            person.activity.add(softmax(logits), person.seen_s, settings.smoothing_s)

    def _choose_form(self, continual: bool) -> None:
        """Run the network as the settings ask for; a form that was not in use before remembers nobody."""
        if isinstance(self._form, ContinualForm) is not continual:
            self._form = ContinualForm(self._model, self.config) if continual else WindowForm(self.backend, self.config)

    def _named(self, skeletons: Skeletons, boxes: Boxes, min_confidence: float) -> Activities:
        probabilities = np.zeros((len(skeletons), len(self.config.classes)), np.float32)
        for row, number in enumerate(skeletons.persons.tolist()):
            person = self.people.get(number)
            if person is not None and person.activity.value is not None:
                probabilities[row] = person.activity.value
        best = probabilities.max(axis=1, initial=0.0)
        sure = (best > 0.0) & (best >= min_confidence)
        return Activities(skeletons, boxes, np.where(sure, 1 + probabilities.argmax(axis=1), 0), probabilities)
