"""Locking changes all or nothing; giving back goes on whatever fails; the clipboard's text is only ever in memory."""

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from candidate_agent.base.errors import LockdownError
from candidate_agent.lockdown.measures.grips import Grip
from candidate_agent.lockdown.restore import KEPT, restore
from candidate_agent.lockdown.sequence import HELD_NOTHING, Lockdown
from candidate_agent.lockdown.undo_log import Entry, UndoLog
from candidate_agent.lockdown.upkeep import LOST_SLIPS, MANY_SLIPS, SELDOM, Upkeep, Watched
from candidate_agent.platforms.ports import RESTORE_AT_LOGIN, ClipboardContent, ClipboardPiece
from candidate_agent.platforms.simulated.machine import Machine, SimulatedAwake, SimulatedClipboard, SimulatedSetting

SECRET = (ClipboardPiece("CLIPBOARD", "text", b"notes of the candidate"),)


@dataclass
class Keeper:
    alive: bool = True
    woken: int = 0
    traced: int = 0
    heard: list[ClipboardContent] = field(default_factory=list)
    told_done: bool = False
    old: dict[str, Any] = field(default_factory=dict)

    def keep_clipboard(self, content: ClipboardContent) -> None:
        self.heard.append(content)

    def keep_old(self, name: str, old: Any) -> None:
        self.old[name] = old

    def done(self) -> None:
        self.told_done = True


class Desk:
    """A simulated machine, its lockdown and the keepers it started."""

    def __init__(self, directory: Path) -> None:
        self.machine = Machine(development=True)
        self.machine.clipboard = SECRET
        self.before = dict(self.machine.settings)
        self.path = directory / "undo.log"
        self.keepers: list[Keeper] = []
        self.settings = {name: SimulatedSetting(self.machine, name) for name in self.machine.settings}
        awake = SimulatedAwake(self.machine)
        self.lockdown = Lockdown(
            tuple(self.settings.values()),
            SimulatedClipboard(self.machine),
            UndoLog(self.path),
            self.spawn,
            grips=(Grip("staying awake", awake.stay_awake, awake.awake),),
        )

    def spawn(self) -> Keeper:
        self.keepers.append(Keeper())
        return self.keepers[-1]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def refuse(value: Any) -> None:
    raise OSError("not today")


def test_locked_and_given_back(desk: Desk) -> None:
    desk.lockdown.apply()
    assert set(desk.machine.settings.values()) == {"locked"}
    assert desk.machine.isolated and desk.machine.clipboard == ()
    report = desk.lockdown.revert()
    assert report.restored and set(report.measures.values()) == {"put back"}
    assert desk.machine.settings == desk.before
    assert desk.machine.clipboard == SECRET and not desk.machine.isolated
    assert desk.keepers[0].told_done and not desk.path.exists()


def test_the_clipboards_text_goes_to_the_keeper_and_never_to_the_disk(desk: Desk) -> None:
    desk.lockdown.apply()
    assert desk.keepers[0].heard == [SECRET]
    assert SECRET[0].data not in desk.path.read_bytes()
    desk.lockdown.revert()


def test_a_setting_that_does_not_hold_takes_everything_back(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk.settings["screen saver"], "write", lambda value: None)
    with pytest.raises(LockdownError) as raised:
        desk.lockdown.apply()
    assert raised.value.code == "measure_failed" and "screen saver" in raised.value.text
    assert desk.machine.settings == desk.before and not desk.path.exists()
    assert desk.keepers[0].told_done


def test_no_entry_on_the_disk_no_change(desk: Desk) -> None:
    desk.path.mkdir()
    with pytest.raises(LockdownError):
        desk.lockdown.apply()
    assert desk.machine.settings == desk.before


def test_one_that_fails_to_come_back_stops_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.lockdown.apply()
    with monkeypatch.context() as broken:
        broken.setattr(desk.settings["screen saver"], "write", refuse)
        report = desk.lockdown.revert()
    assert not report.restored
    assert "not today" in report.measures["screen saver"]
    assert desk.machine.settings["virtual terminal keys"] == "on"
    assert report.measures[RESTORE_AT_LOGIN] == KEPT
    assert desk.lockdown.restore().restored  # the next login tries again
    assert desk.machine.settings == desk.before


