"""The real networks, where the machine has them."""

import pytest

from dl_robotics.pose.models import DETECTION, LANDMARKS, PoseModelError, find


@pytest.fixture(scope="session")
def networks():
    """The folder of the networks."""
    try:
        find(DETECTION)
        return find(LANDMARKS).parent
    except PoseModelError as error:
        pytest.skip(str(error))
