import pytest
from builtin_interfaces.msg import Time
from hypothesis import given
from hypothesis import strategies as st

from dl_robotics.messages.clock import decode_clock, encode_clock
from dl_robotics.messages.errors import MessageError
from dl_robotics.messages.header import decode_header, decode_stamp, encode_header, encode_stamp


@pytest.mark.parametrize(
    ("nanoseconds", "sec", "nanosec"),
    [(0, 0, 0), (1_700_000_000_123_456_789, 1_700_000_000, 123_456_789), (-1, -1, 999_999_999)],
)
def test_stamp_of_nanoseconds(nanoseconds, sec, nanosec):
    assert encode_stamp(nanoseconds) == Time(sec=sec, nanosec=nanosec)


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
