"""Orders that come out of the session machine. Pure data; `driver` carries them out, in order."""

from dataclasses import dataclass

from exam_protocol.policy import ExamAccess
from exam_protocol.records import Entry, Track


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
class AskToClose:
    """As the desktop does: the program may offer to save, and is never ended by force."""

    name: str


@dataclass(frozen=True, slots=True)
class OpenPreview:
    """Camera and microphone for check-in: shown to the candidate, kept nowhere."""


@dataclass(frozen=True, slots=True)
class CaptureStep:
    step: str
    attempt: int


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
class OpenReport:
    """In the person's own browser."""


@dataclass(frozen=True, slots=True)
class CloseWindow:
    """Nothing holds the candidate here any more."""


Effect = (
    Enrol | Connect | Record | SignState | RaiseFlag | RunChecks | OpenPreview | CaptureStep | SendStep | StartRecording
    | StopRecording | ApplyLockdown | RestoreComputer | ShowExam | HideExam | SignEnd | Drain | CloseCamera
    | CloseWindow | AskToClose
    | OpenReport
)  # fmt: skip
