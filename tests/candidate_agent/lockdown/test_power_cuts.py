"""The power goes at every single step of locking and giving back, and again while restoring: no change stays."""

import pytest

from candidate_agent.lockdown.restore import restore
from candidate_agent.lockdown.sequence import Lockdown
from candidate_agent.lockdown.undo_log import UndoLog
from candidate_agent.platforms.ports import RESTORE_AT_LOGIN, Unsupported
from tests.candidate_agent.lockdown.power_cut import PATH, Computer, FragileDisk, Fuse, NoKeeper, PowerCut

BEFORE = {RESTORE_AT_LOGIN: None, "keys": ["ctrl:nocaps"], "saver": 600, "power": {"on": True}}
TORN = (0, 1, 20, 10_000)


def sitting(fuse: Fuse, torn: int = 0) -> tuple[Computer, FragileDisk]:
    """Locks and gives back, until the fuse blows."""
    computer, disk = Computer(fuse, dict(BEFORE)), FragileDisk(fuse, torn)
    lockdown = Lockdown(computer.settings(), Unsupported("none"), UndoLog(PATH, disk), NoKeeper)
    try:
        lockdown.apply()
        lockdown.revert()
    except PowerCut:
        disk.lose_power()
    return computer, disk


def cut_off(computer: Computer, disk: FragileDisk, at: int) -> bool:
    """One restore that loses its power at step `at`; True if it came to its end before."""
    fuse = computer.fuse = disk.fuse = Fuse(at)
    try:
        restore(PATH, computer.settings(), disk)
    except PowerCut:
        disk.lose_power()
        return False
    finally:
        computer.fuse = disk.fuse = Fuse()
    return fuse.steps < at


def steps_of_a_sitting() -> int:
    fuse = Fuse()
    computer, disk = sitting(fuse)
    assert computer.values == BEFORE and disk.written is None
    return fuse.steps


def trials() -> list[tuple[int, int]]:
    return [(at, torn) for at in range(1, steps_of_a_sitting() + 1) for torn in TORN]


@pytest.mark.parametrize(("at", "torn"), trials())
def test_after_a_power_cut_the_next_login_gives_the_computer_back(at: int, torn: int) -> None:
    computer, disk = sitting(Fuse(at), torn)
    second = 1
    while not cut_off(computer, disk, second):
        second += 1  # the power goes again, one step later each time
    assert restore(PATH, computer.settings(), disk).restored
    assert computer.values == BEFORE
    assert disk.written is None


@pytest.mark.parametrize(("at", "torn"), trials())
def test_whatever_is_altered_the_login_unit_stands_ready(at: int, torn: int) -> None:
    """Between a cut and the restore: a changed setting always has its entry, and the login unit is in place."""
    computer, disk = sitting(Fuse(at), torn)
    altered = {name for name, value in computer.values.items() if value != BEFORE[name]}
    noted = {entry.setting for entry in UndoLog(PATH, disk).leftovers().entries}
    assert altered <= noted
    if altered - {RESTORE_AT_LOGIN}:
        assert computer.values[RESTORE_AT_LOGIN] != BEFORE[RESTORE_AT_LOGIN]


def test_without_a_sync_before_the_change_computers_would_stay_altered() -> None:
    """The trial itself can tell the difference: a log that is not synced leaves computers behind."""

    class Careless(FragileDisk):
        def sync(self, path: object) -> None:
            self.fuse.step()

    left = 0
    for at in range(1, steps_of_a_sitting() + 1):
        fuse = Fuse(at)
        computer, disk = Computer(fuse, dict(BEFORE)), Careless(fuse)
        try:
            Lockdown(computer.settings(), Unsupported("none"), UndoLog(PATH, disk), NoKeeper).apply()
        except PowerCut:
            disk.lose_power()
        computer.fuse = disk.fuse = Fuse()
        restore(PATH, computer.settings(), disk)
        left += computer.values != BEFORE
    assert left > 0
