"""Facts that reach the inbox, in the past tense. Pure data; the driver tells the machine when each one came."""

from dataclasses import dataclass

from candidate_agent.session.states import Backlog, Kept
from exam_protocol.messages import CommandBody
from exam_protocol.policy import Accommodations, ExamPackage
from exam_protocol.records import CheckRow, FlagEntry


@dataclass(frozen=True, slots=True)
class PackageOpened:
    """`has_sat`: a sitting that began may go on whatever the time is."""

    package: ExamPackage
    language: str
    has_sat: bool = False


@dataclass(frozen=True, slots=True)
class Enrolled:
    candidate_name: str
    accommodations: Accommodations
    candidate_id: str = ""


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
    candidate_id: str = ""


@dataclass(frozen=True, slots=True)
class LanguageChosen:
    language: str


@dataclass(frozen=True, slots=True)
class ConsentRead:
    """The candidate goes on from this stage of the consent."""

    item: str


@dataclass(frozen=True, slots=True)
class ConsentDeclined:
    """The candidate says no to this stage alone, and goes on."""

    item: str


@dataclass(frozen=True, slots=True)
class ConsentTurned:
    """The candidate turns to a stage of the consent that was read before."""

    item: str


@dataclass(frozen=True, slots=True)
class TextsAsked:
    """The candidate reads once more what was agreed to, or (`shown` False) has read it."""

    shown: bool


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
class DeviceChanged:
    """Since it was measured. `device`: camera, microphone; `code` of what is amiss, "": it works again, or it is
    another one."""

    device: str
    code: str


@dataclass(frozen=True, slots=True)
class ChecksFinished:
    pass


@dataclass(frozen=True, slots=True)
class CheckAgainAsked:
    code: str  # "" for all


@dataclass(frozen=True, slots=True)
class SettingsAsked:
    page: str  # of the catalogue's SETTINGS_PAGE


@dataclass(frozen=True, slots=True)
class SettingsShown:
    """`opened` False: this system has no such page that a program could open."""

    page: str
    opened: bool


@dataclass(frozen=True, slots=True)
class ToneAsked:
    pass


@dataclass(frozen=True, slots=True)
class TonePlayed:
    """`played` False: no output took it."""

    played: bool


@dataclass(frozen=True, slots=True)
class SpeakerAnswered:
    answer: str  # heard, not_heard, skipped


@dataclass(frozen=True, slots=True)
class RehearsalAsked:
    pass


@dataclass(frozen=True, slots=True)
class RehearsalStopAsked:
    pass


@dataclass(frozen=True, slots=True)
class RehearsalEnded:
    """`row` None: it was stopped before there was anything to say."""

    row: CheckRow | None


@dataclass(frozen=True, slots=True)
class ContinueAsked:
    pass


@dataclass(frozen=True, slots=True)
class CaptureAsked:
    step: str  # id_card, room
    manner: str = ""  # of the room: "" by turning the camera, "desk_only" by hand


@dataclass(frozen=True, slots=True)
class CaptureNextAsked:
    """The candidate goes on to the next part of a scan, or takes its picture now."""

    step: str


@dataclass(frozen=True, slots=True)
class CaptureStopAsked:
    """The candidate ends a scan that is under way; nothing of it is kept."""

    step: str


@dataclass(frozen=True, slots=True)
class StepCaptured:
    """`verdict`: of the identity picture one of `capture.card_judge.HINTS`; of the room how it was made: turned, timed,
    desk_only. `covered`: directions of the room that were seen, of eight."""

    step: str
    verdict: str = ""
    covered: int = 0


@dataclass(frozen=True, slots=True)
class ZoneLookedFor:
    """In the identity document, for its machine-readable zone. `outcome`: right, wrong, none, unsupported; no text."""

    outcome: str
    detail: str


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
class StepDeclined:
    """The candidate does not want to show this. A person decides; nothing ends by it."""

    step: str


@dataclass(frozen=True, slots=True)
class StepReopened:
    """The candidate shows it after all."""

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
class PlaceChanged:
    """Where the candidate stands among the `waiting` who wait to be admitted; zeros: the server does not say."""

    place: int
    waiting: int


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
class BreakAsked:
    pass


