"""Printers are counted through CUPS, and where there is none that is said."""

import stat
import sys
from pathlib import Path

import pytest

from candidate_agent.platforms.portable import printing

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="CUPS is of Linux and macOS")


def put(folder: Path, script: str) -> None:
    program = folder / "lpstat"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


def test_each_line_is_a_printer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert printing.printers() is None
    put(tmp_path, "printf 'Office\\nHome\\n'")
    assert printing.printers() == 2
    put(tmp_path, "exit 1")
    assert printing.printers() == 0
