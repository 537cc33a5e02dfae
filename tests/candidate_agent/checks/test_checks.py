"""What each check says of each measured value: one row of the table per threshold and per fault."""

import dataclasses
import math
import os
from collections.abc import Callable

import numpy as np
import pytest

from candidate_agent.base.errors import ServerError
from candidate_agent.checks import (
    assistive,
    camera,
    client,
    clock,
    delay,
    disk,
    displays,
    download,
    encoder,
    framing,
    hidden_windows,
    light,
    memory,
    microphone,
    network_down,
    network_up,
    noise,
    permissions,
    power,
    printer,
    processor,
    programs,
    protection,
    remote_session,
    server,
    session_type,
    system,
    virtual_machine,
    window,
)  # fmt: skip
from candidate_agent.checks.base import Check, Context, FoundProgram
from candidate_agent.platforms.ports import CONCERNS, Camera, Display, Permission, SystemFacts, Unsupported, Window
from candidate_agent.session.checkin import blocking
from exam_protocol.catalogue import CHECKS
from exam_protocol.policy import Policy
from exam_protocol.records import CheckRow
from exam_protocol.version import BUILD

from .conftest import GOOD_FACTS, Computer, Line, MovingPictures, tone

ONE = Display("one", 0, 0, 1920, 1080, True)
SMALL = Display("one", 0, 0, 1024, 768, True)
TINY = Display("one", 0, 0, 800, 600, True)
TWO = Display("two", 1920, 0, 1920, 1080, False)
GB = 1_000_000_000
PLAIN = Window(1, 7, 0, 0, 1920, 1080)
ON_TOP = dataclasses.replace(PLAIN, above=True)
HIDDEN = dataclasses.replace(PLAIN, capturable=False)
ANYDESK = FoundProgram("AnyDesk")
CAMERA_YES = Permission("camera", True)
FACE = (0.4, 0.3, 0.2, 0.4)


def on(name: str, version: str) -> SystemFacts:
    return dataclasses.replace(GOOD_FACTS, os_name=name, os_version=version)


