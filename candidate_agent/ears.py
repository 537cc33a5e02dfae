"""What the parts say while a session runs, turned into facts for the inbox, flags and records. Callbacks, no decisions.

The other half of `hands`: hands carry out orders, ears bring back what happened. Built by `app`.
"""

from collections.abc import Callable

from candidate_agent import receipts
from candidate_agent.base.errors import StorageError
from candidate_agent.base.logs import Log
from candidate_agent.capture import display_words
from candidate_agent.capture import events as heard
from candidate_agent.hands import Hands
from candidate_agent.joining import Join
from candidate_agent.session import events as ev
from candidate_agent.uplink.commands import Accepted, CommandGate
from candidate_agent.uplink.sender import CommandReceived, KeyFrameAsked, ReceiptReceived, RosterReceived, UplinkEvent
from exam_protocol.errors import ProtocolError
from exam_protocol.records import ResultEntry, Track
from exam_protocol.signing import SignedDocument

_CAPTURE_FLAGS: dict[type, tuple[str, str]] = {
    heard.CameraLost: ("CAMERA_LOST", "The camera gives no picture; it is tried again every second."),
    heard.CameraSwitched: ("CAMERA_SWITCHED", "Another camera is recorded from here on."),
    heard.CameraVirtual: ("CAMERA_VIRTUAL", "By what the system says of it, the camera is a program, not a device."),
    heard.ScreenLost: ("SCREEN_CAPTURE_STOPPED", "The screen could not be recorded."),
    heard.ScreenBlack: ("SCREEN_BLACK", "All of the screen that is recorded was black for 10 s."),
    heard.SoundLost: ("MICROPHONE_SILENT", "The microphone gives no sound; silence is recorded."),
    heard.MicrophoneSwitched: ("MICROPHONE_SWITCHED", "Another microphone is recorded from here on."),
    heard.SoundSilent: ("MICROPHONE_MUTED", "The microphone gives exact silence; it may be muted."),
    heard.CaptureFailed: ("RECORD_FAILED", "A part of the recording stopped."),
}


class Ears:
    def __init__(self, join: Join, gate: CommandGate, hands: Hands, post: Callable[[ev.Event], None], log: Log) -> None:
        self._join, self._gate, self._hands, self._post, self._log = join, gate, hands, post, log
        self.receipt: SignedDocument | None = None

    def uplink(self, event: UplinkEvent) -> None:
        """On the event loop."""
        match event:
            case CommandReceived(document):
                self._command(document)
            case KeyFrameAsked(track):
                if self._hands.pipeline is not None:
                    self._hands.pipeline.key_frame(track)
            case RosterReceived(document):
                self._roster(document)
            case ReceiptReceived(document):
                self._receipt(document)
            case _:
                self._post(event)

    def _command(self, document: SignedDocument) -> None:
        opened = self._gate.open(document)
        if isinstance(opened, Accepted):
            command, entry = opened.command, opened.proctor
            self._post(ev.CommandArrived(command.command_id, entry.id, entry.name, opened.body, opened.document_hash))
            return
        self._log.line("command_rejected", code=opened.code)
        at_ms = self._hands.parts.clock.wall_ms()
        self._hands.record(Track.CONTROL, ResultEntry(opened.command_id, "refused", opened.code, at_ms))

    def _roster(self, document: SignedDocument) -> None:
        """A shift change: who came gets the new epoch's key, who left does not. An epoch that cannot be begun now is
        begun by `Enrolling.follow_duty`."""
        if document == self._join.file.roster:
            return
        try:
            self._gate.set_roster(document)
        except ProtocolError as error:
            self._log.line("roster_rejected", code=error.code)
            return
        if not self._join.keep(roster=document):
            self._log.line("session_not_saved")
        try:
            self._hands.enrolling.new_epoch()
        except (StorageError, ValueError) as error:
            self._log.line("epoch_put_off", error=type(error).__name__)

    def _receipt(self, document: SignedDocument) -> None:
        try:
            receipt = receipts.opened(document, self._join)
        except ProtocolError as error:
            self._log.line("receipt_rejected", code=error.code)
            return
        if receipt is None:
            return
        if self._hands.uplink is not None:
            self._hands.uplink.server_clock.heard(receipt.server_time_ms)
        self.receipt = document
        parts = self._hands.parts
        agrees = not receipt.complete or receipts.agrees(receipt, parts.spool.heads(), parts.recorder.damaged_records())
        if not agrees:
            self._log.line("receipt_disagrees")
        self._post(ev.ReceiptArrived(receipt.complete and agrees))

    def capture(self, event: heard.CaptureEvent) -> None:
        """On a capture thread."""
        self._log.line("capture", what=type(event).__name__)
        self._hands.looking.note(event)
        flag = _CAPTURE_FLAGS.get(type(event))
        if isinstance(event, heard.FindingsStopped):
            self._hands.raise_flag("FINDINGS_STOPPED", event.reason)
        elif isinstance(event, heard.DisplayChanged):
            self._hands.raise_flag("DISPLAY_CHANGED", display_words.said(event))
        elif isinstance(event, heard.EncoderOverloaded):
            self._post(ev.EncoderOverloaded(event.track, event.seconds))
        elif isinstance(event, heard.ScreenLost) and event.display:
            self._hands.raise_flag("SCREEN_CAPTURE_STOPPED", f"Display {event.display + 1} could not be recorded.")
        elif flag is not None:
            self._hands.raise_flag(*flag)
