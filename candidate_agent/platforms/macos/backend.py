"""The macOS backend. For now it says of every concern why it cannot serve it: nothing silently does nothing."""

from pathlib import Path

from candidate_agent.platforms.macos.system import administrator, version
from candidate_agent.platforms.portable import machine
from candidate_agent.platforms.portable.keys import PynputKeys
from candidate_agent.platforms.portable.processes import PolledProcesses
from candidate_agent.platforms.ports import Devices, Platform, SettingPort, SystemFacts, Unsupported

NOT_YET = "This program cannot do this on macOS yet."


class MacSystem:
    """Virtual machines and remote sessions are not looked for here yet: none named does not mean none there."""

    def facts(self) -> SystemFacts:
        return machine.facts(
            os_name="macos",
            os_version=version(),
            session_type="macos",
            vm_signals=(),
            remote_signals=(),
            administrator=administrator(),
        )

    def remote_signals(self) -> tuple[str, ...]:
        return ()

    def debugger(self) -> str:
        return ""

    def disk_free_bytes(self, directory: Path) -> int:
        return machine.disk_free_bytes(directory)

    def disk_write_bytes_per_s(self, directory: Path) -> float:
        return machine.disk_write_bytes_per_s(directory)


def settings() -> tuple[SettingPort, ...]:
    return ()


def clipboard() -> Unsupported:
    return Unsupported(NOT_YET)


def platform(devices: Devices, restore_arguments: tuple[str, ...] = ()) -> Platform:
    del devices, restore_arguments  # taken into use together with the lockdown of this system, not before
    no = Unsupported(NOT_YET)
    return Platform(
        name="macos",
        displays=no,
        windows=no,
        keys=PynputKeys(),
        clipboard=no,
        settings=settings(),
        processes=PolledProcesses(),
        system=MacSystem(),
        screen=no,
        cameras=no,
        microphones=no,
        awake=no,
        hotplug=no,
        capture_exclusion=no,
    )
