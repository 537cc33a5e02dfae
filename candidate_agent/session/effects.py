"""Orders that come out of the session machine. Pure data; `driver` carries them out, in order."""

from dataclasses import dataclass

from exam_protocol.policy import ExamAccess
from exam_protocol.records import Entry, ReportEntry, Track


@dataclass(frozen=True, slots=True)
class Enrol:
    """Make this computer known to the server, and open the session's records."""


@dataclass(frozen=True, slots=True)
class Connect:
    """Open the line."""


@dataclass(frozen=True, slots=True)
class Record:
    """Seal an entry. The driver does so before it does anything that follows."""

    track: Track
    entry: Entry


@dataclass(frozen=True, slots=True)
class SignState:
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RaiseFlag:
    code: str
    reason: str
    severity: str = ""  # "": as in the catalogue


@dataclass(frozen=True, slots=True)
class RunChecks:
    only: str = ""


@dataclass(frozen=True, slots=True)
class OpenSettings:
    page: str


@dataclass(frozen=True, slots=True)
class PlayTone:
    """A short sound to hear, by the system's usual output."""


@dataclass(frozen=True, slots=True)
class Rehearse:
    """Record, seal, send and have acknowledged, as in the exam; kept nowhere."""


@dataclass(frozen=True, slots=True)
class StopRehearsal:
    pass


@dataclass(frozen=True, slots=True)
class AskToClose:
    """As the desktop does: the program may offer to save, and is never ended by force."""

    name: str


@dataclass(frozen=True, slots=True)
class OpenPreview:
    """Camera and microphone for check-in: shown to the candidate, kept nowhere."""


@dataclass(frozen=True, slots=True)
class OpenCamera:
    """The camera alone, after the exam: shown to the candidate, kept nowhere; the microphone stays closed."""


@dataclass(frozen=True, slots=True)
class CaptureStep:
    step: str
    attempt: int
    manner: str = ""  # of the room: "" by turning the camera, "desk_only" by hand


@dataclass(frozen=True, slots=True)
class DirectCapture:
    """A scan that is under way goes on to its next part, or ends with nothing."""

    step: str
    stop: bool


@dataclass(frozen=True, slots=True)
class SendStep:
    step: str
    attempt: int


@dataclass(frozen=True, slots=True)
class StartRecording:
    pass


@dataclass(frozen=True, slots=True)
class StopRecording:
    pass


@dataclass(frozen=True, slots=True)
class SetProfile:
    """Of the recording that runs: full, standard, low, store."""

    name: str


@dataclass(frozen=True, slots=True)
class ProbeLine:
    """How much the line takes now, while no picture goes over it."""


@dataclass(frozen=True, slots=True)
class ApplyLockdown:
    pass


@dataclass(frozen=True, slots=True)
class RestoreComputer:
    pass


@dataclass(frozen=True, slots=True)
class ShowExam:
    access: ExamAccess


@dataclass(frozen=True, slots=True)
class HideExam:
    """`forget`: the exam page is closed and its profile wiped, not only covered."""

    forget: bool


@dataclass(frozen=True, slots=True)
class SignEnd:
    reason: str
    restored: bool


@dataclass(frozen=True, slots=True)
class Drain:
    """Send the rest, then ask for the receipt."""


@dataclass(frozen=True, slots=True)
class CloseCamera:
    """Ends preview and every capture device."""


@dataclass(frozen=True, slots=True)
class PauseRecording:
    """For a break that is not recorded: camera, screen and sound end, the watch over the computer goes on."""


@dataclass(frozen=True, slots=True)
class ResumeRecording:
    """After such a break; the time between is declared as a gap."""


@dataclass(frozen=True, slots=True)
class SendReport:
    """Number and picture are put in, the rest is as the candidate saw it."""

    entry: ReportEntry
    with_picture: bool


@dataclass(frozen=True, slots=True)
class TakeScreenshot:
    """Of the exam screen, for a report; kept in memory until it is sent or dropped."""


@dataclass(frozen=True, slots=True)
class DropScreenshot:
    pass


@dataclass(frozen=True, slots=True)
class FollowReports:
    """Kept before a restart: tell when the server has them."""

    report_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlayCue:
    """Two soft tones: something new is to be read."""


@dataclass(frozen=True, slots=True)
class OpenReceipt:
    """In the person's own viewer."""


@dataclass(frozen=True, slots=True)
class SaveOwnData:
    """A copy of what this computer has of the session, where the candidate finds it."""


@dataclass(frozen=True, slots=True)
class OpenReport:
    """In the person's own browser."""


@dataclass(frozen=True, slots=True)
class CloseWindow:
    """Nothing holds the candidate here any more."""


Effect = (
    Enrol | Connect | Record | SignState | RaiseFlag | RunChecks | OpenPreview | CaptureStep | SendStep | StartRecording
    | StopRecording | ApplyLockdown | RestoreComputer | ShowExam | HideExam | SignEnd | Drain | CloseCamera
    | CloseWindow | AskToClose | OpenSettings | PlayTone | Rehearse | StopRehearsal
    | PauseRecording | ResumeRecording | SendReport | TakeScreenshot | DropScreenshot
    | PlayCue | DirectCapture | OpenCamera | OpenReceipt | SaveOwnData
    | OpenReport | FollowReports | SetProfile | ProbeLine
)  # fmt: skip
