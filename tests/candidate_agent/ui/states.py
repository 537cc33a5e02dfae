"""Sessions in every state a candidate can be in, for the tests and the pictures. Names of 60 characters and hostile
text on purpose.
"""

from dataclasses import dataclass, replace
from typing import Any

import msgspec
from msgspec import structs

from candidate_agent.session.consent import stages
from candidate_agent.session.states import (
    Adapted,
    Backlog,
    ChatLine,
    Notice,
    OpenProgram,
    Phase,
    ProgramState,
    SentReport,
    Session,
    Step,
    StepStatus,
)
from candidate_agent.ui.removal import Removal
from candidate_agent.ui.words import CapturedTrack, CardSeen, Live, RoomSeen, ZoneSeen
from exam_protocol.catalogue import ASKED, CHECKS
from exam_protocol.policy import Accommodations, Blackout, ExamPackage, Policy
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
    "system": ("Debian GNU/Linux 13 (trixie)", "a system that its maker still looks after"),
    "permissions": ("4 of 4", "all that are needed"),
    "framing": (34, "one face, 15 to 60 %"),
    "noise": (-52, "quieter than -45 dBFS"),
    "network_down": (24, "1.0 or more"),
    "download": (3.4, "arrives and opens"),
    "window": ("open", "between opening and closing"),
    "client": ("0.1.0", "a build that this exam takes"),
    "encoder": (9.5, "1.5 or more"),
    "assistive": (0, "none, or agreed"),
    "printer": ("not asked for", "a printer, where the exam asks for one"),
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
    "speaker": ("heard", "heard"),
    "rehearsal": (100.0, "all of it acknowledged"),
}


def row(code: str, outcome: str = "pass", value: float | str | None = None, remedy: str = "") -> CheckRow:
    usual, threshold = VALUES[code]
    return CheckRow(code, outcome, usual if value is None else value, CHECKS[code].unit, threshold, remedy)


FINE = tuple(row(code) for code in CHECKS if code not in ASKED)


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
NO_DEVICES = with_rows(
    row("camera", "fail", "no picture", "The camera is used by another program. Please close that program."),
    row("microphone", "fail", "muted", "The microphone is muted. Please switch it on."),
    row("light", "unmeasured", 0, "There is no camera picture to measure."),
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
)
CHECKED = replace(BASE, phase=Phase.IDENTIFYING, checks=FINE, chat=CHAT, unread=1)
MEASURES = tuple(
    (name, "put back")
    for name in (
        "clipboard",
        "staying awake",
        "virtual terminal keys",
        "screen saver",
        "monitor power",
        "notifications",
        "restore at login",
    )
)
PARTING = replace(
    EXAM,
    phase=Phase.PARTING,
    package=structs.replace(PACKAGE, policy=Policy(scratch_paper=True, survey=True)),
    reason="finished",
    recording=False,
    lockdown_held=False,
    restored=True,
    unread=0,
)
ASKED = replace(PARTING, paper=Step(StepStatus.SKIPPED))
AFTER: dict[str, int] = {"began_ms": WALL_MS - 72 * 60_000, "ended_ms": WALL_MS}
REMOVAL = Removal("deb", "/home/ada/.local/state/candidate-agent")
OVER = replace(EXAM, recording=False, lockdown_held=False, restored=True, restore_report=MEASURES, unread=0)

CAMERA = Live(previews=frozenset({"camera"}), microphone_dbfs=-24.0, voice_dbfs=-24.0, light="fine", rtt_ms=38.0)
TAKEN = Live(previews=frozenset({"camera", "id_card", "room"}))
RECORDING = Live(
    previews=frozenset({"camera", "screen"}),
    rtt_ms=38.0,
    up_bps=300_000,
    captured=(CapturedTrack("screen", 25_400), CapturedTrack("webcam", 18_200), CapturedTrack("audio", 3_000)),
)


NOTHING = Live()
PRACTICE = Live(practice=True)

EARLY = replace(BASE, phase=Phase.OUTSIDE, package=msgspec.structs.replace(PACKAGE, zone="Asia/Tokyo"), link_up=False)
CLOSED = msgspec.structs.replace(PACKAGE, opens_ms=WALL_MS - 9 * HOUR_MS, closes_ms=WALL_MS - HOUR_MS)
GRANTED = Accommodations(
    extra_time_s=1800,
    muted_flags=("FOCUS_LOST", "MICROPHONE_MUTED"),
    allowed_programs=("NVDA*",),
    text_size=125,
    extra_breaks=1,
)
READ = stages(BASE)[:-1]


def with_policy(**changes: Any) -> ExamPackage:
    return msgspec.structs.replace(PACKAGE, policy=Policy(**changes))


