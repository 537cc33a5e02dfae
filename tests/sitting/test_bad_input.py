"""Bad input, end to end: one clear sentence, a stable code, an exit status; nothing lost, the computer as before."""

import asyncio
import base64
import contextlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import mss
import mss.tools
import pytest

from candidate_agent.base.errors import status_of
from demo import reading
from demo.candidate import Candidate
from demo.failure import wait_for
from demo.line import Line
from demo.stage import free_port
from exam_protocol import messages as m
from exam_protocol.policy import root_fingerprint
from exam_protocol.records import Lane, Track
from exam_protocol.signing import SigningKey
from server_stub import cli
from tests.server_stub.client import HOUR_MS, Agent, Console, Office, ServerProcess, now_ms, until
from tests.sitting.desk import END_S, START_S, TITLE, Desk, Exam, SeatedAgent, publish, read_session, write_package

pytestmark = [pytest.mark.real, pytest.mark.slow]

NO_PORT = "http://127.0.0.1:9"  # discard: nobody listens there


def refused(agent: SeatedAgent, code: str) -> None:
    """Before the window: one sentence with its code, and the status that belongs to it."""
    status = agent.wait_end(START_S)
    assert agent.sentence().endswith(f"[{code}]"), agent.log()
    assert len(agent.sentence()) > len("candidate-agent: ") + 20
    assert status == status_of(code)


def goes_on(desk: Desk, agent: SeatedAgent, words: list[str]) -> None:
    """The cause is gone: the same candidate starts on the same computer, and goes on where the check-in was."""
    again = desk.starts(words, home_dir=agent.home_dir)
    again.wait_phase("consenting", "checking", timeout_s=START_S)
    assert desk.closes(again) == 0


def stopped(desk: Desk, agent: SeatedAgent, sentence: str, code: str) -> None:
    """In the window: the sentence, what to do and the code stand there; Close ends with the code's status."""
    person = desk.candidate(agent)
    person.sees(sentence, f"Code {code}", "What to do", timeout_s=START_S)
    person.closes()
    assert agent.wait_end(END_S) == status_of(code)


# --- the package ------------------------------------------------------------------------------------------------------


def package(desk: Desk, tmp_path: Path, **changes: object) -> list[str]:
    """Arguments for a package of the same office that is not published."""
    office = Office()
    document = office.make_package(desk.exam.server.public_key, **changes)
    path = write_package(tmp_path / "exam.exampackage", document)
    return [str(path), "--root", office.fingerprint, "--code", "SEAT-0000"]


