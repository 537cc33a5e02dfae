"""Sessions in every state a candidate can be in, for the tests and the gallery. Names of 60 characters and hostile
text on purpose.
"""

from dataclasses import dataclass, replace

from candidate_agent.session.states import (
    Backlog,
    ChatLine,
    Notice,
    OpenProgram,
    Phase,
    ProgramState,
    Session,
    Step,
    StepStatus,
)
from candidate_agent.ui.words import CapturedTrack, Live
from exam_protocol.catalogue import CHECKS
from exam_protocol.policy import ExamPackage, Policy
from exam_protocol.records import CheckRow

WALL_MS = 1_790_000_000_000
HOUR_MS = 3_600_000
NOW_US = 5_000_000_000

PACKAGE = ExamPackage(
    exam_id="linear-algebra",
    title="Linear Algebra, final exam",
    institution="University of Example",
    server_url="https://exam.example",
    server_key=bytes(32),
    roster_signer=bytes(32),
    archive_recipients=(),
    integrity_statement="I take this exam myself. I use only the material that is allowed. I do not copy, "
    "I do not work with others, and I do not pass the exam on to anybody. I know that people look at what is recorded.",
    integrity_version="2026-1",
    alternative="You can take this exam in Room 2.14 of the main building on the same day, at 14:00. "
    "Write to the examination office before noon.",
    contact="Examination office, +00 555 0100, exams@university.example",
    opens_ms=WALL_MS + HOUR_MS // 2,
    closes_ms=WALL_MS + 8 * HOUR_MS,
    expires_ms=WALL_MS + 24 * HOUR_MS,
    policy=Policy(),
)

VALUES: dict[str, tuple[float | str, str]] = {
    "session_type": ("X11", "X11"),
    "protection": ("12 of 14", "all that an exam rests on"),
    "displays": (1, "1"),
    "camera": ("1280×720", "1280×720 at 15"),
    "light": (112, "60 to 200"),
    "microphone": (-27.4, "over -40"),
    "network_up": (4.2, "1.0 or more"),
    "delay": (38, "under 150"),
    "server": (41, "reachable"),
    "clock": (0.3, "under 2"),
    "disk": (82.4, "2 or more"),
    "processor": (4, "4 or more"),
    "memory": (15.6, "8 or more"),
    "programs": (0, "0"),
    "hidden_windows": (0, "none"),
    "virtual_machine": (0, "0"),
    "remote_session": (0, "0"),
    "power": ("on mains", "mains"),
}


def row(code: str, outcome: str = "pass", value: float | str | None = None, remedy: str = "") -> CheckRow:
    usual, threshold = VALUES[code]
    return CheckRow(code, outcome, usual if value is None else value, CHECKS[code].unit, threshold, remedy)


FINE = tuple(row(code) for code in CHECKS)


def with_rows(*changed: CheckRow) -> tuple[CheckRow, ...]:
    by_code = {entry.code: entry for entry in changed}
    return tuple(by_code.get(entry.code, entry) for entry in FINE)


LOOKS = with_rows(
    row("light", "person", 34, "Turn a lamp towards your face, or sit so that the window is in front of you."),
    row("processor", "warn", 2, "Close programs that you do not need."),
)
STOPS = with_rows(
    row("displays", "fail", 2, "Unplug the second display, or switch it off in the display settings."),
    row("light", "person", 34, "Turn a lamp towards your face, or sit so that the window is in front of you."),
    row("programs", "fail", 1, "Close AnyDesk, then check again."),
)
CHAT = (
    ChatLine("candidate", "Good morning! Is a paper calculator table allowed?", WALL_MS - 240_000, "m1"),
    ChatLine(
        "Dr. Maria Alvarez-Santos", "Good morning. Yes, the printed one from the course page.", WALL_MS - 180_000, "m2"
    ),
    ChatLine("candidate", "<b>Thank</b> you <script>alert(1)</script>", WALL_MS - 60_000, "m3"),
)
AGAIN = "The name on the card is in the glare of your lamp. Please tilt it a little and take the picture again."

