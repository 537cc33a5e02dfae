"""One institution and a way to verify what a test wrote."""

from collections.abc import Callable
from pathlib import Path

import pytest

from exam_evidence.bundle import BundleReader
from exam_evidence.verify import Verdict, verify
from tests.exam_evidence.sample import Institution, Sitting


@pytest.fixture(scope="session")
def institution() -> Institution:
    return Institution()


@pytest.fixture
def verdict_of(institution: Institution, tmp_path: Path) -> Callable[[Sitting | Path], Verdict]:
    def run(source: Sitting | Path) -> Verdict:
        path = source if isinstance(source, Path) else source.write(tmp_path / "session.bundle")
        with BundleReader(path) as reader:
            return verify(reader, institution.fingerprint)

    return run
