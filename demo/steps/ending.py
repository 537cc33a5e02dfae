"""Steps 10 to 12: warnings and the end, the computer as it was, evidence without a server, receipt and report."""

import json
import shutil
import time
from base64 import b64encode
from collections.abc import Iterable, Iterator
from pathlib import Path

from demo.failure import StepFailed, need, wait_for
from demo.stage import Stage
from demo.steps.check_in import fill_clipboard
from demo.steps.exam import intervene
from exam_protocol import codec
from exam_protocol.messages import Receipt
from exam_protocol.signing import DOMAIN_RECEIPT, SignedDocument

END_REASON = "Two warnings were given and the material was used again."
DURATION_TOLERANCE_S = 12.0
NEEDLE_BYTES = 48


def terminate(stage: Stage) -> str:
    """Verified: the computer before and after, looked at by the desktop's own tools."""
    for text in ("Please put away the book on your desk.", "Please put the book away now."):
        intervene(stage, "STOP_MATERIAL", "warning", text)
    stage.proctor.terminates(END_REASON)
    ended_s = time.monotonic()
    wait_for("the exam page is gone", lambda: not stage.person.exam_is_shown(), 15)
    stage.figures["exam_closed_s"] = round(time.monotonic() - ended_s, 2)
    stage.facts.recorded_s = time.monotonic() - stage.facts.exam_began_s
    stage.agent.wait_phase("ended", timeout_s=30)
    stage.person.sees(END_REASON)
    stage.proctor.waits_pane("state", "ended", timeout_s=30)
    stage.pictures(10, "ended")
    stage.person.closes()
    need(stage.agent.wait_end(60) == 0, f"the agent ended with an error: {stage.agent.log_end()}")
    _same_computer(stage)
    fill_clipboard(stage, "something else")  # whoever offered the old text lets go of it
    return f"the exam closed after {stage.figures['exam_closed_s']} s; the computer is as before"


def _same_computer(stage: Stage) -> None:
    before = stage.facts.before
    need(before, "the computer was not looked at before")

    def same() -> bool:
        differences = before.differences(stage.machine.snapshot()) if before else {}
        need(not differences, f"not as it was: {str(differences)[:500]}")
        return True

    wait_for("the computer is as it was", same, 10)


def evidence(stage: Stage) -> str:
    """Verified with the server ended: chain, films, a flipped bit named, no clear text in the server's files."""
    facts, output_dir = stage.facts, stage.output_dir
    facts.bundle_path = output_dir / "session.bundle.zip"
    stage.server.export(facts.session_id, facts.bundle_path)
    if stage.server_running is not None:
        stage.processes.end(stage.server_running)
    stage.evidence.verify(facts.bundle_path, facts.root)
    facts.opened_dir = output_dir / "opened"
    stage.evidence.open(facts.bundle_path, facts.key_path, stage.passphrase_path, facts.opened_dir)
    films = {path.name: _duration_s(stage, path) for path in sorted(facts.opened_dir.rglob("*.mp4"))}
    _check_films(stage, films)
    named = _flip(stage)
    looked = _no_clear_text(stage)
    stage.figures.update({f"{name}_s": round(seconds, 1) for name, seconds in films.items()})
    stage.figures["bundle_bytes"] = facts.bundle_path.stat().st_size
    longest_s = max(films.values())
    return f"chain whole; {len(films)} films, {longest_s:.0f} s; flip named: {named!r}; {looked} clear pieces not found"


def _duration_s(stage: Stage, path: Path) -> float:
    said = stage.processes.run(["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", path])
    return float(said.strip())


def _check_films(stage: Stage, films: dict[str, float]) -> None:
    expected_s = stage.facts.recorded_s
    for kind in ("screen", "webcam", "audio"):
        longest_s = max(
            (seconds for name, seconds in films.items() if kind in name and "small" not in name), default=0.0
        )
        need(
            abs(longest_s - expected_s) < DURATION_TOLERANCE_S,
            f"the film of {kind} lasts {longest_s:.1f} s, the exam lasted {expected_s:.1f} s; films: {films}",
        )


