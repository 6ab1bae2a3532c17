"""When simulated time waits for a controller."""

import pytest

from dl_robotics.nodes.command_gate import CommandGate


@pytest.fixture
def gave_up() -> list[bool]:
    return []


@pytest.fixture
def gate(gave_up: list[bool]) -> CommandGate:
    return CommandGate(latency_ns=5, wait_s=0.1, gave_up=lambda: gave_up.append(True))


def test_time_never_waits_for_a_controller_that_has_not_spoken(gate: CommandGate) -> None:
    gate.scanned(10)
    assert gate.is_open(1000, now_s=0.0)


def test_time_begins_with_the_first_command_where_that_is_asked_for(gave_up: list[bool]) -> None:
    gate = CommandGate(latency_ns=5, wait_s=0.1, gave_up=lambda: gave_up.append(True), command_first=True)
    assert not gate.is_open(0, now_s=0.0)
    assert not gate.is_open(0, now_s=100.0)
    gate.commanded()
    assert gate.is_open(0, now_s=100.0)
    assert gave_up == []


def test_time_waits_after_the_latency_until_the_command_comes(gate: CommandGate) -> None:
    gate.commanded()
    gate.scanned(10)
    assert gate.is_open(14, now_s=0.00)
    assert not gate.is_open(15, now_s=0.01)
    assert not gate.is_open(15, now_s=0.10)
    gate.commanded()
    assert gate.is_open(15, now_s=0.11)


def test_time_gives_up_on_a_controller_that_falls_silent(gate: CommandGate, gave_up: list[bool]) -> None:
    gate.commanded()
    gate.scanned(10)
    assert not gate.is_open(15, now_s=0.0)
    assert gave_up == []
    assert gate.is_open(15, now_s=0.11)
    assert gave_up == [True]
    gate.scanned(20)
    assert gate.is_open(30, now_s=0.12)  # and does not wait again
    gate.commanded()
    gate.scanned(30)
    assert not gate.is_open(35, now_s=0.2)  # until it speaks again


def test_a_second_scan_does_not_extend_the_latency(gate: CommandGate) -> None:
    gate.commanded()
    gate.scanned(10)
    gate.scanned(12)
    assert not gate.is_open(15, now_s=0.0)


def test_a_late_answer_to_an_earlier_scan_is_none_to_the_newest(gate: CommandGate) -> None:
    gate.scanned(10)
    gate.scanned(20)
    gate.commanded(10)  # the controller has begun to speak
    assert not gate.is_open(25, now_s=0.0)
    gate.commanded(10)
    assert not gate.is_open(25, now_s=0.05)
    gate.commanded(20)
    assert gate.is_open(25, now_s=0.06)


@pytest.mark.parametrize("stamp_ns", [0, 15, 1_700_000_000_000_000_000])
def test_a_stamp_of_no_scan_says_nothing(gate: CommandGate, stamp_ns: int) -> None:
    gate.scanned(0)
    gate.commanded(stamp_ns)
    gate.scanned(10)
    gate.scanned(20)
    assert not gate.is_open(25, now_s=0.0)
    gate.commanded(stamp_ns)
    assert gate.is_open(25, now_s=0.01)


def test_after_a_reset_time_waits_for_those_who_tell_what_they_answer(gate: CommandGate) -> None:
    gate.commanded()
    gate.scanned(10)
    gate.reset()
    gate.scanned(20)
    assert gate.is_open(1000, now_s=0.0)
    gate.commanded(20)
    gate.reset()
    gate.scanned(1010)
    gate.commanded(20)  # was on its way
    assert not gate.is_open(1015, now_s=0.0)
    gate.commanded(1010)
    assert gate.is_open(1015, now_s=0.05)
