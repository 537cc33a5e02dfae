"""The session machine: playbooks of whole sittings, and what must hold whatever arrives in whatever order."""

from dataclasses import fields, replace
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from candidate_agent.session import reports
from candidate_agent.session.machine import TABLE, diagram, step
from candidate_agent.session.states import EXAM_VISIBLE, LOCKED, OVER, Backlog, Kept, Phase, Session, Step, StepStatus
from candidate_agent.session.step import Moment
from exam_protocol import messages as m
from exam_protocol.policy import Accommodations, ExamAccess, ExamPackage, Policy
from exam_protocol.records import CheckRow, CommandEntry, FlagEntry, ResultEntry

PACKAGE = ExamPackage(
    exam_id="algebra", title="Linear Algebra", institution="University", server_url="http://127.0.0.1:1",
    server_key=b"k" * 32, roster_signer=b"r" * 32, archive_recipients=(), integrity_statement="I work alone.",
    integrity_version="1", alternative="Ask for a room on campus.", contact="exams@example.edu", opens_ms=0,
    closes_ms=10**13, expires_ms=10**13, policy=Policy(duration_s=3600, breaks=1),
)  # fmt: skip
NO_COMMANDS = {Phase.IDLE, Phase.OUTSIDE, Phase.JOINING, Phase.DONE, Phase.ENDED}  # not yet, or sealed
ACCESS = ExamAccess("https://exam.example/1", "A1B2C3", ("https://exam.example",))
OK_ROW = CheckRow("camera", "pass", 1, "", "", "")
BAD_ROW = CheckRow("camera", "fail", None, "", "", "Connect a camera.")


def command(body: Any, command_id: str = "c1") -> ev.CommandArrived:
    return ev.CommandArrived(command_id, "proctor-a", "Ada", body, b"h" * 32)


def resumed(phase: Phase, **kept: Any) -> ev.Resumed:
    return ev.Resumed(Kept(phase, **kept), "Kim", Accommodations())


