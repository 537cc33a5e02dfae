"""Devices are told by kind and never by name, once each; sound that goes elsewhere is told. The X server and the sound
server are real; what a kernel says is parsed from its own words, for a container hears none."""

import os
import subprocess
from pathlib import Path

import pytest

from candidate_agent.platforms.linux.audio_route import route, watch_audio_route
from candidate_agent.platforms.linux.hotplug import X11Hotplug, _Told
from candidate_agent.platforms.linux.uevents import fields, kind_of, watch_uevents
from candidate_agent.platforms.ports import DeviceAdded, DeviceEvent
from tests.candidate_agent.platforms.collected import Collected
from tests.rig.microphone import SINK, MicrophoneRig
from tests.rig.xserver import XServer, wait_for

KEYS = "1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe"


def event(action: str, path: str, **values: str) -> bytes:
    lines = [
        f"{action}@{path}",
        f"ACTION={action}",
        f"DEVPATH={path}",
        *(f"{key}={one}" for key, one in values.items()),
    ]
    return "\0".join([*lines, "SEQNUM=4711", ""]).encode()


@pytest.mark.parametrize(
    ("datagram", "kind"),
    [
        (event("add", "/devices/usb1/1-2/input/input9", SUBSYSTEM="input", NAME='"A B"', KEY=KEYS), "keyboard"),
        (event("add", "/devices/virtual/input/input9", SUBSYSTEM="input", REL="1943", KEY="1f0000 0 0 0 0"), "pointer"),
        (event("add", "/devices/LNXPWRBN:00/input/input2", SUBSYSTEM="input", KEY="10000000000000 0"), ""),
        (event("add", "/devices/usb1/block/sdb", SUBSYSTEM="block", DEVTYPE="disk", DEVNAME="sdb"), "storage"),
        (event("add", "/devices/usb1/block/sdb/sdb1", SUBSYSTEM="block", DEVTYPE="partition", DEVNAME="sdb1"), ""),
        (event("add", "/devices/virtual/block/loop3", SUBSYSTEM="block", DEVTYPE="disk", DEVNAME="loop3"), ""),
        (event("change", "/devices/mmc", SUBSYSTEM="block", DEVTYPE="disk", DISK_MEDIA_CHANGE="1"), "storage"),
        (event("add", "/devices/video4linux/video0", SUBSYSTEM="video4linux", DEVNAME="video0"), "camera"),
        (event("add", "/devices/usb1/sound/card2", SUBSYSTEM="sound"), "audio"),
        (event("add", "/devices/usb1/sound/card2/pcmC2D0p", SUBSYSTEM="sound", DEVNAME="snd/pcmC2D0p"), ""),
        (event("add", "/devices/usb1/1-2:1.0", SUBSYSTEM="usb", DEVTYPE="usb_interface", INTERFACE="6/1/1"), "other"),
        (event("add", "/devices/usb1/1-2:1.0", SUBSYSTEM="usb", DEVTYPE="usb_interface", INTERFACE="3/1/1"), ""),
        (event("remove", "/devices/usb1/block/sdb", SUBSYSTEM="block", DEVTYPE="disk", DEVNAME="sdb"), ""),
        (b"libudev\0\xfe\xed\xca\xfe" + b"\0" * 32, ""),
        (b"", ""),
    ],
)
def test_the_kernels_words_are_understood(datagram: bytes, kind: str) -> None:
    assert kind_of(fields(datagram)) == kind


def test_a_keyboard_that_kernel_and_server_tell_of_is_told_once() -> None:
    seen = Collected[DeviceEvent]()
    told = _Told(seen)
    told.by_kernel("keyboard")
    told.by_server("keyboard")
    told.by_server("pointer")
    assert seen.events == [DeviceAdded("keyboard"), DeviceAdded("pointer")]


def test_an_ordinary_user_may_listen_to_the_kernel() -> None:
    close = watch_uevents(lambda kind: None)
    if close is None:
        pytest.skip("this kernel does not tell containers of devices")
    close()
    close()


@pytest.mark.real
def test_a_keyboard_that_the_server_takes_is_told(server: XServer) -> None:
    seen = Collected[DeviceEvent]()
    close = X11Hotplug(server.display).watch(seen)
    server.run("xinput", "create-master", "second hand")
    seen.wait(lambda told: told == DeviceAdded("keyboard"))
    seen.wait(lambda told: told == DeviceAdded("pointer"))
    server.run("xinput", "remove-master", "second hand pointer")
    close()
    close()
    assert len(seen.events) == 2


LISTED = """Sink #0
	Name: inside
	Ports:
		speaker: Speakers (type: Speaker)
	Active Port: speaker
Sink #1
	Name: outside
"""


def test_another_socket_of_the_same_output_is_another_route() -> None:
    assert route(LISTED, "inside") == ("inside", "speaker")
    assert route(LISTED.replace("Active Port: speaker", "Active Port: headphones"), "inside")[1] == "headphones"
    assert route(LISTED, "outside") == ("outside", "")


@pytest.mark.real
def test_sound_that_goes_elsewhere_is_told(tmp_path: Path) -> None:
    rig, seen = MicrophoneRig(tmp_path), Collected[str]()
    rig.start()
    environment = {**os.environ, **rig.environment()}

    def pactl(*words: str) -> str:
        return subprocess.run(["pactl", *words], env=environment, capture_output=True, text=True, check=True).stdout

    try:
        close = watch_audio_route(lambda: seen("route"), environment)
        assert close is not None
        wait_for(lambda: "pactl" in pactl("list", "clients"), "the watch")
        pactl("set-sink-volume", SINK, "50%")
        pactl("load-module", "module-null-sink", "sink_name=headset")
        pactl("set-default-sink", "headset")
        seen.wait(lambda told: True)
        close()
        close()
        assert seen.events == ["route"]
    finally:
        rig.stop()
