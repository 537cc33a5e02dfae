"""The candidate's own copy: everything this computer has that can be read, sealed records as they are, and no key."""

import json
import zipfile
from pathlib import Path

import pytest

from candidate_agent import cli, own_data
from candidate_agent.base.clock import SystemClock
from candidate_agent.base.errors import STATUS
from candidate_agent.config import Config, Launch
from candidate_agent.diary import Diary
from candidate_agent.joining import Join
from candidate_agent.spool import session_file
from candidate_agent.spool.recorder import Recorder
from candidate_agent.spool.store import Spool
from candidate_agent.ui.texts import Texts
from exam_protocol import codec, keys
from exam_protocol.evidence import frames
from exam_protocol.policy import ExamPackage, Roster, Ticket
from exam_protocol.records import (
    ChatEntry,
    FlagEntry,
    LogEntry,
    PictureEntry,
    RecordType,
    Track,
    parse_header,
)  # fmt: skip
from exam_protocol.signing import (
    DOMAIN_PACKAGE,
    DOMAIN_ROSTER,
    DOMAIN_TICKET,
    SigningKey,
    sign_document,
)  # fmt: skip

OFFICE = SigningKey.generate()
PACKAGE = ExamPackage(
    "exam", "Exam", "School", "https://exam.invalid", bytes(32), OFFICE.public_key, (), "", "1", "", "", 0, 1, 1
)
TICKET = Ticket("t-1", "exam", "kim", "Kim Doe", bytes(32), 1)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(tmp_path / "home")


def kept(config: Config) -> tuple[Join, Spool]:
    """A session with records that nobody has yet; its spool is open."""
    document = sign_document(OFFICE, DOMAIN_PACKAGE, codec.encode(PACKAGE))
    file = session_file.fresh(document, b"s" * 16)
    directory = config.sessions_dir / "one"
    join = Join(Launch("", ""), directory, PACKAGE, file)
    roster = sign_document(OFFICE, DOMAIN_ROSTER, codec.encode(Roster(1, "exam", ())))
    join.save(token="t", ticket=sign_document(OFFICE, DOMAIN_TICKET, codec.encode(TICKET)), roster=roster)
    spool = Spool(directory / "spool", ballast_bytes=1000, sync_interval_s=None)
    spool.open()
    recorder = Recorder(spool, join.file.device(), SystemClock(), file.session_id)
    recorder.open_session(
        ticket_hash=b"", wrap_key=bytes(32), build="1", machine="simulated", package_hash=b"", roster_version=1,
        zone="UTC", wall_ms=1,
    )  # fmt: skip
    recorder.new_epoch({"archive": keys.WrapKey.generate().public_key}, 1, b"")
    recorder.entry(Track.LOG, LogEntry("one", "", 1))
    spool.sync()
    return join, spool


def diary() -> Diary:
    noted = Diary()
    noted.note(Track.CONTROL, ChatEntry("candidate", "May I drink?", "m1", 1))
    noted.note(Track.FLAGS, FlagEntry("LINK_LOST", "technical", "The line was lost.", 1, 0, 0))
    noted.note(Track.IDENTITY, PictureEntry("id_card", 1, 0, 1, "image/jpeg", b"x" * 5000, 2))
    return noted


def contents(path: Path, session: str) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name.removeprefix(f"{session}/"): archive.read(name) for name in archive.namelist()}


def test_a_copy_has_the_documents_what_was_noted_and_the_sealed_records(config: Config, tmp_path: Path) -> None:
    join, spool = kept(config)
    session, out = join.file.session_id.hex(), tmp_path / "copy.zip"
    own_data.save(out, config.receipts_dir, session, Texts("en"), join=join, spool=spool, diary=diary())
    spool.close()
    found = contents(out, session)
    assert json.loads(found["documents/ticket.json"])["candidate_name"] == "Kim Doe"
    assert [entry["kind"] for entry in json.loads(found["noted.json"])] == ["chat", "flag", "picture"]
    sealed = [record for _, record in frames(found["lane0.records"])]
    assert [parse_header(record).type for record in sealed] == [RecordType.OPEN, RecordType.EPOCH, RecordType.DATA]
    assert {row["track"] for row in json.loads(found["records.json"])} == {"log", "ledger"}
    assert b"ask your institution" in found["readme.txt"] and b"export.readme" not in found["readme.txt"]
    assert out.stat().st_mode & 0o077 == 0


def test_no_key_no_token_and_no_picture_is_in_it(config: Config, tmp_path: Path) -> None:
    join, spool = kept(config)
    out = tmp_path / "copy.zip"
    own_data.save(out, config.receipts_dir, "s", Texts("en"), join=join, spool=spool, diary=diary())
    spool.close()
    everything = b"".join(contents(out, "s").values())
    secrets = [join.file.device_seed, join.file.wrap_key]
    for secret in secrets:
        assert secret not in everything and codec.encode(secret).strip(b'"') not in everything
    assert b"xxxx" not in everything and b'"token"' not in everything


def test_the_command_exports_every_session_and_receipt_and_overwrites_nothing(
    config: Config, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    join, spool = kept(config)
    spool.close()
    config.receipts_dir.mkdir()
    (config.receipts_dir / "ab12.html").write_text("<p>receipt")
    (config.receipts_dir / "ab12.json").write_text("{}")
    out = tmp_path / "all.zip"
    command = ["export", str(out), "--home", str(config.home_dir)]
    assert cli.run(command) == 0
    names = zipfile.ZipFile(out).namelist()
    assert {"ab12/receipt.html", "ab12/receipt.json", f"{join.file.session_id.hex()}/lane0.records"} <= set(names)
    assert not any(name.endswith("noted.json") for name in names), "what was said is on no disk"
    assert cli.run(command) == STATUS["usage"] and "there already" in capsys.readouterr().err
    one = tmp_path / "one.zip"
    assert cli.run(["export", str(one), "--session", "ab12", "--home", str(config.home_dir)]) == 0
    assert {name.split("/")[0] for name in zipfile.ZipFile(one).namelist()} == {"ab12"}
    assert cli.run(["export", str(tmp_path / "no.zip"), "--session", "ff", "--home", str(config.home_dir)]) == 2


def test_the_diary_forgets_the_oldest_where_there_is_very_much() -> None:
    noted = Diary(kept_entries=2)
    for number in range(3):
        noted.note(Track.LOG, LogEntry("note", str(number), number))
    assert [entry["detail"] for entry in noted.entries()] == ["1", "2"]