class Play:
    """Feeds events and remembers every effect."""

    def __init__(self, session: Session | None = None) -> None:
        self.session = session or Session()
        self.effects: list[fx.Effect] = []
        self.now_us = 1_000_000

    def __call__(self, *events: ev.Event) -> "Play":
        for event in events:
            self.now_us += 1000
            result = step(self.session, event, Moment(self.now_us, 1_700_000_000_000 + self.now_us // 1000))
            self.session = result.session
            self.effects = list(result.effects)
        return self

    def wait(self, seconds: float) -> "Play":
        self.now_us += round(seconds * 1_000_000)
        return self(ev.Ticked())

    def has(self, kind: type) -> bool:
        return any(isinstance(effect, kind) for effect in self.effects)

    def answers(self) -> list[tuple[str, str]]:
        records = [effect.entry for effect in self.effects if isinstance(effect, fx.Record)]
        return [(entry.outcome, entry.code) for entry in records if isinstance(entry, ResultEntry)]


def waiting() -> Play:
    return Play()(
        ev.PackageOpened(PACKAGE, "en"), ev.Enrolled("Kim", Accommodations()), ev.LinkUp(), ev.LeaseRenewed(60),
        ev.ConsentGiven(), ev.CheckMeasured(OK_ROW), ev.ChecksFinished(), ev.ContinueAsked(),
        ev.CaptureAsked("id_card"), ev.StepCaptured("id_card"), ev.StepConfirmed("id_card"),
        ev.CaptureAsked("room"), ev.StepCaptured("room"), ev.StepConfirmed("room"),
    )  # fmt: skip


def running() -> Play:
    return waiting()(command(m.AdmitBody(ACCESS)), ev.RecordingStarted(), ev.LockdownApplied())


def test_a_whole_sitting_reaches_done() -> None:
    play = running()
    assert play.session.phase is Phase.RUNNING
    assert play.effects[0] == fx.ShowExam(ACCESS)
    play(ev.ExamFinished())
    assert play.session.phase is Phase.UNLOCKING and play.has(fx.RestoreComputer)
    play(ev.ComputerRestored(True, (("screen saver", "restored"),)))
    assert play.session.phase is Phase.DONE
    assert fx.SignEnd("finished", True) in play.effects and play.has(fx.Drain)


def test_recording_begins_before_lockdown_and_lockdown_before_the_exam() -> None:
    play = waiting()(command(m.AdmitBody(ACCESS)))
    assert play.has(fx.StartRecording) and not play.has(fx.ShowExam)
    play(ev.RecordingStarted())
    assert play.has(fx.ApplyLockdown) and not play.has(fx.ShowExam)
    play(ev.LockdownApplied())
    assert play.has(fx.ShowExam)


def test_a_refused_consent_leads_to_the_alternative_and_back() -> None:
    play = Play()(ev.PackageOpened(PACKAGE, "en"), ev.Enrolled("Kim", Accommodations()), ev.ConsentRefused())
    assert play.session.phase is Phase.REFUSED and not play.has(fx.SignEnd)
    assert play(ev.ContinueAsked()).session.phase is Phase.CONSENTING


def test_a_blocking_check_holds_and_a_new_measurement_frees() -> None:
    play = Play()(ev.PackageOpened(PACKAGE, "en"), ev.Enrolled("Kim", Accommodations()), ev.ConsentGiven())
    play(ev.CheckMeasured(BAD_ROW), ev.ChecksFinished(), ev.ContinueAsked())
    assert play.session.phase is Phase.CHECKING
    play(ev.CheckAgainAsked("camera"))
    assert play.effects == [fx.OpenPreview(), fx.RunChecks("camera")], "a camera connected meanwhile is opened first"
    play(ev.CheckMeasured(OK_ROW), ev.ChecksFinished(), ev.ContinueAsked())
    assert play.session.phase is Phase.IDENTIFYING


def test_devices_are_looked_for_again_before_they_are_checked_again() -> None:
    play = Play()(ev.PackageOpened(PACKAGE, "en"), ev.Enrolled("Kim", Accommodations()), ev.ConsentGiven())
    play(ev.CheckMeasured(BAD_ROW), ev.ChecksFinished())
    assert play(ev.CheckAgainAsked("camera")).effects == [fx.OpenPreview(), fx.RunChecks("camera")]
    assert play(ev.CheckAgainAsked("camera")).effects == []  # it is under way


def test_the_proctor_asks_once_more_with_a_reason() -> None:
    play = waiting()(command(m.AskAgainBody("id_card", "The name is in shadow.")))
    assert play.session.phase is Phase.IDENTIFYING
    assert play.session.id_card.status is StepStatus.ASKED_AGAIN
    assert play.session.id_card.reason == "The name is in shadow."
    play(ev.CaptureAsked("id_card"), ev.StepCaptured("id_card"), ev.StepConfirmed("id_card"))
    assert play.session.phase is Phase.WAITING
    assert fx.SendStep("id_card", 2) in play.effects


def test_a_second_agent_is_said_until_it_has_gone() -> None:
    play = Play()(ev.PackageOpened(PACKAGE, "en"), ev.Enrolled("Kim", Accommodations()))
    play(ev.LinkRefused("second_agent", "Open elsewhere."))
    assert play.session.problem == ("second_agent", "Open elsewhere.")
    assert play(ev.LinkUp()).session.problem is None


def test_a_lost_line_alone_never_hides_the_exam() -> None:
    play = running()(ev.LinkDown("gone", ""))
    assert play.session.phase is Phase.OFFLINE and not play.has(fx.HideExam)
    play.wait(3000)
    assert play.session.phase is Phase.OFFLINE
    assert play(ev.LinkUp()).session.phase is Phase.RUNNING


def test_a_lapsed_lease_hides_the_exam_and_a_new_one_shows_it() -> None:
    play = running()
    play.session = replace(
        play.session, package=_with_policy(Policy(duration_s=36_000, offline_allowance_s=30)), lease_until_us=0
    )
    play.wait(1)
    assert play.session.phase is Phase.PAUSED and fx.HideExam(forget=False) in play.effects
    play(ev.LeaseRenewed(60))
    assert play.session.phase is Phase.RUNNING and play.has(fx.ShowExam)


def _with_policy(policy: Policy) -> ExamPackage:
    return ExamPackage(
        **{name: getattr(PACKAGE, name) for name in PACKAGE.__struct_fields__ if name != "policy"}, policy=policy
    )


def test_ending_needs_the_warnings_of_the_policy_or_a_written_reason() -> None:
    play = running()(command(m.EndBody("Material on the desk.")))
    assert play.session.phase is Phase.RUNNING and play.answers() == [("refused", "not_enough_warnings")]
    play(command(m.InterventionBody("STOP_MATERIAL", "warning", "Please."), "w1"))
    play(command(m.InterventionBody("STOP_MATERIAL", "final", "Last time."), "w2"))
    assert play.session.warnings_delivered == 2
    play(command(m.EndBody("Material on the desk."), "c2"))
    assert play.session.phase is Phase.UNLOCKING and play.answers()[0] == ("delivered", "")


def test_an_override_ends_at_once() -> None:
    play = running()(command(m.EndBody("Danger.", override_reason="Medical emergency in the room.")))
    assert play.session.phase is Phase.UNLOCKING


def test_a_notice_stays_until_it_is_acknowledged() -> None:
    play = running()(command(m.InterventionBody("LOOK_AT_SCREEN", "reminder", "Please."), "n1"))
    assert [notice.command_id for notice in play.session.notices] == ["n1"]
    play(ev.NoticeAcknowledged("n1"))
    assert not play.session.notices and play.answers() == [("acknowledged", "")]


def test_chat_read_is_told_once_per_message() -> None:
    play = waiting()(command(m.ChatBody("Hello"), "m1"), command(m.ChatBody("There"), "m2"), ev.ChatRead())
    assert play.answers() == [("read", ""), ("read", "")]
    assert play(ev.ChatRead()).answers() == []


def test_leaving_takes_two_deliberate_steps_and_gives_the_computer_back() -> None:
    play = running()(ev.LeaveConfirmed())
    assert play.session.phase is Phase.RUNNING
    play(ev.LeaveAsked(), ev.LeaveConfirmed())
    assert play.session.phase is Phase.UNLOCKING and play.has(fx.RestoreComputer)


def test_after_a_crash_in_the_exam_the_candidate_waits_to_be_admitted_again() -> None:
    play = Play()(ev.PackageOpened(PACKAGE, "en"), resumed(Phase.RUNNING))
    assert play.session.phase is Phase.WAITING and not play.has(fx.ShowExam)


@pytest.mark.parametrize("was", Phase)
def test_every_phase_can_be_resumed(was: Phase) -> None:
    play = Play()(ev.PackageOpened(PACKAGE, "en"), resumed(was))
    assert play.session.phase in {
        Phase.CONSENTING, Phase.CHECKING, Phase.IDENTIFYING, Phase.WAITING, Phase.DONE, Phase.ENDED,
    }  # fmt: skip


def test_time_over_ends_the_exam() -> None:
    play = running().wait(3600)
    assert play.session.phase is Phase.UNLOCKING and play.session.reason == "time_over"


def test_the_access_code_is_not_in_a_printed_session() -> None:
    assert ACCESS.access_code not in repr(running().session)


@pytest.mark.parametrize("phase", sorted(set(Phase) - NO_COMMANDS, key=str))
def test_a_decision_on_a_flag_is_recorded_and_changes_nothing_else(phase: Phase) -> None:
    before = Session(phase=phase, package=PACKAGE)
    play = Play(before)(command(m.FlagDecisionBody(7, "dismissed", "A child came in and left.")))
    assert play.session == before
    assert play.answers() == [("delivered", "")]
    (entry,) = (e.entry for e in play.effects if isinstance(e, fx.Record) and isinstance(e.entry, CommandEntry))
    assert (entry.command, entry.code, entry.level, entry.text) == (
        "flag_decision", "7", "dismissed", "A child came in and left.",
    )  # fmt: skip


def test_the_proctors_own_flag_is_raised_with_their_words_and_shown_to_nobody() -> None:
    play = running()
    before = play.session
    play(command(m.RaiseFlagBody("Somebody spoke in the room.", "low")))
    assert fx.RaiseFlag("PROCTOR_RAISED", "Somebody spoke in the room.", "low") in play.effects
    assert play.session == before


def test_a_dismissal_needs_a_reason_and_a_sealed_record_takes_no_decision() -> None:
    assert running()(command(m.FlagDecisionBody(0, "dismissed", " "))).answers() == [("refused", "reason_missing")]
    assert running()(command(m.FlagDecisionBody(0, "confirmed", ""))).answers() == [("delivered", "")]
    ended = Play(Session(phase=Phase.ENDED, package=PACKAGE))
    for body in (m.FlagDecisionBody(0, "confirmed", ""), m.RaiseFlagBody("x", "low")):
        assert ended(command(body)).answers() == [("refused", "not_now")]


def test_every_event_has_a_rule_somewhere() -> None:
    assert {rule.event for rule in TABLE} == set(get_args(ev.Event))


def test_no_pair_of_phase_and_event_has_two_rules() -> None:
    keys = [(phase, rule.event) for rule in TABLE for phase in rule.phases]
    assert len(keys) == len(set(keys))


def test_the_diagram_in_the_documents_is_current() -> None:
    text = (Path(__file__).parents[3] / "docs" / "session.md").read_text(encoding="utf-8")
    assert diagram() in text, "run: python -m candidate_agent.session.diagram"


_SAMPLES: dict[str, st.SearchStrategy[Any]] = {
    "package": st.just(PACKAGE),
    "language": st.just("en"),
    "candidate_name": st.just("Kim"),
    "accommodations": st.just(Accommodations()),
    "kept": st.builds(Kept, phase=st.sampled_from(Phase)),
    "row": st.sampled_from([OK_ROW, BAD_ROW]),
    "step": st.sampled_from(["id_card", "room", "paper"]),
    "ease": st.integers(0, 5),
    "understood": st.integers(0, 5),
    "words": st.sampled_from(["", "fine"]),
    "body": st.sampled_from([
        m.ChatBody("hi"), m.AdmitBody(ACCESS), m.RefuseBody("no"), m.AskAgainBody("room", "dark"),
        m.InterventionBody("LOOK_AT_SCREEN", "warning", "x"), m.PauseBody("p"), m.ResumeBody(), m.EndBody("e"),
        m.EndBody("e", "o"), m.FlagDecisionBody(1, "dismissed", "x"), m.RaiseFlagBody("x", "low"),
    ]),
    "command_id": st.sampled_from(["a", "b"]),
    "document_hash": st.just(b"h"),
    "raised": st.booleans(),
    "candidate_id": st.just("c-1"),
    "report_id": st.sampled_from(["r1", "r2"]),
    "about": st.sampled_from(["problem", "noise"]),
    "number": st.sampled_from(["", "R-7F3A-21"]),
    "minutes_ago": st.integers(0, 60),
    "parts": st.sampled_from([(), reports.PARTS]),
    "unusable": st.booleans(),
    "taken": st.booleans(),
    "shown": st.booleans(),
    "on": st.booleans(),
    "restored": st.booleans(),
    "complete": st.booleans(),
    "valid_s": st.integers(1, 100),
    "backlog": st.just(Backlog(1, 2)),
    "measures": st.just(()),
    "proctors": st.just(("a",)),
    "has_sat": st.booleans(),
    "item": st.sampled_from(["screen", "webcam", "never", "statement", "x"]),
    "place": st.integers(0, 3),
    "waiting": st.integers(0, 3),
    "device": st.sampled_from(["camera", "microphone"]),
    "flag": st.just(FlagEntry("LINK_LOST", "technical", "", 1, 0, 0)),
}  # fmt: skip

events = st.sampled_from(get_args(ev.Event)).flatmap(
    lambda kind: st.builds(kind, **{field.name: _SAMPLES.get(field.name, st.just("x")) for field in fields(kind)})
)


class Sitting(RuleBasedStateMachine):
    """Any event at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.play = Play()
        self.applied = self.shown = False

    def feed(self, play: Play, event: ev.Event) -> None:
        before = play.session.phase
        play(event)
        for effect in play.effects:
            self.shown = isinstance(effect, fx.ShowExam) or (self.shown and not isinstance(effect, fx.HideExam))
        if before is Phase.PARTING and play.session.phase is not Phase.PARTING:
            assert play.has(fx.SignEnd) and play.has(fx.Drain) and play.has(fx.CloseCamera), event
        if before in LOCKED - {Phase.FAILING} and play.session.phase not in LOCKED - {Phase.FAILING}:
            assert play.has(fx.RestoreComputer), (before, event)
            assert fx.HideExam(forget=True) in play.effects

    @rule(event=events)
    def anything(self, event: ev.Event) -> None:
        self.feed(self.play, event)

    @precondition(lambda self: self.play.session.phase is Phase.IDLE)
    @rule()
    def go_far(self) -> None:
        self.play = running()
        self.shown = True

    @precondition(lambda self: self.play.session.phase in EXAM_VISIBLE)
    @rule(policy=st.sampled_from([Policy(scratch_paper=True), Policy(survey=True, scratch_paper=True)]))
    def hand_in(self, policy: Policy) -> None:
        """With paper and questions asked for: from here on nothing is held, and every way leads to a signed end."""
        self.play.session = replace(self.play.session, package=_with_policy(policy), paper=Step())
        self.feed(self.play, ev.ExamFinished())
        self.feed(self.play, ev.ComputerRestored(True, ()))
        assert self.play.session.phase is Phase.PARTING and not self.play.session.lockdown_held

    @rule(seconds=st.integers(0, 4000))
    def time_passes(self, seconds: int) -> None:
        self.play.now_us += seconds * 1_000_000
        self.feed(self.play, ev.Ticked())

    @invariant()
    def exam_is_shown_only_with_lockdown_and_lease(self) -> None:
        session = self.play.session
        if self.shown:
            assert session.phase in EXAM_VISIBLE
            assert session.lockdown_held and session.lease_until_us > 0

    @invariant()
    def nothing_secret_outlives_the_sitting(self) -> None:
        if self.play.session.phase in OVER:
            assert self.play.session.access is None


TestSitting = Sitting.TestCase
TestSitting.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(list(Phase)), events)
def test_no_event_raises_in_any_phase(phase: Phase, event: ev.Event) -> None:
    result = step(Session(phase=phase, package=PACKAGE), event, Moment(5, 5))
    assert result.session.phase in Phase