@pytest.mark.parametrize(
    ("judged", "outcome", "word"),
    [
        (displays.judge((ONE,), Policy()), "pass", ""),
        (displays.judge((SMALL,), Policy()), "warn", "1024×768"),
        (displays.judge((TINY,), Policy()), "fail", "800×600"),
        (displays.judge((ONE, TWO), Policy()), "fail", "disconnect"),
        (displays.judge((ONE, TWO), Policy(max_displays=2)), "pass", ""),
        (displays.judge((ONE, Display("m", 0, 0, 1920, 1080, False, "one")), Policy(max_displays=2)), "warn", "mirror"),
        (displays.judge((), Policy()), "fail", "connect"),
        (camera.judge((1280, 720), 15, False), "pass", ""),
        (camera.judge((1280, 720), 15, True), "warn", "virtual"),
        (camera.judge((640, 480), 10, False), "warn", "usable"),
        (camera.judge((640, 480), 5, False), "fail", "too slow"),
        (camera.judge((320, 240), 30, False), "fail", "too small"),
        (camera.judge((0, 0), 0, False), "fail", "no picture"),
        (camera.judge((1280, 720), 15, False, "black"), "fail", "slide"),
        (camera.judge((1280, 720), 15, False, "frozen"), "fail", "stands still"),
        (light.judge(120, 0), "pass", ""),
        (light.judge(50, 0), "warn", "dark"),
        (light.judge(39, 0), "person", "too dark"),
        (light.judge(120, 90), "warn", "behind"),
        (light.judge(230, 0), "warn", "bright"),
        (microphone.judge(-20), "pass", ""),
        (microphone.judge(-50), "warn", "quietly"),
        (microphone.judge(-70), "warn", "Nobody"),
        (microphone.judge(-math.inf), "fail", "no sound"),
        (network_up.judge(1.0), "pass", ""),
        (network_up.judge(0.5), "warn", "smaller pictures"),
        (network_up.judge(0.12), "fail", "smaller pictures"),
        (network_up.judge(0.05), "fail", "sent later"),
        (delay.judge(20, 3), "pass", ""),
        (delay.judge(200, 3), "warn", "Nothing is lost"),
        (delay.judge(900, 3), "warn", "router"),
        (server.judge(30), "pass", ""),
        (server.judge(3000), "warn", "slowly"),
        (clock.judge(1.9), "pass", ""),
        (clock.judge(-30), "warn", "30 s fast"),
        (clock.judge(3600), "fail", "3600 s slow"),
        (disk.judge(50 * GB, 100e6, 0), "pass", ""),
        (disk.judge(1 * GB, 100e6, 0), "warn", "room"),
        (disk.judge(0.1 * GB, 100e6, 0), "fail", "almost full"),
        (disk.judge(3 * GB, 100e6, 2 * GB), "fail", "4 are needed"),
        (disk.judge(50 * GB, 5e6, 0), "warn", "slow"),
        (disk.judge(50 * GB, 1e6, 0), "fail", "1 MB/s"),
        (processor.judge(4, 10), "pass", ""),
        (processor.judge(2, 10), "warn", "cores: 2"),
        (processor.judge(1, 10), "fail", "cores: 1"),
        (processor.judge(8, 60), "warn", "60 % busy"),
        (processor.judge(8, 95), "fail", "95 % busy"),
        (memory.judge(7.6, 4), "pass", ""),
        (memory.judge(6, 3), "warn", "6 GiB"),
        (memory.judge(2, 1.5), "fail", "1.5 GiB"),
        (memory.judge(16, 0.5), "fail", "0.5 GiB"),
        (programs.judge(()), "pass", ""),
        (programs.judge((ANYDESK, FoundProgram("OBS Studio"))), "warn", "Please close: AnyDesk, OBS Studio."),
        (programs.judge((ANYDESK, FoundProgram("Zoom", stays=True))), "fail", "Please save your work"),
        (hidden_windows.judge((PLAIN,)), "pass", ""),
        (hidden_windows.judge((dataclasses.replace(ON_TOP, width=200, height=200),)), "pass", ""),
        (hidden_windows.judge((PLAIN, ON_TOP)), "warn", "on top"),
        (hidden_windows.judge((HIDDEN, ON_TOP)), "person", "kept out of recordings"),
        (virtual_machine.judge((), "person"), "pass", ""),
        (virtual_machine.judge(("bios",), "person"), "warn", "bios"),
        (virtual_machine.judge(("bios", "disk"), "person"), "person", "bios, disk"),
        (virtual_machine.judge(("bios", "disk"), "refuse"), "fail", "a proctor decides"),
        (virtual_machine.judge(("bios", "disk"), "allow"), "pass", ""),
        (remote_session.judge(()), "pass", ""),
        (remote_session.judge(("vnc server",)), "fail", "vnc server"),
        (system.judge(GOOD_FACTS), "pass", ""),
        (system.judge(on("linux", "Ubuntu 20.04.6 LTS")), "warn", "is old: Ubuntu 20.04"),
        (system.judge(on("linux", "Debian GNU/Linux trixie/sid")), "pass", ""),
        (system.judge(on("linux", "Arch Linux")), "pass", ""),
        (system.judge(on("linux", "Home-made Linux 3")), "warn", "not tried"),
        (system.judge(on("windows", "11 10.0.22631 Professional")), "pass", "Professional"),
        (system.judge(on("windows", "10 10.0.19045 Core")), "warn", "Windows 10"),
        (system.judge(on("windows", "8.1 6.3.9600")), "fail", "too old"),
        (system.judge(on("windows", "something")), "warn", "not tried"),
        (system.judge(on("macos", "15.1")), "pass", ""),
        (system.judge(on("macos", "12.7")), "warn", "old"),
        (system.judge(on("macos", "11.2")), "fail", "too old"),
        (permissions.judge((CAMERA_YES, Permission("screen", True))), "pass", ""),
        (permissions.judge((CAMERA_YES, Permission("screen", False))), "fail", "recording of the screen"),
        (permissions.judge((CAMERA_YES, Permission("screen", None))), "warn", "will ask"),
        (framing.judge([(FACE,)] * 5), "pass", ""),
        (framing.judge([(FACE,)] * 3 + [()] * 2), "pass", ""),
        (framing.judge([(FACE,)] * 2 + [()] * 3), "person", "A proctor"),
        (framing.judge([()] * 5), "person", "not found"),
        (framing.judge([(FACE, FACE)] * 3 + [(FACE,)] * 2), "warn", "more than one"),
        (framing.judge([(FACE, FACE)] + [(FACE,)] * 4), "pass", ""),
        (framing.judge([(FACE, FACE)] * 2 + [(FACE,)] * 1 + [()] * 2), "pass", ""),
        (framing.judge([((0.4, 0.4, 0.1, 0.1),)] * 5), "warn", "closer"),
        (framing.judge([((0.1, 0.1, 0.5, 0.7),)] * 5), "warn", "back"),
        (framing.judge([((0.0, 0.3, 0.2, 0.3),)] * 5), "warn", "edge"),
        (noise.judge(-50), "pass", ""),
        (noise.judge(-40), "warn", "some noise"),
        (noise.judge(-10), "warn", "You can go on"),
        (network_down.judge(1.0), "pass", ""),
        (network_down.judge(0.3), "warn", "slowly"),
        (network_down.judge(0.1), "fail", "very slowly"),
        (assistive.judge(0, 0), "pass", ""),
        (assistive.judge(2, 0), "pass", ""),
        (assistive.judge(2, 1), "person", "leave it on"),
        (download.judge(3000, True), "pass", ""),
        (download.judge(3000, False), "fail", "damaged"),
        (printer.judge(2), "pass", ""),
        (printer.judge(0), "fail", "connect one"),
        (encoder.judge(1.5), "pass", ""),
        (encoder.judge(1.2), "warn", "just fast enough"),
        (encoder.judge(0.9), "fail", "smaller and fewer"),
        (window.judge(100, 200, 150), "pass", ""),
        (window.judge(100_000, 200_000, 10), "warn", "opens in 2 minutes"),
        (window.judge(100, 200, 201), "fail", "closed"),
        (client.judge("2", ("2", "1")), "pass", ""),
        (client.judge("1", ("2", "1")), "warn", "go on with 1"),
        (client.judge("0", ("2", "1")), "fail", "install 2"),
        (power.judge(None, None, 120), "pass", ""),
        (power.judge(True, 5, 120), "pass", ""),
        (power.judge(False, 150, 120), "pass", ""),
        (power.judge(False, 149, 120), "warn", "mains"),
        (power.judge(False, None, 120), "warn", "mains"),
    ],
)  # fmt: skip
def test_a_measured_value_meets_its_threshold_and_a_remedy_says_what_to_do(
    judged: CheckRow, outcome: str, word: str
) -> None:
    assert judged.outcome == outcome
    assert word.lower() in f"{judged.remedy} {judged.value}".lower()
    assert bool(judged.remedy) == (outcome != "pass")
    assert judged.threshold


