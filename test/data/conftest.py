"""Fixtures of the data tests; being here, this file also puts the modules beside it within their reach."""

import pytest
from drawn import drawn


@pytest.fixture
def five():
    """Five labelled images with none, one or two objects."""
    return drawn(5)
