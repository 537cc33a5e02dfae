"""The candidate's receipt: one page of HTML that says what the server holds, and the signed original beside it. Pure.

It stands on its own: no script, no picture from elsewhere, readable in twenty years.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

from exam_protocol.messages import Receipt
from exam_protocol.policy import ExamPackage
from exam_protocol.records import Track

NAMES = {
    Track.CONTROL: "Messages",
    Track.SCREEN: "Screen",
    Track.WEBCAM: "Camera",
    Track.AUDIO: "Sound",
    Track.FLAGS: "Notes for the proctor",
    Track.LOG: "Session log",
    Track.IDENTITY: "Identity picture and room scan",
    Track.SCREEN_SMALL: "Screen, small",
    Track.WEBCAM_SMALL: "Camera, small",
    Track.LEDGER: "Signed records",
}

_STYLE = """
:root { color-scheme: light dark; --ink: #16282c; --paper: #fff; --line: #c9d4d6; --calm: #0b5d67 }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eef0; --paper: #11191b; --line: #3b4a4e; --calm: #7fd0da } }
body { margin: 0 auto; max-width: 44rem; padding: 2rem 1rem; font: 1rem/1.6 system-ui, sans-serif;
  color: var(--ink); background: var(--paper) }
h1 { color: var(--calm); line-height: 1.2 }
table { border-collapse: collapse; width: 100% }
th, td { text-align: start; padding: .5rem; border-block-end: 1px solid var(--line) }
code { overflow-wrap: anywhere; font-size: .8rem }
"""


@dataclass(frozen=True, slots=True)
class Sitting:
    """What the page says beside the numbers of the receipt."""

    package: ExamPackage
    candidate_name: str
    reason: str
    restored: bool
    measures: tuple[tuple[str, str], ...]
    receipt_file: str


def page(receipt: Receipt, sitting: Sitting) -> str:
    package = sitting.package
    whole = "Everything that was recorded has arrived." if receipt.complete else "Not everything has arrived yet."
    given_back = (
        "Your computer is as it was before."
        if sitting.restored
        else ("Not everything could be put back. Please run: candidate-agent restore")
    )
    rows = "".join(_row(track.track, track.next_sequence, track.head) for track in receipt.tracks)
    measures = "".join(f"<tr><td>{escape(name)}</td><td>{escape(state)}</td></tr>" for name, state in sitting.measures)
    at = datetime.fromtimestamp(receipt.server_time_ms / 1000, UTC)
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Receipt: {escape(package.title)}</title><style>{_STYLE}</style></head>
<body><main>
<h1>Your receipt</h1>
<p><strong>{escape(package.title)}</strong>, {escape(package.institution)}<br>{escape(sitting.candidate_name)}</p>
<p>{whole} {given_back}</p>
<p>Signed by the server on {at:%d %B %Y at %H:%M:%S} UTC. Session <code>{receipt.session_id.hex()}</code>.</p>
<h2>What the server holds</h2>
<p>It is encrypted to your proctors and your institution. The server cannot look inside. It is kept for
{package.policy.retention_days} days.</p>
<table><thead><tr><th scope="col">What</th><th scope="col">Records</th><th scope="col">Fingerprint</th></tr></thead>
<tbody>{rows}</tbody></table>
<h2>Your computer</h2>
<table><thead><tr><th scope="col">What was changed</th><th scope="col">Now</th></tr></thead><tbody>{measures}</tbody></table>
<p>Keep this page together with <code>{escape(sitting.receipt_file)}</code>: that file carries the server's signature.
Questions: {escape(package.contact)}</p>
</main></body></html>
"""


def _row(track: int, count: int, head: bytes) -> str:
    name = NAMES.get(Track(track), f"Track {track}")
    return f"<tr><td>{escape(name)}</td><td>{count}</td><td><code>{head.hex()[:32]}</code></td></tr>"
