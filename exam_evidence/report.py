"""The first integrity report: one calm page of HTML that stands alone. Pure: facts in, text out. Called by `cli`.

It says what was recorded and what was not. It does not score, and it does not decide. No picture, no number of an
identity document, no chat text is in it.
"""

from collections.abc import Iterable
from html import escape
from importlib.resources import files
from string import Template

from exam_evidence.clockwork import clock, span, time_of_day, wall
from exam_evidence.facts import CommandStory, Facts, FlagStory
from exam_evidence.findings import where
from exam_evidence.shown import standing
from exam_evidence.verify import Verdict
from exam_protocol.catalogue import CHECKS, FLAGS, INTERVENTIONS
from exam_protocol.plain import plain
from exam_protocol.records import CheckRow, ConsentEntry

SEVERITY_WORDS = {
    "technical": "technical, says nothing about the candidate", "info": "for information", "low": "low priority",
    "medium": "medium priority", "high": "look at this first",
}  # fmt: skip
OUTCOME_WORDS = {
    "pass": "passed", "warn": "could be better", "fail": "not met", "person": "a person decides",
    "unmeasured": "not measured",
}  # fmt: skip
LADDER = ("intervention", "pause", "resume", "end", "ask_again", "admit", "refuse")
KIND_WORDS = {
    "intervention": "intervention", "pause": "pause", "resume": "go on", "end": "end of the session",
    "ask_again": "asked again", "admit": "admission", "refuse": "admission refused",
}  # fmt: skip
SHOWN_FINDINGS = 200


def render(facts: Facts) -> str:
    """A whole HTML page without scripts and without anything from elsewhere."""
    sections = (
        _head(facts), _reading(), _verification(facts), _sitting(facts), _rules(facts), _identity(facts),
        _checks(facts), _flags(facts), _interventions(facts), _gaps(facts), _computer(facts), _decision(),
    )  # fmt: skip
    page = Template(files("exam_evidence").joinpath("report.html").read_text(encoding="utf-8"))
    title = _text(f"Integrity report: {facts.verdict.title}, {facts.verdict.candidate_name}")
    return page.substitute(title=title, body="\n".join(sections))


def _head(facts: Facts) -> str:
    v = facts.verdict
    return f"<h1>Integrity report</h1>\n<p>{_text(v.title)}, {_text(v.institution)}</p>"


def _reading() -> str:
    return _panel(
        "How to read this report",
        "Flags are pointers to moments that a person may want to look at. They are not verdicts and prove nothing. "
        "Technical events, such as a lost line, are nobody's misconduct. No score was computed; people decide.",
    )


def _verification(facts: Facts) -> str:
    v = facts.verdict
    if v.whole:
        text = "Every record is signed by the candidate's device, and nothing is missing that was not declared."
        answer = _panel("The record is whole", text, "good")
    elif v.cut_off and sum(finding.wrong for finding in v.findings) == 1:
        text = "What is here is whole, but it has no signed end: a power cut, or a recording not yet sent."
        answer = _panel("The record is cut off", text, "attention")
    else:
        text = "Some records are damaged, missing or not signed as they should be. All others hold."
        answer = _panel("The record is not whole", text, "attention")
    vouched = "The server's receipts cover it." if v.attested else "No receipt of the server covers it."
    signed = f"Key epochs: {v.epochs}. Checkpoints: {v.checks}. Commands: {len(v.commands)}. Receipts: {v.receipts}."
    rows = [
        (finding.code, where(finding), finding.text, "wrong" if finding.wrong else "worth knowing")
        for finding in (*v.findings, *(f for f in facts.findings if f not in v.findings))
    ]
    table = _table("Findings of the verification", ("Code", "Where", "What", "Weight"), rows[:SHOWN_FINDINGS])
    more = f"<p>{len(rows) - SHOWN_FINDINGS} more are not shown.</p>" if len(rows) > SHOWN_FINDINGS else ""
    body = f'{answer}<p class="soft">{signed} {vouched}</p>{table if rows else ""}{more}'
    return _section("Is the record whole?", body)


def _sitting(facts: Facts) -> str:
    v = facts.verdict
    end = "no signed end" if v.cut_off else f"{wall(v.ended_ms, v.zone)} ({v.end_reason.replace('_', ' ')})"
    pairs = [
        ("Candidate", f"{v.candidate_name} ({v.candidate_id})"),
        ("Exam", f"{v.title} ({v.exam_id})"),
        ("Opened", wall(v.opened_ms, v.zone)),
        ("Ended", end),
        ("Where", f"the candidate's own place, time zone {v.zone or 'unknown'}; computer: {v.machine}"),
        ("Program", f"candidate agent {v.build}"),
        ("Session", v.session_id),
        ("Proctors", ", ".join(sorted({command.proctor for command in v.commands})) or "none gave a command"),
        ("Chat", f"{facts.chat_from_candidate} from the candidate, {facts.chat_from_proctors} from proctors"),
        ("Opened by", f"{facts.reader_id}, for this report"),
    ]
    states = [(wall(state.wall_ms, v.zone), state.state, state.reason.replace("_", " ")) for state in v.states]
    table = _table("Course of the session", ("Time", "State", "Reason"), states) if states else ""
    return _section("Who, when, where", _pairs(pairs) + table)


