"""What the agent asks of a practice room, and what the room answers: a line of JSON each. Pure.

All words that a candidate reads come with the order, in the candidate's language: nothing here is text of our own.
"""

import msgspec

from exam_protocol.policy import Name, Positive


class PageWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of the exam page."""

    title: str
    lead: str
    question: str
    label: str
    finish: str


class Order(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: Name
    institution: Name
    statement: str
    alternative: str
    contact: str
    candidate: Name
    proctor: Name
    hello: str
    reminder: str
    page: PageWords
    language: str = "en"
    direction: str = "ltr"
    duration_s: Positive = 180
    room_scan: bool = True
    look_s: float = 2.0  # how long the proctor takes before admitting
    remind_s: float = 20.0  # from the begin of the exam to the reminder


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """The launch link. Everything is up."""

    link: str


class Opened(msgspec.Struct, frozen=True, tag="opened"):
    """So many check-in pictures were opened with the proctor's own key. Nobody looked at them, and none is kept."""

    pictures: int


Answer = Ready | Opened
