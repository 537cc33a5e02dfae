"""One fixed example of every record, message, entry, document and command, for golden bytes and round trips."""

from exam_protocol import messages as m
from exam_protocol import policy as p
from exam_protocol import records as r
from exam_protocol.evidence import Bundle
from exam_protocol.keyfile import Card, KeyFile
from exam_protocol.sealing import EpochSealer
from exam_protocol.signing import DOMAIN_ROSTER, SigningKey, sign_document

SESSION = bytes(range(16))
DEVICE = SigningKey.from_seed(b"D" * 32)
KEY, HASH = b"P" * 32, b"H" * 32
HEADS = (r.TrackHead(0, 2, HASH), r.TrackHead(255, 3, HASH))
DOCUMENT = sign_document(SigningKey.from_seed(b"R" * 32), DOMAIN_ROSTER, b'{"version":1}')

SIGNED: dict[str, r.Signed] = {
    "open": r.Open(SESSION, HASH, DEVICE.public_key, KEY, "0.1.0", "linux/x11", HASH, 1, 1_780_000_000_000, "UTC"),
    "epoch": r.Epoch(1, HASH, HEADS, 1, HASH, (r.Wrap("archive", b"w" * 80),)),
    "check": r.Check(HEADS, 1_780_000_005_000),
    "check_with_marks": r.Check(HEADS, 1_780_000_005_000, (r.Marks(1, 7, b"abcdefgh"),)),
    "gap": r.Gap(1, 5, 6, (HASH, HASH), 1_000, 2_000, "damaged"),
    "end": r.End(HEADS, "submitted", True, 1_780_000_009_000),
    "state": r.State("running", "", 1_780_000_001_000),
}

ENTRIES: dict[str, r.Entry] = {
    "chat": r.ChatEntry("candidate", "Hé \u2713", "m-1", 1),
    "command": r.CommandEntry("c-1", "intervention", "proctor-a", "Look", "LOOK_AT_SCREEN", "reminder", HASH, 2),
    "result": r.ResultEntry("c-1", "acknowledged", "", 3),
    "flag": r.FlagEntry("DISPLAY_ADDED", "high", "A display was connected.", 1, 10, 20, {"displays": 2.0}),
    "log": r.LogEntry("restarted", "", 4),
    "consent": r.ConsentEntry(True, "2026-1", "en", 5),
    "checks": r.ChecksEntry((r.CheckRow("light", "warn", 52.5, "luma", "60-200", "Turn on a light."),), 6),
    "picture": r.PictureEntry("room", 1, 0, 8, "image/jpeg", b"\xff\xd8\xff\xd9", 7),
    "restore": r.RestoreEntry(True, {"keyboard": "restored"}, 8),
    "report": r.ReportEntry(
        r.report_number(SESSION, "r-1"),
        "r-1",
        "problem",
        9,
        "No sound.",
        True,
        8,
        "https://exam.invalid",
        "c-1",
        {"phase": "running"},
        b"\xff\xd8\xff\xd9",
    ),
    "report_of_the_place": r.ReportEntry(r.report_number(SESSION, "r-2"), "r-2", "noise", 10),
    "survey": r.SurveyEntry(4, 5, "Calm and clear.", 9),
}

INFO = m.SessionInfo("00" * 16, "BIO", "Cleo", "running", "", True, KEY, KEY, 1, 2, 0, False)

