"""Starts the browser engine with our own switches and no others. `windows` calls it before pywebview builds anything:
pywebview would add switches that grant pages camera and microphone, and on some distributions take the sandbox away.
"""

import os
import sys
from collections.abc import Mapping, MutableMapping

from PySide6.QtNetwork import QNetworkProxyFactory
from PySide6.QtWebEngineCore import QWebEngineProfile
from PySide6.QtWidgets import QApplication

from candidate_agent.ui.environment import is_demo

FLAGS = "QTWEBENGINE_CHROMIUM_FLAGS"


def switches(port: int) -> tuple[str, ...]:
    """Everything through the outlet, this computer's own addresses included; the engine never looks up a name."""
    return (
        f"--proxy-server=http://127.0.0.1:{port}",
        "--proxy-bypass-list=<-loopback>",
        '--host-resolver-rules="MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"',
        "--disable-quic",
        "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
        "--no-pings",
        "--disable-breakpad",
    )


def flags(port: int, environ: Mapping[str, str]) -> str:
    """As the engine reads them. What was inherited comes first and counts in a demo only."""
    inherited = environ.get(FLAGS, "") if is_demo(environ) else ""
    return " ".join(filter(None, (inherited, *switches(port))))


def start(port: int, environ: MutableMapping[str, str] = os.environ) -> QApplication:
    """Main thread. The caller keeps what it gets for as long as the engine runs."""
    before = environ.get(FLAGS)
    environ[FLAGS] = flags(port, environ)
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication(sys.argv[:1])
    QNetworkProxyFactory.setUseSystemConfiguration(True)  # where the engine takes its proxy switch from
    QWebEngineProfile.defaultProfile()  # the engine reads its switches now, and never again
    environ.pop(FLAGS)
    if before is not None and is_demo(environ):
        environ[FLAGS] = before
    return application
