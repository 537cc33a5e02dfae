"""The browser's own switches come from us, not from the desktop they were inherited from. Called by `app` before
anything of Qt is imported. A demo and the tests (CANDIDATE_AGENT_DEMO=1) may keep them: root needs the sandbox off,
a script needs the debugging port.
"""

from collections.abc import MutableMapping

DEMO = "CANDIDATE_AGENT_DEMO"
_PREFIXES = ("QTWEBENGINE", "PYWEBVIEW")
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
