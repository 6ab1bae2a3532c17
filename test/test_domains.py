"""No two test runs on a machine talk in the same ROS domain."""

import subprocess
import sys
from pathlib import Path

import pytest
from domains import HIGHEST, claim, from_number

CANDIDATES = (900_001, 900_002)  # no domains, so that other runs do not have them
CLAIM = "import domains, sys\nheld = domains.claim(map(int, sys.argv[1:]))\nprint(held.domain, flush=True)\ninput()"


def test_a_claimed_domain_is_passed_over_until_its_process_has_died():
    command = [sys.executable, "-c", CLAIM, *map(str, CANDIDATES)]
    with subprocess.Popen(
        command, cwd=Path(__file__).parent, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "900001\n"
        ours = claim(CANDIDATES)
        assert ours.domain == 900_002
        with pytest.raises(RuntimeError, match="expected a free ROS domain from 1 to 101, got none"):
            claim(CANDIDATES)
        other.kill()
    again = claim(CANDIDATES)
    assert again.domain == 900_001
    for held in (ours, again):
        held.lock.close()


@pytest.mark.parametrize("number", [0, 1, HIGHEST - 1, 123_456])
def test_every_domain_but_the_first_is_a_candidate(number):
    assert sorted(from_number(number)) == list(range(1, HIGHEST + 1))
