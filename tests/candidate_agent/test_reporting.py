"""From the click to the server: a picture is kept nowhere but in memory, and a number is the record's own."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from candidate_agent.base.errors import DeviceError, StorageError
from candidate_agent.reporting import Reporting
from candidate_agent.session import events as ev
from exam_protocol.records import ReportEntry, Track, report_number

SESSION_ID = bytes(range(16))


class Desk:
    def __init__(self, screenshot: Callable[[], bytes] = lambda: b"jpeg") -> None:
        self.posted: list[ev.Event] = []
        self.recorded: list[tuple[int, Any]] = []
        self.shown: list[tuple[str, bytes]] = []
        self.last = self.freed = 0
        self.full = False
        parts: Any = SimpleNamespace(
            join=SimpleNamespace(file=SimpleNamespace(session_id=SESSION_ID)),
            log=SimpleNamespace(line=lambda event, **fields: None),
            spool=SimpleNamespace(last_position=lambda lane: self.last, freed_position=lambda lane: self.freed),
            recorder=SimpleNamespace(entry=self._entry),
            stage=SimpleNamespace(preview=lambda name, jpeg: self.shown.append((name, jpeg))),
            screenshot=screenshot,
        )
        self.reporting = Reporting(parts, self.posted.append)

    def _entry(self, track: int, entry: Any) -> None:
        if self.full:
            raise StorageError("disk_full", "The disk is full.")
        self.recorded.append((track, entry))
        self.last += 1


ENTRY = ReportEntry("", "r1", "problem", 1, "No sound.")


async def test_the_picture_is_shown_first_and_goes_only_where_it_was_left_in() -> None:
    for with_picture, expected in ((True, b"jpeg"), (False, b"")):
        desk = Desk()
        await desk.reporting.take()
        assert desk.shown == [("report", b"jpeg")] and desk.posted == [ev.ScreenshotTaken(True)]
        desk.reporting.send(ENTRY, with_picture)
        ((track, entry),) = desk.recorded
        assert (track, entry.picture, entry.text) == (Track.LOG, expected, "No sound.")
        assert desk.shown[-1] == ("report", b""), "and is forgotten"


async def test_a_picture_that_was_dropped_goes_nowhere() -> None:
    desk = Desk()
    await desk.reporting.take()
    desk.reporting.drop()
    desk.reporting.send(ENTRY, True)
    assert desk.recorded[0][1].picture == b""


async def test_a_screen_that_cannot_be_read_is_told() -> None:
    def broken() -> bytes:
        raise DeviceError("display_missing", "The screen gives no picture.")

    desk = Desk(broken)
    await desk.reporting.take()
    assert desk.posted == [ev.ScreenshotTaken(False)]


def test_the_number_follows_from_the_record() -> None:
    desk = Desk()
    desk.reporting.send(ENTRY, False)
    number = report_number(SESSION_ID, "r1")
    assert desk.recorded[0][1].number == number and desk.posted == [ev.ReportKept("r1", number)]
    assert len(number) == 9 and number.startswith("R-") and number != report_number(bytes(16), "r1")


def test_received_is_said_when_the_server_acknowledged_it_and_once() -> None:
    desk = Desk()
    desk.last = 40
    desk.reporting.send(ENTRY, False)
    desk.posted.clear()
    desk.freed = 40
    desk.reporting.look()
    assert desk.posted == []
    desk.freed = 41
    desk.reporting.look()
    desk.reporting.look()
    assert desk.posted == [ev.ReportReceived("r1")]


def test_what_was_kept_before_a_restart_is_received_once_the_server_has_all_that_lay_in_the_spool() -> None:
    desk = Desk()
    desk.last = 60
    desk.reporting.follow(("r1", "r2"))
    desk.freed = 59
    desk.reporting.look()
    assert desk.posted == []
    desk.freed = 60
    desk.reporting.look()
    assert desk.posted == [ev.ReportReceived("r1"), ev.ReportReceived("r2")]


def test_a_full_disk_is_told_and_gives_no_number() -> None:
    desk = Desk()
    desk.full = True
    desk.reporting.send(ENTRY, False)
    assert desk.posted == [ev.ReportKept("r1", "")]
