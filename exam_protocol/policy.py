"""What an exam allows and who may see it: package, ticket, roster. Signed, frozen; an unknown field is an error.

Written by the exam office, read by everybody. Times are Unix milliseconds.
"""

import hashlib
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from exam_protocol import codec
from exam_protocol.errors import ProtocolError
from exam_protocol.signing import DOMAIN_PACKAGE, DOMAIN_ROSTER, DOMAIN_TICKET, SignedDocument

Positive = Annotated[int, Meta(gt=0)]
NotNegative = Annotated[int, Meta(ge=0)]
UnixMs = Annotated[int, Meta(ge=0, le=32_503_680_000_000)]  # to the year 3000: what every calendar can show
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Share = Annotated[float, Meta(ge=0, le=1)]
PublicKey = Annotated[bytes, Meta(min_length=32, max_length=32)]
Category = Literal[
    "remote_control", "ai_assistant", "capture_tool", "conferencing", "writing_assistant", "other_browser"
]  # of the published list, docs/programs.md
ProgramName = Annotated[
    str, Meta(pattern=r"\A[^\s/\\*][^/\\*\n]{0,99}\*?\Z")
]  # no path; a last * stands for any ending
Sha256 = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]  # of an executable file
HeaderName = Annotated[str, Meta(pattern=r"\A[A-Za-z][A-Za-z0-9-]*\Z", max_length=100)]
HeaderValue = Annotated[str, Meta(pattern=r"\A[!-~]([ -~]*[!-~])?\Z", max_length=1000)]  # visible ASCII: no line ends
SebKey = Annotated[str, Meta(pattern=r"\A([0-9A-Fa-f]{64})?\Z")]
ZoneName = Annotated[str, Meta(pattern=r"\A([A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*)?\Z", max_length=64)]
UserAgentSuffix = Annotated[str, Meta(pattern=r"\A([A-Za-z0-9][A-Za-z0-9 ._/();:+-]*)?\Z", max_length=100)]
_BROWSERS_OWN = (
    "accept-encoding", "connection", "content-length", "content-type", "cookie", "expect", "host", "keep-alive",
    "origin", "proxy-", "referer", "sec-", "te", "trailer", "transfer-encoding", "upgrade", "user-agent", "via",
    "x-exam-access-code", "x-safeexambrowser-",
)  # fmt: skip


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Blackout(_Strict, frozen=True, forbid_unknown_fields=True):
    """A part of a display that is recorded as black, in shares of it. `display` counts from the exam's own, 0."""

    display: NotNegative = 0
    left: Share = 0.0
    top: Share = 0.0
    width: Share = 1.0
    height: Share = 1.0


