"""Devices: a kind for each, one word for one thing, silence for what was there."""

import pytest

from candidate_agent.platforms.macos.hotplug import added, kind_of
from candidate_agent.platforms.ports import DeviceAdded


@pytest.mark.parametrize(
    ("class_name", "values", "kind"),
    [
        ("IOHIDDevice", {"PrimaryUsagePage": 1, "PrimaryUsage": 6}, "keyboard"),
        ("IOHIDDevice", {"PrimaryUsagePage": 1, "PrimaryUsage": 2}, "pointer"),
        ("IOHIDDevice", {"PrimaryUsagePage": 12, "PrimaryUsage": 1}, ""),
        ("IOHIDDevice", {}, ""),
        ("IOUSBHostInterface", {"bInterfaceClass": 8}, "storage"),
        ("IOUSBHostInterface", {"bInterfaceClass": 14}, "camera"),
        ("IOUSBHostInterface", {"bInterfaceClass": 1}, "audio"),
        ("IOUSBHostInterface", {"bInterfaceClass": 255}, "other"),
        ("IOUSBHostInterface", {"bInterfaceClass": 3}, ""),
        ("IOUSBHostInterface", {"bInterfaceClass": 9}, ""),
    ],
)
def test_each_has_its_kind(class_name: str, values: dict[str, int], kind: str) -> None:
    assert kind_of(class_name, values) == kind


def test_only_what_came_is_told() -> None:
    assert added({1: "keyboard"}, {1: "keyboard", 2: "storage"}) == (DeviceAdded("storage"),)
    assert added({1: "keyboard", 2: "storage"}, {1: "keyboard"}) == ()


def test_a_device_with_many_interfaces_is_one_word_for_each_kind() -> None:
    headset = {5: "audio", 6: "audio", 7: "other", 8: ""}
    assert added({}, headset) == (DeviceAdded("audio"),)
    assert added({}, {5: "other"}) == (DeviceAdded("other"),)


def test_a_keyboard_that_is_also_a_store_is_told_as_both() -> None:
    assert set(added({}, {1: "keyboard", 2: "storage"})) == {DeviceAdded("keyboard"), DeviceAdded("storage")}
