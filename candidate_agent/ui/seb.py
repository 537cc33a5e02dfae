"""What a learning platform that knows Safe Exam Browser asks for: the proof of a configuration and of a client, for
each address. Pure; `exam_requests` sends it as headers, `exam_page` tells it to the page. The keys stay here.

Source: safeexambrowser.org/developer/seb-config-key.html
"""

import hashlib
import json
import sys

from PySide6.QtCore import QUrl

from exam_protocol.policy import ExamAccess
from exam_protocol.version import BUILD

CONFIG_HEADER = "X-SafeExamBrowser-ConfigKeyHash"
CLIENT_HEADER = "X-SafeExamBrowser-RequestHash"
_SYSTEMS = {"win32": "Windows", "darwin": "macOS"}
VERSION = f"CandidateAgent_{_SYSTEMS.get(sys.platform, 'Linux')}_{BUILD}"
_ENCODED = QUrl.ComponentFormattingOption.FullyEncoded


def address(url: QUrl) -> str:
    """As it goes over the line, without fragment."""
    return url.toString(_ENCODED).partition("#")[0]


def proof(url: str, key: str) -> str:
    """SHA-256 of address and key, in hexadecimal; "" without a key."""
    return hashlib.sha256((url + key.lower()).encode()).hexdigest() if key else ""


def wanted(access: ExamAccess) -> bool:
    return bool(access.seb_config_key or access.seb_browser_exam_key)


def headers(url: QUrl, access: ExamAccess) -> tuple[tuple[str, str], ...]:
    text = address(url)
    proofs = (
        (CONFIG_HEADER, proof(text, access.seb_config_key)),
        (CLIENT_HEADER, proof(text, access.seb_browser_exam_key)),
    )
    return tuple((name, value) for name, value in proofs if value)


def script(url: QUrl, access: ExamAccess) -> str:
    """For the page at `url` and no other: the object that such platforms look for, with the proofs of its address."""
    text = address(url)
    security = f"""{{
      browserExamKey: {json.dumps(proof(text, access.seb_browser_exam_key))},
      configKey: {json.dumps(proof(text, access.seb_config_key))},
      updateKeys: (done) => {{ if (typeof done === "function") setTimeout(done, 0); }}
    }}"""
    return f"""if (location.href.split("#")[0] === {json.dumps(text)})
      Object.defineProperty(globalThis, "SafeExamBrowser", {{value: Object.freeze({{
        version: {json.dumps(VERSION)}, security: Object.freeze({security})}})}});"""
