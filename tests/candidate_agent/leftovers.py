"""A real session that an earlier run of the program left on this computer: enrolled at a real server, sealed records
in a real spool, some of them sent or none. For the tests of `send` and `export`.
"""

import asyncio
from pathlib import Path

from candidate_agent.base.clock import SystemClock
from candidate_agent.config import Config, Launch
from candidate_agent.joining import Join, enrol, prepare
from candidate_agent.session.states import Kept, Phase
from candidate_agent.spool.recorder import Recorder
from candidate_agent.spool.store import Spool
from exam_protocol import codec, policy
from exam_protocol.records import Codec, LogEntry, Media, Track
from tests.server_stub.client import Office, ServerProcess, now_ms

CODE = "AAAA-1111"
ENDED = Kept(
    Phase.DONE, "finished", began_ms=now_ms() - 600_000, ended_ms=now_ms(), messages=3, restored=True,
    measures=(("screen saver", "put back"),),
)  # fmt: skip


def publish(server: ServerProcess, office: Office, home: Path, **changes: object) -> Launch:
    """The exam on a running server, and what its candidate was sent."""
    document = office.make_package(server.public_key, server_url=server.url, **changes)
    server.publish(office, CODE)
    home.mkdir(parents=True, exist_ok=True)
    path = home / "exam.exampackage"
    path.write_bytes(codec.encode(document))
    return Launch(office.fingerprint, CODE, package_path=path)


def leave(config: Config, launch: Launch, kept: Kept, *, pictures: int = 40, end: bool = True) -> Join:
    """What the program left when it was closed, or was killed before it could sign the end."""
    clock = SystemClock()
    join = prepare(config, launch, clock)
    asyncio.run(enrol(join))
    spool = Spool(join.directory / "spool", ballast_bytes=1000, sync_interval_s=None)
    recorder = Recorder(spool, join.file.device(), clock, join.file.session_id)
    spool.open()
    _record(join, recorder, pictures)
    if end:
        recorder.state("ended", kept.reason)
        recorder.end(kept.reason, True)
    spool.close()
    join.save(kept=kept)
    return join


def _record(join: Join, recorder: Recorder, pictures: int) -> None:
    assert join.file.ticket is not None and join.file.roster is not None
    recorder.open_session(
        ticket_hash=policy.document_hash(join.file.ticket), wrap_key=join.file.wrap().public_key, build="1",
        machine="simulated", package_hash=policy.document_hash(join.file.package), roster_version=join.roster.version,
        zone="UTC", wall_ms=now_ms(),
    )  # fmt: skip
    recipients = policy.wrap_recipients(join.package, join.roster, now_ms())
    recorder.new_epoch(recipients, join.roster.version, policy.document_hash(join.file.roster))
    recorder.state("running")
    for number in range(pictures):
        recorder.media(Track.SCREEN, Media(Codec.H264, 640, 480, bytes(3000)), key_frame=number == 0, taken_us=number)
        recorder.entry(Track.LOG, LogEntry("note", str(number), number))