BASE = Session(phase=Phase.CONSENTING, package=PACKAGE, candidate_name="Ada Example", link_up=True)
EXAM = replace(
    BASE,
    phase=Phase.RUNNING,
    checks=FINE,
    id_card=Step(StepStatus.APPROVED, 2),
    room=Step(StepStatus.APPROVED, 1),
    chat=CHAT,
    lockdown_held=True,
    recording=True,
    watchers=("Dr. Maria Alvarez-Santos",),
    began_us=NOW_US - 2_850_000_000,
    unread=1,
)
CHECKED = replace(BASE, phase=Phase.IDENTIFYING, checks=FINE, chat=CHAT, unread=1)
MEASURES = tuple(
    (name, "put back")
    for name in (
        "keyboard_map",
        "keyboard_grab",
        "clipboard",
        "screen_saver",
        "virtual_terminals",
        "power_settings",
        "windows",
    )
)
OVER = replace(EXAM, recording=False, lockdown_held=False, restored=True, restore_report=MEASURES, unread=0)

CAMERA = Live(previews=frozenset({"camera"}), microphone_dbfs=-24.0, rtt_ms=38.0)
TAKEN = Live(previews=frozenset({"camera", "id_card", "room"}))
RECORDING = Live(
    previews=frozenset({"camera", "screen"}),
    rtt_ms=38.0,
    up_bps=300_000,
    captured=(CapturedTrack("screen", 25_400), CapturedTrack("webcam", 18_200), CapturedTrack("audio", 3_000)),
)


NOTHING = Live()
PRACTICE = Live(practice=True)


@dataclass(frozen=True, slots=True)
class State:
    session: Session
    live: Live = NOTHING
    panel: str = ""  # element to press before the picture is taken


def _notice(level: str, text: str) -> tuple[Notice, ...]:
    return (Notice(f"c-{level}", "LOOK_AT_SCREEN", level, text),)


PROGRAMS = (
    OpenProgram("AnyDesk"),
    OpenProgram("Zoom", ProgramState.ASKED),
    OpenProgram("OBS Studio", ProgramState.STAYS),
)
NAMED = with_rows(
    row(
        "programs",
        "fail",
        3,
        "Please close: AnyDesk, Zoom. OBS Studio does not close. Please save your work and close it.",
    ),
    row("protection", "pass", remedy="This program sees other displays. Not here: records sound. No such device."),
)

