"""The browser's own switches come from us, not from the desktop they were inherited from. Called by `cli` before
anything of Qt is imported. A demo and the tests (CANDIDATE_AGENT_DEMO=1) may keep them: root needs the sandbox off,
a script needs the debugging port.
"""

import sys
from collections.abc import MutableMapping
from pathlib import Path

DEMO = "CANDIDATE_AGENT_DEMO"
_PREFIXES = ("QTWEBENGINE", "PYWEBVIEW")
_GRAPHICS = ("dri/renderD*", "dri/card*", "nvidia[0-9]*")
_NAMES = ("QT_PLUGIN_PATH", "QML_IMPORT_PATH", "QML2_IMPORT_PATH")


def is_demo(environ: MutableMapping[str, str]) -> bool:
    return environ.get(DEMO) == "1"


def strip_environment(environ: MutableMapping[str, str]) -> tuple[str, ...]:
    """Takes every switch of the browser engine out of `environ`; returns the names, sorted. Nothing in a demo."""
    if is_demo(environ):
        return ()
    found = sorted(name for name in environ if name.startswith(_PREFIXES) or name in _NAMES)
    for name in found:
        del environ[name]
    return tuple(found)


def draw_by_processor(environ: MutableMapping[str, str], devices_dir: Path = Path("/dev")) -> bool:
    """Where Linux has no graphics device, Qt shall draw for itself instead of through an emulated graphics processor:
    half the time until a word is on the screen, and some 90 MB less. Whether it was so chosen."""
    if sys.platform != "linux" or any(found for name in _GRAPHICS for found in devices_dir.glob(name)):
        return False
    environ.setdefault("QT_QUICK_BACKEND", "software")
    return True