def with_facts(**changes: object) -> Callable[[Computer], None]:
    def change(computer: Computer) -> None:
        values = {name: getattr(GOOD_FACTS, name) for name in SystemFacts.__dataclass_fields__}
        computer.system_facts = SystemFacts(**{**values, **changes})

    return change


def with_value(**changes: object) -> Callable[[Computer], None]:
    def change(computer: Computer) -> None:
        for name, value in changes.items():
            setattr(computer, name, value)

    return change


@pytest.mark.parametrize(
    ("check", "change", "outcome", "value"),
    [
        (session_type.measure, with_facts(), "pass", "x11"),
        (session_type.measure, with_facts(session_type="wayland"), "fail", "wayland"),
        (session_type.measure, with_facts(session_type=""), "fail", "unknown"),
        (displays.measure, with_value(screens=(ONE, TWO)), "fail", 2.0),
        (camera.measure, with_value(), "pass", "1280×720 at 30/s"),
        (camera.measure, with_value(devices=()), "fail", "no camera"),
        (camera.measure, with_value(devices=(Camera("9", "OBS Virtual Camera", True),)), "fail", "virtual camera"),
        (light.measure, with_value(), "pass", 120.0),
        (microphone.measure, with_value(), "pass", -23.0),
        (microphone.measure, with_value(inputs=()), "fail", "no microphone"),
        (microphone.measure, with_value(is_muted=True), "fail", "muted"),
        (network_up.measure, with_value(), "pass", 5.0),
        (delay.measure, with_value(), "pass", 20.0),
        (server.measure, with_value(), "pass", 20.0),
        (clock.measure, with_value(), "pass", 0.1),
        (disk.measure, with_value(), "pass", 50.0),
        (disk.measure, with_value(free_bytes=1000), "fail", 0.0),
        (processor.measure, with_value(), "pass", "cores: 4; busy: 5 %"),
        (memory.measure, with_value(), "pass", "16 GiB, 8 free"),
        (system.measure, with_value(), "pass", "Debian GNU/Linux 13 (trixie)"),
        (system.measure, with_facts(os_version=""), "unmeasured", None),
        (permissions.measure, with_value(), "pass", "2 of 2"),
        (noise.measure, with_value(), "pass", -60.0),
        (network_down.measure, with_value(), "pass", 20.0),
        (assistive.measure, with_value(helping=(2, 1)), "person", 2.0),
        (download.measure, with_value(), "pass", 0.0),
        (download.measure, with_value(file=b"half of it"), "fail", "not opened"),
        (printer.measure, with_value(printer_count=0), "pass", "not asked for"),
        (encoder.measure, with_value(times=1.1), "warn", 1.1),
        (window.measure, with_value(), "pass", "open"),
        (client.measure, with_value(), "pass", BUILD),
        (programs.measure, with_value(), "pass", 0.0),
        (programs.measure, with_value(found=(ANYDESK,)), "warn", 1.0),
        (hidden_windows.measure, with_value(seen=(HIDDEN, ON_TOP)), "person", 2.0),
        (hidden_windows.measure, with_value(seen=(dataclasses.replace(HIDDEN, pid=os.getpid()),)), "pass", 0.0),
        (hidden_windows.measure, with_value(seen=(dataclasses.replace(HIDDEN, program="magnifier"),)), "pass", 0.0),
        (virtual_machine.measure, with_facts(vm_signals=("hypervisor bit",)), "warn", 1.0),
        (remote_session.measure, with_facts(remote_signals=("x11vnc",)), "fail", 1.0),
        (power.measure, with_facts(on_mains=False, battery_minutes=10.0), "warn", "battery, 10 minutes"),
    ],
)  # fmt: skip
async def test_a_check_asks_its_port(
    context: Context, computer: Computer, check: Check, change: Callable[[Computer], None], outcome: str, value: object
) -> None:
    change(computer)
    row = await check(context)
    assert row.outcome == outcome
    assert row.value == (pytest.approx(value, abs=0.2) if isinstance(value, float) else value)