def test_an_empty_clipboard_is_not_said_to_be_put_back(desk: Desk) -> None:
    desk.machine.clipboard = ()
    desk.lockdown.apply()
    report = desk.lockdown.revert()
    assert report.restored and report.measures["clipboard"] == HELD_NOTHING


def test_locking_twice_keeps_the_candidates_own_values(desk: Desk) -> None:
    desk.lockdown.apply()
    desk.lockdown.apply()
    assert desk.keepers[0].told_done and desk.keepers[1].heard == [SECRET]
    assert len(set(desk.lockdown.held)) == len(desk.lockdown.held) == len(desk.before)
    assert desk.lockdown.revert().restored
    assert desk.machine.settings == desk.before and desk.machine.clipboard == SECRET


def test_giving_back_twice_does_no_harm(desk: Desk) -> None:
    desk.lockdown.apply()
    assert desk.lockdown.revert().restored
    desk.machine.settings["screen saver"] = 77
    assert desk.lockdown.revert().restored
    assert desk.machine.settings["screen saver"] == 77


def test_what_an_earlier_exam_left_is_put_back_before_anything_is_noted(desk: Desk) -> None:
    desk.lockdown.apply()
    again = Lockdown(tuple(desk.settings.values()), SimulatedClipboard(desk.machine), UndoLog(desk.path), desk.spawn)
    again.apply()
    assert again.revert().restored
    assert desk.machine.settings == desk.before


def test_an_unreadable_log_falls_back_on_defaults_and_says_so(desk: Desk) -> None:
    desk.lockdown.apply()
    data = desk.path.read_bytes().splitlines(keepends=True)
    desk.path.write_bytes(b"".join([data[0], b"x" + data[1], *data[2:]]))
    report = restore(desk.path, tuple(desk.settings.values()))
    assert report.restored
    assert [name for name, outcome in report.measures.items() if "default" in outcome] == ["virtual terminal keys"]
    assert desk.machine.settings == {**desk.before, "virtual terminal keys": None}


def test_upkeep_sets_again_what_slipped(desk: Desk) -> None:
    desk.lockdown.apply()
    desk.machine.settings["screen saver"] = 60
    assert desk.lockdown.verify() == ("screen saver",)
    report = Upkeep(desk.lockdown).look()
    assert report.held_again == ("screen saver",) and not report.failed
    assert desk.lockdown.verify() == ()
    desk.lockdown.revert()
    assert desk.machine.settings == desk.before


def test_upkeep_starts_a_dead_keeper_once_and_then_gives_up(desk: Desk) -> None:
    desk.lockdown.apply()
    upkeep = Upkeep(desk.lockdown)
    desk.keepers[0].alive = False
    assert upkeep.look().keeper_started
    assert desk.keepers[1].heard == [SECRET]
    assert not upkeep.look().failed
    desk.keepers[1].alive = False
    assert "ended twice" in upkeep.look().failed
    desk.lockdown.revert()


def test_upkeep_that_looks_while_the_computer_is_given_back_changes_nothing(desk: Desk) -> None:
    """Upkeep runs on a thread of its own: what it found slipped may have been put back on purpose by then."""
    desk.lockdown.apply()
    desk.machine.settings["screen saver"] = 60
    (slipped,) = desk.lockdown.verify()
    desk.lockdown.revert()
    desk.lockdown.hold_again(slipped)
    desk.lockdown.start_keeper()
    assert desk.machine.settings == desk.before and not desk.path.exists()
    assert all(keeper.told_done for keeper in desk.keepers)