STATES: dict[str, State] = {
    "checks-programs": State(replace(BASE, phase=Phase.CHECKING, checks=NAMED, programs=PROGRAMS), CAMERA),
    "exam-programs": State(replace(EXAM, programs=PROGRAMS), RECORDING),
    "paused-programs": State(
        replace(EXAM, phase=Phase.PAUSED, reason="paused_by_proctor", programs=PROGRAMS), RECORDING
    ),
    "joining": State(replace(BASE, phase=Phase.JOINING)),
    "problem": State(replace(BASE, phase=Phase.JOINING, problem=("code_used", "used"))),
    "problem-window": State(replace(BASE, phase=Phase.JOINING, problem=("outside_window", "early"))),
    "problem-unknown": State(replace(BASE, phase=Phase.JOINING, problem=("odd", "Something odd happened."))),
    "consent": State(BASE),
    "practice-consent": State(BASE, PRACTICE),
    "practice-exam": State(EXAM, replace(RECORDING, practice=True)),
    "practice-over": State(
        replace(OVER, phase=Phase.DONE, reason="finished", receipt_complete=True),
        replace(PRACTICE, report_path="/home/ada/.local/state/candidate-agent/readiness.html"),
    ),
    "refused": State(replace(BASE, phase=Phase.REFUSED, reason="consent_refused")),
    "checks-running": State(replace(BASE, phase=Phase.CHECKING, checks=FINE[:6], checks_running=True), CAMERA),
    "checks-fine": State(replace(BASE, phase=Phase.CHECKING, checks=FINE), CAMERA),
    "checks-look": State(replace(BASE, phase=Phase.CHECKING, checks=LOOKS), CAMERA),
    "checks-stop": State(replace(BASE, phase=Phase.CHECKING, checks=STOPS), CAMERA),
    "identity-starting": State(CHECKED),
    "identity": State(CHECKED, CAMERA),
    "identity-look": State(replace(CHECKED, id_card=Step(StepStatus.TAKEN, 1)), TAKEN),
    "identity-again": State(
        replace(
            CHECKED, phase=Phase.WAITING, id_card=Step(StepStatus.ASKED_AGAIN, 1, AGAIN), room=Step(StepStatus.SENT, 1)
        ),
        CAMERA,
    ),
    "room": State(replace(CHECKED, id_card=Step(StepStatus.SENT, 1)), CAMERA),
    "room-taking": State(
        replace(CHECKED, id_card=Step(StepStatus.SENT, 1)), replace(CAMERA, capturing="room", capture_progress=0.4)
    ),
    "room-look": State(replace(CHECKED, id_card=Step(StepStatus.SENT, 1), room=Step(StepStatus.TAKEN, 1)), TAKEN),
    "waiting": State(
        replace(
            CHECKED,
            phase=Phase.WAITING,
            id_card=Step(StepStatus.APPROVED, 2),
            room=Step(StepStatus.SENT, 1),
            watchers=("Dr. Maria Alvarez-Santos",),
        ),
        CAMERA,
    ),
    "waiting-offline": State(
        replace(
            CHECKED, phase=Phase.WAITING, link_up=False, id_card=Step(StepStatus.SENT, 1), room=Step(StepStatus.SENT, 1)
        )
    ),
    "help": State(CHECKED, CAMERA, "help"),
    "locking": State(replace(EXAM, phase=Phase.LOCKING, recording=False, began_us=0)),
    "exam": State(EXAM, RECORDING),
    "exam-captured": State(EXAM, RECORDING, "recording"),
    "exam-chat": State(EXAM, RECORDING, "chat-open"),
    "exam-finish": State(EXAM, RECORDING, "finish"),
    "exam-leave": State(replace(EXAM, leave_asked=True), RECORDING),
    "exam-reminder": State(
        replace(EXAM, notices=_notice("reminder", "Please do not look away from the screen.")), RECORDING
    ),
    "exam-warning": State(
        replace(EXAM, notices=_notice("warning", "Please do not look away from the screen.")), RECORDING
    ),
    "exam-final": State(
        replace(EXAM, notices=_notice("final", "Please put away the material that is not permitted.")), RECORDING
    ),
    "exam-offline": State(
        replace(EXAM, phase=Phase.OFFLINE, link_up=False, backlog=Backlog(214, 1_900_000), hand_raised=True), RECORDING
    ),
    "paused": State(
        replace(
            EXAM, phase=Phase.PAUSED, reason="paused_by_proctor", words="Fire alarm in the building. Please go outside."
        ),
        RECORDING,
    ),
    "unlocking": State(replace(EXAM, phase=Phase.UNLOCKING, reason="finished")),
    "failing": State(replace(EXAM, phase=Phase.FAILING, reason="recording_failed", problem=("disk_full", "full"))),
    "over-sending": State(
        replace(OVER, phase=Phase.DONE, reason="finished", backlog=Backlog(412, 3_400_000)), Live(drained_records=1_270)
    ),
    "over-done": State(
        replace(OVER, phase=Phase.DONE, reason="finished", receipt_complete=True),
        Live(drained_records=1_682, receipt_path="Documents/exam-receipt-linear-algebra.json"),
    ),
    "over-ended": State(
        replace(OVER, phase=Phase.ENDED, reason="ended_by_proctor", link_up=False, backlog=Backlog(90, 700_000)),
        Live(drained_records=40),
    ),
    "over-not-restored": State(
        replace(
            OVER,
            phase=Phase.ENDED,
            reason="left_by_candidate",
            restored=False,
            restore_report=(*MEASURES[:3], ("screen_saver", "not put back")),
        )
    ),
    "long": State(
        replace(
            CHECKED,
            package=None,
            candidate_name="Maximiliane-Henriette von und zu Hohenstein-Wallerstadt the Second",
            id_card=Step(StepStatus.ASKED_AGAIN, 2, "x" * 300),
        ),
        CAMERA,
    ),
}
