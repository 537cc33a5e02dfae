"""Step 1: the institution's documents, the server, and a proctor with keys of her own."""

import time

from demo.failure import StepFailed, need, wait_for
from demo.stage import CANDIDATE_NAME, EXAM_ID, EXAM_TOML, INSTITUTION, PROCTOR_ID, PROCTOR_NAME, Stage
from demo.web import fetch
from exam_protocol.policy import open_package


def play(stage: Stage) -> str:
    """Verified from outside: the package is fetched through the line and checked against the root's fingerprint."""
    stage.machine.start(CANDIDATE_NAME)
    stage.proctor.start()
    prepare(stage)
    stage.proctor.comes_in()
    return _check(stage)


def prepare(stage: Stage) -> None:
    """Everything up to two launch links; the proctor's browser must be open. Used by the interactive demo as well."""
    facts = stage.facts
    origin = stage.site.start()
    facts.root = stage.office.init(INSTITUTION)
    facts.server_key = stage.server.init(facts.root)
    stage.server.add_proctor(PROCTOR_ID, stage.password_path)
    stage.server_running = stage.server.run()
    wait_for("the server answers", lambda: _is_healthy(stage), 20)
    stage.line.start()
    _sign_package(stage)
    _sign_roster(stage, origin)
    facts.link = stage.office.launch_link(EXAM_ID, "c-1001", CANDIDATE_NAME)
    facts.spare_link = stage.office.launch_link(EXAM_ID, "c-1002", "Somebody Else")
    stage.office.publish(stage.server.url)


def _sign_package(stage: Stage) -> None:
    """The server's address in the package is the line's: the agent never knows another way."""
    config_path = stage.work_dir / "exam.toml"
    config_path.write_text(EXAM_TOML, encoding="utf-8")
    stage.office.package(
        config_path, server_url=f"http://127.0.0.1:{stage.line.port}", server_key=stage.facts.server_key,
        out=stage.output_dir / "exam.exampackage",
    )  # fmt: skip
    stage.office.publish(stage.server.url)


def _sign_roster(stage: Stage, origin: str) -> None:
    """For the card of the proctor, who signs in before any roster names her and makes her keys in the browser."""
    facts = stage.facts
    password = stage.password_path.read_text(encoding="utf-8")
    passphrase = stage.passphrase_path.read_text(encoding="utf-8")
    stage.proctor.signs_in(stage.server.url, password)
    facts.card_path, facts.key_path = stage.proctor.makes_keys(PROCTOR_NAME, passphrase, stage.work_dir)
    stage.office.roster(
        EXAM_ID, facts.card_path, address=f"{origin}/", access_code=stage.site.access_code, origin=origin
    )


def _is_healthy(stage: Stage) -> bool:
    if stage.server_running is None or not stage.server_running.alive:
        raise StepFailed("the server ended; see logs/proctor-server.log")
    return fetch(f"{stage.server.url}/healthz") is not None


def _check(stage: Stage) -> str:
    document = fetch(f"http://127.0.0.1:{stage.line.port}/api/exams/{EXAM_ID}/package")
    _, package = open_package(document, stage.facts.root, int(time.time() * 1000))
    need(package.server_key.hex() == stage.facts.server_key, "the package pins another server key")
    databases = [
        path for path in stage.server.server_dir.rglob("*") if path.is_file() and _is_sqlite(path.read_bytes())
    ]
    need(databases, "the server has no SQLite database")
    return f"root {stage.facts.root[:9]}…; package, roster and two tickets are published; SQLite in {databases[0].name}"


def _is_sqlite(data: bytes) -> bool:
    return data.startswith(b"SQLite format 3\0")
