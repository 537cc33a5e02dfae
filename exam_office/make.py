"""The office's documents: keys at `init`, then package, roster, ticket, each signed once. Called by `cli`."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal
from urllib.parse import quote, urlsplit

import msgspec

from exam_office import access_code, config, keyfile
from exam_office.errors import CONFIG, FILES, USAGE, OfficeError
from exam_office.files import read, replace, write_new
from exam_office.office import Office, OfficeFile
from exam_protocol import codec, policy
from exam_protocol.catalogue import FLAGS
from exam_protocol.keyfile import Card
from exam_protocol.keys import exam_info, seal
from exam_protocol.policy import Accommodations, ExamAccess, Recipient, Roster, RosterEntry, Ticket
from exam_protocol.signing import DOMAIN_PACKAGE, DOMAIN_ROSTER, DOMAIN_TICKET, SignedDocument, Signer, sign_document

ARCHIVE_ID = "archive"
CLOCK_SKEW_MS = 300_000  # a roster counts from five minutes before it was signed: clocks differ
MAX_CODE_MINUTES = 24 * 60


def init(directory: Path, institution: str, passphrase: str) -> dict[str, str]:
    """Root key, roster signer, archive key and office.json. Raises OfficeError `file_exists`."""
    office = Office(directory)
    if office.office_path.exists():
        raise OfficeError("file_exists", f"{directory} holds an exam office already.", FILES)
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    root = keyfile.create(
        office.root_key_path, passphrase, kind="root", id="root", name=institution, sign=True, wrap=False
    )
    roster = keyfile.create(
        office.roster_key_path, passphrase, kind="roster", id="roster", name=institution, sign=True, wrap=False
    )
    archive = keyfile.create(
        office.archive_key_path, passphrase, kind="archive", id=ARCHIVE_ID, name=institution, sign=False, wrap=True
    )
    facts = OfficeFile(
        1, institution, root.signer().public_key, roster.signer().public_key, ARCHIVE_ID, archive.wrap_key().public_key
    )
    write_new(office.office_path, codec.encode(facts))
    return {"directory": str(directory), "root": policy.root_fingerprint(facts.root_key)}


def package(
    office: Office, passphrase: str, config_path: Path, *, server_url: str, server_key: str, out: Path, now: datetime
) -> dict[str, str]:
    """Signs an exam package; keeps a copy and the configuration. Raises OfficeError `config_damaged`, `file_exists`."""
    facts, text = office.facts(), read(config_path)
    exam = config.parse(text)
    body = config.package(
        exam, institution=facts.institution, server_url=safe_url(server_url), server_key=_hex_key(server_key),
        roster_signer=facts.roster_signer, archive=Recipient(facts.archive_id, facts.archive_wrap_key),
        today=now.astimezone(config.zone_of(exam)).date(),
    )  # fmt: skip
    folder = office.exams_dir / exam.exam_id
    if folder.exists():
        raise OfficeError("file_exists", f"There is a package of {exam.exam_id} already; it is not overwritten.", FILES)
    signer = keyfile.unlock(office.root_key_path, passphrase).signer()
    data = codec.encode(_sign_strict(signer, DOMAIN_PACKAGE, body))
    replace(out, data)
    write_new(folder / "exam.toml", text)
    write_new(folder / "package.exampackage", data)
    return {"exam": exam.exam_id, "package": str(out), "root": policy.root_fingerprint(facts.root_key)}


def roster(
    office: Office, passphrase: str, exam_id: str, cards: list[Card], access: ExamAccess, *, now_ms: int
) -> dict[str, str]:
    """Signs the next version of an exam's roster; the exam's secret is sealed to each proctor of it."""
    folder, exam = office.exam_dir(exam_id), office.package(exam_id)
    check_access(access)
    course = config.parse(read(folder / "exam.toml")).course
    access_code.check_access_code(access.access_code, access_code.words_of(course.values()))
    if len({card.id for card in cards} | {entry.id for entry in exam.archive_recipients}) < len(cards) + len(
        exam.archive_recipients
    ):
        raise OfficeError("card_repeated", "Two cards of this roster have the same id.", USAGE)
    secret = codec.encode(access)
    entries = tuple(
        RosterEntry(
            id=card.id, name=card.name, role=card.role, sign_key=card.sign_key, wrap_key=card.wrap_key,
            from_ms=now_ms - CLOCK_SKEW_MS, until_ms=exam.expires_ms,
            sealed_exam=seal(card.wrap_key, secret, exam_info(exam_id)),
        )
        for card in cards
    )  # fmt: skip
    earlier = office.rosters(exam_id)
    version, previous = (earlier[-1][0] + 1, policy.document_hash(earlier[-1][1])) if earlier else (1, b"")
    signer = keyfile.unlock(office.roster_key_path, passphrase).signer()
    document = _sign_strict(signer, DOMAIN_ROSTER, Roster(version, exam_id, entries, previous))
    path = folder / f"roster-{version}.json"
    write_new(path, codec.encode(document))
    return {"exam": exam_id, "version": str(version), "roster": str(path), "proctors": ", ".join(c.id for c in cards)}


@dataclass(frozen=True, slots=True)
class Seat:
    """One candidate at one exam, and what was granted."""

    candidate_id: str
    name: str
    minutes: int = 10
    extra_time_s: int = 0
    muted_flags: tuple[str, ...] = ()
    allowed_programs: tuple[str, ...] = ()
    text_size: Literal[100, 125, 150, 200] = 100
    extra_breaks: int = 0


def launch_code(
    office: Office, passphrase: str, exam_id: str, seat: Seat, *, now_ms: int,
    choose: Callable[[str], str] = secrets.choice,
) -> dict[str, str]:  # fmt: skip
    """A one-time code, its link and its signed ticket; only the hash of the code is written down."""
    folder, exam, facts = office.exam_dir(exam_id), office.package(exam_id), office.facts()
    _check_seat(seat)
    code = access_code.new_launch_code(choose)
    expires_ms = now_ms + seat.minutes * 60_000
    ticket = Ticket(
        ticket_id=f"{seat.candidate_id}-{policy.code_hash(code).hex()[:8]}", exam_id=exam_id,
        candidate_id=seat.candidate_id, candidate_name=seat.name,
        code_hash=policy.code_hash(code), code_expires_ms=expires_ms,
        accommodations=Accommodations(
            seat.extra_time_s, seat.muted_flags, seat.allowed_programs, seat.text_size, seat.extra_breaks
        ),
    )  # fmt: skip
    signer = keyfile.unlock(office.roster_key_path, passphrase).signer()
    path = folder / f"ticket-{ticket.ticket_id}.json"
    write_new(path, codec.encode(_sign_strict(signer, DOMAIN_TICKET, ticket)))
    link = launch_link(exam.server_url, exam_id, policy.root_fingerprint(facts.root_key), code)
    return {"code": code, "link": link, "minutes": str(seat.minutes), "ticket": str(path)}


def launch_link(server_url: str, exam_id: str, root: str, code: str) -> str:
    """The code stands after the #, which no browser sends to a server."""
    return f"exam-agent://start?server={quote(server_url, safe='')}&exam={quote(exam_id, safe='')}&root={root}#{code}"