COMPARING = with_policy(opt_in_findings=("FACE_CHANGED", "VOICE_SECOND"))
AT_WORK = replace(EXAM, package=with_policy(breaks=2), candidate_id="S-204-771")
BREAK = replace(
    AT_WORK, phase=Phase.PAUSED, reason="break", breaks_taken=1, break_began_us=NOW_US - 260_000_000, break_began_ms=1
)
REPORTS = (
    SentReport("r1", "problem", "R-7F3A-21", received=True),
    SentReport("r2", "noise", "R-03BC-9E"),
    SentReport("r3", "problem", failed=True),
)
LOST_REPORT = SentReport("r4", "problem", lost=True)


@dataclass(frozen=True, slots=True)
class State:
    session: Session
    live: Live = NOTHING
    panel: str = ""  # elements to press before the picture is taken, with commas between them


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

CORNERS = ((0.6875, 0.479), (0.953, 0.479), (0.953, 0.708), (0.6875, 0.708))  # of the card in the sample picture
ROOM = replace(CHECKED, id_card=Step(StepStatus.SENT, 1))


def card_hint(hint: str, *, corners: bool = True, ready: bool = False) -> State:
    card = CardSeen(hint, CORNERS if corners else (), (640, 480), ready)
    return State(CHECKED, replace(CAMERA, previews=frozenset({"camera"}), card=card))


def id_taken(verdict: str, misses: int) -> State:
    return State(replace(CHECKED, id_card=Step(StepStatus.TAKEN, 3, verdict=verdict, misses=misses)), TAKEN)


def scanning(room: RoomSeen, progress: float) -> State:
    return State(ROOM, replace(CAMERA, capturing="room", capture_progress=progress, room=room))


def room_taken(verdict: str, covered: int = 0) -> State:
    return State(replace(ROOM, room=Step(StepStatus.TAKEN, 1, verdict=verdict, covered=covered)), TAKEN)


