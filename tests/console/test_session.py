"""What is not genuine is said and never shown: forged OPEN, damaged records, broken chain, bad epoch, lost frames."""

import hashlib
import os

import pytest
from playwright.sync_api import Page

from exam_protocol import codec
from exam_protocol import records as r
from exam_protocol.signing import SigningKey
from tests.console import pictures
from tests.console.conftest import holds
from tests.console.relay import Relay
from tests.console.sitting import Candidate
from tests.console.test_app import film

pytestmark = pytest.mark.real


def pane(console: Page, candidate: Candidate, more: str = "") -> None:
    console.wait_for_selector(f"#pane[data-session='{candidate.session_hex}']{more}")


def flip(record: bytes, at: int) -> bytes:
    return record[:at] + bytes([record[at] ^ 1]) + record[at + 1 :]


def test_an_open_signed_by_a_foreign_device_is_refused(console: Page, relay: Relay) -> None:
    candidate = Candidate(relay.institution, "Mallory")
    relay.add(candidate)
    candidate.signed(candidate.opening(), SigningKey.generate())
    console.click(f".tile[data-session='{candidate.session_hex}'] .tile-open")
    pane(console, candidate, "[data-trust=refused]")
    assert "signature" in console.inner_text("#pane-trust")
    assert console.is_disabled("#end-button") and console.is_disabled("#chat-send", timeout=1000)


def test_a_relay_that_puts_its_own_device_in_place_is_refused(console: Page, relay: Relay) -> None:
    """OPEN holds by its own key, but it is not the key that enrolled."""
    candidate, other = Candidate(relay.institution, "Mallory"), SigningKey.generate()
    relay.add(candidate)
    enrolled, candidate.device = candidate.device, other
    opening = candidate.opening()
    candidate.device = enrolled
    candidate.signed(opening, other)
    console.wait_for_selector(f".tile[data-session='{candidate.session_hex}'][data-trust=refused]")


def test_a_second_different_open_changes_nothing(console: Page, relay: Relay, candidate: Candidate) -> None:
    other = Candidate(relay.institution, "Mallory")
    other.session_id = candidate.session_id
    relay.publish_raw(candidate, other.signed(other.opening()))
    console.wait_for_selector("#pane-trust:visible")
    pane(console, candidate, "[data-trust=verified]")


def test_damaged_frames_are_counted_and_never_drawn(console: Page, relay: Relay, candidate: Candidate) -> None:
    film(candidate, r.Track.SCREEN, range(5))
    console.wait_for_selector("#screen-canvas[data-frames='5']")
    encoder = pictures.H264(640, 360)
    picture = pictures.time_code(0xFFFF, 640, 360, (0, 0, 255))
    frame = r.pack_media(encoder.encode(picture, 0, key=True))
    genuine = candidate.seal(r.Track.SCREEN, frame, flags=1)
    relay.publish_raw(candidate, flip(genuine, len(genuine) - 20))
    relay.publish_raw(candidate, flip(genuine, 20))  # another media time in the header
    console.wait_for_selector("#pane-trust:visible")
    holds(console, "document.querySelector('#pane-trust').textContent.startsWith('2 records')")
    assert console.get_attribute("#screen-canvas", "data-frames") == "5"


def test_a_forged_chat_line_never_appears(console: Page, relay: Relay, candidate: Candidate) -> None:
    text = codec.encode_padded(r.ChatEntry("candidate", "I confess", "m9", 1))
    relay.publish_raw(candidate, flip(candidate.seal(r.Track.CONTROL, text), 100))
    candidate.entry(r.Track.CONTROL, r.ChatEntry("candidate", "Good morning", "m10", candidate.institution.now_ms()))
    console.click("#tab-chat")
    console.wait_for_selector(".line[data-message=m10]")
    assert console.locator(".line").count() == 1


def test_a_candidate_cannot_write_in_a_proctors_name(console: Page, candidate: Candidate) -> None:
    me = candidate.institution.proctor_id
    candidate.entry(r.Track.CONTROL, r.ChatEntry(me, "You may use your notes", "m1", candidate.institution.now_ms()))
    console.click("#tab-chat")
    console.wait_for_selector(".line[data-message=m1]:not([data-own])")
    assert candidate.name in console.inner_text(".line[data-message=m1] footer")