async def test_what_this_computer_can_and_cannot_protect_is_said_to_candidate_and_proctor(context: Context) -> None:
    lacking = dataclasses.replace(context.platform, hotplug=Unsupported("No such events here."))
    row = await protection.measure(dataclasses.replace(context, platform=lacking))
    concerns = len(CONCERNS) - len(protection.ASKED_BY)
    assert (row.outcome, row.value) == ("pass", f"{concerns - 1} of {concerns}")
    assert "records the screen" in row.remedy
    assert row.remedy.endswith("Not here: sees keyboards and storage that are connected. No such events here.")


async def test_what_an_exam_asks_for_and_this_computer_lacks_a_person_decides(context: Context) -> None:
    policy = Policy(hide_from_recordings=True)
    lacking = dataclasses.replace(context.platform, capture_exclusion=Unsupported("Not on this desktop."))
    row = await protection.measure(dataclasses.replace(context, platform=lacking, policy=policy))
    assert row.outcome == "person"
    assert row.remedy.endswith("Not here: hides the exam from other recordings. Not on this desktop.")


async def test_where_something_is_missing_that_an_exam_rests_on_a_person_decides(context: Context) -> None:
    lacking = dataclasses.replace(context.platform, clipboard=Unsupported("Not here."))
    assert (await protection.measure(dataclasses.replace(context, platform=lacking))).outcome == "person"


def test_every_concern_of_the_ports_has_its_words_and_settings_are_named() -> None:
    assert set(protection.WORDS) == set(CONCERNS)
    said = protection.judge({"screen": "yes", "setting: screen saver": "yes"}).remedy
    assert said == "This program records the screen. It changes for the exam, and puts back: screen saver."


def test_a_suspected_virtual_machine_never_keeps_a_candidate_out() -> None:
    """Not even where the policy says "refuse": the check fails, and it is a person who refuses."""
    assert not CHECKS["virtual_machine"].blocks
    assert blocking((virtual_machine.judge(("bios", "disk"), "refuse"),)) == ()


@pytest.mark.parametrize("concern", ["displays", "cameras", "microphones", "processes", "windows", "permissions"])
async def test_what_a_system_cannot_do_is_unmeasured_with_the_systems_reason(context: Context, concern: str) -> None:
    asking = {
        "displays": (displays.measure,),
        "cameras": (camera.measure, light.measure, framing.measure),
        "microphones": (microphone.measure, noise.measure),
        "processes": (programs.measure, assistive.measure),
        "windows": (hidden_windows.measure,),
        "permissions": (permissions.measure,),
    }[concern]
    platform = dataclasses.replace(context.platform, **{concern: Unsupported("Not on this system.")})  # type: ignore[arg-type]
    rows = [await measure(dataclasses.replace(context, platform=platform)) for measure in asking]
    assert {(row.outcome, row.remedy) for row in rows} == {("unmeasured", "Not on this system.")}


def test_light_from_behind_is_told_from_light_in_front() -> None:
    behind = np.full((480, 640, 3), 60, dtype=np.uint8)
    behind[:120] = 250
    assert light.luma(behind)[1] > light.BACKLIT_BY
    assert light.luma(MovingPictures().pixels) == pytest.approx((120, 0), abs=0.5)