MESSAGES: dict[str, object] = {
    "hello": m.Hello(1, 1, ("receipts",), "0.1.0", SESSION),
    "challenge": m.Challenge(1, ("receipts",), SESSION, KEY, b"s" * 64),
    "proof": m.Proof("token", SESSION, 0, SESSION, b"s" * 64),
    "welcome": m.Welcome(17, 1_780_000_000_000),
    "refused": m.Refused("second_agent", "Another agent runs."),
    "ack": m.Ack(17),
    "lease": m.Lease(30),
    "key_frame_wanted": m.KeyFrameWanted(1),
    "queue": m.Queue(2, 5),
    "watched": m.Watched(("proctor-a",)),
    "command": m.CommandMessage(DOCUMENT),
    "roster": m.RosterMessage(DOCUMENT),
    "receipt": m.ReceiptMessage(DOCUMENT),
    "ping": m.Ping(1),
    "pong": m.Pong(1, 2),
    "probe": m.Probe(1, "xx"),
    "probe_wanted": m.ProbeWanted(1, 16384),
    "console_welcome": m.ConsoleWelcome("proctor-a", DOCUMENT, DOCUMENT, (INFO,), 3),
    "session_changed": m.SessionChanged(INFO),
    "watch": m.Watch("00" * 16, (1, 2)),
    "unwatch": m.Unwatch("00" * 16),
    "send_command": m.SendCommand(DOCUMENT),
    "command_relayed": m.CommandRelayed("c-1", "held"),
    "console_dropped": m.ConsoleDropped("00" * 16, 1, 4),
}
CONSOLE_ONLY = frozenset(
    {"console_welcome", "session_changed", "watch", "unwatch", "send_command", "command_relayed", "console_dropped"}
)

ACCESS = p.ExamAccess("https://exam.invalid/1", "secret7", ("https://exam.invalid",))

BODIES: dict[str, m.CommandBody] = {
    "chat": m.ChatBody("Hello"),
    "admit": m.AdmitBody(ACCESS),
    "refuse": m.RefuseBody("No document."),
    "ask_again": m.AskAgainBody("id_card", "Blurred."),
    "intervention": m.InterventionBody("ROOM_PAN", "reminder", "Please show me the room."),
    "pause": m.PauseBody("Fire alarm."),
    "resume": m.ResumeBody(),
    "end": m.EndBody("Two warnings were given."),
    "flag_decision": m.FlagDecisionBody(3, "dismissed", "A child came in and left."),
    "raise_flag": m.RaiseFlagBody("Somebody spoke in the room.", "low"),
}

PACKAGE = p.ExamPackage(
    "BIO", "Biology", "Test University", "https://exam.invalid", KEY, KEY, (p.Recipient("archive", KEY),),
    "I do this alone.", "2026-1", "Talk to us.", "exams@university.invalid", 1, 2, 3,
)  # fmt: skip
ENTRY = p.RosterEntry("proctor-a", "Ada", "proctor", KEY, KEY, 1, 2, b"sealed")

DOCUMENTS: dict[str, object] = {
    "package": PACKAGE,
    "ticket": p.Ticket(
        "t-1", "BIO", "c-1", "Cleo", HASH, 9, p.Accommodations(600, ("FOCUS_LOST",), ("screen reader",))
    ),
    "roster": p.Roster(1, "BIO", (ENTRY,)),
    "access": ACCESS,
    "command": m.Command("c-1", SESSION, 1, 10, 20, "proctor-a", "chat", b"sealed"),
    "receipt": m.Receipt(SESSION, (m.TrackDurable(1, 2, HASH),), False, 5),
    "enrol_request": m.EnrolRequest("CODE", HASH, KEY, KEY, SESSION, SESSION, b"s" * 64, 1, 1),
    "enrolled": m.Enrolled(SESSION, "token", DOCUMENT, DOCUMENT, 5),
    "bundle": Bundle(1, "00" * 16, "BIO", KEY, 5),
    "key_file": KeyFile(1, "proctor", "proctor-a", "Ada", b"s" * 16, 600_000, b"n" * 12, b"sealed"),
    "card": Card(1, "proctor-a", "Ada", "proctor", KEY, KEY),
    "signed_document": DOCUMENT,
}


def signed_record(name: str) -> bytes:
    return r.sign_record(SIGNED[name], DEVICE, session_id=SESSION, epoch=1, sequence=4, media_time_us=123_456)


def sealed_record() -> bytes:
    media = r.pack_media(r.Media(r.Codec.H264, 1920, 1080, b"\0\0\0\1frame"))
    return EpochSealer(SESSION, 1, b"k" * 32).seal(r.Track.SCREEN, 300, 123_456, r.RecordFlag.KEY_FRAME, media)
