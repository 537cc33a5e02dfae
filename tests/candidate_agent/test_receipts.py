"""The receipt as a page: in words, whole, in the candidate's language, and nothing in it can act."""

import json
import re
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from candidate_agent import receipts
from candidate_agent.guard import Guard
from candidate_agent.platforms.linux import settings as linux
from candidate_agent.platforms.ports import RESTORE_AT_LOGIN
from candidate_agent.ui import measures
from candidate_agent.ui.receipt import Sitting, page
from candidate_agent.ui.texts import Texts
from exam_protocol import codec
from exam_protocol.messages import Receipt, TrackDurable
from exam_protocol.records import Track
from exam_protocol.signing import DOMAIN_RECEIPT, SignedDocument, SigningKey, sign_document
from tests.candidate_agent.ui.states import PACKAGE

BEGAN_MS = 1_790_000_000_000
DURABLE = (TrackDurable(Track.SCREEN, 12, b"\xab" * 32), TrackDurable(0, 3, b"c" * 32))
RECEIPT = Receipt(bytes(range(16)), DURABLE, True, BEGAN_MS)
MEASURES = (("screen saver", "put back"), ("clipboard", "held nothing to put back"), ("notifications", "still differs"))
SITTING = Sitting(
    PACKAGE, "Ada <b>Example</b>", True, MEASURES, BEGAN_MS, BEGAN_MS + 72 * 60_000, 4
)  # fmt: skip
ENGLISH = Texts("en")


def test_the_page_says_when_how_long_what_arrived_and_how_the_computer_is() -> None:
    said = page(RECEIPT, SITTING, "x.json", ENGLISH)
    for words in ("Everything that was recorded has arrived.", "<td>72</td>", "Screen saver", "as before", "x.json"):
        assert words in said
    assert "was empty, still is" in said and "not put back yet" in said
    assert "abababab" in said and RECEIPT.session_id.hex() in said


def test_nothing_in_it_can_act_and_no_name_is_markup() -> None:
    said = page(RECEIPT, SITTING, "x.json", ENGLISH)
    assert "<b>Example" not in said and "&lt;b&gt;Example" in said
    assert "<script" not in said and "http" not in said


def test_a_name_turns_no_word_beside_it_round() -> None:
    turning = "Ada\u202e\u2067 \x1b[2J"
    package = msgspec.structs.replace(PACKAGE, title=turning, institution=turning, contact=turning)
    said = page(RECEIPT, replace(SITTING, package=package, candidate_name=turning), "x.json", ENGLISH)
    assert said.count("<bdi>Ada\\u202e\\u2067 \\u001b[2J</bdi>") == 4
    assert not set("\u202e\u2067\x1b") & set(said)


def test_every_word_of_it_is_in_the_catalogue() -> None:
    for sitting in (SITTING, Sitting(PACKAGE, "Ada", False), Sitting(PACKAGE, "Ada", None)):
        tracks = tuple(TrackDurable(track, 1, bytes(32)) for track in Track)
        said = page(Receipt(bytes(16), tracks, False, 1), sitting, "x.json", ENGLISH)
        assert "receipt." not in said and "outcome." not in said and "measure." not in said


def test_a_track_or_measure_of_a_later_version_keeps_its_own_name() -> None:
    said = page(Receipt(bytes(16), (TrackDurable(77, 1, bytes(32)),), True, 1), SITTING, "x.json", ENGLISH)
    assert "Track 77" in said
    odd = Sitting(PACKAGE, "Ada", True, (("hyper drive", "put back"),))
    assert "hyper drive" in page(RECEIPT, odd, "x.json", ENGLISH)


def test_page_and_signed_original_are_written_together_and_the_signature_holds(tmp_path: Path) -> None:
    server = SigningKey.generate()
    path = tmp_path / "receipts" / "ab.html"
    receipts.write(sign_document(server, DOMAIN_RECEIPT, codec.encode(RECEIPT)), path, SITTING, "en")
    assert path.read_text("utf-8").startswith("<!doctype html>")
    original: SignedDocument = codec.decode(path.with_suffix(".json").read_bytes(), SignedDocument)
    assert json.loads(original.open(DOMAIN_RECEIPT, server.public_key))["complete"] is True


def test_a_language_that_lacks_a_text_says_it_in_english() -> None:
    assert Texts("xx").say("receipt.title") == ENGLISH.say("receipt.title")
    assert Texts("../en").language == "en"


@pytest.mark.parametrize("name", sorted(measures.KNOWN))
def test_every_measure_has_its_words(name: str) -> None:
    assert ENGLISH.has(measures.name_key(name))


def test_every_measure_of_this_program_is_known_by_name() -> None:
    """Names are written where the settings and grips are made; a new one without words fails here."""
    root = Path(linux.__file__).parents[2]
    sources = "".join(
        path.read_text("utf-8")
        for path in (*(root / "platforms").glob("*/settings.py"), *(root / "platforms").glob("*/notifications.py"))
    )
    named = set(re.findall(r'^    name = "([^"]+)"|RegistrySetting\(\s*"([^"]+)"', sources, re.MULTILINE))
    grips = Path(str(Guard.__init__.__code__.co_filename)).read_text("utf-8")
    names = {one or other for one, other in named} | set(re.findall(r'Grip\("([^"]+)"', grips))
    assert len(names) > 8 and names | {RESTORE_AT_LOGIN} <= measures.KNOWN


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("put back", "fine"),
        ("held nothing to put back", "empty"),
        ("set to its default, because the undo log could not be read", "default"),
        ("could not be put back: no display", "left"),
        ("kept, so that the next login tries again", "left"),
    ],
)
def test_what_a_system_says_becomes_one_of_four_words(said: str, outcome: str) -> None:
    assert measures.outcome(said) == outcome
    assert ENGLISH.has(f"outcome.{outcome}")
