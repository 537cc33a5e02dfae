"""A few of the real kills of `make crash`: whoever is killed, and whenever, the computer comes back within a bound."""

import os

import pytest

from tests.candidate_agent.lockdown.crash_matrix import BOUND_S, SEED, VICTIMS, run, table, wrong

pytestmark = [pytest.mark.real, pytest.mark.slow]

CASES = 4 * len(VICTIMS)


def test_killed_at_random_moments_the_computer_comes_back() -> None:
    seed = int(os.environ.get("SEED", SEED))
    played = run(CASES, seed)
    print(table(played, seed))
    assert [case for case in played if wrong(case)] == []
    assert all(case.back_s is not None and case.back_s <= BOUND_S + 1.0 for case in played), (
        "and a look on a busy computer"
    )
    assert not any(case.left for case in played if case.victim != "both"), "of the clipboard, too"
