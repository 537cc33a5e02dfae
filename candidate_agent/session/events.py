"""Facts that reach the inbox, in the past tense. Pure data; the driver tells the machine when each one came."""

from dataclasses import dataclass

from candidate_agent.session.states import Backlog, Kept
from exam_protocol.messages import CommandBody
from exam_protocol.policy import Accommodations, ExamPackage
from exam_protocol.records import CheckRow, FlagEntry


@dataclass(frozen=True, slots=True)
class PackageOpened:
    package: ExamPackage
    language: str


@dataclass(frozen=True, slots=True)
class Enrolled:
    candidate_name: str
    accommodations: Accommodations


@dataclass(frozen=True, slots=True)
class EnrolFailed:
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Resumed:
    """The program was restarted in the middle of a session that had come as far as `kept`."""

    kept: Kept
    candidate_name: str
    accommodations: Accommodations


@dataclass(frozen=True, slots=True)
class LanguageChosen:
    language: str


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    pass


@dataclass(frozen=True, slots=True)
class ConsentRefused:
    pass


@dataclass(frozen=True, slots=True)
class CheckMeasured:
    row: CheckRow


@dataclass(frozen=True, slots=True)
class ChecksFinished:
    pass


@dataclass(frozen=True, slots=True)
class CheckAgainAsked:
    code: str  # "" for all


@dataclass(frozen=True, slots=True)
class ContinueAsked:
    pass


@dataclass(frozen=True, slots=True)
class CaptureAsked:
    step: str  # id_card, room


@dataclass(frozen=True, slots=True)
class StepCaptured:
    step: str


@dataclass(frozen=True, slots=True)
class StepFailed:
    step: str
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class StepConfirmed:
    """The candidate looked at the picture and sends it."""

    step: str


@dataclass(frozen=True, slots=True)
class CommandArrived:
    """A proctor's command that is genuine, in time and not a repeat."""

    command_id: str
    proctor: str
    proctor_name: str
    body: CommandBody
    document_hash: bytes


@dataclass(frozen=True, slots=True)
class CandidateSaid:
    text: str
    message_id: str


@dataclass(frozen=True, slots=True)
class ChatRead:
    pass


@dataclass(frozen=True, slots=True)
class NoticeAcknowledged:
    command_id: str


@dataclass(frozen=True, slots=True)
class HandRaised:
    raised: bool


@dataclass(frozen=True, slots=True)
class LinkUp:
    pass


@dataclass(frozen=True, slots=True)
class LinkDown:
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class LinkRefused:
    """The server will not have us: another server's key, another version, a second agent."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class LeaseRenewed:
    valid_s: int


@dataclass(frozen=True, slots=True)
class WatchersChanged:
    proctors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LockdownApplied:
    pass


@dataclass(frozen=True, slots=True)
class LockdownFailed:
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class RecordingStarted:
    pass


@dataclass(frozen=True, slots=True)
class RecordingFailed:
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class FlagRaised:
    """Already in the spool."""

    flag: FlagEntry


@dataclass(frozen=True, slots=True)
class ProgramsSeen:
    """All programs that run now and that the exam does not allow, as the list calls them."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CloseProgramAsked:
    """The candidate wants a program to be asked to close."""

    name: str


@dataclass(frozen=True, slots=True)
class CloseProgramEnded:
    """`closed` False: it did not close in the time it had."""

    name: str
    closed: bool


@dataclass(frozen=True, slots=True)
class LeaveAsked:
    """First of two deliberate steps."""


@dataclass(frozen=True, slots=True)
class LeaveWithdrawn:
    pass


@dataclass(frozen=True, slots=True)
class LeaveConfirmed:
    pass


@dataclass(frozen=True, slots=True)
class ExamFinished:
    """The candidate hands in."""


@dataclass(frozen=True, slots=True)
class WindowClosed:
    """The window or the desktop session is going away."""


@dataclass(frozen=True, slots=True)
class ComputerRestored:
    restored: bool
    measures: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class BacklogChanged:
    backlog: Backlog


@dataclass(frozen=True, slots=True)
class ReceiptArrived:
    complete: bool


@dataclass(frozen=True, slots=True)
class OpenReportAsked:
    """Of a practice, on its last page."""


@dataclass(frozen=True, slots=True)
class Ticked:
    """Once a second."""


Event = (
    PackageOpened | Enrolled | EnrolFailed | Resumed | LanguageChosen | ConsentGiven | ConsentRefused | CheckMeasured
    | ChecksFinished | CheckAgainAsked | ContinueAsked | CaptureAsked | StepCaptured | StepFailed | StepConfirmed
    | CommandArrived | CandidateSaid | ChatRead | NoticeAcknowledged | HandRaised | LinkUp | LinkDown | LinkRefused
    | LeaseRenewed | WatchersChanged | LockdownApplied | LockdownFailed | RecordingStarted | RecordingFailed
    | FlagRaised | ProgramsSeen | CloseProgramAsked | CloseProgramEnded | LeaveAsked | LeaveWithdrawn | LeaveConfirmed
    | ExamFinished | WindowClosed | ComputerRestored
    | BacklogChanged | ReceiptArrived | Ticked
    | OpenReportAsked
)  # fmt: skip
