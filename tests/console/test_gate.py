"""Signing in and keys: the key file both ways, the roster, and what must not be shown."""

import json

import pytest
from playwright.sync_api import Page

from exam_protocol.signing import DOMAIN_ROSTER, sign_document
from tests.console.conftest import open_keys, sign_in, until
from tests.console.relay import PASSWORD, Relay
from tests.console.sitting import PASSPHRASE, Candidate, Institution, read_key_file

pytestmark = pytest.mark.real


def test_a_wrong_password_is_said_in_a_sentence(page: Page, relay: Relay) -> None:
    page.goto(f"{relay.url}/console/")
    page.fill("#proctor-id", relay.institution.proctor_id)
    page.fill("#password", "nearly right")
    page.click("#sign-in-button")
    page.wait_for_selector("#sign-in-error:visible")
    assert "do not belong together" in page.inner_text("#sign-in-error")


def test_a_key_file_made_by_python_opens_and_the_keys_stay_in_this_browser(page: Page, relay: Relay) -> None:
    sign_in(page, relay)
    assert relay.institution.fingerprint == page.inner_text("#root-fingerprint")
    open_keys(page, relay.institution)
    page.wait_for_selector("body[data-phase=console]")
    page.reload()
    page.wait_for_selector("body[data-phase=console]")
    readable = page.evaluate(
        """async (name) => {
          const request = indexedDB.open("proctor-console", 1);
          await new Promise((resolve) => { request.onsuccess = resolve; });
          const read = request.result.transaction("kept").objectStore("kept").get(name);
          await new Promise((resolve) => { read.onsuccess = resolve; });
          return [read.result.sign.privateKey.extractable, read.result.wrap.privateKey.extractable];
        }""",
        f"keys:{relay.institution.proctor_id}",
    )
    assert readable == [False, False]


def test_a_wrong_passphrase_is_said_in_a_sentence(page: Page, relay: Relay) -> None:
    sign_in(page, relay)
    file = {"name": "k.json", "mimeType": "application/json", "buffer": relay.institution.key_file}
    page.set_input_files("#key-file", [file])  # type: ignore[list-item]
    page.fill("#key-passphrase", "something else")
    page.click("#open-key-button")
    page.wait_for_selector("#keys-error:visible")
    assert "passphrase does not open" in page.inner_text("#keys-error")


def test_keys_made_in_the_browser_open_in_python_and_wait_for_the_roster(page: Page) -> None:
    """A newcomer is not welcomed, makes keys, hands over the card; with the new roster the console opens by itself."""
    institution = Institution("n.newcomer", "Nadia Newcomer")
    relay = Relay(institution)
    relay.on_duty = False
    relay.start()
    try:
        page.goto(f"{relay.url}/console/")
        page.fill("#proctor-id", institution.proctor_id)
        page.fill("#password", PASSWORD)
        page.click("#sign-in-button")
        page.fill("#make-name", "Nadia Newcomer")
        page.fill("#make-passphrase", PASSPHRASE)
        page.fill("#make-passphrase-again", PASSPHRASE)
        downloads: list[bytes] = []
        page.on("download", lambda file: downloads.append(file.path().read_bytes()))  # both files
        page.click("#make-keys-button")
        page.wait_for_selector("#keys-card:visible")
        card = json.loads(page.inner_text("#card-json"))
        assert (card["id"], card["name"], card["role"]) == ("n.newcomer", "Nadia Newcomer", "proctor")
        until(lambda: len(downloads) == 2)
        key_file = next(content for content in downloads if b'"sealed"' in content)
        institution.sign_key, institution.wrap_key = read_key_file(key_file, PASSPHRASE)
        institution.name_in_roster(institution.sign_key.public_key, institution.wrap_key.public_key)
        relay.on_duty = True
        page.wait_for_selector("body[data-phase=console]")
        candidate = Candidate(institution, "First Candidate")
        relay.add(candidate)
        candidate.start()
        page.wait_for_selector(".tile[data-trust=verified]")
    finally:
        relay.stop()


def test_a_roster_signed_by_somebody_else_shows_nothing(page: Page) -> None:
    institution = Institution()
    institution.roster = sign_document(institution.root, DOMAIN_ROSTER, institution.roster.payload)
    relay = Relay(institution)
    relay.start()
    try:
        page.goto(f"{relay.url}/console/")
        page.fill("#proctor-id", institution.proctor_id)
        page.fill("#password", PASSWORD)
        page.click("#sign-in-button")
        page.wait_for_selector("body[data-phase=refused]")
        assert "foreign_key" in page.inner_text("#refused-code")
    finally:
        relay.stop()


def test_another_root_than_the_last_time_shows_nothing_until_confirmed(page: Page) -> None:
    first, second = Institution(), Institution()
    relay = Relay(first)
    relay.start()
    try:
        sign_in(page, relay)
        relay.institution = second
        page.reload()
        page.wait_for_selector("body[data-phase=refused]")
        assert "package_foreign" in page.inner_text("#refused-code")
        page.click("#trust-root")
        page.wait_for_selector("body[data-phase=keys]")
        assert page.inner_text("#root-fingerprint") == second.fingerprint
    finally:
        relay.stop()


def test_keys_other_than_the_rosters_are_named(page: Page, relay: Relay) -> None:
    sign_in(page, relay)
    open_keys(page, Institution())
    page.wait_for_selector("#keys-card:visible")
    assert "other keys" in page.inner_text("#keys-text").lower()