def test_a_damaged_package_is_not_opened(desk: Desk, tmp_path: Path) -> None:
    words = package(desk, tmp_path)
    data = bytearray(Path(words[0]).read_bytes())
    data[len(data) // 2] ^= 1
    for damaged in (bytes(data), bytes(data[:100]), b""):
        Path(words[0]).write_bytes(damaged)
        agent = desk.starts(words)
        refused(agent, "package_damaged")
        assert agent.sessions() == []


def test_an_expired_package_is_not_opened(desk: Desk, tmp_path: Path) -> None:
    refused(desk.starts(package(desk, tmp_path, expires_ms=now_ms() - 1000)), "package_expired")


def test_a_package_of_another_institution_is_not_opened(desk: Desk) -> None:
    words = desk.exam.words("SEAT-0000")
    words[2] = root_fingerprint(SigningKey.generate().public_key)
    refused(desk.starts(words), "package_foreign")


def test_an_exam_that_has_closed_names_who_helps(desk: Desk, tmp_path: Path) -> None:
    agent = desk.starts(package(desk, tmp_path, closes_ms=now_ms() - 1000))
    person = desk.candidate(agent)
    person.sees("The exam has closed", "office@test", timeout_s=START_S)
    person.closes()
    assert agent.wait_end(END_S) == status_of("outside_window")


def test_check_in_begins_by_itself_when_the_exam_opens_and_goes_on_where_it_was(desk: Desk, tmp_path: Path) -> None:
    """Countdown, joining, two stages of the consent; then the program dies."""
    exam = opening_soon(desk, tmp_path)
    code = exam.ticket()
    agent = desk.starts(exam.words(code))
    agent.wait_phase("outside", timeout_s=START_S)
    agent.wait_phase("consenting", timeout_s=START_S)
    desk.candidate(agent).own.click("#consent-next", START_S)
    wait_for("the second stage is kept", lambda: kept_stage(agent) == "webcam", 10)
    assert agent.running is not None
    agent.running.process.kill()
    agent.wait_end(END_S)
    again = desk.starts(exam.words(code), home_dir=agent.home_dir)
    again.wait_phase("consenting", timeout_s=START_S)
    wait_for("the second stage is shown", lambda: desk.candidate(again).consent_stage() == "webcam", START_S)
    assert desk.closes(again) == 0


def opening_soon(desk: Desk, tmp_path: Path) -> Exam:
    """Another exam of the same office, with a proctor of its own, so that consoles stay with the shared one."""
    office = Office("hist-303")
    office.root, office.roster_key, office.archive = (
        desk.exam.office.root, desk.exam.office.roster_key, desk.exam.office.archive,
    )  # fmt: skip
    office.make_roster("cleo")
    return publish(desk.exam.server, office, tmp_path / "exam-303.exampackage", opens_ms=now_ms() + 8_000)


def kept_stage(agent: SeatedAgent) -> str:
    kept = read_session(agent)["kept"]
    return str(kept["consent_at"]) if isinstance(kept, dict) else ""


def test_a_package_file_that_is_not_there_is_named(desk: Desk, tmp_path: Path) -> None:
    agent = desk.starts([str(tmp_path / "gone.exampackage"), "--root", "x", "--code", "y"])
    refused(agent, "package_missing")
    assert "gone.exampackage" in agent.sentence()


@pytest.mark.parametrize("link", ["exam-agent://start?server=http%3A%2F%2Fx", "exam-agent:", "exam-agent://[::1"])
def test_a_damaged_link_is_said_so(desk: Desk, link: str) -> None:
    refused(desk.starts([link]), "link_damaged")


# --- the computer -----------------------------------------------------------------------------------------------------


def test_a_wayland_session_is_refused_with_the_way_out(desk: Desk) -> None:
    for env in ({"XDG_SESSION_TYPE": "wayland"}, {"WAYLAND_DISPLAY": "wayland-0"}):
        agent = desk.starts(desk.exam.words("SEAT-0000"), env=env)
        refused(agent, "wayland")
        assert "Ubuntu on Xorg" in agent.sentence()


def test_an_administrator_is_refused(desk: Desk) -> None:
    prefix = () if os.geteuid() == 0 else ("unshare", "--map-root-user")
    agent = desk.starts(desk.exam.words("SEAT-0000"), demo=False, prefix=prefix)
    refused(agent, "administrator")


def test_two_agents_on_one_computer_are_one_too_many(desk: Desk) -> None:
    code = desk.exam.ticket()
    first = desk.sits(code)
    refused(desk.starts(desk.exam.words(code), home_dir=first.home_dir), "agent_running")
    assert first.phase() == "consenting"
    assert desk.closes(first) == 0


def test_a_window_that_another_program_takes_away_ends_the_program(desk: Desk) -> None:
    agent = desk.sits(desk.exam.ticket())
    desk.screen.run("xkill", "-id", desk.screen.run("xdotool", "search", "--name", f"^{TITLE}$").split()[-1])
    assert agent.wait_end(END_S) == 0
    assert TITLE not in desk.titles()


def test_a_damaged_session_file_is_said_and_its_recordings_stay(desk: Desk) -> None:
    code = desk.exam.ticket()
    first = desk.sits(code)
    desk.closes(first)
    [directory] = first.sessions()
    whole = (directory / "session.json").read_bytes()
    for damaged in (whole[: len(whole) // 2], whole.replace(b'"device_seed":"', b'"device_seed":"QUJD'), b""):
        (directory / "session.json").write_bytes(damaged)
        kept = spool_of(directory)
        refused(desk.starts(desk.exam.words(code), home_dir=first.home_dir), "session_damaged")
        assert spool_of(directory) == kept and kept
    (directory / "session.json").write_bytes(whole)
    goes_on(desk, first, desk.exam.words(code))


def spool_of(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (directory / "spool").iterdir() if path.name != "ballast"}


def test_an_undo_log_that_cannot_be_removed_stops_before_anything_is_changed(desk: Desk) -> None:
    code, agent = desk.exam.ticket(), desk.agent()
    undo_log = agent.home_dir / "undo.log"
    undo_log.mkdir(parents=True)
    refused(desk.starts(desk.exam.words(code), home_dir=agent.home_dir), "restore_incomplete")
    undo_log.rmdir()
    goes_on(desk, agent, desk.exam.words(code))


def test_a_damaged_undo_log_gives_the_computer_its_defaults_and_is_said(desk: Desk) -> None:
    code, agent = desk.exam.ticket(), desk.agent()
    agent.home_dir.mkdir()
    (agent.home_dir / "undo.log").write_bytes(b"what is this\nand this\n")
    started = desk.sits(code, home_dir=agent.home_dir)
    [leftovers] = started.events("leftovers")
    assert leftovers["restored"] is True
    assert not (agent.home_dir / "undo.log").exists()
    assert desk.closes(started) == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 kB, full to the last byte."""
    path = tmp_path / "disk"
    path.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", path], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("only an administrator can mount a small disk")
    yield path
    subprocess.run(["umount", "--lazy", path], check=True)


def grow(path: Path, size: str) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", path], check=True)


def fill(path: Path) -> None:
    with (path / "filling").open("wb", buffering=0) as file:
        while file.write(bytes(4096)) == 4096:
            pass


def test_a_full_disk_is_told_before_the_launch_code_is_used(desk: Desk, small_disk: Path) -> None:
    code, home_dir = desk.exam.ticket(), small_disk / "home"
    home_dir.mkdir()
    with contextlib.suppress(OSError):
        fill(small_disk)
    agent = desk.starts(desk.exam.words(code), home_dir=home_dir)
    refused(agent, "disk_full")
    (small_disk / "filling").unlink()
    agent = desk.starts(desk.exam.words(code), home_dir=home_dir)
    person = desk.candidate(agent)
    person.sees("The disk is full", "Code disk_full", timeout_s=START_S)
    grow(small_disk, "200m")
    person.own.click("#try-again")
    agent.wait_phase("consenting", timeout_s=START_S)
    assert desk.closes(agent) == 0


def test_a_disk_that_fills_up_meanwhile_stops_nothing(desk: Desk, small_disk: Path) -> None:
    grow(small_disk, "60m")
    code = desk.exam.ticket()
    agent = desk.sits(code, home_dir=small_disk / "home")
    with contextlib.suppress(OSError):
        fill(small_disk)
    desk.candidate(agent).consents()
    agent.wait_phase("checking")
    wait_for("it is kept in the room of the ballast, or noted that it is not", lambda: kept_or_noted(agent), 10)
    (small_disk / "filling").unlink()
    assert desk.closes(agent) == 0
    goes_on_after_consent(desk, agent, code)


def kept_or_noted(agent: SeatedAgent) -> bool:
    return bool(agent.events("session_not_saved")) or "checking" in json.dumps(read_session(agent)["kept"])


def goes_on_after_consent(desk: Desk, agent: SeatedAgent, code: str) -> None:
    again = desk.starts(desk.exam.words(code), home_dir=agent.home_dir)
    again.wait_phase("consenting", "checking", timeout_s=START_S)
    assert desk.closes(again) == 0


# --- the server -------------------------------------------------------------------------------------------------------


def test_a_server_that_is_down_is_said_to_who_starts_from_a_link(desk: Desk) -> None:
    refused(desk.starts([desk.exam.link(NO_PORT)]), "server_unreachable")


@pytest.fixture
def line(desk: Desk) -> Iterator[Line]:
    """A wire to the shared server that can be cut."""
    wire = Line(int(desk.exam.server.url.rsplit(":", 1)[1]))
    wire.start()
    yield wire
    wire.stop()


def test_a_server_that_is_down_at_the_start_can_be_tried_again(desk: Desk, line: Line, tmp_path: Path) -> None:
    exam = published_elsewhere(desk, tmp_path, server_url=f"http://127.0.0.1:{line.port}")
    line.cut()
    agent = desk.starts(exam.words(exam.ticket()))
    person = desk.candidate(agent)
    person.sees("The exam server does not answer", "Code server_unreachable", timeout_s=START_S)
    kept = read_session(agent)
    line.mend()
    person.own.click("#try-again")
    agent.wait_phase("consenting", timeout_s=START_S)
    assert {name: read_session(agent)[name] for name in ("session_id", "device_seed")} == {
        name: kept[name] for name in ("session_id", "device_seed")
    }
    assert desk.closes(agent) == 0


def published_elsewhere(desk: Desk, tmp_path: Path, **changes: object) -> Exam:
    """Another exam of the same office, on the shared server; it opened earlier, so consoles stay with the first."""
    office = Office("chem-202")
    office.root, office.roster_key, office.archive = (
        desk.exam.office.root, desk.exam.office.roster_key, desk.exam.office.archive,
    )  # fmt: skip
    return publish(
        desk.exam.server, office, tmp_path / "exam-202.exampackage", opens_ms=now_ms() - 2 * HOUR_MS, **changes
    )


def test_a_server_with_another_key_gets_nothing_and_is_named(desk: Desk, tmp_path: Path) -> None:
    office = Office()
    server = ServerProcess(tmp_path / "server", office.fingerprint, port=free_port())
    server.start()
    try:
        exam = publish(server, office, tmp_path / "exam.exampackage")
        words = exam.words(exam.ticket())
        server.stop()
        key_path = server.directory / cli.KEY_FILE
        right_key = key_path.read_text()
        key_path.write_text(SigningKey.generate().seed.hex())
        server.start()
        agent = desk.starts(words)
        stopped(desk, agent, "This is not the server of your exam", "server_foreign")
        assert read_session(agent)["token"] == ""
        server.stop()
        key_path.write_text(right_key)
        server.start()
        goes_on(desk, agent, words)
    finally:
        server.stop()


@pytest.mark.parametrize(
    ("versions", "sentence", "code"),
    [
        ((2, 2), "This program is too old for the exam server", "version_too_old"),
        ((0, 0), "This program is newer than the exam server", "version_too_new"),
    ],
)
def test_another_protocol_version_is_said_so(
    desk: Desk, tmp_path: Path, versions: tuple[int, int], sentence: str, code: str
) -> None:
    office = Office()
    prelude = f"from exam_protocol import version; version.agree.__defaults__ = {versions}; "
    server = ServerProcess(tmp_path / "server", office.fingerprint, prelude=prelude)
    server.start()
    try:
        exam = publish(server, office, tmp_path / "exam.exampackage")
        stopped(desk, desk.starts(exam.words(exam.ticket())), sentence, code)
    finally:
        server.stop()


# --- the launch code --------------------------------------------------------------------------------------------------


def test_a_code_that_another_computer_used_is_used(desk: Desk) -> None:
    code = desk.exam.ticket()
    first = desk.sits(code)
    assert desk.closes(first) == 0
    stopped(desk, desk.starts(desk.exam.words(code)), "This launch code was used before", "code_used")
    goes_on(desk, first, desk.exam.words(code))


def test_an_expired_code_is_too_old(desk: Desk) -> None:
    words = desk.exam.words(desk.exam.ticket(minutes=-1))
    stopped(desk, desk.starts(words), "This launch code is too old", "code_expired")


def test_an_unknown_code_is_not_known(desk: Desk) -> None:
    stopped(desk, desk.starts(desk.exam.words("NOBODY-0000")), "does not know this launch code", "code_unknown")


def test_a_second_agent_on_the_same_ticket_is_told_and_disturbs_nobody(desk: Desk, tmp_path: Path) -> None:
    code = desk.exam.ticket()
    first = desk.sits(code)
    waits_link(desk, first)
    copy = tmp_path / "stolen"
    shutil.copytree(first.home_dir, copy)
    second = desk.starts(desk.exam.words(code), home_dir=copy)
    desk.candidate(second).sees("already open on another computer", timeout_s=START_S)
    end(desk, second, status_of("second_agent"))
    desk.candidate(first).consents()
    assert first.wait_phase("checking") == "checking"
    assert "already open" not in desk.candidate(first).own.text()


def waits_link(desk: Desk, agent: SeatedAgent) -> None:
    def up() -> bool:
        return "line is gone" not in desk.candidate(agent).own.text()

    wait_for("the line is up", up, 20)


def end(desk: Desk, agent: SeatedAgent, status: int) -> None:
    """Closes the window of this agent, where another one has the same title."""
    assert agent.running is not None
    listed = [line.split() for line in desk.screen.run("wmctrl", "-l", "-p").splitlines()]
    [window] = [words[0] for words in listed if words[2] == str(agent.running.process.pid)]
    desk.screen.run("wmctrl", "-i", "-c", window)
    assert agent.wait_end(END_S) == status


# --- camera, microphone, disk: a row of the check, a remedy, and "check again" ----------------------------------------


def usable(person: Candidate, selector: str) -> bool:
    return person.own.place(selector).state not in ("missing", "hidden", "disabled")


def checked(desk: Desk, agent: SeatedAgent, row: str, fails_with: str) -> None:
    """The check fails with these words and holds the candidate."""
    person = desk.candidate(agent)
    person.consents()
    wait_for("all are measured", lambda: usable(person, f"#check-again-{row}"), 60)
    assert not usable(person, "#checks-continue")
    assert fails_with in person.own.text(f"#check-{row}")
    assert agent.phase() == "checking"


def is_free(person: Candidate) -> bool:
    """A busy test machine may have been too slow for another row: then all is measured again."""
    if not usable(person, "#checks-continue") and usable(person, "#checks-again"):
        person.own.click("#checks-again")
    return usable(person, "#checks-continue")


def passes_again(desk: Desk, agent: SeatedAgent, row: str) -> None:
    """No restart: the row passes, and the way is free."""
    person = desk.candidate(agent)
    person.own.click(f"#check-again-{row}")
    tone = f"document.querySelector('#check-{row}').className"
    wait_for("the row holds nobody any more", lambda: person.own.evaluate(tone) in ("check fine", "check look"), 30)
    wait_for("the way is free", lambda: is_free(person), 60)
    person.own.click("#checks-continue")
    agent.wait_phase("identifying", timeout_s=10)
    assert desk.closes(agent) == 0


def test_without_a_camera_the_check_holds_until_one_is_connected(desk: Desk) -> None:
    desk.camera.unplug()
    desk.microphone.play_tone(440, 60)
    agent = desk.sits(desk.exam.ticket())
    checked(desk, agent, "camera", "No camera was found. Please connect one")
    desk.camera.plug()
    passes_again(desk, agent, "camera")


def test_a_muted_microphone_holds_until_it_is_switched_on(desk: Desk) -> None:
    desk.microphone.mute()
    desk.microphone.play_tone(440, 60)
    agent = desk.sits(desk.exam.ticket())
    checked(desk, agent, "microphone", "The microphone is muted")
    desk.microphone.mute(False)
    passes_again(desk, agent, "microphone")


def test_without_a_microphone_the_check_holds_until_there_is_one(desk: Desk) -> None:
    code = desk.exam.ticket()
    agent = desk.starts(desk.exam.words(code), env={"PULSE_SERVER": "unix:/nowhere"})
    agent.wait_phase("consenting", timeout_s=START_S)
    checked(desk, agent, "microphone", "No microphone was found")
    assert desk.closes(agent) == 0
    desk.microphone.play_tone(440, 60)
    goes_on(desk, agent, desk.exam.words(code))


def test_a_disk_that_is_nearly_full_holds_until_there_is_room(desk: Desk, small_disk: Path) -> None:
    grow(small_disk, "60m")
    desk.microphone.play_tone(440, 60)
    agent = desk.sits(desk.exam.ticket(), home_dir=small_disk / "home")
    checked(desk, agent, "disk", "The disk is almost full")
    grow(small_disk, "3g")
    passes_again(desk, agent, "disk")


# --- the console ------------------------------------------------------------------------------------------------------


async def test_a_console_that_never_reads_holds_up_no_candidate(desk: Desk) -> None:
    exam, office = desk.exam, desk.exam.office
    flood = Agent(office)
    flood.enrol(exam.server, exam.ticket())
    flood.open()
    agent = await asyncio.to_thread(desk.sits, exam.ticket())
    session = bytes.fromhex(await asyncio.to_thread(session_id, agent))
    async with (
        Console.connected(exam.server, "bo", reads=False) as deaf,
        Console.connected(exam.server, "amal") as console,
        flood.line(exam.server) as control,
        flood.line(exam.server, Lane.MEDIA) as media,
    ):
        await control.send_all()
        for watched in (flood.session_id, session):
            await deaf.send(m.Watch(watched.hex(), (Track.CONTROL, Track.SCREEN, Track.LOG)))
        await console.send(m.Watch(session.hex(), (Track.LEDGER, Track.LOG)))
        for number in range(300):  # 30 MB: more than the deaf console's queue and every buffer of the line
            flood.picture(os.urandom(100_000), key_frame=number % 50 == 0)
        sending = asyncio.create_task(media.send_all())
        await asyncio.to_thread(desk.candidate(agent).consents)
        await until(lambda: console.of_track(Track.LOG), "the consent on the other console", 20)
        await asyncio.wait_for(sending, 40)
        assert media.position == 300
    await asyncio.to_thread(agent.wait_phase, "checking")
    assert "line is gone" not in await asyncio.to_thread(desk.candidate(agent).own.text)
    assert await asyncio.to_thread(desk.closes, agent) == 0


def session_id(agent: SeatedAgent) -> str:
    return base64.b64decode(str(read_session(agent)["session_id"])).hex()


# --- nobody reads the standard error ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("session_type", "words", "code"),
    [
        ("x11", "The start link is not complete Copy the whole link again", "link_damaged"),
        ("wayland", "This kind of desktop session cannot hold an exam On the sign-in page choose", "wayland"),
    ],
)
def test_who_clicks_on_a_link_sees_the_sentence_in_a_box(
    desk: Desk, tmp_path: Path, session_type: str, words: str, code: str
) -> None:
    agent = desk.agent()
    link = desk.exam.link() if code == "wayland" else "exam-agent://start?server=x"
    agent.begin([link], desk.environment({"XDG_SESSION_TYPE": session_type}))
    wait_for("the box", lambda: "Exam program" in desk.titles(), START_S)

    def read() -> bool:
        with mss.MSS(display=desk.screen.display) as screen:
            shot = screen.grab(screen.monitors[0])
        picture = reading.decode(mss.tools.to_png(shot.rgb, shot.size) or b"")
        text = reading.words(picture, desk.processes, tmp_path)
        return reading.contains_words(text, f"{words} Code {code}")

    wait_for("sentence, advice and code in the box", read, 20)
    desk.screen.run("xdotool", "key", "Return")
    refused(agent, code)
