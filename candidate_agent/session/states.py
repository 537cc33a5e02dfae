"""Everything the agent knows of a sitting, as one frozen value. Pure. `machine.step` makes the next, `ui.view_model`
draws it; nobody else keeps state about the session.
"""

from dataclasses import dataclass, field
from enum import Enum

from exam_protocol.policy import Accommodations, ExamAccess, ExamPackage
from exam_protocol.records import CheckRow


class Phase(Enum):
    IDLE = "idle"
    OUTSIDE = "outside"  # the exam's window is not open: the countdown runs, or it has closed
    JOINING = "joining"  # enrolling at the server
    CONSENTING = "consenting"
    REFUSED = "refused"  # consent or admission refused: the institution's alternative is shown
    CHECKING = "checking"
    IDENTIFYING = "identifying"
    WAITING = "waiting"  # a proctor looks at identity and room
    LOCKING = "locking"
    RUNNING = "running"
    OFFLINE = "offline"  # as RUNNING, without a line
    PAUSED = "paused"  # exam hidden, lockdown held
    FAILING = "failing"  # lockdown could not be held, recording cannot go on, lease lapsed ...
    UNLOCKING = "unlocking"
    PARTING = "parting"  # restored; what the exam still asks for before the record is closed: paper, a few questions
    DONE = "done"  # restored; the rest is sent
    ENDED = "ended"  # as DONE, ended by the proctor, by leaving or by failure


LOCKED = frozenset({Phase.LOCKING, Phase.RUNNING, Phase.OFFLINE, Phase.PAUSED, Phase.FAILING})
EXAM_VISIBLE = frozenset({Phase.RUNNING, Phase.OFFLINE})
BEFORE_EXAM = frozenset({Phase.CONSENTING, Phase.CHECKING, Phase.IDENTIFYING, Phase.WAITING})
OVER = frozenset({Phase.DONE, Phase.ENDED, Phase.REFUSED})


class StepStatus(Enum):
    NOT_YET = "not_yet"
    TAKEN = "taken"  # captured, the candidate looks at it
    SENT = "sent"
    ASKED_AGAIN = "asked_again"
    APPROVED = "approved"
    SKIPPED = "skipped"  # not asked for by the policy
    DECLINED = "declined"  # the candidate does not want to show it; a person decides


@dataclass(frozen=True, slots=True)
class Step:
    """Identity picture or room scan."""

    status: StepStatus = StepStatus.NOT_YET
    attempt: int = 0
    reason: str = ""  # why it was asked again
    verdict: str = ""  # of the picture that was taken, as in events.StepCaptured
    covered: int = 0
    misses: int = 0  # identity pictures that were judged not good


@dataclass(frozen=True, slots=True)
class Kept:
    """How far a sitting had come, for a restart; `resuming` says what is in it and what never is."""

    phase: Phase = Phase.JOINING
    reason: str = ""
    id_card: Step = field(default_factory=Step)
    room: Step = field(default_factory=Step)
    warnings: int = 0
    began_ms: int = 0  # wall time; 0: the exam was not shown yet
    profile: str = ""
    consent_at: str = ""
    consent_read: tuple[str, ...] = ()
    consent_declined: tuple[str, ...] = ()
    breaks: int = 0  # begun so far
    break_began_ms: int = 0  # wall time; 0: no break at that moment
    ended_ms: int = 0  # wall time
    messages: int = 0  # how many, never what
    restored: bool | None = None
    measures: tuple[tuple[str, str], ...] = ()
    paper: Step = field(default_factory=Step)
    language: str = ""  # chosen last; what is not known any more is passed over
    reports: tuple["SentReport", ...] = ()  # what they say is in the record alone


@dataclass(frozen=True, slots=True)
class ChatLine:
    sender: str  # "candidate" or the proctor's name
    text: str
    at_ms: int
    message_id: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A proctor's intervention on the screen. A warning stays until it is acknowledged."""

    command_id: str
    code: str
    level: str  # reminder, warning, final
    text: str
    acknowledged: bool = False


class ProgramState(Enum):
    OPEN = "open"
    ASKED = "asked"  # to close; it may ask its user whether to save
    STAYS = "stays"  # it was asked and did not close


@dataclass(frozen=True, slots=True)
class OpenProgram:
    """A program of the published list that runs and that this exam does not allow."""

    name: str
    state: ProgramState = ProgramState.OPEN


