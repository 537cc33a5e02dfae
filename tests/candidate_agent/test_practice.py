"""A practice from its beginning to its report: what it leaves, what it takes away, what it ends with."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from candidate_agent import practice
from candidate_agent.base.errors import AgentError, PlatformError
from candidate_agent.config import Config, Launch
from candidate_agent.platforms import practice_process
from candidate_agent.platforms.instance_lock import InstanceLock
from candidate_agent.practice import Notebook, order, step_of
from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from candidate_agent.session.machine import step
from candidate_agent.session.states import BEFORE_EXAM, EXAM_VISIBLE, LOCKED, Phase, Session
from candidate_agent.session.step import Moment
from candidate_agent.ui.texts import Texts
from candidate_agent.ui.view_model import view
from candidate_agent.ui.words import Live
from exam_protocol import codec
from exam_protocol.records import FlagEntry
from practice_room.order import Order
from tests.candidate_agent.ui.states import BASE, EXAM, FINE, OVER

SECOND_US = 1_000_000
LINK = "exam-agent://start?server=http%3A%2F%2F127.0.0.1%3A1&exam=practice&root=r#CODE"


class Room:
    """Of a process that was never started."""

    link, pictures_opened = LINK, 0

    def __init__(self) -> None:
        self.ended = False

    def end(self) -> None:
        self.ended = True


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Room:
    room = Room()
    monkeypatch.setattr(practice_process, "start", lambda *_: room)
    return room


def sits(*sessions: Session, status: int = 0) -> practice.Run:
    """A sitting that comes through these states, a second each."""

    def run(config: Config, launch: Launch, notebook: Notebook) -> int:
        assert config.passing_dir is not None and launch.code == "CODE"
        config.session_dir("r", b"").mkdir(parents=True)
        for second, session in enumerate(sessions):
            notebook.saw(session, second * SECOND_US)
        return status

    return run


def practise(home_dir: Path, run: practice.Run, say: Callable[[str], None] = lambda _: None) -> int:
    return practice.run(Config(home_dir), run, say, short=True, meanwhile=lambda: None)


WENT_WELL = (BASE, replace(BASE, phase=Phase.CHECKING, checks=FINE), EXAM, replace(OVER, phase=Phase.DONE))


def test_what_the_agent_asks_is_what_the_room_understands() -> None:
    for short in (True, False):
        asked: Order = codec.decode(codec.encode(order(Texts("en"), short=short)), Order)
        assert asked.room_scan is not short
        assert '"practice.' not in codec.encode(asked).decode(), "a text that nobody wrote"


def test_a_practice_that_went_well_ends_with_0_and_leaves_nothing_but_its_report(tmp_path: Path, room: Room) -> None:
    told: list[str] = []
    assert practise(tmp_path, sits(*WENT_WELL), told.append) == 0
    assert told == [str(tmp_path / "readiness.html")]
    assert "You are ready" in (tmp_path / "readiness.txt").read_text()
    assert room.ended and list((tmp_path / "practice").iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "practice", "practice.lock", "readiness.html", "readiness.txt",
    ]  # fmt: skip


def test_one_that_was_left_early_ends_with_another_status(tmp_path: Path, room: Room) -> None:
    assert practise(tmp_path, sits(BASE)) == 21
    assert practise(tmp_path, sits(BASE, status=13)) == 13


def test_what_stops_it_before_the_window_stands_in_the_report(tmp_path: Path, room: Room) -> None:
    def refuse(*_: object) -> int:
        raise PlatformError("wayland", "Not on Wayland.")

    with pytest.raises(PlatformError):
        practise(tmp_path, refuse)
    assert "[wayland]" in (tmp_path / "readiness.txt").read_text()
    assert room.ended and list((tmp_path / "practice").iterdir()) == []


def test_what_a_crash_left_is_taken_away_and_nothing_else(tmp_path: Path, room: Room) -> None:
    left = tmp_path / "practice" / "room-of-before" / "sessions"
    left.mkdir(parents=True)
    (tmp_path / "sessions").mkdir()
    (tmp_path / "undo.log").write_text("of an exam")
    practise(tmp_path, sits(*WENT_WELL))
    assert not left.exists()
    assert (tmp_path / "sessions").exists() and (tmp_path / "undo.log").exists()


def test_two_practices_at_once_are_one_too_many(tmp_path: Path, room: Room) -> None:
    kept = tmp_path / "practice" / "room-of-the-other"
    kept.mkdir(parents=True)
    lock = InstanceLock(tmp_path / "practice.lock")
    assert lock.acquire()
    try:
        with pytest.raises(AgentError) as raised:
            practise(tmp_path, sits(*WENT_WELL))
    finally:
        lock.release()
    assert raised.value.code == "agent_running" and kept.exists()


def test_undo_log_and_lock_stay_where_a_restore_looks_for_them(tmp_path: Path) -> None:
    config = Config(tmp_path / "home", passing_dir=tmp_path / "passing")
    assert config.undo_log_path.parent == config.lock_path.parent == tmp_path / "home"
    assert tmp_path / "passing" in config.receipts_dir.parents
    assert tmp_path / "passing" in config.session_dir("r", b"").parents


def test_the_diary_times_each_step_and_adds_up_what_comes_again(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path, Texts("en"))
    way = (BASE, replace(BASE, phase=Phase.CHECKING), BASE, replace(BASE, phase=Phase.LOCKING), EXAM,
           replace(EXAM, phase=Phase.UNLOCKING), replace(OVER, phase=Phase.DONE))  # fmt: skip
    for second, session in enumerate(way):
        notebook.saw(session, second * SECOND_US)
        notebook.saw(session, second * SECOND_US + 1000)
    assert dict(notebook.facts.steps) == {
        "consent": 2.0,
        "checks": 1.0,
        "locking": 1.0,
        "exam": 1.0,
        "giving_back": 1.0,
    }
    assert all(Texts("en").has(f"readiness.step.{name}") for name in dict(notebook.facts.steps))


def test_the_report_is_there_while_the_last_page_is_and_is_written_anew_with_the_receipt(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path, Texts("en"))
    done = replace(OVER, phase=Phase.DONE, receipt_complete=False)
    for session in (BASE, EXAM):
        notebook.saw(session, 0)
    assert notebook.report_path == ""
    notebook.saw(done, 1)
    first = Path(notebook.report_path).read_text()
    notebook.saw(replace(done, receipt_complete=True), 2)
    assert "signed for it" not in first and "signed for it" in Path(notebook.report_path).read_text()


def test_what_was_noted_on_the_way_is_kept(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path, Texts("en"))
    notebook.flagged(FlagEntry("FOCUS_LOST", "low", "Another window was in front.", 1, 0, 0))
    notebook.saw(EXAM, 0)
    assert [flag.code for flag in notebook.facts.flags] == ["FOCUS_LOST"]


def test_every_phase_has_a_step_or_none() -> None:
    assert {step_of(replace(EXAM, phase=phase)) for phase in Phase} >= {"", "consent", "checks", "exam", "giving_back"}


def test_a_report_is_opened_only_when_nothing_holds_the_computer_any_more() -> None:
    at = Moment(0, 0)
    assert step(replace(OVER, phase=Phase.DONE), ev.OpenReportAsked(), at).effects == (fx.OpenReport(),)
    for phase in LOCKED | BEFORE_EXAM:
        assert fx.OpenReport() not in step(replace(EXAM, phase=phase), ev.OpenReportAsked(), at).effects


def test_practice_is_said_on_every_page_and_its_report_is_offered_on_the_last() -> None:
    for phase in Phase:
        drawn = view(replace(EXAM, phase=phase), now_us=0, wall_ms=0, live=Live(practice=True))
        assert drawn["practice"] is True
        assert any(banner["id"] == "practice" for banner in drawn["banners"]) is (phase not in EXAM_VISIBLE)
        assert "open-report" not in [button["id"] for button in drawn["actions"]]
    done = view(replace(OVER, phase=Phase.DONE), now_us=0, wall_ms=0, live=Live(practice=True, report_path="/r.html"))
    assert done["actions"][0]["id"] == "open-report"
    assert done["banners"][0]["body"]["values"] == {"path": "/r.html"}


def test_an_exam_says_nothing_of_practice() -> None:
    drawn = view(BASE, now_us=0, wall_ms=0, live=Live())
    assert drawn["practice"] is False and drawn["banners"] == []
