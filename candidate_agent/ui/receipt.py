"""The candidate's receipt: one page of HTML that says what the server holds, and the signed original beside it.

It stands on its own: no script, no picture from elsewhere, readable in twenty years. In the candidate's language; the
moment is written so that every country reads it alike.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

from candidate_agent.ui.texts import Texts
from exam_protocol.messages import Receipt
from exam_protocol.policy import ExamPackage
from exam_protocol.records import Track

_TRACKS = {int(track): track.name.lower() for track in Track}
_STYLE = """
:root { color-scheme: light dark; --ink: #16282c; --paper: #fff; --line: #c9d4d6; --calm: #0b5d67 }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eef0; --paper: #11191b; --line: #3b4a4e; --calm: #7fd0da } }
body { margin: 0 auto; max-width: 44rem; padding: 2rem 1rem; font: 1rem/1.6 system-ui, sans-serif;
  color: var(--ink); background: var(--paper) }
h1 { color: var(--calm); line-height: 1.2 }
table { border-collapse: collapse; width: 100% }
th, td { text-align: start; padding: .5rem; border-block-end: 1px solid var(--line) }
code, time { unicode-bidi: isolate }
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
    language: str = ""


def page(receipt: Receipt, sitting: Sitting) -> str:
    texts = Texts(sitting.language)
    return f"""<!doctype html>
<html lang="{texts.language}" dir="{texts.direction}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{escape(texts.say("receipt.named", exam=sitting.package.title))}</title><style>{_STYLE}</style></head>
<body><main>
{_head(receipt, sitting, texts)}
{_holdings(receipt, sitting, texts)}
{_computer(sitting, texts)}
{_foot(sitting, texts)}
</main></body></html>
"""


def _head(receipt: Receipt, sitting: Sitting, texts: Texts) -> str:
    package = sitting.package
    whole = texts.say("receipt.whole" if receipt.complete else "receipt.part")
    given_back = texts.say("receipt.restored" if sitting.restored else "receipt.not_restored")
    at = datetime.fromtimestamp(receipt.server_time_ms / 1000, UTC)
    signed = _filled(
        texts.pattern("receipt.signed"),
        at=f'<time datetime="{at:%Y-%m-%dT%H:%M:%SZ}" dir="ltr">{at:%Y-%m-%d %H:%M:%S} UTC</time>',
        session=f"<code>{receipt.session_id.hex()}</code>",
    )
    return f"""<h1>{escape(texts.say("receipt.title"))}</h1>
<p><strong><bdi>{escape(package.title)}</bdi></strong> · <bdi>{escape(package.institution)}</bdi><br>
<bdi>{escape(sitting.candidate_name)}</bdi></p>
<p>{escape(whole)} {escape(given_back)}</p>
<p>{signed}</p>"""


def _filled(pattern: str, **parts: str) -> str:
    """`parts` are HTML already."""
    text = escape(pattern)
    for name, part in parts.items():
        text = text.replace(f"{{{{{name}}}}}", part)
    return text


def _holdings(receipt: Receipt, sitting: Sitting, texts: Texts) -> str:
    keep = texts.say("receipt.keep", count=sitting.package.policy.retention_days)
    rows = "".join(_row(track.track, track.next_sequence, track.head, texts) for track in receipt.tracks)
    return f"""<h2>{escape(texts.say("receipt.holds.title"))}</h2>
<p>{escape(texts.say("receipt.holds"))} {escape(keep)}</p>
{_table(texts, ("what", "records", "fingerprint"), rows)}"""


def _row(track: int, count: int, head: bytes, texts: Texts) -> str:
    key = f"receipt.track.{_TRACKS.get(track)}"
    name = texts.say(key) if texts.has(key) else texts.say("receipt.track.other", number=track)
    return f"<tr><td>{escape(name)}</td><td>{texts.number(count)}</td><td><code>{head.hex()[:32]}</code></td></tr>"


def _table(texts: Texts, columns: tuple[str, ...], rows: str) -> str:
    head = "".join(f'<th scope="col">{escape(texts.say(f"receipt.column.{name}"))}</th>' for name in columns)
    return f"<table><thead><tr>{head}</tr></thead>\n<tbody>{rows}</tbody></table>"


def _computer(sitting: Sitting, texts: Texts) -> str:
    rows = "".join(_measure(name, state, texts) for name, state in sitting.measures)
    return f"<h2>{escape(texts.say('over.restored.title'))}</h2>\n{_table(texts, ('changed', 'now'), rows)}"


def _measure(name: str, state: str, texts: Texts) -> str:
    key = f"measure.{name.replace(' ', '_')}"
    shown = texts.say(key) if texts.has(key) else name
    now = texts.say("over.measure.fine" if state in _FINE else "over.measure.left")
    return f"<tr><td><bdi>{escape(shown)}</bdi></td><td>{escape(now)}</td></tr>"


_FINE = ("put back", "held nothing to put back")


def _foot(sitting: Sitting, texts: Texts) -> str:
    together = _filled(texts.pattern("receipt.together"), file=f"<code>{escape(sitting.receipt_file)}</code>")
    contact = _filled(texts.pattern("receipt.contact"), contact=f"<bdi>{escape(sitting.package.contact)}</bdi>")
    return f"<p>{together} {contact}</p>"
