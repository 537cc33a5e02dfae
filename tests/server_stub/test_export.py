"""The bundle holds everything that was stored, byte by byte, and only those who may get it."""

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

from exam_protocol import codec
from exam_protocol import messages as m
from exam_protocol.evidence import Bundle, frames
from exam_protocol.messages import Receipt
from exam_protocol.records import Lane
from exam_protocol.signing import DOMAIN_RECEIPT, SignedDocument
from tests.server_stub.client import ROOT_DIR, Agent, Console, cookie, proctor_server, request
from tests.server_stub.conftest import Exam


async def sitting(exam: Exam) -> tuple[Agent, SignedDocument]:
    """A short whole session with one command."""
    for proctor in ("amal", "bo", "chris"):
        exam.server.add_proctor(proctor)
    agent = exam.candidate()
    command = exam.office.command("amal", agent.session_id, 1)
    async with Console.connected(exam.server, "amal") as console:
        await console.send(m.SendCommand(command))
        await console.hear(m.CommandRelayed)
    for number in range(40):
        agent.picture(os.urandom(20_000), key_frame=number == 0)
    agent.end()
    await agent.bring(exam.server, Lane.MEDIA)
    async with agent.line(exam.server) as line:
        await line.send_all()
        await line.hear(m.ReceiptMessage)
    return agent, command


async def test_the_bundle_has_every_record_document_command_and_receipt(exam: Exam) -> None:
    agent, command = await sitting(exam)
    path = f"/api/sessions/{agent.session_id.hex()}/bundle"
    given = request(exam.server.url, "GET", path, headers={"Cookie": cookie(exam.server, "amal")})
    assert (given.status, given.headers["content-type"]) == (200, "application/zip")
    bundle = zipfile.ZipFile(io.BytesIO(given.data))
    assert all(entry.compress_type == zipfile.ZIP_STORED for entry in bundle.infolist())
    about: Bundle = codec.decode(bundle.read("bundle.json"), Bundle)
    assert (about.session_id, about.server_key) == (agent.session_id.hex(), exam.server.public_key)
    for lane in Lane:
        records = list(frames(bundle.read(f"lane{lane:d}.records")))
        assert records == list(enumerate(agent.lanes[lane], 1))
    assert codec.decode(bundle.read("package.json"), SignedDocument) == exam.office.package
    assert codec.decode(bundle.read("rosters/1.json"), SignedDocument) == exam.office.rosters[0]
    assert b"ticket-AAAA-1111" in codec.decode(bundle.read("ticket.json"), SignedDocument).payload
    assert [codec.decode(line, SignedDocument) for line in bundle.read("commands.jsonl").splitlines()] == [command]
    last: SignedDocument = codec.decode(bundle.read("receipts.jsonl").splitlines()[-1], SignedDocument)
    assert codec.decode(last.open(DOMAIN_RECEIPT, exam.server.public_key), Receipt).complete


async def test_only_proctors_of_the_exam_get_a_bundle(exam: Exam) -> None:
    agent, _ = await sitting(exam)
    path = f"/api/sessions/{agent.session_id.hex()}/bundle"
    assert request(exam.server.url, "GET", path).code == "login_needed"
    stranger = {"Cookie": cookie(exam.server, "chris")}
    assert request(exam.server.url, "GET", path, headers=stranger).code == "session_unknown"
    assert request(exam.server.url, "GET", "/api/sessions/zz/bundle", headers=stranger).code == "session_unknown"


async def test_the_command_line_exports_while_the_server_runs(exam: Exam, tmp_path: Path) -> None:
    agent, _ = await sitting(exam)
    out_path = tmp_path / "session.zip"
    proctor_server("export", exam.server.directory, agent.session_id.hex(), "--out", out_path)
    with zipfile.ZipFile(out_path) as bundle:
        assert bundle.testzip() is None
        assert json.loads(bundle.read("bundle.json"))["exam_id"] == exam.office.exam_id


def test_an_unknown_session_is_a_sentence_and_a_status(exam: Exam, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "server_stub", "export", str(exam.server.directory), "ab" * 16, "--out", "x.zip"]
    ended = subprocess.run(command, cwd=ROOT_DIR, capture_output=True, text=True, timeout=20, check=False)
    assert (ended.returncode, ended.stderr) == (2, "proctor-server: There is no such session here.\n")
    assert not (tmp_path / "x.zip").exists()
