"""The candidate's receipt: one page of HTML that says what the server holds, and the signed original beside it. Pure.

It stands on its own: no script, no picture from elsewhere, readable in twenty years. Called by `receipts`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from html import escape

from candidate_agent.ui import measures
from candidate_agent.ui.texts import Texts
from exam_protocol.messages import Receipt
from exam_protocol.plain import plain
from exam_protocol.policy import ExamPackage
from exam_protocol.records import Track

LINES = "\n\t"  # may stand in what an institution wrote
_STYLE = """
:root { color-scheme: light dark; --ink: #16282c; --paper: #fff; --line: #c9d4d6; --calm: #0b5d67; --soft: #4a5e63 }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6eef0; --paper: #11191b; --line: #3b4a4e; --calm: #7fd0da; --soft: #a5b8bc }
}
body { margin: 0 auto; max-width: 44rem; padding: 2rem 1rem; font: 1rem/1.6 system-ui, sans-serif;
  color: var(--ink); background: var(--paper); overflow-wrap: anywhere }
h1 { color: var(--calm); line-height: 1.2 }
h2 { margin-block: 2rem .25rem; font-size: 1.15rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: start; vertical-align: top; padding-block: .4rem; padding-inline-end: .75rem;
  border-block-end: 1px solid var(--line) }
td.number { font-variant-numeric: tabular-nums }
tbody th { font-weight: 400; color: var(--soft) }
code { font-size: .8rem }
.soft { color: var(--soft) }
@media print { body { padding: 0; font-size: .9rem } }
"""


@dataclass(frozen=True, slots=True)
class Sitting:
    """What the page says beside the numbers of the receipt. `began_ms` 0: the exam was not shown."""

    package: ExamPackage
    candidate_name: str
    restored: bool | None
    measures: tuple[tuple[str, str], ...] = ()
    began_ms: int = 0
    ended_ms: int = 0
    messages: int = 0
    zone: tzinfo | None = None  # None: where this computer is


def page(receipt: Receipt, sitting: Sitting, receipt_file: str, texts: Texts) -> str:
    word, package = texts.say, sitting.package
    parts = (
        f"<h1>{escape(word('receipt.title'))}</h1>",
        f"<p><strong>{_own(package.title)}</strong><br>{_own(package.institution)}<br>"
        f"{_own(sitting.candidate_name)}</p>",
        f"<p>{escape(word('receipt.whole' if receipt.complete else 'receipt.part'))}</p>",
        _section(word("receipt.sitting"), _table(_sitting_rows(receipt, sitting, texts))),
        _computer(sitting, texts),
        _held(receipt, package, texts),
        f"<p>{escape(word('receipt.keep', file=receipt_file))}</p>",
        f"<p>{escape(word('receipt.questions'))} {_own(package.contact)}</p>",
    )
    return f"""<!doctype html>
<html lang="{texts.language}" dir="{texts.direction}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{escape(word("receipt.title"))}: {escape(plain(package.title))}</title><style>{_STYLE}</style></head>
<body><main>
{"".join(parts)}
</main></body></html>
"""


def _own(words: str) -> str:
    """Of a person or an institution: in their own direction."""
    return f"<bdi>{escape(plain(words, keep=LINES))}</bdi>"


def _section(title: str, body: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{body}</section>\n"


def _table(rows: Iterable[tuple[str, str]]) -> str:
    cells = "".join(f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>' for name, value in rows)
    return f"<table><tbody>{cells}</tbody></table>"


def _at(at_ms: int, zone: tzinfo | None) -> str:
    """A form of a date that is the same in every language."""
    return f"{datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone):%Y-%m-%d %H:%M %Z}"


def _sitting_rows(receipt: Receipt, sitting: Sitting, texts: Texts) -> list[tuple[str, str]]:
    word, rows = texts.say, []
    if sitting.began_ms:
        rows.append((word("receipt.began"), _at(sitting.began_ms, sitting.zone)))
    if sitting.ended_ms:
        rows.append((word("receipt.ended"), _at(sitting.ended_ms, sitting.zone)))
    if sitting.began_ms and sitting.ended_ms >= sitting.began_ms:
        minutes = round((sitting.ended_ms - sitting.began_ms) / 60_000)
        rows.append((word("receipt.minutes"), str(minutes)))
    rows.append((word("receipt.messages"), str(sitting.messages)))
    rows.append((word("receipt.signed"), _at(receipt.server_time_ms, sitting.zone)))
    rows.append((word("receipt.session"), receipt.session_id.hex()))
    return rows


def _computer(sitting: Sitting, texts: Texts) -> str:
    word = texts.say
    known = "unknown" if sitting.restored is None else "yes" if sitting.restored else "no"
    rows = [(_measure(name, texts), word(f"outcome.{measures.outcome(said)}")) for name, said in sitting.measures]
    return _section(word("receipt.computer"), f"<p>{escape(word(f'receipt.computer.{known}'))}</p>{_table(rows)}")


def _measure(name: str, texts: Texts) -> str:
    key = measures.name_key(name)
    return texts.say(key) if key else name


def _held(receipt: Receipt, package: ExamPackage, texts: Texts) -> str:
    word = texts.say
    rows = "".join(_row(track.track, track.next_sequence, track.head, texts) for track in receipt.tracks)
    heads = "".join(f'<th scope="col">{escape(word(f"receipt.column.{name}"))}</th>' for name in _COLUMNS)
    body = (
        f"<p>{escape(word('receipt.sealed', days=package.policy.retention_days))}</p>"
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        f'<p class="soft">{escape(word("receipt.fingerprints"))}</p>'
    )
    return _section(word("receipt.held"), body)


_COLUMNS = ("what", "count", "fingerprint")


def _row(track: int, count: int, head: bytes, texts: Texts) -> str:
    names = {known.value: known.name.lower() for known in Track}
    key = f"receipt.track.{names.get(track, '')}"
    name = texts.say(key) if texts.has(key) else f"{texts.say('receipt.track.other')} {track}"
    return f'<tr><td>{escape(name)}</td><td class="number">{count}</td><td><code>{head.hex()[:32]}</code></td></tr>'
