"""What goes wrong at the exam office: one sentence for a person, a stable code, an exit status. Raised by all here."""


class OfficeError(Exception):
    """`code` is stable and machine readable, `text` is one sentence, `exit_status` is the process's."""

    def __init__(self, code: str, text: str, exit_status: int = 1) -> None:
        super().__init__(f"{text} [{code}]")
        self.code = code
        self.text = text
        self.exit_status = exit_status


USAGE = 2
CONFIG = 10
KEYS = 11
SERVER = 12
FILES = 14
