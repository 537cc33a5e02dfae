"""Any history of sittings, slips, crashes and power cuts: what is altered is noted, and one restore gives all back."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from candidate_agent.base.errors import LockdownError
from candidate_agent.lockdown.restore import restore
from candidate_agent.lockdown.sequence import Lockdown
from candidate_agent.lockdown.undo_log import UndoLog
from candidate_agent.platforms.ports import RESTORE_AT_LOGIN, Unsupported
from tests.candidate_agent.lockdown.power_cut import PATH, Computer, FragileDisk, Fuse, NoKeeper, PowerCut

NAMES = (RESTORE_AT_LOGIN, "keys", "saver")


class Histories(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.own: dict[str, Any] = {name: f"{name} of the candidate" for name in NAMES}
        self.computer = Computer(Fuse(), dict(self.own))
        self.disk = FragileDisk(Fuse())
        self.lockdown = self.new_agent()

    def new_agent(self) -> Lockdown:
        return Lockdown(self.computer.settings(), Unsupported("none"), UndoLog(PATH, self.disk), NoKeeper)

    def wire(self, at: int, torn: int = 0) -> None:
        self.computer.fuse = self.disk.fuse = Fuse(at)
        self.disk.torn = torn

    @rule(cut_at=st.integers(0, 40), torn=st.integers(0, 60))
    def lock(self, cut_at: int, torn: int) -> None:
        self.wire(cut_at, torn)
        self.cut_or(self.lockdown.apply)

    @rule(cut_at=st.integers(0, 40), torn=st.integers(0, 60))
    def give_back(self, cut_at: int, torn: int) -> None:
        self.wire(cut_at, torn)
        self.cut_or(self.lockdown.revert)

    @rule()
    def agent_and_keeper_are_killed(self) -> None:
        self.lockdown = self.new_agent()

    @precondition(lambda self: self.lockdown.held)
    @rule(name=st.sampled_from(NAMES))
    def something_slips_and_is_held_again(self, name: str) -> None:
        if name in self.lockdown.held:
            self.computer.values[name] = "meddled with"
            assert self.lockdown.verify() == (name,)
            self.lockdown.hold_again(name)

    @precondition(lambda self: self.disk.written is None)
    @rule(name=st.sampled_from(NAMES[1:]), value=st.integers(0, 9))
    def the_candidate_changes_a_setting(self, name: str, value: int) -> None:
        self.own[name] = self.computer.values[name] = value

    def cut_or(self, act: Any) -> None:
        try:
            act()
        except PowerCut:
            self.disk.lose_power()
            self.lockdown = self.new_agent()
        except LockdownError as error:
            raise AssertionError("nothing fails in these histories but the power") from error
        finally:
            self.wire(0)

    @invariant()
    def what_is_altered_is_noted(self) -> None:
        altered = {name for name in NAMES if self.computer.values[name] != self.own[name]}
        noted = {entry.setting for entry in UndoLog(PATH, self.disk).leftovers().entries}
        assert altered <= noted

    def teardown(self) -> None:
        report = restore(PATH, self.computer.settings(), self.disk)
        assert report.restored
        assert self.computer.values == self.own
        assert self.disk.written is None


TestHistories = Histories.TestCase
