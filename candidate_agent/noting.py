"""Writes entries and flags into the session's record. Used by `hands` and by the modules under it; any thread."""

from collections.abc import Callable
from dataclasses import dataclass, field

from candidate_agent.base.errors import StorageError
from candidate_agent.diary import Diary
from candidate_agent.parts import Parts
from candidate_agent.session import events as ev
from exam_protocol.catalogue import FLAGS
from exam_protocol.records import Entry, FlagEntry, Track


@dataclass(slots=True)
class Noting:
    parts: Parts
    post: Callable[[ev.Event], None]
    muted: frozenset[str] = frozenset()  # flags that an accommodation leaves out
    diary: Diary = field(default_factory=Diary)

    def record(self, track: Track, entry: Entry) -> None:
        """Into the spool. A full disk is told, not raised: the recorder declares the gap."""
        self.diary.note(track, entry)
        try:
            self.parts.recorder.entry(track, entry)
        except StorageError as error:
            self.parts.log.line("record_failed", code=error.code)

    def raise_flag(
        self, code: str, reason: str, severity: str = "", *, count: int = 1, span_us: tuple[int, int] | None = None
    ) -> None:
        """`span_us`: first and last time on the monotonic clock; None: now."""
        now_us = self.parts.clock.monotonic_us()
        first_us, last_us = (self.parts.recorder.media_time_us(at_us) for at_us in span_us or (now_us, now_us))
        self.flag(FlagEntry(code, severity or FLAGS[code].severity.value, reason, count, first_us, last_us))

    def flag(self, entry: FlagEntry) -> None:
        """Spool first, then the session hears of it; a muted one is never made."""
        if entry.code in self.muted:
            return
        self.record(Track.FLAGS, entry)
        self.post(ev.FlagRaised(entry))