@dataclass(frozen=True, slots=True)
class BackAsked:
    """The candidate is back from a break."""


@dataclass(frozen=True, slots=True)
class ReportWritten:
    """The candidate sends a report. `about`: problem, or what it is about the place. `parts`: what they left in it, of
    `reports.PARTS`."""

    report_id: str
    about: str
    text: str
    minutes_ago: int
    unusable: bool
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportKept:
    """`number` "": it could not be kept."""

    report_id: str
    number: str


@dataclass(frozen=True, slots=True)
class ReportReceived:
    """The server has it."""

    report_id: str


@dataclass(frozen=True, slots=True)
class ScreenshotAsked:
    pass


@dataclass(frozen=True, slots=True)
class ScreenshotTaken:
    taken: bool


@dataclass(frozen=True, slots=True)
class ScreenshotDropped:
    """By the candidate, before it went anywhere."""


@dataclass(frozen=True, slots=True)
class LivePanelShown:
    """Whether the candidate looks at what is captured now."""

    shown: bool


@dataclass(frozen=True, slots=True)
class CueChosen:
    """How a new message or notice is told: `kind` is sound or visual."""

    kind: str
    on: bool


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
class EncoderOverloaded:
    """It has not kept up for `seconds`, with the quickest preset."""

    track: int
    seconds: int


@dataclass(frozen=True, slots=True)
class HintsChanged:
    """Codes of flags on something that goes on and that the candidate can mend."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineProbed:
    """0: nothing was answered in time."""

    up_bps: float


@dataclass(frozen=True, slots=True)
class ReceiptArrived:
    complete: bool


@dataclass(frozen=True, slots=True)
class PaperFinished:
    """No more sheets of scratch paper, or none was used."""


@dataclass(frozen=True, slots=True)
class SurveyAnswered:
    """1 to 5, 0 and "" where left out; all left out is a skipped survey."""

    ease: int
    understood: int
    words: str


@dataclass(frozen=True, slots=True)
class OpenReceiptAsked:
    pass


@dataclass(frozen=True, slots=True)
class OwnDataAsked:
    """The candidate wants a copy of what this computer still has of the session."""


@dataclass(frozen=True, slots=True)
class OpenReportAsked:
    """Of a practice, on its last page."""


@dataclass(frozen=True, slots=True)
class Ticked:
    """Once a second."""


Event = (
    PackageOpened | Enrolled | EnrolFailed | Resumed | LanguageChosen | ConsentGiven | ConsentRefused | CheckMeasured
    | ChecksFinished | CheckAgainAsked | ContinueAsked | CaptureAsked | StepCaptured | StepFailed | StepConfirmed
    | ZoneLookedFor | CaptureNextAsked | CaptureStopAsked | StepDeclined | StepReopened
    | CommandArrived | CandidateSaid | ChatRead | NoticeAcknowledged | HandRaised | LinkUp | LinkDown | LinkRefused
    | LeaseRenewed | WatchersChanged | LockdownApplied | LockdownFailed | RecordingStarted | RecordingFailed
    | FlagRaised | ProgramsSeen | CloseProgramAsked | CloseProgramEnded | LeaveAsked | LeaveWithdrawn | LeaveConfirmed
    | ExamFinished | WindowClosed | ComputerRestored
    | BreakAsked | BackAsked | ReportWritten | ReportKept | ReportReceived | ScreenshotAsked | ScreenshotTaken
    | ScreenshotDropped | LivePanelShown | CueChosen
    | SettingsAsked | SettingsShown | ToneAsked | TonePlayed | SpeakerAnswered
    | RehearsalAsked | RehearsalStopAsked | RehearsalEnded
    | ConsentRead | ConsentDeclined | ConsentTurned | TextsAsked | PlaceChanged
    | BacklogChanged | EncoderOverloaded | ReceiptArrived | PaperFinished | SurveyAnswered | OpenReceiptAsked
    | OwnDataAsked | Ticked | OpenReportAsked | DeviceChanged | LineProbed | HintsChanged
)  # fmt: skip
