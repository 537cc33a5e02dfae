"""Programs are known by what their bundle says, also where the file was renamed."""

import plistlib
from pathlib import Path

from candidate_agent.platforms.macos.bundles import MOST_INFO_BYTES, Names, bundle_of, info_of


def bundle(folder: Path, info: bytes | dict[str, object]) -> str:
    contents = folder / "Contents"
    (contents / "MacOS").mkdir(parents=True)
    (contents / "Info.plist").write_bytes(info if isinstance(info, bytes) else plistlib.dumps(info))
    return str(contents / "MacOS" / "run")


def test_the_innermost_bundle_counts() -> None:
    helper = "/Applications/Zoom.app/Contents/Frameworks/Share.app/Contents/MacOS/share"
    assert bundle_of(helper) == "/Applications/Zoom.app/Contents/Frameworks/Share.app"
    assert bundle_of("/usr/bin/ssh") == ""


def test_a_renamed_program_keeps_its_names(tmp_path: Path) -> None:
    info: dict[str, object] = {"CFBundleIdentifier": "com.AnyDesk.client", "CFBundleName": "AnyDesk",
                               "CFBundleExecutable": "AnyDesk", "CFBundleVersion": "9"}  # fmt: skip
    executable = bundle(tmp_path / "Homework.app", info)
    assert Names().of(executable) == ("homework", "com.anydesk.client", "anydesk")


def test_what_cannot_be_read_is_a_program_without_more_names(tmp_path: Path) -> None:
    assert Names().of(bundle(tmp_path / "Torn.app", b"<plist><dict>")) == ("torn",)
    assert Names().of(bundle(tmp_path / "List.app", plistlib.dumps(["x"]))) == ("list",)
    assert Names().of(str(tmp_path / "None.app" / "Contents" / "MacOS" / "none")) == ("none",)
    assert Names().of("/usr/bin/ssh") == ()


def test_words_that_are_no_words_are_left_out(tmp_path: Path) -> None:
    executable = bundle(tmp_path / "Odd.app", {"CFBundleName": 7, "CFBundleIdentifier": ""})
    assert Names().of(executable) == ("odd",)


def test_an_endless_list_is_not_read(tmp_path: Path) -> None:
    bundle(tmp_path / "Big.app", plistlib.dumps({"CFBundleName": "x" * MOST_INFO_BYTES}))
    assert info_of(tmp_path / "Big.app") == {}


def test_a_bundle_is_read_once(tmp_path: Path) -> None:
    names = Names()
    executable = bundle(tmp_path / "Once.app", {"CFBundleName": "First"})
    before = names.of(executable)
    (tmp_path / "Once.app" / "Contents" / "Info.plist").write_bytes(plistlib.dumps({"CFBundleName": "Second"}))
    assert names.of(executable) == before
