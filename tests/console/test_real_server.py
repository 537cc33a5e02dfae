"""The console before the real server: a newcomer's keys, a decision over the real relay, the evidence downloaded."""

import asyncio
import io
import json
import zipfile
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Download, Page

from exam_protocol import codec, keys
from exam_protocol import messages as m
from exam_protocol.policy import document_hash
from exam_protocol.records import FlagEntry, Lane, Open, Track
from tests.console.conftest import until
from tests.console.sitting import PASSPHRASE, read_key_file
from tests.server_stub.client import PASSWORD, Agent, Office, ServerProcess, now_ms, request

pytestmark = pytest.mark.real
NEWCOMER = "nadia"


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def server(tmp_path: Path, office: Office) -> Iterator[ServerProcess]:
    """Running, with an exam and a ticket; no roster names the newcomer, who has a password."""
    server = ServerProcess(tmp_path / "server", office.fingerprint)
    server.add_proctor(NEWCOMER)
    server.start()
    office.make_roster("amal")
    server.publish(office, "CODE")
    yield server
    server.stop()


def in_thread(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """The browser's own loop has this thread."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(work())).result()


def make_keys(page: Page, server: ServerProcess) -> dict[str, bytes]:
    """Signs in and makes keys; the downloaded files by name."""
    page.goto(f"{server.url}/console/")
    page.fill("#proctor-id", NEWCOMER)
    page.fill("#password", PASSWORD)
    page.click("#sign-in-button")
    page.wait_for_selector("body[data-phase=keys]")
    page.fill("#make-name", "Nadia Newcomer")
    page.fill("#make-passphrase", PASSPHRASE)
    page.fill("#make-passphrase-again", PASSPHRASE)
    downloads: list[Download] = []
    page.on("download", lambda download: downloads.append(download))
    page.click("#make-keys-button")
    page.wait_for_selector("#keys-card:visible")
    until(lambda: has_arrived(page, downloads, 2))
    return {download.suggested_filename: download.path().read_bytes() for download in downloads}


def has_arrived(page: Page, downloads: list[Download], count: int) -> bool:
    """The browser's events arrive only while we listen to it."""
    page.wait_for_timeout(20)
    return len(downloads) >= count


def publish_roster(server: ServerProcess, office: Office) -> None:
    answer = request(server.url, "PUT", "/api/office/roster", office.make_roster("amal", NEWCOMER))
    assert answer.status == 204, answer.data


def test_a_newcomer_makes_keys_and_the_console_opens_by_itself_once_the_roster_names_them(
    server: ServerProcess, office: Office, page: Page
) -> None:
    files = make_keys(page, server)
    assert set(files) == {"nadia.key.json", "nadia.card.json"}
    sign, wrap = read_key_file(files["nadia.key.json"], PASSPHRASE)
    card = json.loads(files["nadia.card.json"])
    assert (card["id"], card["name"], card["role"]) == (NEWCOMER, "Nadia Newcomer", "proctor")
    office.proctors[NEWCOMER] = (sign, wrap, "proctor")
    publish_roster(server, office)
    page.wait_for_selector("body[data-phase=console]")
    assert page.inner_text("#root-fingerprint") == office.fingerprint


def test_a_decision_reaches_the_agent_and_the_evidence_can_be_downloaded(
    server: ServerProcess, office: Office, page: Page
) -> None:
    sign, wrap = read_key_file(make_keys(page, server)["nadia.key.json"], PASSPHRASE)
    office.proctors[NEWCOMER] = (sign, wrap, "proctor")
    publish_roster(server, office)
    page.wait_for_selector("body[data-phase=console]")
    agent = Agent(office)
    agent.enrol(server, "CODE")
    open_session(agent)
    agent.state("running")
    agent.seal(Track.FLAGS, codec.encode_padded(FlagEntry("FOCUS_LOST", "low", "Another window.", 1, 10, 15)))
    in_thread(lambda: agent.bring(server))
    page.click(".tile[data-trust=verified] .tile-open")
    page.click("#tab-flags")
    page.click(".flag-dismiss")
    page.wait_for_selector(".flag[data-decision=dismissed][data-status=held]")
    command = in_thread(lambda: hear_command(agent, server))
    body: m.CommandBody = codec.decode(
        agent.wrap.open(command.sealed, keys.command_info(agent.session_id, command.counter)), m.CommandBody
    )
    assert body == m.FlagDecisionBody(0, "dismissed", "Looked at; nothing to note.")
    agent.state("ended", "finished")
    agent.end()
    in_thread(lambda: agent.bring(server))
    page.wait_for_selector("#evidence-link:visible")
    with page.expect_download() as download:
        page.click("#evidence-link")
    with zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())) as bundle:
        assert {"lane0.records", "lane1.records"} & set(bundle.namelist())


def open_session(agent: Agent) -> None:
    """OPEN as the real agent signs it, with the package's hash, which the console compares."""
    assert agent.office.package is not None
    package_hash = document_hash(agent.office.package)
    opening = Open(
        agent.session_id, b"", agent.device.public_key, agent.wrap.public_key, "0", "simulated", package_hash, 1,
        now_ms(), "UTC",
    )  # fmt: skip
    agent.sign(opening)
    agent.new_epoch()


async def hear_command(agent: Agent, server: ServerProcess) -> m.Command:
    async with agent.line(server, Lane.CONTROL) as line:
        message: m.CommandMessage = await line.hear(m.CommandMessage)
    command: m.Command = codec.decode(message.document.payload, m.Command)
    return command
