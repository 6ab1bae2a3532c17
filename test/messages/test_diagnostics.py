import pytest

from dl_robotics.messages.diagnostics import Level, Status, decode_diagnostics, encode_diagnostics
from dl_robotics.messages.errors import MessageError

SCAN = Status(Level.WARN, "navigator: scan", "no publisher", "robot-1", {"frames in": "0", "age p95": "0.1 s"})
MODEL = Status(Level.OK, "navigator: model", "loaded")


def test_states_come_back(travel):
    for message in travel(encode_diagnostics(1, [SCAN, MODEL])):
        assert decode_diagnostics(message) == (SCAN, MODEL)


def test_figures_are_written_as_text():
    message = encode_diagnostics(0, [Status(Level.STALE, "a", "b", values={"frames": 3})])
    assert message.status[0].level == b"\x03"
    assert [(pair.key, pair.value) for pair in message.status[0].values] == [("frames", "3")]


def test_refuses_a_level_that_is_none(travel):
    message = encode_diagnostics(1, [SCAN, MODEL])
    message.status[1].level = b"\x07"
    for received in travel(message):
        with pytest.raises(MessageError, match=r"^status\[1\].level: expected 0 to 3, got 7$"):
            decode_diagnostics(received)
