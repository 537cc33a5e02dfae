"""The agent is killed, or the power goes, at every single step of locking, of holding again and of giving back, and
again at every step of the restore that follows: no change stays.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from candidate_agent.lockdown.restore import RestoreReport, restore
from candidate_agent.lockdown.sequence import Lockdown
from candidate_agent.lockdown.undo_log import UndoLog
from candidate_agent.platforms.ports import RESTORE_AT_LOGIN, Unsupported
from tests.candidate_agent.lockdown.power_cut import PATH, Computer, FragileDisk, Fuse, NoKeeper, PowerCut

BEFORE = {RESTORE_AT_LOGIN: None, "keys": ["ctrl:nocaps"], "saver": 600, "power": {"on": True}}
KILLED = -1
TORN = (0, 1, 17, 40, 10_000)  # bytes of an unsynced line that a power cut leaves
DEFAULT = "default"


@dataclass(frozen=True)
class Case:
    """`at`: the step at which the sitting ends; `torn`: `KILLED`, or a power cut; `second`: the step at which the first
    restore ends in the same way, 0 for never."""

    unit: bool
    at: int
    torn: int
    damaged: bool = False
    second: int = 0


def build(fuse: Fuse, unit: bool, torn: int) -> tuple[Computer, FragileDisk]:
    values = {name: value for name, value in BEFORE.items() if unit or name != RESTORE_AT_LOGIN}
    return Computer(fuse, values), FragileDisk(fuse, max(0, torn))


def sitting(computer: Computer, disk: FragileDisk) -> None:
    """Locks; something is meddled with and held again, once with its entry and once without; gives back."""
    lockdown = Lockdown(computer.settings(), Unsupported("none"), UndoLog(PATH, disk), NoKeeper)
    lockdown.apply()
    computer.values["saver"] = "meddled with"
    lockdown.hold_again("saver")
    restore(PATH, computer.settings(), disk)  # by hand, in another session
    for name in lockdown.verify():
        lockdown.hold_again(name)
    lockdown.revert()


def play(case: Case) -> tuple[Computer, FragileDisk]:
    """The sitting, and where it was cut off."""
    computer, disk = build(Fuse(case.at), case.unit, case.torn)
    cut_off(computer, disk, case.torn, lambda: sitting(computer, disk))
    if case.damaged and disk.written:
        disk.written = disk.synced = b"x" + disk.written[1:]
    return computer, disk


def cut_off(computer: Computer, disk: FragileDisk, torn: int, act: Callable[[], object]) -> bool:
    """True if `act` came to its end before the fuse blew."""
    try:
        act()
    except PowerCut:
        if torn != KILLED:
            disk.lose_power()
        return False
    finally:
        computer.fuse = disk.fuse = Fuse()
    return True


def steps(unit: bool) -> int:
    fuse = Fuse()
    computer, disk = build(fuse, unit, 0)
    sitting(computer, disk)
    assert disk.written is None
    return fuse.steps


def endings() -> Iterator[Case]:
    for unit in (True, False):
        for at in range(1, steps(unit) + 1):
            for torn in (KILLED, *TORN):
                yield Case(unit, at, torn)


def outcome(case: Case) -> tuple[Computer, FragileDisk, bool]:
    """After a first restore that was cut off, and a second one. True: the first one came to its end."""
    computer, disk = play(case)
    computer.fuse = disk.fuse = Fuse(case.second)
    whole = cut_off(computer, disk, case.torn, lambda: restore(PATH, computer.settings(), disk))
    report = restore(PATH, computer.settings(), disk)
    assert report.restored, case
    return computer, disk, whole


def altered(computer: Computer) -> set[str]:
    return {name for name, value in computer.values.items() if value != BEFORE[name]}


def test_whenever_the_agent_ends_and_whenever_the_restore_is_cut_off_no_computer_stays_altered() -> None:
    cases, left = 0, list[Case]()
    for ending in endings():
        for second in range(100):
            case = Case(ending.unit, ending.at, ending.torn, second=second)
            computer, disk, whole = outcome(case)
            cases += 1
            if altered(computer) or disk.written is not None:
                left.append(case)
            if second and whole:
                break
    print(f"{cases} simulated crashes, {len(left)} computers altered")
    assert left == []
    assert cases >= 1000


def test_where_the_log_is_damaged_too_each_setting_is_as_it_was_or_at_the_default_that_is_told() -> None:
    cases = 0
    for ending in endings():
        computer, disk = play(Case(ending.unit, ending.at, ending.torn, damaged=True))
        report = restore(PATH, computer.settings(), disk)
        cases += 1
        assert report.restored and disk.written is None, ending
        assert altered(computer) <= defaulted(report), ending
        assert all(computer.values[name] == f"{name} default" for name in altered(computer)), ending
    print(f"{cases} simulated crashes with a damaged log")
    assert cases >= 400


def defaulted(report: RestoreReport) -> set[str]:
    return {name for name, said in report.measures.items() if DEFAULT in said}


def test_between_the_crash_and_the_restore_the_login_unit_stands_ready() -> None:
    """A changed setting always has its entry, and the login unit is in place."""
    for case in endings():
        computer, disk = play(case)
        changed = altered(computer) - {"saver"} | ({"saver"} if computer.values["saver"] == "saver locked" else set())
        noted = {entry.setting for entry in UndoLog(PATH, disk).leftovers().entries}
        assert changed <= noted, case
        if case.unit and changed - {RESTORE_AT_LOGIN}:
            assert computer.values[RESTORE_AT_LOGIN] != BEFORE[RESTORE_AT_LOGIN], case


def test_without_a_sync_before_the_change_computers_would_stay_altered() -> None:
    """The trial itself can tell the difference: a log that is not synced leaves computers behind."""

    class Careless(FragileDisk):
        def sync(self, path: object) -> None:
            self.fuse.step()

    left = 0
    for at in range(1, steps(True) + 1):
        computer, _ = build(Fuse(at), True, 0)
        disk = Careless(computer.fuse)
        cut_off(computer, disk, 0, lambda c=computer, d=disk: sitting(c, d))  # type: ignore[misc]
        restore(PATH, computer.settings(), disk)
        left += bool(altered(computer))
    assert left > 0
