"""The receipt in each language: one page that stands on its own, with names that stay text."""

import re
from dataclasses import replace

import msgspec
import pytest

from candidate_agent.ui import languages
from candidate_agent.ui.receipt import Sitting, page
from exam_protocol.messages import Receipt, TrackDurable
from exam_protocol.records import Track
from tests.candidate_agent.ui.states import PACKAGE

RECEIPT = Receipt(
    session_id=bytes(16),
    complete=True,
    tracks=tuple(TrackDurable(int(track), 1200, bytes(32)) for track in Track),
    server_time_ms=1_790_000_000_000,
)
SITTING = Sitting(
    PACKAGE, "Ada <b>Example</b>", "finished", True, (("screen saver", "put back"), ("odd one", "put back")), "r.json"
)


@pytest.mark.parametrize("language", languages.NAMES)
def test_it_says_its_language_and_direction_and_leaves_no_gap(language: str) -> None:
    made = page(RECEIPT, replace(SITTING, language=language))
    assert f'<html lang="{language}" dir="{languages.direction(language)}">' in made
    assert "{{" not in made and "receipt." not in made and "measure." not in made
    assert "Ada &lt;b&gt;Example&lt;/b&gt;" in made
    assert not re.search(r"<script|https?://|url\(", made)


def test_every_track_has_a_word_of_its_own() -> None:
    assert "Track" not in page(RECEIPT, SITTING)


def test_numbers_and_words_are_those_of_the_language() -> None:
    assert "1.200" in page(RECEIPT, replace(SITTING, language="de"))
    arabic = page(RECEIPT, replace(SITTING, language="ar"))
    assert "1,200" in arabic and "إيصالكم" in arabic
    assert "2026-09-21 14:13:20 UTC" in arabic


def test_what_has_not_arrived_or_was_not_put_back_is_said() -> None:
    made = page(msgspec.structs.replace(RECEIPT, complete=False), replace(SITTING, restored=False))
    assert "Not everything has arrived yet." in made
    assert "candidate-agent restore" in made
