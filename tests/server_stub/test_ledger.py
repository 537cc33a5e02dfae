"""Whatever the two lanes' pace: a true session is taken, and no change of it goes unnoticed."""

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exam_protocol.errors import ProtocolError
from exam_protocol.evidence import HOLE
from exam_protocol.records import HEADER_BYTES, Lane, Track
from server_stub.ledger import Ledger, is_complete
from server_stub.rows import SessionRow, TrackRow
from tests.server_stub.client import Agent, Office


@dataclass(slots=True)
class Taken:
    """A ledger and what a database would keep of it."""

    session: SessionRow
    tracks: dict[int, TrackRow]
    holes: dict[int, int]

    def take(self, lane: int, record: bytes, ledger: Ledger) -> None:
        accepted = ledger.take(lane, record)
        self.session = accepted.session
        self.tracks.update({row.track: row for row in accepted.tracks})
        self.holes[lane] = accepted.holes

    def restarted(self) -> Ledger:
        return Ledger(self.session, self.tracks, self.holes)


def fresh(agent: Agent) -> Taken:
    row = SessionRow(agent.session_id, "exam", "Kim", agent.device.public_key, agent.wrap.public_key)
    return Taken(row, {}, {})


def sitting(pictures: int = 12) -> Agent:
    agent = Agent(Office())
    agent.open()
    for number in range(pictures):
        agent.picture(b"%d" % number, key_frame=True)
        agent.chat(f"word {number}")
        if number % 4 == 3:
            agent.check()
    agent.end()
    return agent


AGENT = sitting()
MEDIA, CONTROL = AGENT.lanes[Lane.MEDIA], AGENT.lanes[Lane.CONTROL]


def play(order: list[int], media: list[bytes], control: list[bytes], restarts: frozenset[int] = frozenset()) -> Taken:
    """Takes both lanes in this order of lanes; what is left over comes at the end."""
    left = {Lane.MEDIA: list(media), Lane.CONTROL: list(control)}
    taken = fresh(AGENT)
    ledger = taken.restarted()
    lanes = [*map(Lane, order), *[Lane.MEDIA] * len(media), *[Lane.CONTROL] * len(control)]
    for step, lane in enumerate(lanes):
        if step in restarts:
            ledger = taken.restarted()
        if left[lane]:
            taken.take(lane, left[lane].pop(0), ledger)
    return taken


ORDERS = st.lists(st.sampled_from([0, 1]), max_size=40)


@given(ORDERS, st.frozensets(st.integers(0, 60), max_size=5))
def test_a_true_session_is_taken_at_any_pace_and_over_restarts(order: list[int], restarts: frozenset[int]) -> None:
    taken = play(order, MEDIA, CONTROL, restarts)
    assert is_complete(taken.session, taken.tracks, 0)
    for head in AGENT.chains.heads():
        row = taken.tracks[head.track]
        assert (row.next_sequence, row.chained, row.head, row.pending) == (
            head.next_sequence,
            head.next_sequence,
            head.head,
            b"",
        )


@settings(max_examples=300)
@given(ORDERS, st.data())
def test_no_flipped_bit_goes_unnoticed(order: list[int], data: st.DataObject) -> None:
    lanes = {"media": list(MEDIA), "control": list(CONTROL)}
    lane = lanes[data.draw(st.sampled_from(["media", "control"]))]
    at = data.draw(st.integers(0, len(lane) - 1))
    bit = data.draw(st.integers(0, len(lane[at]) * 8 - 1))
    changed = bytearray(lane[at])
    changed[bit // 8] ^= 1 << bit % 8
    lane[at] = bytes(changed)
    with pytest.raises(ProtocolError):
        play(order, lanes["media"], lanes["control"])


@given(ORDERS, st.sampled_from(["drop", "repeat", "swap"]), st.integers(0, len(MEDIA) - 2))
def test_no_dropped_repeated_or_swapped_record_goes_unnoticed(order: list[int], change: str, at: int) -> None:
    media = list(MEDIA)
    if change == "drop":
        del media[at]
    elif change == "repeat":
        media.insert(at, media[at])
    else:
        media[at], media[at + 1] = media[at + 1], media[at]
    with pytest.raises(ProtocolError):
        play(order, media, CONTROL)


@given(ORDERS, st.integers(0, len(MEDIA) - 1))
def test_a_hole_is_taken_and_the_signed_heads_go_on_over_it(order: list[int], at: int) -> None:
    media = [*MEDIA[:at], HOLE, *MEDIA[at + 1 :]]
    taken = play(order, media, CONTROL)
    assert is_complete(taken.session, taken.tracks, sum(taken.holes.values()))


def test_damage_found_while_the_rest_is_sent_is_declared_after_the_end() -> None:
    agent = sitting()
    gap = agent.lose(Lane.MEDIA, 6)
    agent.sign(gap)
    taken = fresh(agent)
    ledger = taken.restarted()
    for lane in (Lane.CONTROL, Lane.MEDIA):
        for record in agent.lanes[lane]:
            taken.take(lane, record, ledger)
    assert is_complete(taken.session, taken.tracks, sum(taken.holes.values()))
    with pytest.raises(ProtocolError, match="session_ended"):
        taken.take(Lane.CONTROL, agent.check(), ledger)


def test_a_cut_off_session_is_not_complete() -> None:
    taken = play([], MEDIA[:-1], CONTROL)
    assert not is_complete(taken.session, taken.tracks, 0)
    assert taken.tracks[Track.SCREEN].next_sequence == len(MEDIA) - 1


def test_the_first_signed_record_must_be_open() -> None:
    agent = Agent(Office())
    agent.state("waiting")
    with pytest.raises(ProtocolError, match="damaged"):
        fresh(agent).restarted().take(Lane.CONTROL, agent.lanes[Lane.CONTROL][0])
    assert len(agent.lanes[Lane.CONTROL][0]) > HEADER_BYTES
