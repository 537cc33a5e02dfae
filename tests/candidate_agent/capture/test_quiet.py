"""A screen that tells where anything changed: it is asked first, looked at as a whole now and then, and believed while
it is honest.
"""

import numpy as np

from candidate_agent.capture.sources import Quiet
from candidate_agent.platforms.ports import Picture, Rows


class Stream:
    """Says what `says` is; its picture is all `shade`."""

    width, height = 16, 16

    def __init__(self) -> None:
        self.says, self.shade = False, 0

    def changed(self) -> Rows | None:
        return (0, 8) if self.says else None

    def read_rows(self, rows: Rows) -> Picture:
        return self.read()

    def read(self) -> Picture:
        return Picture(np.full((16, 16, 4), self.shade, np.uint8), 0)

    def close(self) -> None: ...


class Looker:
    def __init__(self) -> None:
        self.quiet, self.stream, self.now_us = Quiet(), Stream(), 10_000_000
        self.shade = 0
        self.rows: Rows | None = None

    def look(self, *, version: int = 0) -> bool:
        """Five times a second; whether a picture was taken."""
        self.now_us += 200_000
        self.rows = self.quiet.due(self.stream, self.now_us, version)
        if self.rows is None:
            return False
        self.quiet.took(anything_new=self.stream.shade != self.shade)
        self.shade = self.stream.shade
        return True


def test_a_still_screen_is_looked_at_ever_less_often_and_a_changed_part_at_once() -> None:
    looker = Looker()
    looks = [looker.look() for _ in range(130)]
    assert [number for number, looked in enumerate(looks) if looked] == [0, 5, 15, 30, 50, 75, 100, 125]
    looker.stream.says = True
    assert looker.look() and looker.rows == (0, 8)


def test_other_parts_to_be_black_are_a_reason_to_look() -> None:
    looker = Looker()
    looker.look()
    assert not looker.look() and looker.look(version=1) and not looker.look(version=1)


def test_a_server_that_keeps_silent_about_changes_is_believed_no_more() -> None:
    looker = Looker()
    for _ in range(60):
        looker.stream.shade += 1
        looker.look()
    assert all(looker.look() for _ in range(10))


def test_a_change_just_between_question_and_picture_is_no_lie() -> None:
    looker = Looker()
    for _ in range(20):
        looker.stream.says = False
        while not looker.look():
            looker.stream.shade += 1
        looker.stream.says = True
        looker.look()
    looker.stream.says = False
    assert [looker.look() for _ in range(50)].count(True) <= 3
