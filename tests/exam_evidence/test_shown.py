"""The report says of each record that a flag refers to whether it is there and proven."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from exam_protocol import records as r
from exam_protocol.records import RecordSpan, Track
from tests.exam_evidence.sample import Institution, Sitting, opus
from tests.exam_evidence.test_report import page_of


def flagged(span: RecordSpan, *, end: bool = True, harm: Callable[[Sitting], None] = lambda sitting: None) -> Sitting:
    """Six packets of sound and a flag about them."""
    sitting = Sitting(Institution())
    sitting.open()
    sitting.new_epoch()
    for number, media in enumerate(opus(6)):
        sitting.media(Track.AUDIO, media, number * 60_000, key=True)
    if end:
        sitting.check(500_000)
    harm(sitting)
    flag = r.FlagEntry("VOICE_NEAR", "low", "Speech for 5 s within 30 s.", 1, 0, 360_000, {"seconds": 5}, (span,))
    sitting.entry(Track.FLAGS, flag, 400_000)
    if end:
        sitting.end(600_000)
    return sitting


def change(sitting: Sitting) -> None:
    record = bytearray(sitting.lanes[1][2])
    record[70] ^= 1
    sitting.lanes[1][2] = bytes(record)


def lose(sitting: Sitting) -> None:
    sitting.declare_damaged(Track.AUDIO, keep_hash=True, at_us=500_000)


@pytest.mark.parametrize(
    ("span", "given", "said"),
    [
        (RecordSpan(Track.AUDIO, 1, 4), {}, "audio 1..4, there and verified"),
        (RecordSpan(Track.AUDIO, 1, 4), {"harm": change}, "audio 1..4, damaged or not all there"),
        (RecordSpan(Track.AUDIO, 0, 1), {"harm": change}, "audio 0..1, there and verified"),
        (RecordSpan(Track.AUDIO, 1, 5), {"harm": lose}, "audio 1..5, 1 of 5 missing, as declared"),
        (RecordSpan(Track.AUDIO, 1, 9), {}, "audio 1..9, not in this record"),
        (RecordSpan(Track.AUDIO, 1, 4), {"end": False}, "audio 1..4, there, not proven"),
        (RecordSpan(Track.WEBCAM, 0, 4), {}, "webcam 0..4, not in this record"),
        (RecordSpan(99, 0, 4), {}, "99 0..4, not in this record"),
    ],
)
def test_the_report_says_whether_what_a_flag_refers_to_is_there(
    span: RecordSpan, given: dict[str, object], said: str, tmp_path: Path
) -> None:
    page = page_of(flagged(span, **given), tmp_path)  # type: ignore[arg-type]
    row = re.search(r"<tr>(?:(?!</tr>).)*Speech for 5 s.*?</tr>", page, re.S)
    assert row and f"<td>{said}</td>" in row[0]