def test_a_signed_state_by_another_key_is_not_believed(console: Page, relay: Relay, candidate: Candidate) -> None:
    forged = r.sign_record(
        r.State("ended", "", 1), SigningKey.generate(), session_id=candidate.session_id, epoch=1,
        sequence=candidate.chains.at(r.Track.LEDGER).next_sequence, media_time_us=1,
    )  # fmt: skip
    relay.publish_raw(candidate, forged)
    console.wait_for_selector("#pane-trust:visible")
    pane(console, candidate, "[data-state=waiting]")


def test_an_epoch_key_that_breaks_its_promise_is_not_used(console: Page, candidate: Candidate) -> None:
    candidate.new_epoch(commitment=os.urandom(32))
    candidate.entry(r.Track.CONTROL, r.ChatEntry("candidate", "under a bad key", "m1", 1))
    console.wait_for_selector("#pane-trust:visible")
    assert "promised" in console.inner_text("#pane-trust")
    candidate.new_epoch()
    candidate.entry(r.Track.CONTROL, r.ChatEntry("candidate", "under a good key", "m2", 2))
    console.click("#tab-chat")
    console.wait_for_selector(".line[data-message=m2]")
    assert console.locator(".line").count() == 1


def test_media_that_overtakes_its_epoch_waits_for_it(console: Page, relay: Relay, candidate: Candidate) -> None:
    """Two lanes: a picture may come before the record that brings its key."""
    publish, held = candidate.publish, []
    candidate.publish = held.append
    candidate.new_epoch()
    film(candidate, r.Track.SCREEN, range(3))
    for record in held[1:]:
        publish(record)
    publish(held[0])
    console.wait_for_selector("#screen-canvas[data-frames='3']")


def test_a_replaced_record_breaks_the_chain_and_is_said(console: Page, relay: Relay, candidate: Candidate) -> None:
    record = candidate.seal(r.Track.LOG, codec.encode_padded(r.LogEntry("note", "left out", 1)))
    other = candidate.seal(r.Track.LOG, codec.encode_padded(r.LogEntry("note", "in its place", 1)))
    candidate.skip(r.Track.LOG, record)
    relay.publish_raw(candidate, other)
    candidate.check()
    console.wait_for_selector("#pane-trust:visible")
    assert "replaced" in console.inner_text("#pane-trust")


def test_a_declared_gap_carries_the_chain_on(console: Page, candidate: Candidate) -> None:
    lost = candidate.seal(r.Track.LOG, codec.encode_padded(r.LogEntry("note", "damaged on disk", 1)))
    candidate.skip(r.Track.LOG, lost)
    candidate.entry(r.Track.LOG, r.LogEntry("note", "after it", 2))
    hashes = (hashlib.sha256(lost).digest(),)
    candidate.signed(r.Gap(r.Track.LOG, 0, 0, hashes, 0, 1, "damaged"))
    candidate.check()
    holds(console, "document.querySelector('#pane-facts').textContent.includes('1 declared (damaged)')")
    assert console.is_hidden("#pane-trust")


def test_after_a_lost_frame_nothing_is_drawn_until_a_key_frame(
    console: Page, relay: Relay, candidate: Candidate
) -> None:
    publish, held = candidate.publish, []
    candidate.publish = held.append
    film(candidate, r.Track.SCREEN, range(6))
    film(candidate, r.Track.SCREEN, range(100, 103))
    for at, record in enumerate(held):
        if at != 2:
            publish(record)
    console.wait_for_selector("#screen-canvas[data-frames='5']")  # 0, 1, then 100, 101, 102
    assert console.evaluate(f"console_metrics.tracks['{candidate.session_hex}:1'].lost") == 3


def test_a_session_sealed_before_my_time_says_so(console: Page, relay: Relay) -> None:
    candidate = Candidate(relay.institution, "Early Bird")
    recipients = relay.institution.recipients
    relay.institution.recipients = {"archive-1": recipients["archive-1"]}
    relay.add(candidate)
    try:
        candidate.start()
    finally:
        relay.institution.recipients = recipients
    candidate.entry(r.Track.CONTROL, r.ChatEntry("candidate", "for others", "m1", 1))
    console.click(f".tile[data-session='{candidate.session_hex}'] .tile-open")
    holds(console, "document.querySelector('#pane-facts').textContent.includes('1 record sealed to others')")
    candidate.new_epoch()
    candidate.entry(r.Track.CONTROL, r.ChatEntry("candidate", "for all", "m2", 2))
    console.click("#tab-chat")
    console.wait_for_selector(".line[data-message=m2]")
    assert console.locator(".line").count() == 1
