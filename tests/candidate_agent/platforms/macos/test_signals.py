"""Signs are named in words, each from what the system itself prints, and a plain Mac has none."""

import plistlib
from typing import Any

import pytest

from candidate_agent.platforms.macos import signals

NETSTAT = """Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)
tcp4       0      0  192.168.1.20.5900      192.168.1.31.52104     ESTABLISHED
tcp4       0      0  192.168.1.20.60711     17.57.144.84.443       ESTABLISHED
tcp46      0      0  *.5900                 *.*                    LISTEN
"""


def expert(manufacturer: str, model: str) -> bytes:
    """As `ioreg -a` prints it: words are bytes that end in zero."""
    entry = {"manufacturer": manufacturer.encode() + b"\0", "model": model.encode() + b"\0",
             "IOPlatformSerialNumber": "C02XXXXXXXXX"}  # fmt: skip
    return plistlib.dumps([entry])


def test_a_plain_mac_has_no_sign() -> None:
    told = signals.expert_in(expert("Apple Inc.", "Mac15,3"))
    assert signals.vm_signals("0\n", "Mac15,3", told, ["3c:22:fb:00:00:01"]) == ()


@pytest.mark.parametrize("model", ["VirtualMac2,1", "VMware7,1", "Parallels17,1"])
def test_models_of_virtual_machines_are_named(model: str) -> None:
    assert signals.vm_signals("", model, {}, []) == (f"model: {model}",)


def test_each_sign_stands_for_itself() -> None:
    told = signals.expert_in(expert("innotek GmbH", "VirtualBox"))
    found = signals.vm_signals("1", "MacPro7,1", told, ["08:00:27:aa:bb:cc", "08:00:27:aa:bb:cd"])
    assert found == (
        "processor reports a hypervisor",
        "manufacturer: innotek GmbH",
        "network card of VirtualBox",
    )


def test_the_serial_number_is_not_taken_over() -> None:
    assert set(signals.expert_in(expert("Apple Inc.", "Mac15,3"))) == {"manufacturer", "model"}


@pytest.mark.parametrize("text", [b"", b"<plist>", plistlib.dumps({}), plistlib.dumps([]), plistlib.dumps([1])])
def test_a_registry_that_cannot_be_read_says_nothing(text: bytes) -> None:
    assert signals.expert_in(text) == {}


def test_nobody_looks_in_where_nobody_is_connected() -> None:
    session: dict[str, Any] = {"kCGSSessionOnConsoleKey": True, "kCGSSessionUserIDKey": 501}
    listening = "tcp46      0      0  *.5900                 *.*                    LISTEN"
    outgoing = "tcp4       0      0  192.168.1.20.60711     192.168.1.31.5900     ESTABLISHED"
    assert signals.remote_signals({}, session, ["finder", "dock"], f"{listening}\n{outgoing}") == ()


def test_each_way_to_look_in_is_named() -> None:
    found = signals.remote_signals(
        {"SSH_CONNECTION": "10.0.0.1 5 10.0.0.2 22"},
        {"kCGSSessionOnConsoleKey": False},
        ["screensharingagent", "screensharingagent"],
        NETSTAT,
    )
    assert found == (
        "started over ssh",
        "this session is not the one at the Mac's own screen",
        "Screen Sharing shows this desktop",
        "somebody is connected to Screen Sharing",
    )


def test_a_process_without_a_desktop_is_not_taken_for_remote() -> None:
    assert signals.remote_signals({}, None, [], "") == ()


@pytest.mark.parametrize(
    ("flags", "environment", "found"),
    [
        ("    4804\n", {}, True),
        ("    4004\n", {}, False),
        ("", {}, False),
        ("what", {}, False),
        ("4004", {"DYLD_INSERT_LIBRARIES": "/opt/x.dylib"}, True),
    ],
)
def test_a_debugger_is_told_in_words(flags: str, environment: dict[str, str], found: bool) -> None:
    assert bool(signals.debugger(flags, environment)) == found
