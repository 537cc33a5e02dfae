"""The key goes to who is on duty."""

from types import SimpleNamespace

from exam_protocol.policy import ExamPackage, Recipient, Roster, RosterEntry
from exam_protocol.signing import SignedDocument
from tests.candidate_agent.hands_desk import Desk


async def test_who_goes_off_duty_gets_no_further_key_and_who_comes_on_duty_gets_one() -> None:
    """Without a new roster: the times in the one that is known are enough."""
    epochs: list[tuple[str, ...]] = []
    now_ms = [1000]
    archive = Recipient("archive", bytes(32))
    package = ExamPackage("x", "X", "X", "https://x", bytes(32), bytes(32), (archive,), "", "1", "", "", 0, 1, 2)
    shifts = (("early", 0, 2000), ("late", 2001, 4000))
    entries = tuple(RosterEntry(who, who, "proctor", bytes(32), bytes(32), start, end) for who, start, end in shifts)
    join = SimpleNamespace(
        package=package, roster=Roster(1, "x", entries),
        file=SimpleNamespace(roster=SignedDocument(b"", bytes(32), bytes(64))),
    )  # fmt: skip
    desk = Desk(
        join=join,
        clock=SimpleNamespace(wall_ms=lambda: now_ms[0]),
        recorder=SimpleNamespace(new_epoch=lambda who, version, hashed: epochs.append(tuple(sorted(who)))),
    )
    desk.hands.enrolling.new_epoch()
    desk.hands.enrolling.follow_duty()
    now_ms[0] = 3000
    desk.hands.enrolling.follow_duty()
    desk.hands.enrolling.follow_duty()
    assert epochs == [("archive", "early"), ("archive", "late")]
