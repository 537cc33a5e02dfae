"""What candidates report, from the click to the server: the picture of the exam screen, the number, the record, and the
word that it arrived. Used by `hands`, which gives the orders on, and asked once a second by `housekeeping`.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from candidate_agent.base.errors import AgentError, StorageError
from candidate_agent.parts import Parts
from candidate_agent.session import events as ev
from exam_protocol.records import Lane, ReportEntry, Track, report_number

PICTURE = "report"  # what the page calls it


@dataclass(slots=True)
class Reporting:
    parts: Parts
    post: Callable[[ev.Event], None]
    _picture: bytes = b""
    _on_the_way: dict[str, int] = field(default_factory=dict)  # report -> position that the server must have

    async def take(self) -> None:
        """A picture of the screen, for the candidate to look at; it is kept nowhere but here."""
        try:
            self._picture = await asyncio.to_thread(self.parts.screenshot)
        except AgentError as error:
            self.parts.log.line("screenshot_failed", code=error.code)
            self._picture = b""
        self.parts.stage.preview(PICTURE, self._picture)
        self.post(ev.ScreenshotTaken(bool(self._picture)))

    def drop(self) -> None:
        self._picture = b""
        self.parts.stage.preview(PICTURE, b"")

    def send(self, entry: ReportEntry, with_picture: bool) -> None:
        """Into the spool, from which it goes when there is a line."""
        number = report_number(self.parts.join.file.session_id, entry.report_id)
        picture = self._picture if with_picture else b""
        self.drop()
        try:
            self.parts.recorder.entry(Track.LOG, msgspec.structs.replace(entry, number=number, picture=picture))
        except StorageError as error:
            self.parts.log.line("record_failed", code=error.code)
            self.post(ev.ReportKept(entry.report_id, ""))
            return
        self._on_the_way[entry.report_id] = self.parts.spool.last_position(Lane.CONTROL)
        self.post(ev.ReportKept(entry.report_id, number))

    def follow(self, report_ids: tuple[str, ...]) -> None:
        """Kept before a restart. Where each lies is not known any more: it is somewhere in what is in the spool now."""
        position = self.parts.spool.last_position(Lane.CONTROL)
        self._on_the_way.update(dict.fromkeys(report_ids, position))

    def look(self) -> None:
        """An acknowledged position means that the server has everything up to it."""
        through = self.parts.spool.freed_position(Lane.CONTROL)
        for report_id in [report_id for report_id, position in self._on_the_way.items() if position <= through]:
            del self._on_the_way[report_id]
            self.post(ev.ReportReceived(report_id))
