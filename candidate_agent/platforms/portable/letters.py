"""LetterPort by the program tesseract, where it is installed. The picture goes through a pipe. Called by `select`."""

import os
import shutil
import subprocess

from candidate_agent.platforms.ports import Unsupported

MISSING = Unsupported("No program that reads letters (tesseract) is on this computer.")
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<"
_OPTIONS = ("stdin", "stdout", "--psm", "6", "-c", f"tessedit_char_whitelist={_ALPHABET}", "-c", "load_system_dawg=0",
            "-c", "load_freq_dawg=0")  # fmt: skip


class Tesseract:
    def __init__(self, program_path: str) -> None:
        self._program_path = program_path

    def read(self, png: bytes, within_s: float) -> str:
        try:
            done = subprocess.run(  # noqa: S603 - a fixed command, no shell; the picture goes through the pipe
                [self._program_path, *_OPTIONS], input=png, capture_output=True, timeout=within_s, check=False,
                env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            )  # fmt: skip
        except (subprocess.SubprocessError, OSError):
            return ""
        return done.stdout.decode("ascii", "ignore") if done.returncode == 0 else ""


def letter_port() -> Tesseract | Unsupported:
    program_path = shutil.which("tesseract")
    return Tesseract(program_path) if program_path else MISSING
