"""Floors, types for three systems and lint hold; the test tree is importable as `tests.*`."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CACHE_DIR = ROOT / ".mypy_cache"  # one for each system: what is known of one is of no use to another


def _passes(*command: str) -> None:
    result = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False, timeout=110
    )
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.slow
@pytest.mark.parametrize("system", ["linux", "win32", "darwin"])
def test_types_hold_on(system: str) -> None:
    _passes("mypy", "--platform", system, f"--cache-dir={CACHE_DIR / system}")


@pytest.mark.slow
def test_types_hold_in_the_demo() -> None:
    _passes("mypy", "demo", f"--cache-dir={CACHE_DIR / 'linux'}")


def test_lint_and_format_hold() -> None:
    _passes("ruff", "check", ".")
    _passes("ruff", "format", "--check", ".")


def test_import_floors_hold() -> None:
    result = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert "0 broken" in result.stdout


def test_every_test_folder_is_a_package_so_that_names_never_clash() -> None:
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}
    assert [str(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_packages_do_not_import_tests_or_demo() -> None:
    offenders = [
        f"{path.relative_to(ROOT)}: {line}"
        for package in (
            "exam_protocol",
            "candidate_agent",
            "server_stub",
            "exam_office",
            "exam_evidence",
            "practice_room",
        )
        for path in (ROOT / package).rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.lstrip().startswith(("from tests", "import tests", "from demo", "import demo"))
    ]
    assert offenders == []
