"""The readiness report as one page of HTML and as text. Pure: the same facts and texts give the same bytes.

It stands on its own: no script, nothing from elsewhere. Called by `practice`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from html import escape

from candidate_agent.ui import measures
from candidate_agent.ui.readiness import Facts, Verdict, blocking, for_a_person, judge, verdict_of, worth_a_look
from candidate_agent.ui.texts import Texts
from exam_protocol.plain import plain as visible
from exam_protocol.records import CheckRow

_OURS = "\u2068\u2069"  # around a name within a sentence
_STYLE = """
:root { color-scheme: light dark; --ink: #16282c; --quiet: #4a5e63; --paper: #fff; --line: #c9d4d6; --calm: #0b5d67 }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eef0; --quiet: #a5b8bc; --paper: #11191b; --line: #3b4a4e;
  --calm: #7fd0da } }
body { margin: 0 auto; max-width: 46rem; padding: 1.5rem 1rem; font: .9375rem/1.5 system-ui, sans-serif;
  color: var(--ink); background: var(--paper) }
h1 { color: var(--calm); line-height: 1.2; margin: 0 0 .5rem } h2 { font-size: 1.0625rem; margin: 1.25rem 0 .25rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: start; vertical-align: top; padding: .2rem .75rem .2rem 0; border-block-end: 1px solid var(--line);
  overflow-wrap: anywhere }
th { font-weight: 600 } p, ul { margin: .25rem 0 } .quiet { color: var(--quiet) }
@media print { body { max-width: none; font-size: .6875rem; line-height: 1.35; padding: 0 } h1 { font-size: 1.25rem }
  h2 { font-size: .8125rem; margin-block: .75rem 0 } th, td { padding-block: .1rem } .parts { columns: 2; gap: 2rem } }
"""


@dataclass(frozen=True, slots=True)
class Part:
    """One heading: a sentence, a list, rows of cells; what is empty is left out."""

    title: str
    said: str = ""
    points: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def parts(facts: Facts, texts: Texts) -> tuple[Part, ...]:
    """What the report says, most useful first."""
    return tuple(
        part
        for part in (_mend(facts, texts), _person(facts, texts), _checks(facts, texts), _way(facts, texts),
                     _computer(facts, texts))
        if part.said or part.points or part.rows
    )  # fmt: skip


def html(facts: Facts, texts: Texts, at: datetime) -> str:
    body = "".join(_html_part(part) for part in parts(facts, texts))
    title = escape(texts.say("readiness.title"))
    lead = escape(texts.say(judge(facts).key))
    return f"""<!doctype html>
<html lang="{escape(texts.language)}" dir="{texts.direction}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>{title}</title><style>{_STYLE}</style></head>
<body><main><h1>{title}</h1><p><strong>{lead}</strong></p>
<p class="quiet">{escape(texts.say("readiness.about", at=f"{at:%Y-%m-%d %H:%M}"))}</p>
<div class="parts">{body}</div></main></body></html>
"""


def plain(facts: Facts, texts: Texts, at: datetime) -> str:
    lines = [texts.say("readiness.title"), texts.say(judge(facts).key), "",
             texts.say("readiness.about", at=f"{at:%Y-%m-%d %H:%M}")]  # fmt: skip
    for part in parts(facts, texts):
        lines += ["", f"{part.title}", *([f"  {part.said}"] if part.said else [])]
        lines += [f"  - {point}" for point in part.points]
        lines += [f"  {'  |  '.join(cell for cell in row if cell)}" for row in part.rows]
    return "\n".join(visible(line, keep=_OURS) for line in lines) + "\n"


def _own(words: str) -> str:
    return escape(visible(words, keep=_OURS))


def _html_part(part: Part) -> str:
    said = f'<p dir="auto">{_own(part.said)}</p>' if part.said else ""
    points = "".join(f'<li dir="auto">{_own(point)}</li>' for point in part.points)
    rows = "".join(f"<tr>{_cells(row)}</tr>" for row in part.rows)
    listed = f"<ul>{points}</ul>" if points else ""
    table = f"<table><tbody>{rows}</tbody></table>" if rows else ""
    return f"<section><h2>{escape(part.title)}</h2>{said}{listed}{table}</section>\n"


def _cells(row: tuple[str, ...]) -> str:
    name, *others = row
    return f'<th scope="row">{_own(name)}</th>' + "".join(f'<td dir="auto">{_own(cell)}</td>' for cell in others)


def _mend(facts: Facts, texts: Texts) -> Part:
    """What stops an exam first; each with its one remedy."""
    stops = blocking(facts.checks)
    rows = (*stops, *(row for row in worth_a_look(facts.checks) if row not in stops))
    points = [f"{texts.say(f'check.{row.code}')}: {row.remedy}" for row in rows if row.remedy]
    if facts.problem:
        points.insert(0, _problem(facts.problem, texts))
    if facts.restored is False:
        points.insert(0, texts.say("readiness.not_restored"))
    return Part(texts.say("readiness.mend"), "" if points else texts.say("readiness.mend.nothing"), tuple(points))


def _problem(problem: tuple[str, str], texts: Texts) -> str:
    code, sentence = problem
    if not texts.has(f"problem.{code}.what"):
        return f"{sentence} [{code}]"
    return f"{texts.say(f'problem.{code}.what')}. {texts.say(f'problem.{code}.do')} [{code}]"


def _person(facts: Facts, texts: Texts) -> Part:
    """What a proctor would be asked to look at: checks that a person decides on, then what was noted on the way."""
    points = [f"{texts.say(f'check.{row.code}')}: {_value(row, texts)}" for row in for_a_person(facts.checks)]
    points += list(dict.fromkeys(flag.reason for flag in facts.flags))
    said = "" if points or judge(facts) is Verdict.UNFINISHED else texts.say("readiness.person.nothing")
    return Part(texts.say("readiness.person"), said, tuple(points))


def _checks(facts: Facts, texts: Texts) -> Part:
    rows = tuple(
        (texts.say(f"check.{row.code}"), _value(row, texts), texts.say(verdict_of(row))) for row in facts.checks
    )
    return Part(texts.say("readiness.checks"), rows=rows)


def _value(row: CheckRow, texts: Texts) -> str:
    if row.value is None:
        return ""
    value = row.value if isinstance(row.value, str) else f"{row.value:g}"
    if not isinstance(row.value, str) and texts.has(f"unit.{row.unit}"):
        return texts.say(f"unit.{row.unit}", count=row.value, value=value)
    return f"{value} {row.unit}".strip() if not isinstance(row.value, str) or value[-1:].isdigit() else value


def _way(facts: Facts, texts: Texts) -> Part:
    rows = [
        (_step(name, texts), texts.say("readiness.seconds", seconds=f"{seconds:.0f}")) for name, seconds in facts.steps
    ]
    if facts.pictures_opened:
        rows.append((texts.say("readiness.pictures"), f"{facts.pictures_opened}"))
    return Part(texts.say("readiness.way"), rows=tuple(rows))


def _step(name: str, texts: Texts) -> str:
    key = f"readiness.step.{name}"
    return texts.say(key) if texts.has(key) else name


def _computer(facts: Facts, texts: Texts) -> Part:
    if facts.restored is None:
        return Part(texts.say("readiness.computer"))
    said = texts.say("readiness.restored" if facts.restored else "readiness.not_restored")
    if facts.is_receipt_complete:
        said = f"{said} {texts.say('readiness.receipt')}"
    return Part(texts.say("readiness.computer"), said, rows=tuple(_measures(facts, texts)))


def _measures(facts: Facts, texts: Texts) -> Iterable[tuple[str, str]]:
    """What is as before in one row, each of the others in its own."""
    fine = [name for name, outcome in facts.measures if facts.restored or outcome == "put back"]
    if fine:
        yield ", ".join(_named(name, texts) for name in fine), texts.say("readiness.as_before")
    for name, outcome in facts.measures:
        if name not in fine:
            yield _named(name, texts), texts.say(f"outcome.{measures.outcome(outcome)}")


def _named(name: str, texts: Texts) -> str:
    key = measures.name_key(name)
    return texts.say(key) if key else name
