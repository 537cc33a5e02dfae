"""How the program is removed from this computer, and which folder goes with it: what the last screen says. Pure.

`app` says where the program stands; the words are `removal.<way>`.
"""

from dataclasses import dataclass
from pathlib import PurePath


@dataclass(frozen=True, slots=True)
class Removal:
    """`way`: deb, pip, windows, macos, or source: a copy of the source code. `home`: where the program keeps things."""

    way: str = ""
    home: str = ""


UNKNOWN = Removal()


def way_of(system: str, executable: str, *, frozen: bool, program: str) -> str:
    """`system` as in sys.platform; `executable` the interpreter or the program; `program` our package's folder."""
    if system == "win32":
        return "windows" if frozen else "pip"
    if system == "darwin" and (frozen or ".app/" in executable):
        return "macos"
    if any(program.startswith(root) for root in ("/usr/lib/", "/usr/share/", "/opt/")):
        return "deb"
    return "pip" if "site-packages" in PurePath(program).parts else "source"
