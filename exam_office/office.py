"""The office's folder: where its keys and signed documents lie. Called by `make` and `publish`.

office.json  root.key.json  roster.key.json  archive.key.json
exams/EXAM/{exam.toml, package.exampackage, roster-N.json, ticket-ID.json}
"""

from pathlib import Path
from typing import TypeVar

import msgspec

from exam_office.errors import FILES, OfficeError
from exam_office.files import read
from exam_protocol import codec
from exam_protocol.errors import ProtocolError
from exam_protocol.policy import ExamPackage, PublicKey, Roster
from exam_protocol.signing import SignedDocument

T = TypeVar("T")


class OfficeFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Public facts about the office, so that documents can name keys that stay locked."""

    format: int
    institution: str
    root_key: PublicKey
    roster_signer: PublicKey
    archive_id: str
    archive_wrap_key: PublicKey


class Office:
    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.root_key_path = directory / "root.key.json"
        self.roster_key_path = directory / "roster.key.json"
        self.archive_key_path = directory / "archive.key.json"
        self.office_path = directory / "office.json"
        self.exams_dir = directory / "exams"

    def facts(self) -> OfficeFile:
        """Raises OfficeError `office_missing`, `office_damaged`."""
        if not self.office_path.exists():
            raise OfficeError(
                "office_missing", f"{self.directory} holds no exam office; run `exam-office init` first.", FILES
            )
        return self._decode(self.office_path, OfficeFile)

    def exam_dir(self, exam_id: str) -> Path:
        """Raises OfficeError `exam_unknown`."""
        path = self.exams_dir / exam_id
        if path.parent != self.exams_dir or not path.is_dir():
            raise OfficeError(
                "exam_unknown", f"There is no exam {exam_id} here; run `exam-office package` first.", FILES
            )
        return path

    def exams(self) -> list[str]:
        return sorted(path.name for path in self.exams_dir.glob("*") if path.is_dir())

    def document(self, path: Path) -> SignedDocument:
        return self._decode(path, SignedDocument)

    def package(self, exam_id: str) -> ExamPackage:
        document = self.document(self.exam_dir(exam_id) / "package.exampackage")
        try:
            return codec.decode(document.payload, ExamPackage)
        except ProtocolError as error:
            raise OfficeError("office_damaged", f"The package of {exam_id} is damaged.", FILES) from error

    def rosters(self, exam_id: str) -> list[tuple[int, SignedDocument]]:
        """(version, document), oldest first."""
        documents = [self.document(path) for path in self.exam_dir(exam_id).glob("roster-*.json")]
        return sorted(((codec.decode(d.payload, Roster).version, d) for d in documents), key=lambda pair: pair[0])

    def tickets(self, exam_id: str) -> list[SignedDocument]:
        return [self.document(path) for path in sorted(self.exam_dir(exam_id).glob("ticket-*.json"))]

    @staticmethod
    def _decode(path: Path, kind: type[T]) -> T:
        try:
            value: T = codec.decode(read(path), kind)
            return value
        except ProtocolError as error:
            raise OfficeError("office_damaged", f"{path} is damaged.", FILES) from error