STATES: dict[str, State] = {
    **{
        f"identity-hint-{hint}": card_hint(hint, corners=hint not in ("no_card", "dark", "no_picture", "stands_still"))
        for hint in ("no_card", "too_far", "tilted", "blurred", "glare", "dark", "no_picture", "stands_still")
    },
    "identity-hint-good": card_hint("good", ready=True),
    "identity-look-good": id_taken("good", 0),
    "identity-look-glare": id_taken("glare", 1),
    "identity-look-person": id_taken("blurred", 3),
    "identity-zone": State(
        id_taken("good", 0).session,
        replace(TAKEN, zone=ZoneSeen("right", "passport", "ANNA MARIA ERIKSSON", 1_934_000_000_000)),
    ),
    "identity-zone-none": State(id_taken("good", 0).session, replace(TAKEN, zone=ZoneSeen("unsupported"))),
    "identity-trouble": State(replace(CHECKED, problem=("camera_busy", "busy")), CAMERA),
    "room-no-picture": State(ROOM, replace(CAMERA, card=CardSeen("no_picture"))),
    "room-turning": scanning(RoomSeen("turn", covered=(0, 1, 2), here=2, left_s=41), 0.33),
    "room-still": scanning(RoomSeen("turn", covered=(0,), here=0, still=True, left_s=9), 0.44),
    "room-desk": scanning(RoomSeen("desk", covered=tuple(range(8)), here=7, left_s=5), 0.88),
    "room-by-hand": scanning(RoomSeen("left", by_hand=True, left_s=48), 0.33),
    "room-look-turned": room_taken("turned", 6),
    "room-look-timed": room_taken("timed"),
    "room-look-desk": room_taken("desk_only"),
    "waiting-declined": State(
        replace(CHECKED, phase=Phase.WAITING, id_card=Step(StepStatus.SENT, 1), room=Step(StepStatus.DECLINED)), CAMERA
    ),
    "checks-programs": State(replace(BASE, phase=Phase.CHECKING, checks=NAMED, programs=PROGRAMS), CAMERA),
    "exam-programs": State(replace(EXAM, programs=PROGRAMS), RECORDING),
    "paused-programs": State(
        replace(EXAM, phase=Phase.PAUSED, reason="paused_by_proctor", programs=PROGRAMS), RECORDING
    ),
    "joining": State(replace(BASE, phase=Phase.JOINING, asked_us=NOW_US)),
    "joining-late": State(replace(BASE, phase=Phase.JOINING, asked_us=NOW_US - 8_000_000)),
    "problem": State(replace(BASE, phase=Phase.JOINING, problem=("code_used", "used"))),
    "problem-window": State(replace(BASE, phase=Phase.JOINING, problem=("outside_window", "early"))),
    "problem-unknown": State(replace(BASE, phase=Phase.JOINING, problem=("odd", "Something odd happened."))),
    "early": State(EARLY),
    "early-again": State(replace(EARLY, problem=("outside_window", "not yet"))),
    "closed": State(replace(EARLY, package=CLOSED, problem=("outside_window", "closed"))),
    "consent": State(BASE),
    "consent-displays": State(
        replace(BASE, package=with_policy(max_displays=3, blackout_passwords=True, blackouts=(Blackout(display=1),)))
    ),
    "consent-arranged": State(replace(BASE, accommodations=GRANTED)),
    "consent-webcam": State(replace(BASE, consent_at="webcam", consent_read=READ[:1])),
    "consent-identity-read": State(
        replace(BASE, package=with_policy(read_mrz=True), consent_at="id_card", consent_read=READ[:3])
    ),
    "consent-compare": State(replace(BASE, package=COMPARING, consent_at="compare", consent_read=READ[:3])),
    "consent-never-compared": State(
        replace(BASE, package=COMPARING, consent_at="never", consent_read=(*READ[:3], "compare", *READ[3:-1]))
    ),
    "consent-never": State(replace(BASE, consent_at="never", consent_read=READ[:-1])),
    "consent-statement": State(replace(BASE, consent_at="statement", consent_read=READ)),
    "reread": State(replace(BASE, phase=Phase.CHECKING, checks=FINE, reread_in=Phase.CHECKING), CAMERA),
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
    "checks-again": State(
        replace(BASE, phase=Phase.CHECKING, checks=STOPS, checks_running=True, measuring=frozenset({"displays"})),
        CAMERA,
    ),
    "checks-devices": State(replace(BASE, phase=Phase.CHECKING, checks=NO_DEVICES, settings_shut="camera")),
    "checks-dark": State(
        replace(BASE, phase=Phase.CHECKING, checks=LOOKS, profile="low"),
        replace(CAMERA, light="dark", microphone_dbfs=-52.0, voice_dbfs=-47.0),
    ),
    "checks-tone": State(replace(BASE, phase=Phase.CHECKING, checks=FINE, tone="played", profile="standard"), CAMERA),
    "checks-not-heard": State(
        replace(BASE, phase=Phase.CHECKING, checks=(*FINE, row("speaker", "warn", "not_heard")), settings_shut="sound"),
        CAMERA,
    ),
    "checks-rehearsing": State(
        replace(BASE, phase=Phase.CHECKING, checks=FINE, rehearsing=True, profile="standard"),
        replace(CAMERA, rehearsal_left_s=12, rehearsal_share=0.6),
    ),
    "checks-rehearsed": State(
        replace(BASE, phase=Phase.CHECKING, checks=(*FINE, row("speaker"), row("rehearsal")), profile="store"), CAMERA
    ),
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
    "waiting-back": State(
        replace(
            CHECKED,
            phase=Phase.WAITING,
            back_in=Phase.WAITING,
            id_card=Step(StepStatus.SENT, 1),
            room=Step(StepStatus.SENT, 1),
            problem=("camera_missing", "No camera was found."),
        )
    ),
    "waiting-offline": State(
        replace(
            CHECKED, phase=Phase.WAITING, link_up=False, id_card=Step(StepStatus.SENT, 1), room=Step(StepStatus.SENT, 1)
        )
    ),
    "waiting-place": State(
        replace(
            CHECKED,
            phase=Phase.WAITING,
            id_card=Step(StepStatus.SENT, 1),
            room=Step(StepStatus.SENT, 1),
            place=2,
            waiting=5,
        ),
        CAMERA,
    ),
    "waiting-again": State(
        replace(
            CHECKED,
            phase=Phase.WAITING,
            id_card=Step(StepStatus.SENT, 1),
            room=Step(StepStatus.SENT, 1),
            place=1,
            waiting=1,
            began_us=NOW_US - 900_000_000,
            began_ms=WALL_MS - 900_000,
        ),
        CAMERA,
    ),
    "help-arranged": State(replace(CHECKED, accommodations=GRANTED), CAMERA, "help"),
    "help": State(CHECKED, CAMERA, "help"),
    "locking": State(replace(EXAM, phase=Phase.LOCKING, recording=False, began_us=0)),
    "exam": State(EXAM, RECORDING),
    "exam-news": State(replace(EXAM, unread=1), RECORDING),
    "exam-captured": State(EXAM, RECORDING, "recording"),
    "exam-captured-compared": State(
        replace(EXAM, package=COMPARING, consent_read=("compare",)), RECORDING, "recording"
    ),
    "exam-captured-less": State(replace(EXAM, adapted=Adapted("low")), RECORDING, "recording"),
    "exam-captured-stored": State(replace(EXAM, adapted=Adapted("store")), RECORDING, "recording"),
    "exam-hint-covered": State(replace(EXAM, hints=("CAMERA_COVERED", "CAMERA_FROZEN")), RECORDING),
    "exam-hint-dark": State(replace(EXAM, hints=("CAMERA_DARK", "NOISE_HIGH")), RECORDING),
    "exam-hint-frozen": State(replace(EXAM, hints=("CAMERA_FROZEN",)), RECORDING),
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
    "exam-more": State(AT_WORK, RECORDING, "more"),
    "exam-help": State(AT_WORK, RECORDING, "help"),
    "exam-report": State(AT_WORK, RECORDING, "report"),
    "exam-report-picture": State(
        replace(AT_WORK, report_picture="taken"), replace(RECORDING, previews=RECORDING.previews | {"report"}), "report"
    ),
    "exam-place": State(AT_WORK, RECORDING, "more, more-place"),
    "exam-reported": State(replace(AT_WORK, reports=REPORTS), RECORDING, "report"),
    "exam-report-lost": State(replace(AT_WORK, reports=(*REPORTS[:1], LOST_REPORT)), RECORDING, "report"),
    "exam-break": State(AT_WORK, RECORDING, "break"),
    "exam-offline-long": State(
        replace(
            EXAM,
            phase=Phase.OFFLINE,
            link_up=False,
            backlog=Backlog(8_214, 61_900_000),
            link_since_us=NOW_US - 1_260_000_000,
            reports=REPORTS,
        ),
        RECORDING,
    ),
    "break": State(BREAK, RECORDING),
    "break-late": State(
        replace(BREAK, break_began_us=NOW_US - 690_000_000, break_overrun=True, link_up=False), RECORDING
    ),
    "break-leave": State(replace(BREAK, leave_asked=True), RECORDING),
    "break-unrecorded": State(
        replace(
            BREAK,
            package=with_policy(breaks=1, record_breaks=False, break_stops_clock=True),
            recording=False,
            problem=("camera_missing", "gone"),
        )
    ),
    "help-report": State(CHECKED, CAMERA, "help, help-report"),
    "unlocking": State(replace(EXAM, phase=Phase.UNLOCKING, reason="finished")),
    "failing": State(replace(EXAM, phase=Phase.FAILING, reason="recording_failed", problem=("disk_full", "full"))),
    "paper-starting": State(PARTING),
    "paper": State(PARTING, CAMERA),
    "paper-taking": State(PARTING, replace(CAMERA, capturing="paper")),
    "paper-look": State(
        replace(PARTING, paper=Step(StepStatus.TAKEN, 1)), replace(TAKEN, previews=frozenset({"camera", "paper"}))
    ),
    "paper-next": State(replace(PARTING, paper=Step(StepStatus.NOT_YET, 2)), CAMERA),
    "paper-no-camera": State(replace(PARTING, problem=("camera_missing", "No camera was found."))),
    "survey": State(ASKED),
    "survey-offline": State(replace(ASKED, link_up=False)),
    "over-starting": State(
        replace(OVER, phase=Phase.DONE, reason="finished", backlog=Backlog(1_682, 14_100_000), **AFTER),
        Live(removal=REMOVAL),
    ),
    "over-sending": State(
        replace(OVER, phase=Phase.DONE, reason="finished", backlog=Backlog(412, 3_400_000), **AFTER),
        Live(drained_records=1_270, drained_bytes=10_700_000, left_s=170.0, removal=REMOVAL),
    ),
    "over-reported": State(
        replace(
            OVER, phase=Phase.DONE, reason="finished", backlog=Backlog(412, 3_400_000), reports=REPORTS[:2], **AFTER
        ),
        Live(drained_records=1_270, drained_bytes=10_700_000, left_s=170.0, removal=REMOVAL),
    ),
    "over-done": State(
        replace(OVER, phase=Phase.DONE, reason="finished", receipt_complete=True, **AFTER),
        Live(
            drained_records=1_682,
            drained_bytes=14_100_000,
            receipt_path="/home/ada/.local/state/candidate-agent/receipts/00112233445566778899aabbccddeeff.html",
            own_data="saved",
            own_data_path="/home/ada/Downloads/exam-data-00112233.zip",
            removal=REMOVAL,
        ),
    ),
    "over-copy-failed": State(
        replace(OVER, phase=Phase.DONE, reason="finished", receipt_complete=True),
        Live(drained_bytes=1, receipt_path="receipt.html", own_data="failed", removal=replace(REMOVAL, way="windows")),
    ),
    "over-ended": State(
        replace(OVER, phase=Phase.ENDED, reason="ended_by_proctor", link_up=False, backlog=Backlog(90, 700_000)),
        Live(drained_records=40, drained_bytes=300_000),
    ),
    "over-not-restored": State(
        replace(
            OVER,
            phase=Phase.ENDED,
            reason="left_by_candidate",
            restored=False,
            restore_report=(*MEASURES[:3], ("notifications", "could not be put back: no answer")),
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
