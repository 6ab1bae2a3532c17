import pytest
from builtin_interfaces.msg import Time
from hypothesis import given, settings
from hypothesis import strategies as st
from rclpy.serialization import serialize_message

from dl_robotics.messages.clock import decode_clock, encode_clock
from dl_robotics.messages.errors import MessageError
from dl_robotics.messages.header import (
    decode_header,
    decode_serialised_stamp,
    decode_stamp,
    encode_header,
    encode_stamp,
)


@pytest.mark.parametrize(
    ("nanoseconds", "sec", "nanosec"),
    [(0, 0, 0), (1_700_000_000_123_456_789, 1_700_000_000, 123_456_789), (-1, -1, 999_999_999)],
)
def test_stamp_of_nanoseconds(nanoseconds, sec, nanosec):
    assert encode_stamp(nanoseconds) == Time(sec=sec, nanosec=nanosec)


@settings(deadline=None)
@given(st.integers(-(2**31) * 10**9, 2**31 * 10**9 - 1))
def test_stamps_come_back(nanoseconds):
    assert decode_stamp(encode_stamp(nanoseconds)) == nanoseconds


def test_refuses_a_nanosecond_part_of_a_second():
    with pytest.raises(MessageError, match=r"^header.stamp.nanosec: expected 0 to 999999999, got 1000000000$"):
        decode_stamp(Time(sec=0, nanosec=1_000_000_000))


@pytest.mark.parametrize("nanoseconds", [2**31 * 10**9, -(2**31) * 10**9 - 1])
def test_refuses_seconds_beyond_32_bits(nanoseconds):
    with pytest.raises(MessageError, match="a signed 32 bit number"):
        encode_stamp(nanoseconds)


def test_headers_come_back(travel):
    for header in travel(encode_header(12_345_678_901, "base_link")):
        assert decode_header(header) == (12_345_678_901, "base_link")


def test_clocks_come_back(travel):
    for clock in travel(encode_clock(98_700_000_000)):
        assert decode_clock(clock) == 98_700_000_000


@settings(deadline=None)
@given(st.integers(-(2**31) * 10**9, 2**31 * 10**9 - 1))
def test_stamps_are_read_from_the_start_of_serialised_messages(nanoseconds):
    assert decode_serialised_stamp(serialize_message(encode_header(nanoseconds, "camera"))[:12]) == nanoseconds


def test_stamps_of_big_endian_machines():
    assert decode_serialised_stamp(bytes([0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 3])) == 2_000_000_003


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", r"header.stamp: expected a stamp in CDR, got b''"),
        (bytes(11), "header.stamp: expected a stamp in CDR"),
        (bytes([0, 3, *range(10)]), "header.stamp: expected a stamp in CDR"),
        (bytes([0, 1, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255]), "header.stamp.nanosec: expected 0 to 999999999"),
    ],
)
def test_refuses_serialised_messages_without_a_stamp(data, error):
    with pytest.raises(MessageError, match=f"^{error}"):
        decode_serialised_stamp(data)
