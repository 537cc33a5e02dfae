"""From a link or a package file to a session this computer may sit: opens, checks, enrols, or finds the session again.

Called by `app` before anything else. What is made here (device key, session id) is on disk before the server hears of
it, so that an answer lost on the line costs nothing.
"""

import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from candidate_agent.base.clock import Clock
from candidate_agent.base.errors import EnrolmentError, PackageError, ServerError, StorageError
from candidate_agent.base.files import sync_dir
from candidate_agent.config import Config, Launch
from candidate_agent.session.states import LOCKED, Phase
from candidate_agent.spool import session_file
from candidate_agent.spool.session_file import SessionFile
from candidate_agent.uplink import enrol as enrolment
from candidate_agent.uplink.fetch import fetch_package
from exam_protocol import codec, policy
from exam_protocol.errors import ProtocolError
from exam_protocol.policy import ExamPackage, Roster, Ticket
from exam_protocol.signing import SignedDocument

SAT = LOCKED | {Phase.UNLOCKING, Phase.DONE, Phase.ENDED}


@dataclass(slots=True)
class Join:
    """One session on this computer. `file` is replaced as it goes on; `directory` holds it and the spool."""

    launch: Launch
    directory: Path
    package: ExamPackage
    file: SessionFile
    is_forgotten: bool = False

    def save(self, **changes: object) -> None:
        """Nothing is written any more once the session is forgotten."""
        self.file = msgspec.structs.replace(self.file, **changes)
        if not self.is_forgotten:
            session_file.save(self.directory, self.file)

    def forget(self) -> None:
        """Keys and recordings go. The folder loses its name first, so that half of it is never taken for a session."""
        self.is_forgotten = True
        gone = self.directory.with_name(f"{self.directory.name}.gone")
        try:
            self.directory.rename(gone)
        except OSError:  # Windows keeps the name of a folder in which a file is open
            gone = self.directory
        sync_dir(gone.parent)
        shutil.rmtree(gone, ignore_errors=True)

    def keep(self, **changes: object) -> bool:
        """As `save`, during the session: False where the disk did not take it. The session goes on with what is known
        in memory, and the next change writes it all again."""
        try:
            self.save(**changes)
        except StorageError:
            return False
        return True

    @property
    def ticket(self) -> Ticket:
        if self.file.ticket is None:
            raise EnrolmentError("not_enrolled", "This computer has not joined the exam yet.")
        return policy.open_ticket(self.file.ticket, self.package)

    @property
    def roster(self) -> Roster:
        if self.file.roster is None:
            raise EnrolmentError("not_enrolled", "This computer has not joined the exam yet.")
        return policy.open_roster(self.file.roster, self.package)


def prepare(config: Config, launch: Launch, clock: Clock) -> Join:
    """Finds the session again, or opens the package and makes one. Raises PackageError, ServerError, StorageError."""
    directory = config.session_dir(launch.root, policy.code_hash(launch.code))
    _sweep(directory.parent)
    found = session_file.load(directory)
    if found is not None and found.enrolled:
        return _found_again(launch, directory, found, clock)
    document, package = _open(_package_data(launch), launch, clock.wall_ms())
    _check_window(package, clock.wall_ms())
    join = Join(launch, directory, package, found or session_file.fresh(document, os.urandom(16)))
    join.save(package=document)
    return join


def _found_again(launch: Launch, directory: Path, found: SessionFile, clock: Clock) -> Join:
    """Without the server, so that a restart needs no line. What was recorded may be sent for as long as the server
    takes it; who had not been admitted when the window closed cannot go on."""
    has_sat = found.kept.phase in SAT or bool(found.kept.began_ms)
    _, package = _open(codec.encode(found.package), launch, 0 if has_sat else clock.wall_ms())
    if not has_sat:
        _check_window(package, clock.wall_ms())
    return Join(launch, directory, package, found)


def _sweep(sessions_dir: Path) -> None:
    """What an interrupted `forget` left."""
    for gone in sessions_dir.glob("*.gone"):
        shutil.rmtree(gone, ignore_errors=True)


def _open(data: bytes, launch: Launch, now_ms: int) -> tuple[SignedDocument, ExamPackage]:
    try:
        return policy.open_package(data, launch.root, now_ms)
    except ProtocolError as error:
        raise PackageError(error.code, error.text) from error


def _package_data(launch: Launch) -> bytes:
    if launch.package_path is None:
        return fetch_package(launch.server_url, launch.exam_id)
    try:
        return launch.package_path.read_bytes()
    except OSError as error:
        text = f"The exam package {launch.package_path} cannot be read."
        raise PackageError("package_missing", text) from error


def _check_window(package: ExamPackage, now_ms: int) -> None:
    if not package.opens_ms <= now_ms <= package.closes_ms:
        opens, closes = (
            f"{datetime.fromtimestamp(ms / 1000).astimezone():%d %B %Y %H:%M %Z}"
            for ms in (package.opens_ms, package.closes_ms)
        )
        text = f"This exam can be taken from {opens} to {closes}."
        raise PackageError("outside_window", text, opens_ms=package.opens_ms, closes_ms=package.closes_ms)


async def enrol(join: Join) -> None:
    """Makes this device known to the server with the launch code. Raises EnrolmentError, ServerError."""
    answer = await enrolment.enrol(
        join.package.server_url,
        server_key=join.package.server_key,
        code=join.launch.code,
        package_hash=policy.document_hash(join.file.package),
        device=join.file.device(),
        wrap_key=join.file.wrap().public_key,
        session_id=join.file.session_id,
    )
    try:
        ticket = policy.open_ticket(answer.ticket, join.package)
        policy.open_roster(answer.roster, join.package)
    except ProtocolError as error:
        raise ServerError("server_foreign", "The server's answer is not signed by your exam office.") from error
    if ticket.code_hash != policy.code_hash(join.launch.code):
        raise EnrolmentError("ticket_foreign", "The server answered with another candidate's ticket.")
    join.save(token=answer.token, ticket=answer.ticket, roster=answer.roster)
