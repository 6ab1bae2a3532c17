"""When simulated time waits for a controller."""

import pytest

from dl_robotics.nodes.command_gate import CommandGate


@pytest.fixture
def gave_up() -> list[bool]:
    return []


@pytest.fixture
def gate(gave_up: list[bool]) -> CommandGate:
    return CommandGate(latency_ticks=5, wait_s=0.1, gave_up=lambda: gave_up.append(True))


def test_time_never_waits_for_a_controller_that_has_not_spoken(gate: CommandGate) -> None:
    gate.scanned(10)
    assert gate.is_open(1000, now_s=0.0)


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
