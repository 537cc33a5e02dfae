"""A published exam on a running server, for every test that wants one."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.server_stub.client import Agent, Office, ServerProcess


@dataclass(frozen=True, slots=True)
class Exam:
    office: Office
    server: ServerProcess

    def candidate(self, code: str = "AAAA-1111") -> Agent:
        """Enrolled, with OPEN and EPOCH recorded and nothing sent yet. Codes AAAA-1111, BBBB-2222 ... DDDD-4444."""
        agent = Agent(self.office)
        agent.enrol(self.server, code)
        agent.open()
        return agent


CODES = ("AAAA-1111", "BBBB-2222", "CCCC-3333", "DDDD-4444")


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def server(tmp_path: Path, office: Office) -> Iterator[ServerProcess]:
    """Running, with nothing published."""
    process = ServerProcess(tmp_path / "server", office.fingerprint)
    process.start()
    yield process
    process.stop()


@pytest.fixture
def exam(office: Office, server: ServerProcess) -> Exam:
    server.publish(office, *CODES)
    return Exam(office, server)