def test_giving_back_waits_for_upkeep_that_is_under_way(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.lockdown.apply()
    setting, writing, go_on = desk.settings["screen saver"], threading.Event(), threading.Event()
    write = setting.write

    def slowly(value: Any) -> None:
        writing.set()
        assert go_on.wait(10)
        write(value)

    with monkeypatch.context() as slow:
        slow.setattr(setting, "write", slowly)
        upkeep = threading.Thread(target=desk.lockdown.hold_again, args=("screen saver",))
        upkeep.start()
        assert writing.wait(10)
    giving_back = threading.Thread(target=desk.lockdown.revert)
    giving_back.start()
    giving_back.join(0.2)
    go_on.set()
    for thread in (upkeep, giving_back):
        thread.join(10)
    assert desk.machine.settings == desk.before


def test_a_restore_by_hand_during_the_exam_costs_nobody_the_values_of_before(desk: Desk) -> None:
    """`candidate-agent restore` in another session clears the undo log; upkeep then holds everything again."""
    desk.lockdown.apply()
    assert restore(desk.path, tuple(desk.settings.values())).restored
    assert set(Upkeep(desk.lockdown).look().held_again) == set(desk.before)
    assert desk.lockdown.revert().restored
    assert desk.machine.settings == desk.before


def test_what_is_undone_without_end_is_put_back_without_end_but_not_at_full_speed(desk: Desk) -> None:
    desk.lockdown.apply()
    upkeep, put_back = Upkeep(desk.lockdown), 0
    for _ in range(MANY_SLIPS + 5 * SELDOM):
        desk.machine.settings["screen saver"] = 60
        report = upkeep.look()
        assert report.held_again == ("screen saver",) and not report.failed
        put_back += desk.machine.settings["screen saver"] == "locked"
    assert put_back == MANY_SLIPS + 5
    desk.machine.settings["screen saver"] = "locked"
    assert upkeep.look().held_again == ()
    desk.machine.settings["screen saver"] = 60
    upkeep.look()
    assert desk.machine.settings["screen saver"] == "locked", "once it held, it is put back at once again"
    desk.lockdown.revert()
    assert desk.machine.settings == desk.before


def test_upkeep_looks_after_what_the_window_holds(desk: Desk) -> None:
    held = {"keyboard": True, "fullscreen": False}
    watched = [Watched(n, lambda n=n: held[n], lambda n=n: held.update({n: True})) for n in held]  # type: ignore[misc]
    desk.lockdown.apply()
    upkeep = Upkeep(desk.lockdown, watched)
    assert upkeep.look().held_again == ("fullscreen",)
    assert held["fullscreen"] and upkeep.look().held_again == ()
    desk.lockdown.revert()


def test_upkeep_tells_how_often_the_agent_was_stopped_or_traced_since_the_last_look(desk: Desk) -> None:
    desk.lockdown.apply()
    upkeep = Upkeep(desk.lockdown)
    desk.keepers[0].woken, desk.keepers[0].traced = 3, 1
    assert [(report.woken, report.traced) for report in (upkeep.look(), upkeep.look())] == [(3, 1), (0, 0)]
    desk.keepers[0].alive = False
    report = upkeep.look()
    desk.keepers[1].woken = 1
    assert report.keeper_started and upkeep.look().woken == 1, "a new keeper counts anew"
    desk.lockdown.revert()


def test_an_undo_log_that_somebody_deleted_is_written_again_and_told(desk: Desk) -> None:
    desk.lockdown.apply()
    written = desk.path.read_bytes()
    desk.path.unlink()
    assert set(Upkeep(desk.lockdown).look().held_again) == set(desk.before)
    assert sorted(desk.path.read_bytes().splitlines()) == sorted(written.splitlines())
    assert desk.lockdown.verify() == ()
    desk.lockdown.revert()


def test_the_computer_is_given_back_without_its_undo_log(desk: Desk) -> None:
    desk.lockdown.apply()
    desk.path.unlink()
    assert desk.lockdown.revert().restored
    assert desk.machine.settings == desk.before


def test_each_keeper_knows_the_values_of_before(desk: Desk) -> None:
    desk.lockdown.apply()
    assert desk.keepers[0].old == desk.before
    desk.lockdown.start_keeper()
    assert desk.keepers[1].old == desk.before
    desk.lockdown.revert()


def test_what_the_keeper_remembers_is_put_back_where_the_log_is_gone(desk: Desk) -> None:
    desk.lockdown.apply()
    desk.path.unlink()
    remembered = tuple(Entry(name, old) for name, old in desk.keepers[0].old.items())
    assert restore(desk.path, tuple(desk.settings.values()), remembered=remembered).restored
    assert desk.machine.settings == desk.before


def test_nobody_is_kept_in_front_of_a_window_that_is_gone(desk: Desk) -> None:
    desk.lockdown.apply()
    done: list[str] = []
    window = Watched("exam window", lambda: False, lambda: done.append("back"), lost=lambda: done.append("lost"))
    upkeep = Upkeep(desk.lockdown, (window,))
    assert [upkeep.look().held_again for _ in range(LOST_SLIPS)] == [("exam window",)] * LOST_SLIPS
    assert done == ["back"] * (LOST_SLIPS - 1) + ["lost", "back"]
    desk.lockdown.revert()