def safe_url(url: str) -> str:
    """https, or http on this machine for a trial. Raises OfficeError `address_unsafe`."""
    parts = urlsplit(url)
    loopback = parts.hostname in ("127.0.0.1", "::1", "localhost")
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and loopback)):
        raise OfficeError("address_unsafe", f"{url} is not an https address.", USAGE)
    return url.rstrip("/") if parts.path in ("", "/") else url


def check_access(access: ExamAccess) -> None:
    """Raises OfficeError `address_unsafe`, `origin_wrong`, `seb_key_wrong`."""
    safe_url(access.address)
    for origin in access.allowed_origins:
        _check_origin(origin)
    for key in (access.seb_config_key, access.seb_browser_exam_key):
        if key and not re.fullmatch(r"[0-9A-Fa-f]{64}", key):
            text = "A key of Safe Exam Browser is 64 hexadecimal digits, as its configuration tool shows it."
            raise OfficeError("seb_key_wrong", text, USAGE)


def _check_origin(text: str) -> None:
    """`https://host[:port]`, or `https://*.name[:port]` for all names below a name; no path."""
    plain = text.replace("://*.", "://", 1)
    parts = urlsplit(safe_url(plain))
    starred, host = plain != text, parts.hostname or ""
    wide = starred and ("." not in host or host.replace(".", "").isdigit())
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None or "*" in host or wide:
        said = (
            f"{text} is not an address without a path; a star stands for the names below one like *.university.example."
        )
        raise OfficeError("origin_wrong", said, USAGE)


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _check_seat(seat: Seat) -> None:
    if not seat.candidate_id or not all(c.isascii() and (c.isalnum() or c in "-_.@") for c in seat.candidate_id):
        raise OfficeError("candidate_id_wrong", "A candidate's id has letters, digits and - _ . @ only.", USAGE)
    if not seat.name.strip():
        raise OfficeError("candidate_name_missing", "A candidate needs a name.", USAGE)
    if not 0 < seat.minutes <= MAX_CODE_MINUTES or min(seat.extra_time_s, seat.extra_breaks) < 0:
        raise OfficeError(
            "time_wrong", "A code lasts from one minute to one day, and extra time and breaks are not negative.", USAGE
        )
    for name in seat.allowed_programs:
        if not _is_program_name(name):
            raise OfficeError(
                "program_name_wrong", f"{name!r} is no name of a program: no path, * only at the end.", USAGE
            )
    for flag in seat.muted_flags:
        if flag not in FLAGS:
            raise OfficeError("flag_unknown", f"There is no flag {flag} in the catalogue.", USAGE)


def _is_program_name(name: str) -> bool:
    try:
        msgspec.convert(name, policy.ProgramName)
    except msgspec.ValidationError:
        return False
    return True


def _hex_key(text: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise OfficeError(
            "server_key_wrong", "A server key is 64 hexadecimal digits; `proctor-server` prints it.", CONFIG
        )
    return key


def _sign_strict(signer: Signer, domain: bytes, body: object) -> SignedDocument:
    """Signs what every reader will accept: the bytes are decoded strictly once before they leave the house."""
    payload = codec.encode(body)
    codec.decode(payload, type(body))
    return sign_document(signer, domain, payload)