@pytest.mark.parametrize("dbfs", [-10.0, -40.0, -54.0])
def test_a_level_is_measured_in_decibels_of_full_scale(dbfs: float) -> None:
    assert microphone.level_dbfs(tone(dbfs)) == pytest.approx(dbfs, abs=0.5)
    assert microphone.level_dbfs(np.full(100, 7, dtype=np.int16)) == -math.inf


async def test_faces_are_looked_for_in_five_pictures_and_none_is_fail(context: Context) -> None:
    """The camera of this computer shows a grey wall."""
    row = await framing.measure(context)
    assert (row.outcome, row.value) == ("person", "no face")


async def test_a_camera_that_was_slow_once_is_looked_at_once_more(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = camera.Seen({1, 333_334}, {1, 2}, False, (1280, 720))
    looks = [slow, camera.Seen({1, 33_334}, {1, 2}, False, (1280, 720)), camera.Seen(), camera.Seen()]

    async def watch(*_: object) -> camera.Seen:
        return looks.pop(0)

    monkeypatch.setattr(camera, "_watch_once", watch)
    assert (await camera.measure(context)).value == "1280×720 at 30/s"
    assert (await camera.measure(context)).value == "no picture"
    assert looks == []


@pytest.mark.parametrize(("luma", "value"), [(120, "stands still"), (2, "black")])
async def test_a_camera_that_shows_nothing_new_fails_at_once_and_passes_when_it_is_mended(
    context: Context, luma: int, value: str
) -> None:
    pictures = MovingPictures(luma)
    pictures.noise = luma < 50
    still = dataclasses.replace(context, picture=pictures)
    seen = await camera.measure(still)
    assert (seen.outcome, seen.value) == ("fail", value)
    pictures.noise, pictures.pixels = True, MovingPictures().pixels
    assert (await camera.measure(still)).outcome == "pass"


async def test_without_a_picture_nothing_is_said_of_faces_or_light(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(light, "PAUSE_S", 0.0)
    dark = dataclasses.replace(context, picture=lambda: None)
    assert [(await check(dark)).advice for check in (framing.measure, light.measure)] == ["any.no_picture"] * 2


async def test_digital_silence_is_not_called_a_quiet_room(context: Context) -> None:
    row = await noise.measure(dataclasses.replace(context, sound=lambda: np.zeros(48_000, np.int16)))
    assert (row.outcome, row.advice) == ("unmeasured", "any.no_sound")


async def test_a_room_is_measured_between_the_words(context: Context) -> None:
    loud = np.concatenate([tone(-20), tone(-35)])
    row = await noise.measure(dataclasses.replace(context, sound=lambda: loud))
    assert (row.outcome, row.value) == ("warn", pytest.approx(-35, abs=1))


async def test_a_printer_is_looked_for_only_where_the_exam_asks(context: Context, computer: Computer) -> None:
    computer.printer_count = 0
    asks = dataclasses.replace(context, policy=Policy(printer=True))
    assert (await printer.measure(context)).outcome == "pass"
    assert (await printer.measure(asks)).outcome == "fail"
    computer.printer_count = None
    assert (await printer.measure(asks)).outcome == "unmeasured"


async def test_nothing_of_the_downloaded_file_stays(context: Context) -> None:
    await download.measure(context)
    assert list(context.spool_dir.iterdir()) == []


async def test_a_file_that_does_not_come_says_why_in_the_candidates_language(context: Context) -> None:
    def refuse() -> bytes:
        raise ServerError("server_unreachable", "The exam server cannot be reached.")

    row = await download.measure(dataclasses.replace(context, download=refuse))
    assert (row.outcome, row.advice) == ("fail", "failed problem.server_unreachable.what")
    assert row.remedy == "A file of the exam server did not arrive here. The exam server cannot be reached."


async def test_an_exam_may_name_the_builds_that_it_takes(context: Context) -> None:
    row = await client.measure(dataclasses.replace(context, policy=Policy(builds=("99.0",))))
    assert (row.outcome, row.value) == ("fail", BUILD) and "99.0" in row.remedy


async def test_without_a_server_the_build_is_told_and_not_judged(context: Context) -> None:
    row = await client.measure(dataclasses.replace(context, has_server=False))
    assert (row.outcome, row.value) == ("unmeasured", BUILD)


async def test_a_server_that_sends_nothing_leaves_the_download_unmeasured(context: Context) -> None:
    async def line() -> Line:
        return Line(down_bps=None)

    assert (await network_down.measure(dataclasses.replace(context, line=line))).outcome == "unmeasured"


def test_what_only_a_person_may_judge_never_keeps_anybody_out() -> None:
    gentle = ("framing", "noise", "assistive", "virtual_machine", "permissions", "light")
    assert not any(CHECKS[code].blocks for code in gentle)