class Policy(_Strict, frozen=True, forbid_unknown_fields=True):
    """The rules of one exam. Defaults are what an institution gets that says nothing."""

    duration_s: Positive = 7200
    offline_allowance_s: NotNegative = 0  # 0: to the end of the exam
    id_card: bool = True
    room_scan: bool = True
    read_mrz: bool = False  # the document's machine-readable zone, on the candidate's computer, shown to them alone
    max_displays: Positive = 1
    min_width: Positive = 1024
    min_height: Positive = 768
    profile: str = "standard"  # full, standard, low, store
    warnings_before_end: NotNegative = 2
    blocked_categories: tuple[Category, ...] = ("remote_control", "capture_tool", "ai_assistant", "conferencing")
    blocked_programs: tuple[ProgramName, ...] = ()  # beside the published list
    blocked_hashes: tuple[Sha256, ...] = ()
    allowed_programs: tuple[ProgramName, ...] = ()
    allowed_hashes: tuple[Sha256, ...] = ()
    allowed_signers: tuple[Name, ...] = ()  # as the system names who signed an executable
    scratch_paper: bool = False  # sheets are photographed after the exam, before the record is closed
    scratch_sheets_max: Positive = 20
    survey: bool = False  # three questions after the exam, each may be left out
    retention_days: Positive = 90
    virtual_machine: Literal["allow", "person", "refuse"] = "person"  # "refuse" is told; a person refuses
    hide_from_recordings: bool = False  # from every one, ours too, on systems that can: see docs/platforms.md
    assessment_mode: bool = False  # the system's own, which ends every recording of the screen, ours too
    clipboard: Literal["off", "inside"] = "off"  # inside: copy and paste within the exam page, never out or in
    page_camera: bool = False  # may the exam page itself use the camera?
    page_microphone: bool = False
    headers: Annotated[tuple[tuple[HeaderName, HeaderValue], ...], Meta(max_length=20)] = ()
    """Sent to all addresses of the exam. They stand in the package, which is no secret."""
    printer: bool = False  # whether paper has to be printed: then a printer is looked for before the exam
    builds: tuple[Name, ...] = ()
    """Builds of the exam program that may take this exam, the newest first. None named: every one the server takes."""
    breaks: NotNegative = 0  # that a candidate may take; an accommodation can add to them
    break_s: Positive = 600
    break_stops_clock: bool = False  # the exam's time stands still for at most `break_s` of each break
    record_breaks: bool = True
    user_agent_suffix: UserAgentSuffix = ""  # added to what the exam browser calls itself
    findings: bool = True  # made on the candidate's computer from camera and sound; they point, people decide
    opt_in_findings: tuple[Literal["FACE_CHANGED", "VOICE_SECOND"], ...] = ()  # weak ones, off unless named
    blackouts: Annotated[tuple[Blackout, ...], Meta(max_length=20)] = ()
    blackout_passwords: bool = False  # what lies under the exam page's password fields is recorded as black

    def __post_init__(self) -> None:
        names = [name.lower() for name, _ in self.headers]
        for name in names:
            if any(name == own or (own.endswith("-") and name.startswith(own)) for own in _BROWSERS_OWN):
                raise ValueError(f"The header {name} is set by the exam browser itself")
        if len(set(names)) < len(names):
            raise ValueError("A header is named twice")


class Recipient(_Strict, frozen=True, forbid_unknown_fields=True):
    id: Name
    wrap_key: PublicKey


class ExamPackage(_Strict, frozen=True, forbid_unknown_fields=True):
    exam_id: Name
    title: Name
    institution: Name
    server_url: str  # https://host[:port], or http://127.0.0.1:port for a trial on one machine
    server_key: PublicKey
    roster_signer: PublicKey
    archive_recipients: tuple[Recipient, ...]
    integrity_statement: str
    integrity_version: str
    alternative: str  # what a candidate who refuses can do instead
    contact: str
    opens_ms: UnixMs
    closes_ms: UnixMs
    expires_ms: UnixMs
    policy: Policy = Policy()
    zone: ZoneName = ""  # the institution's time zone (Europe/Madrid), in which its people speak of the window


class Accommodations(_Strict, frozen=True, forbid_unknown_fields=True):
    extra_time_s: NotNegative = 0
    muted_flags: tuple[str, ...] = ()
    allowed_programs: tuple[ProgramName, ...] = ()
    text_size: Literal[100, 125, 150, 200] = 100  # percent, of our own pages when they open
    extra_breaks: NotNegative = 0


class Ticket(_Strict, frozen=True, forbid_unknown_fields=True):
    """One candidate's right to sit one exam. `code_hash` is SHA-256 of the launch code."""

    ticket_id: Name
    exam_id: Name
    candidate_id: Name
    candidate_name: Name
    code_hash: PublicKey
    code_expires_ms: UnixMs
    accommodations: Accommodations = Accommodations()


class RosterEntry(_Strict, frozen=True, forbid_unknown_fields=True):
    id: Name
    name: Name
    role: str  # proctor, lead, archive
    sign_key: PublicKey
    wrap_key: PublicKey
    from_ms: UnixMs
    until_ms: UnixMs
    sealed_exam: bytes = b""  # ExamAccess sealed to wrap_key, info exam_info(exam_id)


