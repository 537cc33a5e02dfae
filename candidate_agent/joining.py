"""From a link or a package file to a session this computer may sit: opens, checks, enrols, or finds the session again.

Called by `app` before anything else. What is made here (device key, session id) is on disk before the server hears of
it, so that an answer lost on the line costs nothing.
"""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from candidate_agent.base.clock import Clock
from candidate_agent.base.errors import EnrolmentError, PackageError
from candidate_agent.config import Config, Launch
from candidate_agent.session.states import LOCKED, Phase
from candidate_agent.spool import session_file
from candidate_agent.spool.session_file import SessionFile
from candidate_agent.uplink import enrol as enrolment
from candidate_agent.uplink.fetch import fetch_package
from exam_protocol import policy
from exam_protocol.errors import ProtocolError
from exam_protocol.policy import ExamPackage, Roster, Ticket

SAT = frozenset(phase.value for phase in LOCKED | {Phase.UNLOCKING, Phase.DONE, Phase.ENDED})


@dataclass(slots=True)
class Join:
    """One session on this computer. `file` is replaced as it goes on; `directory` holds it and the spool."""

    launch: Launch
    directory: Path
    package: ExamPackage
    file: SessionFile

    def save(self, **changes: object) -> None:
        self.file = msgspec.structs.replace(self.file, **changes)
        session_file.save(self.directory, self.file)

    def keep(self, **changes: object) -> bool:
        """As `save`, during the session: False where the disk did not take it. The session goes on with what is known
        in memory, and the next change writes it all again."""
        try:
            self.save(**changes)
        except OSError:
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
    """Opens the package and finds or makes the session. Raises PackageError, ServerError, StorageError."""
    data = launch.package_path.read_bytes() if launch.package_path else fetch_package(launch.server_url, launch.exam_id)
    try:
        document, package = policy.open_package(data, launch.root, 0)
        directory = config.session_dir(policy.document_hash(document), policy.code_hash(launch.code))
        found = session_file.load(directory)
        if found is None or found.phase not in SAT:  # what was recorded may be sent for as long as the server takes it
            policy.open_package(data, launch.root, clock.wall_ms())
            _check_window(package, clock.wall_ms())
    except ProtocolError as error:
        raise PackageError(error.code, error.text) from error
    join = Join(launch, directory, package, found or session_file.fresh(document, os.urandom(16)))
    if found is None:
        join.save()
    return join


def _check_window(package: ExamPackage, now_ms: int) -> None:
    if not package.opens_ms <= now_ms <= package.closes_ms:
        opens, closes = (
            f"{datetime.fromtimestamp(ms / 1000).astimezone():%d %B %Y %H:%M %Z}"
            for ms in (package.opens_ms, package.closes_ms)
        )
        raise PackageError("outside_window", f"This exam can be taken from {opens} to {closes}.")


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
        raise EnrolmentError(error.code, "The server's answer is not signed by your exam office.") from error
    if ticket.code_hash != policy.code_hash(join.launch.code):
        raise EnrolmentError("ticket_foreign", "The server answered with another candidate's ticket.")
    join.save(token=answer.token, ticket=answer.ticket, roster=answer.roster)
