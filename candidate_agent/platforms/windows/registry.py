"""Values of the registry, without its handles: read, write, take away. Used by `settings`, `autostart`, `system`.

A value is `[kind, data]` with the registry's number of the kind; None where there is none.
"""

import sys
from typing import Any

from candidate_agent.base.errors import PlatformError

USER, MACHINE = "HKEY_CURRENT_USER", "HKEY_LOCAL_MACHINE"
TEXT, NUMBER = 1, 4  # REG_SZ, REG_DWORD


def _winreg() -> Any:
    if sys.platform != "win32":
        raise PlatformError("unsupported", "This can only be done on Windows.")
    import winreg

    return winreg


def read(root: str, path: str, name: str) -> list[Any] | None:
    winreg = _winreg()
    try:
        with winreg.OpenKey(getattr(winreg, root), path) as key:
            data, kind = winreg.QueryValueEx(key, name)
    except FileNotFoundError:
        return None
    return [kind, data]


def exists(root: str, path: str) -> bool:
    winreg = _winreg()
    try:
        winreg.OpenKey(getattr(winreg, root), path).Close()
    except OSError:
        return False
    return True


def subkeys(root: str, path: str) -> tuple[str, ...]:
    winreg = _winreg()
    try:
        with winreg.OpenKey(getattr(winreg, root), path) as key:
            return tuple(winreg.EnumKey(key, index) for index in range(winreg.QueryInfoKey(key)[0]))
    except OSError:
        return ()


def write(path: str, name: str, value: list[Any]) -> None:
    """Of the user's own part, on the disk when it returns. Raises OSError."""
    winreg = _winreg()
    with winreg.CreateKeyEx(winreg.HKEY_CURRENT_USER, path, 0, winreg.KEY_WRITE) as key:
        winreg.SetValueEx(key, name, 0, value[0], value[1])
        winreg.FlushKey(key)


def remove(path: str, name: str, *, with_key: bool) -> None:
    """Of the user's own part. `with_key`: the key goes too when nothing is left in it. Raises OSError."""
    winreg = _winreg()
    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, path, 0, winreg.KEY_READ | winreg.KEY_WRITE) as key:
            winreg.DeleteValue(key, name)
            winreg.FlushKey(key)
            is_empty = winreg.QueryInfoKey(key)[:2] == (0, 0)
        if with_key and is_empty:
            winreg.DeleteKey(winreg.HKEY_CURRENT_USER, path)
    except FileNotFoundError:
        return
