"""Live people through a recogniser."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from tiny_recogniser import (
    CONFIG,
    MOVING,
    NUM_JOINTS,
    PERIOD_NS,
    SETTINGS,
    START_NS,
    STILL,
    MotionNetwork,
    people,
    person,
    recogniser,
)

from dl_robotics.action.config import RecogniserConfig
from dl_robotics.action.model import build_model
from dl_robotics.action.seen import SkeletonError
from dl_robotics.action.stage import ActionRecogniser
from dl_robotics.action.transforms import prepare_window
from dl_robotics.commands.benchmark.random_models import save_random_recogniser
from dl_robotics.config import ConfigError
from dl_robotics.inference.torch_backend import TorchBackend
from dl_robotics.ops.activities import Activities
from dl_robotics.ops.skeletons import Skeletons

REAL = RecogniserConfig(
    classes=("stand", "walk", "wave"),
    normalisation="frame",
    frames=20,
    rate_hz=10.0,
    channels=(8, 8),
    strides=(1, 2),
    temporal_kernel=3,
    padded=False,
)


def label(found: Activities, number: int) -> int:
    return int(found.labels[found.persons.tolist().index(number)])


def random_frames(count: int, seed: int = 0) -> list[Skeletons]:
    rng = np.random.default_rng(seed)
    joints = rng.normal(0.0, 30.0, (count, 1, NUM_JOINTS, 3)).astype(np.float32).cumsum(axis=0)
    scores = rng.uniform(0.2, 1.0, (count, 1, NUM_JOINTS)).astype(np.float32)
    return [Skeletons(*frame, np.array([4])) for frame in zip(joints, scores, strict=True)]


def real(**settings: object) -> ActionRecogniser:
    torch.manual_seed(0)
    model = build_model(REAL).eval()
    return ActionRecogniser(REAL, TorchBackend(model, "cpu", 1), model, replace(SETTINGS, **settings))


def test_nobody_does_nothing() -> None:
    found = recogniser()(Skeletons.none(NUM_JOINTS), START_NS)
    assert (len(found), found.probabilities.shape, found.boxes.shape) == (0, (0, 2), (0, 4))


def test_the_window_that_the_network_sees_is_that_of_training() -> None:
    stage, frames = real(), random_frames(33)
    for k, frame in enumerate(frames):
        found = stage(frame, START_NS + k * PERIOD_NS)
    last = frames[-REAL.frames :]
    window = prepare_window(np.stack([f.joints for f in last]), np.stack([f.scores for f in last]), REAL)[:, :, :, :1]
    torch.manual_seed(0)
    with torch.no_grad():
        expected = build_model(REAL).eval()(torch.from_numpy(window[None])).softmax(1)[0].numpy()
    np.testing.assert_allclose(found.probabilities[0], expected, atol=1e-5)
    assert found.labels[0] == 1 + expected.argmax() or expected.max() < SETTINGS.min_confidence


def test_both_forms_say_the_same_once_the_window_is_full() -> None:
    windowed, continual = real(), real(continual=True)
    for k, frame in enumerate(random_frames(45)):
        stamp_ns = START_NS + k * PERIOD_NS
        one, two = windowed(frame, stamp_ns), continual(frame, stamp_ns)
        if k >= REAL.frames - 1:
            np.testing.assert_allclose(one.probabilities, two.probabilities, atol=1e-5)


def test_an_activity_is_known_when_enough_was_seen() -> None:
    stage = recogniser()
    labels = [
        label(stage(people({7: person(50.0, k / 10.0, True)}), START_NS + k * PERIOD_NS), 7)
        for k in range(CONFIG.frames)
    ]
    least = CONFIG.frames // 2
    assert labels == [0] * (least - 1) + [MOVING] * (CONFIG.frames - least + 1)


def test_probabilities_and_labels_belong_together() -> None:
    stage = recogniser()
    for k in range(CONFIG.frames):
        found = stage(people({7: person(50.0, k / 10.0, False)}), START_NS + k * PERIOD_NS)
    assert stage.classes == ("unknown", "still", "moving")
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1.0, rtol=1e-6)
    assert found.labels.tolist() == [STILL]
    assert found.scores.tolist() == [found.probabilities[0, 0]]
    np.testing.assert_allclose(found.boxes, [[50.0, 100.0, 50.0, 100.0 + 10.0 * (NUM_JOINTS - 1)]])
    stage.settings = replace(SETTINGS, min_confidence=1.0)
    unsure = stage(people({7: person(50.0, 2.0, False)}), START_NS + CONFIG.frames * PERIOD_NS)
    assert unsure.labels.tolist() == [0]
    assert unsure.scores[0] == pytest.approx(1.0 - unsure.probabilities.max())


def test_two_people_who_cross_keep_their_activities() -> None:
    stage = recogniser()
    for k in range(40):
        time_s = k / 10.0
        crossing = {1: person(10.0 * k, time_s, False), 2: person(400.0 - 10.0 * k, time_s, True)}
        found = stage(people(crossing if k % 2 else dict(reversed(crossing.items()))), START_NS + k * PERIOD_NS)
        if k >= CONFIG.frames:
            # Who walks by moves by 10 pixels a frame, who swings as well by 40.
            assert found.probabilities[found.persons.tolist().index(2), 1] > 0.9
            alone = recogniser()
    for k in range(40):
        single = alone(people({1: person(10.0 * k, k / 10.0, False)}), START_NS + k * PERIOD_NS)
    np.testing.assert_array_equal(found.probabilities[found.persons == 1], single.probabilities)


@pytest.mark.parametrize(("away", "known"), [(5, True), (25, False)])
def test_a_person_who_leaves_and_returns(away: int, known: bool) -> None:
    stage = recogniser()
    there = [*range(20), 20 + away]
    for k in range(21 + away):
        found = stage(people({7: person(50.0, k / 10.0, True)} if k in there else {}), START_NS + k * PERIOD_NS)
        assert len(found) == (k in there)
    assert label(found, 7) == (MOVING if known else 0)


def test_dropped_frames_are_made_up_for() -> None:
    """A third of the frames is lost, at random: those who move evenly look the same."""
    whole, gappy = recogniser(), recogniser()
    lost = np.random.default_rng(1).random(40) < 0.33
    lost[[0, -1]] = False
    for k in range(40):
        frame, stamp_ns = people({7: person(3.0 * k, 0.0, False)}), START_NS + k * PERIOD_NS
        complete = whole(frame, stamp_ns)
        if not lost[k]:
            found = gappy(frame, stamp_ns)
    assert lost.sum() > 8
    np.testing.assert_allclose(found.probabilities, complete.probabilities, rtol=1e-3)


def test_frames_that_come_late_get_an_answer_and_change_nothing() -> None:
    stage, single = recogniser(), recogniser()
    for k in range(20):
        frame, stamp_ns = people({7: person(50.0, k / 10.0, True)}), START_NS + k * PERIOD_NS
        found = single(frame, stamp_ns)
        stage(frame, stamp_ns)
        late = stage(people({7: person(900.0, 0.0, False)}), stamp_ns - 50_000_000)
        np.testing.assert_array_equal(late.probabilities, found.probabilities)


def test_a_bag_that_begins_again_is_a_new_stream() -> None:
    stage = recogniser()
    for k in range(40):
        stage(people({7: person(50.0, k / 10.0, True)}), START_NS + k * PERIOD_NS)
    assert label(stage(people({7: person(50.0, 0.0, True)}), START_NS), 7) == 0


def test_turns_are_spread_over_the_frames() -> None:
    stage = recogniser(replace(SETTINGS, every=5))
    crowd = {number: person(50.0 * number, 0.0, False) for number in range(10)}
    runs = []
    for k in range(40):
        before = stage.backend.runs
        stage(people(crowd), START_NS + k * PERIOD_NS)
        runs.append(stage.backend.runs - before)
    assert set(runs) == {2}


def test_smoothing_delays_a_change_by_its_time() -> None:
    stage = recogniser(replace(SETTINGS, smoothing_s=10.0, min_confidence=0.0))
    for k in range(60):
        found = stage(people({7: person(50.0, k / 10.0, k >= 20)}), START_NS + k * PERIOD_NS)
    moving_for_s = (59 - 20) / 10.0
    assert 0.6 * (1.0 - np.exp(-moving_for_s / 10.0)) < found.probabilities[0, 1] < 1.0 - np.exp(-moving_for_s / 10.0)


def test_joints_that_do_not_come_are_not_seen() -> None:
    stage, short = recogniser(), recogniser()
    for k in range(20):
        frame, stamp_ns = people({7: person(50.0, k / 10.0, True)}), START_NS + k * PERIOD_NS
        hidden = Skeletons(frame.joints, frame.scores * (np.arange(NUM_JOINTS) < 12), frame.persons)
        whole, cut = (
            stage(hidden, stamp_ns),
            short(Skeletons(frame.joints[:, :12], frame.scores[:, :12], frame.persons), stamp_ns),
        )
    np.testing.assert_array_equal(whole.probabilities, cut.probabilities)


def test_another_layout_is_refused() -> None:
    with pytest.raises(SkeletonError, match="expected the 17 joints of the model's layout, got 33"):
        recogniser()(Skeletons(np.zeros((1, 33, 3), np.float32), np.ones((1, 33), np.float32), np.zeros(1, int)), 0)


@pytest.mark.parametrize(
    ("config", "settings", "reason"),
    [
        (
            replace(CONFIG, padded=True),
            replace(SETTINGS, continual=True),
            "continual: expected a model without padding",
        ),
        (replace(CONFIG, normalisation="window"), replace(SETTINGS, continual=True), "each on its own, got 'window'"),
        (replace(CONFIG, normalisation="image"), SETTINGS, "image_width: expected the size of the images"),
    ],
)
def test_settings_that_the_model_does_not_allow_are_refused(
    config: RecogniserConfig, settings: object, reason: str
) -> None:
    with pytest.raises(ConfigError, match=reason):
        recogniser(settings, config)


def test_a_model_of_two_people_sees_the_nearest_other() -> None:
    """Whose motion a network of pairs sees is the first one's; the second's is behind it."""
    config = replace(CONFIG, persons=2)

    class Second(MotionNetwork):
        def __call__(self, windows: np.ndarray) -> tuple[np.ndarray, ...]:
            return super().__call__(windows[..., 1:])

    stage = ActionRecogniser(config, Second(), build_model(config).eval(), SETTINGS)
    for k in range(20):
        trio = {1: (0.0, False), 2: (100.0, True), 3: (150.0, False)}
        found = stage(
            people({n: person(x, k / 10.0, moving) for n, (x, moving) in trio.items()}), START_NS + k * PERIOD_NS
        )
    assert found.labels.tolist() == [MOVING, STILL, MOVING]


def test_a_checkpoint_becomes_a_stage(tmp_path) -> None:
    path = save_random_recogniser(tmp_path / "recogniser.safetensors", frames=12, channels=(8,), strides=(1,))
    stage = ActionRecogniser.load(path, backend="torch")
    stage.settings = replace(SETTINGS, min_confidence=0.0)
    for k in range(12):
        found = stage(people({7: person(50.0, k / 10.0, True)}), START_NS + k * PERIOD_NS)
    assert found.probabilities.sum() == pytest.approx(1.0)
    stage.reset()
    assert len(stage.people) == 0