def _rules(facts: Facts) -> str:
    if not facts.consents:
        return _section("Rules", "<p>No acceptance of the rules is recorded.</p>")
    said = [
        f"{'Accepted' if c.accepted else 'Not accepted'} on {wall(c.at_ms, facts.verdict.zone)}, "
        f"text version {c.text_version}, language {c.language}.{_items(c)}"
        for c in facts.consents
    ]
    same = any(c.text_version == facts.package.integrity_version for c in facts.consents)
    statement = f"<blockquote>{_text(facts.package.integrity_statement)}</blockquote>" if same else ""
    return _section("Rules", "".join(f"<p>{_text(line)}</p>" for line in said) + statement)


def _items(consent: ConsentEntry) -> str:
    """Stage by stage, where that was recorded."""
    if not consent.items:
        return ""
    said = "Agreed to" if consent.accepted else "Refused at"
    return f" {said}: {', '.join(item.replace('_', ' ') for item in consent.items)}."


def _identity(facts: Facts) -> str:
    taken = facts.id_card_attempts
    document = (
        f"identity document, {taken} picture{'' if taken == 1 else 's'} taken"
        if taken
        else "none was asked for or shown"
    )
    pairs = [("Document", document), ("Room", f"{facts.room_pictures} pictures" if facts.room_pictures else "no scan")]
    if facts.package.policy.scratch_paper or facts.paper_sheets:
        pairs.append(("Scratch paper", f"{facts.paper_sheets} sheets" if facts.paper_sheets else "no sheet was shown"))
    note = '<p class="soft">Neither pictures nor numbers of documents are part of this report.</p>'
    return _section("Identity and room", _pairs(pairs) + note)


def _checks(facts: Facts) -> str:
    if not facts.checks:
        return _section("Checks before the exam", "<p>None is recorded.</p>")
    last = facts.checks[-1]
    caption = f"{wall(last.at_ms, facts.verdict.zone)}" + (
        f", the last of {len(facts.checks)} runs" if len(facts.checks) > 1 else ""
    )
    heads = ("Check", "Result", "Measured", "Asked", "Remedy")
    return _section("Checks before the exam", _table(caption, heads, [_check(row) for row in last.rows]))


def _check(row: CheckRow) -> tuple[str, ...]:
    title = CHECKS[row.code].title if row.code in CHECKS else row.code
    value = "" if row.value is None else f"{row.value:g}" if isinstance(row.value, float) else str(row.value)
    return title, OUTCOME_WORDS.get(row.outcome, row.outcome), f"{value} {row.unit}".strip(), row.threshold, row.remedy


def _flags(facts: Facts) -> str:
    intro = "<p>Each line is a moment to look at in the recording. It is a pointer, not a verdict.</p>"
    if not facts.flags:
        return _section("Flags", "<p>None was raised.</p>")
    heads = ("Media time", "What", "In words", "Times", "Priority", "Where to see it", "A proctor's decision")
    ordered = sorted(facts.flags, key=lambda story: story.entry.from_us)
    rows = [_flag(story, facts.verdict) for story in ordered]
    strays = len(facts.stray_decisions)
    note = f"<p>Decisions about flags that are not in this record: {strays}.</p>" if strays else ""
    return _section("Flags", intro + _table("Timeline of flags", heads, rows, times=True) + note)


def _flag(story: FlagStory, verdict: Verdict) -> tuple[str, ...]:
    flag = story.entry
    title = FLAGS[flag.code].title if flag.code in FLAGS else flag.code
    return (
        span(flag.from_us, flag.to_us),
        title,
        flag.reason,
        str(flag.count),
        SEVERITY_WORDS.get(flag.severity, flag.severity),
        standing(flag, verdict) or "no record is named",
        _decided(story, verdict.zone),
    )


def _decided(story: FlagStory, zone: str) -> str:
    """The last decision in words, and that there were others before it."""
    if not story.decisions:
        return "none"
    last, before = story.decisions[-1], len(story.decisions) - 1
    said = f"{last.level} by {last.proctor} at {time_of_day(last.at_ms, zone)}"
    reason = f": {last.text}" if last.text else ""
    return f"{said}{reason}" + (f" (changed, {before} before)" if before else "")


