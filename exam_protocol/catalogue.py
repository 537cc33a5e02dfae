"""Checks, flags and interventions as data: one row each, so that client, console, report and documents agree. Pure.

Severity weighs what a person should look at first, never a verdict. TECHNICAL is shown and never scored.
"""

from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    TECHNICAL = "technical"
    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


WEIGHT = {
    Severity.TECHNICAL: 0.0, Severity.INFO: 0.1, Severity.LOW: 0.25, Severity.MEDIUM: 0.5, Severity.HIGH: 0.7,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FlagKind:
    code: str
    group: str
    severity: Severity
    title: str


@dataclass(frozen=True, slots=True)
class CheckKind:
    """`blocks`: a fail keeps the candidate from going on; otherwise a person decides."""

    code: str
    title: str
    unit: str
    blocks: bool


@dataclass(frozen=True, slots=True)
class InterventionKind:
    code: str
    purpose: str
    template: str


_T, _I, _L, _M, _H = Severity.TECHNICAL, Severity.INFO, Severity.LOW, Severity.MEDIUM, Severity.HIGH

FLAGS = {
    kind.code: kind
    for kind in (
        FlagKind("ID_UNREADABLE", "identity", _T, "Identity document not readable"),
        FlagKind("FACE_CHANGED", "identity", _M, "Another face may be in front of the camera"),
        FlagKind("FACE_ABSENT", "presence", _M, "No face in the camera's picture"),
        FlagKind("FACE_MULTIPLE", "presence", _M, "More than one face in the camera's picture"),
        FlagKind("SEAT_LEFT", "presence", _M, "Nobody in the camera's picture"),
        FlagKind("FACE_COVERED", "presence", _L, "The face is partly covered"),
        FlagKind("GAZE_AWAY_PATTERN", "gaze", _L, "Looked the same way several times"),
        FlagKind("PHONE_VISIBLE", "objects", _M, "A phone may be in the picture"),
        FlagKind("BOOK_VISIBLE", "objects", _L, "A book may be in the picture"),
        FlagKind("CAMERA_VIRTUAL", "camera", _H, "The camera is a program, not a device"),
        FlagKind("CAMERA_DARK", "camera", _T, "Camera picture is dark"),
        FlagKind("CAMERA_COVERED", "camera", _M, "Camera may be covered"),
        FlagKind("CAMERA_FROZEN", "camera", _M, "Camera picture stands still"),
        FlagKind("CAMERA_SWITCHED", "camera", _L, "Another camera is in use"),
        FlagKind("CAMERA_LOST", "camera", _T, "Camera gives no picture"),
        FlagKind("MICROPHONE_SWITCHED", "audio", _L, "Another microphone is in use"),
        FlagKind("MICROPHONE_MUTED", "audio", _T, "Microphone is muted"),
        FlagKind("MICROPHONE_SILENT", "audio", _T, "Microphone gives no sound"),
        FlagKind("VOICE_NEAR", "audio", _L, "Speech near the computer"),
        FlagKind("VOICE_SECOND", "audio", _M, "More than one voice near the computer"),
        FlagKind("NOISE_HIGH", "audio", _T, "It is loud around the computer"),
        FlagKind("DISPLAY_ADDED", "display", _H, "Another display was connected"),
        FlagKind("DISPLAY_MIRRORED", "display", _M, "The display is mirrored"),
        FlagKind("FULLSCREEN_LEFT", "display", _M, "The exam is not fullscreen"),
        FlagKind("SCREEN_CAPTURE_STOPPED", "display", _H, "Screen recording stopped"),
        FlagKind("SCREEN_BLACK", "display", _M, "Screen recording is black"),
        FlagKind("DISPLAY_CHANGED", "display", _T, "The display changed its size or position"),
        FlagKind("FOCUS_LOST", "windows", _L, "Another window was in front"),
        FlagKind("OVERLAY_TOPMOST", "windows", _M, "A window lies over the exam"),
        FlagKind("WINDOW_HIDDEN_FROM_CAPTURE", "windows", _H, "A window is kept out of the recording"),
        FlagKind("REMOTE_CONTROL", "processes", _H, "A remote-control program runs"),
        FlagKind("AI_ASSISTANT", "processes", _H, "An assistant program runs"),
        FlagKind("CAPTURE_TOOL", "processes", _M, "A screen-capture program runs"),
        FlagKind("CONFERENCING", "processes", _L, "A meeting program runs"),
        FlagKind("WRITING_ASSISTANT", "processes", _L, "A writing assistant runs"),
        FlagKind("OTHER_BROWSER", "processes", _L, "Another browser runs"),
        FlagKind("PROGRAM_NOT_ALLOWED", "processes", _M, "A program that this exam does not allow runs"),
        FlagKind("PRINT_SCREEN", "input", _M, "The screenshot key was pressed"),
        FlagKind("INPUT_INJECTED", "input", _M, "A program sent key presses"),
        FlagKind("SHORTCUT_BLOCKED", "input", _L, "A blocked key combination was pressed"),
        FlagKind("CLIPBOARD_USED", "input", _L, "Another program used the clipboard"),
        FlagKind("INPUT_BURST", "input", _L, "Keys came faster than people type"),
        FlagKind("VM_SUSPECT", "integrity", _M, "This may be a virtual machine"),
        FlagKind("DEBUGGER_PRESENT", "integrity", _H, "Another program looks into the exam program"),
        FlagKind("CLIENT_TAMPERED", "integrity", _H, "The exam program may have been changed"),
        FlagKind("POLICY_TAMPERED", "integrity", _H, "The exam's rules may have been changed"),
        FlagKind("AGENT_STOPPED", "integrity", _M, "The exam program was stopped from outside and went on"),
        FlagKind("KEEPER_ENDED", "integrity", _M, "The process that gives the computer back ended"),
        FlagKind("MEASURE_UNDONE", "integrity", _M, "A protection was undone and put back"),
        FlagKind("CLOCK_JUMP", "integrity", _M, "The computer's clock was changed"),
        FlagKind("USB_ADDED", "devices", _L, "A storage device was connected"),
        FlagKind("KEYBOARD_ADDED", "devices", _L, "Another keyboard was connected"),
        FlagKind("AUDIO_ROUTE_CHANGED", "devices", _L, "Sound goes to another output"),
        FlagKind("LINK_LOST", "network", _T, "The line was lost"),
        FlagKind("LINK_SLOW", "network", _T, "The line is slow"),
        FlagKind("UPLOAD_BACKLOG", "network", _T, "Recordings wait to be sent"),
        FlagKind("STREAM_GAP", "network", _T, "A recording has a gap"),
        FlagKind("RESTARTED", "session", _T, "The program was restarted"),
        FlagKind("FINDINGS_STOPPED", "session", _T, "Nothing is looked for on the device"),
        FlagKind("RECORD_FAILED", "session", _T, "Something could not be recorded"),
        FlagKind("SUSPENDED", "session", _L, "The computer was asleep"),
        FlagKind("EXIT_EARLY", "session", _M, "The exam was left early"),
        FlagKind("BREAK_OVERRUN", "session", _L, "A break took longer than agreed"),
        FlagKind("ENVIRONMENT_REPORT", "session", _I, "The candidate reports something about the place"),
        FlagKind("HELP_REQUEST", "session", _I, "The candidate asks for help"),
        FlagKind("PROCTOR_RAISED", "session", _I, "Raised by the proctor"),
    )
}

CHECKS = {
    kind.code: kind
    for kind in (
        CheckKind("system", "Operating system", "", True),
        CheckKind("session_type", "Desktop session", "", True),
        CheckKind("protection", "Protection of the exam", "", False),
        CheckKind("permissions", "Permissions", "", False),
        CheckKind("displays", "Displays", "displays", True),
        CheckKind("camera", "Camera", "", True),
        CheckKind("light", "Light", "luma", False),
        CheckKind("framing", "Your place in the picture", "%", False),
        CheckKind("microphone", "Microphone", "dBFS", True),
        CheckKind("noise", "Noise around you", "dBFS", False),
        CheckKind("network_up", "Upload", "Mbit/s", False),
        CheckKind("network_down", "Download", "Mbit/s", False),
        CheckKind("delay", "Delay", "ms", False),
        CheckKind("server", "Exam server", "ms", True),
        CheckKind("download", "Files from the exam server", "kB", False),
        CheckKind("window", "Time of the exam", "", False),
        CheckKind("client", "Exam program", "", True),
        CheckKind("clock", "Clock", "s", False),
        CheckKind("disk", "Disk space", "GB", True),
        CheckKind("processor", "Processor", "", False),
        CheckKind("memory", "Memory", "", False),
        CheckKind("encoder", "Recording speed", "times", False),
        CheckKind("programs", "Programs", "programs", False),
        CheckKind("assistive", "Programs that help people", "programs", False),
        CheckKind("hidden_windows", "Hidden windows", "windows", False),
        CheckKind("virtual_machine", "Virtual machine", "signals", False),
        CheckKind("remote_session", "Remote session", "signals", False),
        CheckKind("power", "Power", "", False),
        CheckKind("printer", "Printer", "printers", False),
        CheckKind("speaker", "Loudspeaker", "", False),
        CheckKind("rehearsal", "Rehearsal", "%", False),
    )
}

ASKED = frozenset({"speaker", "rehearsal"})
"""Checks that begin with the candidate's click, and that may be left out."""

SETTINGS_PAGE = {
    "displays": "displays",
    "camera": "camera",
    "microphone": "microphone",
    "noise": "microphone",
    "speaker": "sound",
    "permissions": "privacy",
    "network_up": "network",
    "network_down": "network",
    "delay": "network",
    "server": "network",
    "power": "power",
}
"""Check -> the page of the system's settings where it can be mended, in the words of the platform's port."""

INTERVENTIONS = {
    kind.code: kind
    for kind in (
        InterventionKind("ROOM_PAN", "clarify", "Please show me the room once more with your camera."),
        InterventionKind(
            "CAMERA_OR_LIGHT", "clarify", "Please adjust your camera or your light so that I can see you."
        ),
        InterventionKind("STOP_SPEAKING", "correct", "Please do not speak or read aloud."),
        InterventionKind("PERSON_LEAVE", "stop", "Another person seems to be in the room. Please ask them to leave."),
        InterventionKind("LOOK_AT_SCREEN", "correct", "Please do not look away from the screen."),
        InterventionKind("STOP_MATERIAL", "stop", "Please put away the material that is not permitted."),
    )
}

LEVELS = ("reminder", "warning", "final")
