import pytest

from dl_robotics.messages.errors import MessageError, check


def test_says_where_what_was_expected_and_what_came():
    error = MessageError("ranges[17]", ">= 0", -0.3)
    assert str(error) == "ranges[17]: expected >= 0, got -0.3"
    assert (error.field, error.expected, error.value) == ("ranges[17]", ">= 0", -0.3)
    assert isinstance(error, ValueError)


def test_a_long_value_is_shortened_in_the_text_only():
    error = MessageError("encoding", "a name", "x" * 100_000)
    assert len(str(error)) < 100
    assert len(error.value) == 100_000


def test_check_raises_unless_the_condition_holds():
    check(True, "height", "> 0", 1)
    with pytest.raises(MessageError, match=r"^height: expected > 0, got 0$"):
        check(False, "height", "> 0", 0)
