"""Keeps sound plugins that nobody here uses out of the process. Asked before PortAudio is loaded.

PortAudio tries every plugin that is set up, and ALSA then loads what each needs: an encoder for AC3 alone brings in a
second libavcodec and some forty libraries, 14 MB. Where there is a sound server, the way to it and the cards
are enough. Whoever wrote a configuration of their own keeps all of it.
"""

import os
from collections.abc import MutableMapping
from pathlib import Path

VARIABLE = "ALSA_CONFIG_PATH"
CONFIG_PATH = Path(__file__).parent / "assets" / "alsa.conf"
_OWN = ("etc/asound.conf", "usr/etc/asound.conf")
_DIRS = ("etc/alsa/conf.d", "usr/etc/alsa/conf.d")
_TO_THE_SERVER = ("99-pulse.conf", "99-pulseaudio-default.conf", "99-pipewire-default.conf")


def load_less(
    environ: MutableMapping[str, str] = os.environ, root: Path = Path("/"), home_dir: Path | None = None
) -> bool:
    """Whether it does. Nothing is changed where it cannot be known what would be missing."""
    usual_path = root / "usr/share/alsa/alsa.conf"
    written = environ.get(VARIABLE, str(usual_path)).split(":")
    if str(CONFIG_PATH) in written:
        return True
    if str(usual_path) not in written or not usual_path.exists() or not _leads_to_server(root):
        return False
    if _has_own(root, home_dir or Path.home(), environ):
        return False
    environ[VARIABLE] = ":".join((*written, str(CONFIG_PATH)))
    return True


def _leads_to_server(root: Path) -> bool:
    return any((root / directory / name).exists() for directory in _DIRS for name in _TO_THE_SERVER)


def _has_own(root: Path, home_dir: Path, environ: MutableMapping[str, str]) -> bool:
    config_dir = Path(environ.get("XDG_CONFIG_HOME") or home_dir / ".config")
    paths = (*(root / name for name in _OWN), home_dir / ".asoundrc", config_dir / "alsa" / "asoundrc")
    return any(path.exists() for path in paths)
