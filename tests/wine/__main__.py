"""`make wine-test`: the port suite and the tests of the Windows backend, in a Windows Python under Wine, on an X server
with hot-plug of its own. Where Wine is not here and cannot be had, one line says so, and that is no failure."""

import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from tests.everything import Outcome, read_junit
from tests.rig.xserver import XServer, wait_for
from tests.wine.desk import serving

ROOT = Path(__file__).parents[2]
PLACE = ROOT / "build" / "wine"
REPORT = PLACE / "pytest.xml"
NOT_HERE = 3
LIMIT_S = 600.0
TESTS = (
    "tests/candidate_agent/platforms/test_ports.py",
    "tests/candidate_agent/platforms/test_instance_lock.py",
    "tests/candidate_agent/platforms/windows",
)
# A window manager as on a desktop, but one that takes no keys for itself: they shall reach Wine.
WINDOW_MANAGER = '<openbox_config xmlns="http://openbox.org/3.4/rc"><keyboard></keyboard></openbox_config>'


def main() -> int:
    begun = time.monotonic()
    ready = subprocess.run([str(ROOT / "packaging" / "wine.sh")], check=False).returncode
    if ready == NOT_HERE:
        print("skipped: Wine is not here")
        return 0
    if ready:
        return 1
    with XServer(hot_plug=True, window_manager=False) as x_server:
        outcome = _on(x_server)
    print(f"\nunder Wine, in {time.monotonic() - begun:.0f} s:\n{outcome}")
    return 1 if outcome.failed or not outcome.passed else 0


def _on(x_server: XServer) -> Outcome:
    """In a prefix outside of the repository: a link in it leads to `/`, and setuptools would follow that."""
    wine, server = programs()
    manager = _window_manager(x_server)
    try:
        with (
            serving(x_server) as port,
            tempfile.TemporaryDirectory(prefix="wine-", ignore_cleanup_errors=True) as prefix,
        ):
            environment = wine_environment(x_server, port, prefix)
            try:
                _run([wine, "wineboot", "--init"], environment, shown=False)
                _run_tests([wine, str(PLACE / "python" / "python.exe")], environment)
            finally:
                _run([server, "-k"], environment)
                _run([server, "-w"], environment)
    finally:
        manager.terminate()
        manager.wait()
    return read_junit(REPORT) if REPORT.exists() else Outcome(failed=1)


def _run_tests(python: list[str], environment: dict[str, str]) -> None:
    REPORT.unlink(missing_ok=True)
    _run([*python, "-m", "pytest", f"--junitxml={REPORT}", *(sys.argv[1:] or TESTS)], environment)


def programs() -> tuple[str, str]:
    """Wine and its server, of 64 bits only: Debian keeps them out of the path."""
    found = []
    for name, kept in (("wine64", "wine64"), ("wineserver", "wineserver64")):
        path = Path("/usr/lib/wine") / kept
        found.append(str(path) if path.exists() else str(shutil.which(name)))
    return found[0], found[1]


def wine_environment(x_server: XServer, port: int, prefix: str) -> dict[str, str]:
    paths = (windows_path(ROOT / "tests" / "wine" / "inside"), windows_path(PLACE / "site"), windows_path(ROOT))
    return {
        **x_server.environment(),
        "WINEPREFIX": prefix,
        "WINEDEBUG": "-all",
        "WINEDLLOVERRIDES": "winedbg.exe=d;mscoree,mshtml=",
        "PYTHONPATH": ";".join(paths),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
        "WINE_DESK": str(port),
    }


def windows_path(path: Path) -> str:
    return "Z:" + str(path).replace("/", "\\")


def _window_manager(x_server: XServer) -> "subprocess.Popen[bytes]":
    configuration = PLACE / "openbox.xml"
    configuration.write_text(WINDOW_MANAGER)
    process = subprocess.Popen(
        ["openbox", "--sm-disable", "--config-file", str(configuration)],
        env=x_server.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_for(x_server.managed, "the window manager")
    return process


def _run(command: list[str], environment: dict[str, str], *, shown: bool = True) -> None:
    """Through a pipe: a Windows Python does not start on a plain file or terminal of this side."""
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert process.stdout is not None
    limit = threading.Timer(LIMIT_S, process.kill)
    limit.start()
    while piece := process.stdout.read1() if shown else process.stdout.read():
        if shown:
            sys.stdout.buffer.write(piece)
            sys.stdout.flush()
    limit.cancel()
    process.stdout.close()
    process.wait()


if __name__ == "__main__":
    sys.exit(main())