class Roster(_Strict, frozen=True, forbid_unknown_fields=True):
    version: Positive
    exam_id: Name
    entries: tuple[RosterEntry, ...]
    previous_hash: bytes = b""


class ExamAccess(_Strict, frozen=True, forbid_unknown_fields=True):
    """The secret of an exam: sealed by the office to proctors, by the admitting proctor to the agent."""

    address: str
    access_code: str
    allowed_origins: tuple[str, ...]  # scheme://host[:port]; the host may be *.name for all names below it
    seb_config_key: SebKey = ""  # where the platform expects Safe Exam Browser: its Config Key
    seb_browser_exam_key: SebKey = ""


def document_hash(document: SignedDocument) -> bytes:
    """What other documents refer to: SHA-256 of the payload as it was signed."""
    return hashlib.sha256(document.payload).digest()


def normal_code(code: str) -> str:
    """A launch code as it is hashed: upper case, without spaces and hyphens."""
    return "".join(character for character in code.upper() if character.isalnum())


def code_hash(code: str) -> bytes:
    return hashlib.sha256(b"launch-code/v1" + normal_code(code).encode()).digest()


def root_fingerprint(key: bytes) -> str:
    """How people compare an institution's root key: 32 hexadecimal digits in groups of four."""
    digits = hashlib.sha256(b"root/v1" + key).hexdigest()[:32]
    return "-".join(digits[start : start + 4] for start in range(0, 32, 4))


def open_package(data: bytes, root: str, now_ms: int) -> tuple[SignedDocument, ExamPackage]:
    """A package file, checked against the fingerprint of the institution's root key.

    Raises ProtocolError `package_damaged`, `package_foreign`, `package_expired`.
    """
    try:
        document: SignedDocument = codec.decode(data, SignedDocument)
        if root_fingerprint(document.key) != root:
            raise ProtocolError("package_foreign", "This exam package was made by another institution than you expect.")
        package: ExamPackage = codec.decode(document.open(DOMAIN_PACKAGE, document.key), ExamPackage)
    except ProtocolError as error:
        if error.code == "package_foreign":
            raise
        raise ProtocolError("package_damaged", "This exam package is damaged. Please download it again.") from error
    if now_ms > package.expires_ms:
        raise ProtocolError(
            "package_expired", "This exam package has expired. Please ask your exam office for a new one."
        )
    return document, package


def open_roster(document: SignedDocument, package: ExamPackage) -> Roster:
    """Raises ProtocolError `foreign_key`, `bad_signature`, `damaged`, `wrong_exam`."""
    roster: Roster = codec.decode(document.open(DOMAIN_ROSTER, package.roster_signer), Roster)
    if roster.exam_id != package.exam_id:
        raise ProtocolError("wrong_exam", "This roster belongs to another exam.")
    return roster


def open_ticket(document: SignedDocument, package: ExamPackage) -> Ticket:
    """Raises ProtocolError `foreign_key`, `bad_signature`, `damaged`, `wrong_exam`."""
    ticket: Ticket = codec.decode(document.open(DOMAIN_TICKET, package.roster_signer), Ticket)
    if ticket.exam_id != package.exam_id:
        raise ProtocolError("wrong_exam", "This ticket belongs to another exam.")
    return ticket


def on_duty(roster: Roster, now_ms: int) -> tuple[RosterEntry, ...]:
    return tuple(entry for entry in roster.entries if entry.from_ms <= now_ms <= entry.until_ms)


def wrap_recipients(package: ExamPackage, roster: Roster, now_ms: int) -> dict[str, bytes]:
    """Everybody an epoch key is wrapped to: proctors on duty and the archive. Never anybody the server names."""
    keys = {entry.id: entry.wrap_key for entry in on_duty(roster, now_ms)}
    keys.update({entry.id: entry.wrap_key for entry in package.archive_recipients})
    return keys