def _interventions(facts: Facts) -> str:
    stories = [story for story in facts.commands.values() if story.entry.command in LADDER]
    if not stories:
        return _section("Decisions and interventions", "<p>No proctor's decision or intervention is recorded.</p>")
    heads = ("Time", "Kind", "By", "Words", "Delivered", "Acknowledged")
    rows = [_story(story, facts.verdict.zone) for story in stories]
    table = _table("As they were shown to the candidate", heads, rows, times=True)
    strays = [story.entry.command_id for story in stories if not story.relayed]
    note = f"<p>Not among the commands that the server kept: {_text(', '.join(strays))}.</p>" if strays else ""
    return _section("Decisions and interventions", table + note)


def _story(story: CommandStory, zone: str) -> tuple[str, ...]:
    entry = story.entry
    kind = KIND_WORDS.get(entry.command, entry.command)
    purpose = INTERVENTIONS[entry.code].purpose if entry.code in INTERVENTIONS else entry.code
    label = ", ".join(part for part in (kind, entry.level, purpose) if part)
    refused = next((r.code or "refused" for r in story.results if r.outcome == "refused"), "")
    delivered = f"refused: {refused}" if refused else _when(story.at_ms("delivered") or story.at_ms("done"), zone)
    return (
        wall(entry.at_ms, zone),
        label,
        entry.proctor,
        entry.text,
        delivered,
        _when(story.at_ms("acknowledged"), zone),
    )


def _when(at_ms: int, zone: str) -> str:
    return time_of_day(at_ms, zone) if at_ms else "not recorded"


def _gaps(facts: Facts) -> str:
    v = facts.verdict
    intro = "<p>A gap is nobody's misconduct. Each of these was declared and signed by the candidate's device.</p>"
    rows = [
        (span(g.from_us, g.to_us), g.track, str(max(0, g.last - g.first + 1)), g.reason.replace("_", " "))
        for g in v.gaps
    ]
    heads = ("Media time", "Track", "Records", "Reason")
    declared = intro + _table("Declared gaps", heads, rows, times=True) if rows else "<p>No gap was declared.</p>"
    tracks = [(t.track, str(t.records), str(t.missing), clock(t.first_us), clock(t.last_us)) for t in v.tracks]
    kept = _table("What was recorded", ("Track", "Records", "Missing", "From", "To"), tracks)
    return _section("Recording and gaps", declared + kept + _counted(facts))


def _counted(facts: Facts) -> str:
    """What the candidate's program says of its own recording: what it lost itself, and how fine it recorded when."""
    zone = facts.verdict.zone
    rows = [(wall(entry.at_ms, zone), entry.detail) for entry in facts.log if entry.event in ("recording", "profile")]
    if not rows:
        return ""
    return _table("As the program counted", ("Time", "Pictures and sound"), rows, times=True)


def _computer(facts: Facts) -> str:
    if facts.restore is None:
        return _section("The candidate's computer", "<p>No record says how the computer was given back.</p>")
    answer = "The computer was restored." if facts.restore.restored else "Not everything was restored."
    rows = list(facts.restore.measures.items())
    table = _table("Measures", ("Measure", "How it was given back"), rows) if rows else ""
    return _section("The candidate's computer", f"<p>{answer}</p>" + table)


def _decision() -> str:
    text = (
        "This report ends here on purpose. What happened, and what follows from it, is decided by people "
        "who have seen the recording and heard the candidate."
    )
    lines = "".join(
        f'<p>{label}</p><div class="blank"></div>' for label in ("Decision", "Reasons", "Name, role and date")
    )
    return _section("Decision", f"<p>{text}</p>{lines}")


def _section(title: str, body: str) -> str:
    return f"<section>\n<h2>{_text(title)}</h2>\n{body}\n</section>"


def _panel(title: str, text: str, kind: str = "") -> str:
    return f'<div class="panel {kind}"><strong>{_text(title)}</strong><br>{_text(text)}</div>'


def _pairs(pairs: Iterable[tuple[str, str]]) -> str:
    return "<dl>" + "".join(f"<dt>{_text(name)}</dt><dd>{_text(value)}</dd>" for name, value in pairs) + "</dl>"


def _table(caption: str, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]], *, times: bool = False) -> str:
    """`times`: the first column is a time and does not wrap. It can be scrolled by keyboard where it is too wide."""
    head = "".join(f'<th scope="col">{_text(name)}</th>' for name in heads)
    body = "".join(f"<tr>{_cells(row, times=times)}</tr>\n" for row in rows)
    label = _text(caption)
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{label}"><table><caption>{_text(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table></div>"
    )


def _cells(row: tuple[str, ...], *, times: bool) -> str:
    return "".join(
        f'<td class="time">{_text(cell)}</td>' if times and index == 0 else f"<td>{_text(cell)}</td>"
        for index, cell in enumerate(row)
    )


def _text(value: str) -> str:
    return escape(plain(value, keep="\n\t"), quote=True)
