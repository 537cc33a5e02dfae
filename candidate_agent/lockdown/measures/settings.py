"""Holding one setting and giving it back. Used by `sequence`, `restore`, `upkeep`; knows no order and no log."""

from typing import Any

from candidate_agent.base.errors import LockdownError
from candidate_agent.platforms.ports import RESTORE_AT_LOGIN, QuickSetting, SettingPort

PUT_BACK = "put back"


def hold(setting: SettingPort, old: Any) -> None:
    """Changes the setting and looks whether it holds. Raises LockdownError `measure_failed`."""
    try:
        setting.write(setting.locked(old))
        held = holds(setting)
    except Exception as error:
        raise LockdownError("measure_failed", f"The setting “{setting.name}” could not be changed.") from error
    if not held:
        raise LockdownError("measure_failed", f"The setting “{setting.name}” did not stay as it was set.")


def holds(setting: SettingPort) -> bool:
    if isinstance(setting, QuickSetting):
        return setting.holds()
    value = setting.read()
    return bool(setting.locked(value) == value)


def put_back(setting: SettingPort, old: Any) -> str:
    """`PUT_BACK`, or in words what went wrong. Never raises: the other settings are waiting for their turn."""
    try:
        if setting.read() != old:
            setting.write(old)
        return PUT_BACK if setting.read() == old else "still differs from what it was"
    except Exception as error:
        return f"could not be put back: {error}"


def put_to_default(setting: SettingPort) -> str:
    """For a log that cannot be read. Never raises. The login unit is ours alone: it goes, whatever it runs."""
    try:
        if setting.name == RESTORE_AT_LOGIN or holds(setting):
            setting.write(setting.default())
            return "set to its default, because the undo log could not be read"
        return PUT_BACK
    except Exception as error:
        return f"could not be set to its default: {error}"
