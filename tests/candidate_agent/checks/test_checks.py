"""What each check says of each measured value: one row of the table per threshold and per fault."""

import dataclasses
import math
import os
from collections.abc import Callable

import numpy as np
import pytest

from candidate_agent.checks import (
    camera,
    clock,
    delay,
    disk,
    displays,
    hidden_windows,
    light,
    memory,
    microphone,
    network_up,
    power,
    processor,
    programs,
    protection,
    remote_session,
    server,
    session_type,
    virtual_machine,
)  # fmt: skip
from candidate_agent.checks.base import Check, Context, FoundProgram
from candidate_agent.platforms.ports import CONCERNS, Camera, Display, SystemFacts, Unsupported, Window
from candidate_agent.session.checkin import blocking
from exam_protocol.catalogue import CHECKS
from exam_protocol.policy import Policy
from exam_protocol.records import CheckRow

from .conftest import GOOD_FACTS, Computer, MovingPictures, tone

ONE = Display("one", 0, 0, 1920, 1080, True)
SMALL = Display("one", 0, 0, 1024, 768, True)
TINY = Display("one", 0, 0, 800, 600, True)
TWO = Display("two", 1920, 0, 1920, 1080, False)
GB = 1_000_000_000
PLAIN = Window(1, 7, 0, 0, 1920, 1080)
ON_TOP = dataclasses.replace(PLAIN, above=True)
HIDDEN = dataclasses.replace(PLAIN, capturable=False)
ANYDESK = FoundProgram("AnyDesk")


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
        (disk.judge(3 * GB, 100e6, 2 * GB), "fail", "4.0 are needed"),
        (disk.judge(50 * GB, 5e6, 0), "warn", "slow"),
        (disk.judge(50 * GB, 1e6, 0), "fail", "1.0 MB/s"),
        (processor.judge(4, 10), "pass", ""),
        (processor.judge(2, 10), "warn", "2 core"),
        (processor.judge(1, 10), "fail", "1 core"),
        (processor.judge(8, 60), "warn", "60 % busy"),
        (processor.judge(8, 95), "fail", "95 % busy"),
        (memory.judge(7.6, 4), "pass", ""),
        (memory.judge(6, 3), "warn", "6.0 GiB"),
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
        (microphone.measure, with_value(), "pass", -20.0),
        (microphone.measure, with_value(inputs=()), "fail", "no microphone"),
        (microphone.measure, with_value(is_muted=True), "fail", "muted"),
        (network_up.measure, with_value(), "pass", 5.0),
        (delay.measure, with_value(), "pass", 20.0),
        (server.measure, with_value(), "pass", 20.0),
        (clock.measure, with_value(), "pass", 0.1),
        (disk.measure, with_value(), "pass", 50.0),
        (disk.measure, with_value(free_bytes=1000), "fail", 0.0),
        (processor.measure, with_value(), "pass", 4.0),
        (memory.measure, with_value(), "pass", 16.0),
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
    assert row.value == pytest.approx(value, abs=0.1)


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


@pytest.mark.parametrize("concern", ["displays", "cameras", "microphones", "processes", "windows"])
async def test_what_a_system_cannot_do_is_unmeasured_with_the_systems_reason(context: Context, concern: str) -> None:
    module = {
        "displays": displays,
        "cameras": camera,
        "microphones": microphone,
        "processes": programs,
        "windows": hidden_windows,
    }[concern]
    platform = dataclasses.replace(context.platform, **{concern: Unsupported("Not on this system.")})  # type: ignore[arg-type]
    row = await module.measure(dataclasses.replace(context, platform=platform))
    assert (row.outcome, row.remedy) == ("unmeasured", "Not on this system.")


def test_light_from_behind_is_told_from_light_in_front() -> None:
    behind = np.full((480, 640, 3), 60, dtype=np.uint8)
    behind[:120] = 250
    assert light.luma(behind)[1] > light.BACKLIT_BY
    assert light.luma(MovingPictures().pixels) == pytest.approx((120, 0), abs=0.5)


@pytest.mark.parametrize("dbfs", [-10.0, -40.0, -54.0])
def test_a_level_is_measured_in_decibels_of_full_scale(dbfs: float) -> None:
    assert microphone.level_dbfs(tone(dbfs)) == pytest.approx(dbfs, abs=0.5)
    assert microphone.level_dbfs(np.full(100, 7, dtype=np.int16)) == -math.inf
