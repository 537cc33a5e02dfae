"""Makes this computer known to the server, opens the session's records, and gives their key to who is on duty.

Used by `hands`; `ears` and `housekeeping` come here when a shift changes.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from candidate_agent.base.errors import AgentError
from candidate_agent.base.files import storing
from candidate_agent.joining import enrol
from candidate_agent.noting import Noting
from candidate_agent.parts import Parts
from candidate_agent.session import events as ev
from exam_protocol import policy
from exam_protocol.version import BUILD


@dataclass(slots=True)
class Enrolling:
    parts: Parts
    post: Callable[[ev.Event], None]
    noting: Noting
    _spool_is_open: bool = False
    _recipients: dict[str, bytes] | None = None  # of the epoch that runs

    async def enrol(self) -> None:
        join = self.parts.join
        was_enrolled = join.file.enrolled
        try:
            await self._open_spool()  # a full disk is told before the launch code is used
            if not was_enrolled:
                await enrol(join)
            self._open_records()
        except AgentError as error:
            self.post(ev.EnrolFailed(error.code, error.text))
            return
        ticket = join.ticket
        self.noting.muted = frozenset(ticket.accommodations.muted_flags)
        if was_enrolled:
            kept = join.file.kept
            self.post(ev.Resumed(kept, ticket.candidate_name, ticket.accommodations, ticket.candidate_id))
        else:
            self.post(ev.Enrolled(ticket.candidate_name, ticket.accommodations, ticket.candidate_id))

    async def _open_spool(self) -> None:
        if not self._spool_is_open:
            with storing():
                await asyncio.to_thread(self.parts.spool.open)
            self._spool_is_open = True

    def _open_records(self) -> None:
        join, clock = self.parts.join, self.parts.clock
        self.parts.recorder.open_session(
            ticket_hash=policy.document_hash(join.file.ticket) if join.file.ticket else b"",
            wrap_key=join.file.wrap().public_key,
            build=BUILD,
            machine=self.parts.machine_name,
            package_hash=policy.document_hash(join.file.package),
            roster_version=join.roster.version,
            zone=self.parts.zone,
            wall_ms=clock.wall_ms(),
        )
        self.new_epoch()

    def new_epoch(self) -> None:
        """For everybody on duty now in the roster that was last signed."""
        join = self.parts.join
        if join.file.roster is None:
            return
        recipients = self._on_duty()
        self.parts.recorder.new_epoch(recipients, join.roster.version, policy.document_hash(join.file.roster))
        self._recipients = recipients

    def follow_duty(self) -> None:
        """Called once a second: where a shift began or ended, a new epoch leaves out who went."""
        if self._recipients is not None and self._on_duty() != self._recipients:
            self.new_epoch()

    def _on_duty(self) -> dict[str, bytes]:
        join = self.parts.join
        return policy.wrap_recipients(join.package, join.roster, self.parts.clock.wall_ms())