@dataclass(frozen=True, slots=True)
class SentReport:
    """What the candidate reported, as far as it came. What it says is in the record alone."""

    report_id: str
    about: str
    number: str = ""  # "" until it is kept
    received: bool = False  # the server has it
    failed: bool = False  # it could not be kept
    lost: bool = False  # the program ended before it was known to be kept


@dataclass(frozen=True, slots=True)
class Backlog:
    records: int = 0
    bytes: int = 0
    age_s: float = 0.0  # of the oldest picture or sound that the server does not have


@dataclass(frozen=True, slots=True)
class Adapted:
    """How the recording was made to fit during the exam, as `adapting` remembers it. Monotonic times; 0: never."""

    name: str = ""  # the profile of now; "": as the checks allowed
    changed_us: int = 0
    went_up_us: int = 0
    calm_since_us: int = 0  # since when nothing has had to wait
    calm_us: int = 120_000_000  # how long that has to last before a step up
    probed_us: int = 0  # the line, while nothing but words goes over it
    behind_us: int = 0  # since when what was stored is caught up with, as far as it was looked at
    behind_s: float = 0.0  # how old the oldest record was then


@dataclass(frozen=True, slots=True)
class Session:
    phase: Phase = Phase.IDLE
    package: ExamPackage | None = None
    candidate_name: str = ""
    accommodations: Accommodations = field(default_factory=Accommodations)
    language: str = "en"
    problem: tuple[str, str] | None = None  # (code, sentence) of what keeps the session from going on
    asked_us: int = 0  # when the server was last asked to let us join
    consent_at: str = ""  # the stage that is shown; "": the first
    consent_read: tuple[str, ...] = ()  # stages that were gone through
    consent_declined: tuple[str, ...] = ()  # those of them that were said no to, where that can be
    back_in: Phase | None = None  # the program was started again, and the candidate is still in this phase
    reread_in: Phase | None = None  # the texts of the consent are read again, in this phase
    checks: tuple[CheckRow, ...] = ()
    checks_running: bool = False
    measuring: frozenset[str] = frozenset()  # codes of the checks that are under way
    tone: str = ""  # playing, played, failed: the sound to hear, until the candidate has answered
    rehearsing: bool = False
    profile: str = ""  # of the recording, as the measured line allows; "": the policy's
    adapted: Adapted = field(default_factory=Adapted)
    settings_shut: str = ""  # page of the system's settings that could not be opened for the candidate
    programs: tuple[OpenProgram, ...] = ()
    id_card: Step = field(default_factory=Step)
    room: Step = field(default_factory=Step)
    paper: Step = field(default_factory=Step)  # `attempt`: sheets sent so far
    chat: tuple[ChatLine, ...] = ()
    messages_before: int = 0  # of this session, before the program was started again
    unread: int = 0
    notices: tuple[Notice, ...] = ()
    warnings_delivered: int = 0
    access: ExamAccess | None = field(default=None, repr=False)
    link_up: bool = False
    link_since_us: int = 0
    lease_until_us: int = 0
    lockdown_held: bool = False
    leave_asked: bool = False
    hand_raised: bool = False
    recording: bool = False
    watchers: tuple[str, ...] = ()
    place: int = 0  # in the line of those who wait to be admitted; 0: not known
    waiting: int = 0  # how many wait
    began_us: int = 0  # exam first shown; moved on by breaks in which the exam's time stood still
    began_ms: int = 0  # the same, wall time, for a restart
    breaks_taken: int = 0
    break_began_us: int = 0  # 0: no break now
    break_began_ms: int = 0  # the same, wall time
    break_overrun: bool = False
    break_returning: bool = False  # the candidate is back, and recording starts again first
    candidate_id: str = ""
    reports: tuple[SentReport, ...] = ()
    hints: tuple[str, ...] = ()  # codes of flags on something that goes on and that the candidate can mend
    report_picture: str = ""  # taken or failed: the picture of the screen for a report that is being written
    live_panel_open: bool = False
    cue_sound: bool = True  # two soft tones for each message and notice
    cue_visual: bool = True
    ended_ms: int = 0  # wall time at which the exam was over
    reason: str = ""  # why it is paused, refused or over: one of the codes of `sitting`, `talk`, `ending`
    words: str = ""  # what the proctor wrote with it
    restored: bool | None = None
    restore_report: tuple[tuple[str, str], ...] = ()
    backlog: Backlog = field(default_factory=Backlog)
    receipt_complete: bool = False