def _flip(stage: Stage) -> str:
    """One bit in the middle of the recordings: the verifier must fail and name a record."""
    damaged = stage.work_dir / "flipped.zip"
    shutil.copy(stage.facts.bundle_path, damaged)
    with damaged.open("r+b") as file:
        middle = damaged.stat().st_size // 2
        file.seek(middle)
        byte = file.read(1)[0]
        file.seek(middle)
        file.write(bytes([byte ^ 1]))
    statuses = tuple(range(1, 128))
    said = stage.evidence.verify(
        damaged, stage.facts.root, statuses=statuses, key=(stage.facts.key_path, stage.passphrase_path)
    )
    (stage.output_dir / "flipped-bit.txt").write_text(said, encoding="utf-8")
    line = next((line.strip() for line in said.splitlines() if line.strip().startswith("[") and "position" in line), "")
    need(line, f"the verifier did not name the damaged record: {said[-300:]!r}")
    return line[:90]


def _no_clear_text(stage: Stage) -> int:
    """Neither the chat's canary, nor the typed answer, nor bytes of the opened pictures and films lie on the server."""
    needles = [
        needle
        for text in (stage.canary, stage.site.access_code, stage.facts.answer)
        for needle in (text.encode(), b64encode(text.encode())[: len(text)], text.encode("utf-16-le"))
    ]
    needles += [needle for path in _opened(stage) for needle in _slices(path.read_bytes())]
    need(len(needles) > 9, "nothing was opened to look for")
    own = b"SQLite format 3"
    need(_found(stage.server.server_dir, [own]), "the search itself finds nothing")
    found = _found(stage.server.server_dir, needles)
    need(not found, f"clear text on the server: {found}")
    return len(needles)


def _opened(stage: Stage) -> Iterator[Path]:
    for pattern in ("*.jpg", "*.jpeg", "*.mp4"):
        yield from stage.facts.opened_dir.rglob(pattern)


def _slices(data: bytes) -> Iterator[bytes]:
    """Three places well inside, where no common header lies; even ones that are all of one value are left out."""
    for share in (0.3, 0.5, 0.7):
        start = int(len(data) * share)
        needle = data[start : start + NEEDLE_BYTES]
        if len(needle) == NEEDLE_BYTES and len(set(needle)) > NEEDLE_BYTES // 4:
            yield needle


def _found(folder: Path, needles: Iterable[bytes]) -> list[str]:
    wanted = tuple(needles)
    hits = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            hits += [f"{path.name}: {needle[:16]!r}" for needle in wanted if needle in data]
    return hits


def receipt(stage: Stage) -> str:
    """Verified: the receipt says complete and counts the tracks; the report is a page that names the interventions."""
    found = [path for path in stage.agent.home_dir.glob("receipts/*.json") if path.is_file()]
    need(found, f"the agent left no receipt under {stage.agent.home_dir}")
    receipt_path = stage.output_dir / "receipt.json"
    for page in stage.agent.home_dir.glob("receipts/*.html"):
        shutil.copy(page, stage.output_dir / "receipt.html")
    shutil.copy(found[-1], receipt_path)
    tracks = _tracks(receipt_path)
    report_path = stage.output_dir / "integrity-report.html"
    facts = stage.facts
    stage.evidence.report(facts.bundle_path, facts.root, facts.key_path, stage.passphrase_path, report_path)
    text = report_path.read_text(encoding="utf-8")
    need("<html" in text.lower(), "the report is not a page")
    for expected in ("do not look away", "display"):
        need(expected in text.lower(), f"the report does not speak of '{expected}'")
    stage.proctor.page.goto(report_path.as_uri())
    stage.proctor.screenshot(stage.output_dir / "12-report.png")
    return f"receipt over {tracks} tracks, complete; report of {len(text) // 1024} kB"


def _tracks(receipt_path: Path) -> int:
    """Number of tracks in the server's signed receipt, whose signature holds for the key it names."""
    text = json.loads(receipt_path.read_text(encoding="utf-8"))
    document: SignedDocument = codec.decode(json.dumps(text.get("document", text)), SignedDocument)
    body: Receipt = codec.decode(document.open(DOMAIN_RECEIPT, document.key), Receipt)
    if not body.complete:
        raise StepFailed("the server's receipt does not say that everything arrived")
    return len(body.tracks)
