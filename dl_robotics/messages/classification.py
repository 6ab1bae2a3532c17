"""What the whole of an input is: ``vision_msgs/Classification``, the likeliest class first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from std_msgs.msg import Header
from vision_msgs.msg import Classification, ObjectHypothesis

from dl_robotics.messages.errors import check
from dl_robotics.messages.header import decode_header


class Guess(NamedTuple):
    """A class in the sender's words, and how probable it is, in [0, 1]."""

    word: str
    score: float


class StampedGuesses(NamedTuple):
    """What an input may be, and its stamp and frame."""

    stamp_ns: int
    frame_id: str
    guesses: tuple[Guess, ...]


def encode_classification(guesses: Sequence[Guess], header: Header) -> Classification:
    """The ``vision_msgs/Classification`` of guesses, in their order.

    :raises MessageError: for a score outside [0, 1].
    """
    _check_scores(guesses)
    results = [ObjectHypothesis(class_id=str(word), score=float(score)) for word, score in guesses]
    return Classification(header=header, results=results)


def decode_classification(message: Any) -> StampedGuesses:
    """Read a ``vision_msgs/Classification``.

    :raises MessageError: for a score outside [0, 1].
    """
    guesses = tuple(Guess(str(one.class_id), float(one.score)) for one in message.results)
    _check_scores(guesses)
    return StampedGuesses(*decode_header(message.header), guesses)


def _check_scores(guesses: Sequence[Guess]) -> None:
    for number, guess in enumerate(guesses):
        # Comparisons with NaN are false: it is refused with the rest.
        check(0.0 <= guess.score <= 1.0, f"results[{number}].score", "a number in [0, 1]", guess.score)
