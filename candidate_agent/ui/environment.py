"""What steers the browser engine, the toolkit and our children comes from us, not from the desktop it was inherited
from. Called by `cli` before anything of Qt is imported. A demo and the tests (CANDIDATE_AGENT_DEMO=1) may keep it: root
needs the sandbox off, a script needs the debugging port, a machine without a camera needs one preloaded.

Proxies (`http_proxy`, `https_proxy`, `no_proxy`) and further certificates (`SSL_CERT_FILE`) stay: institutions and
homes need them, they load no code, and who sets them could as well set them for the whole computer.
"""

import sys
from collections.abc import Mapping, MutableMapping
from pathlib import Path

DEMO = "CANDIDATE_AGENT_DEMO"
_GRAPHICS = ("dri/renderD*", "dri/card*", "nvidia[0-9]*")
_PREFIXES = (
    "QTWEBENGINE", "QT", "QML", "PYWEBVIEW", "PYTHON", "LD_", "DYLD_", "NODE_", "CHROME_", "CHROMIUM_", "GOOGLE_",
    "VK_", "OPENSSL_", "ALSA_",
)  # fmt: skip
_NAMES = (
    "SSLKEYLOGFILE",  # would write down what opens the line to the exam
    "GTK_MODULES", "GTK3_MODULES", "GTK_PATH", "GTK_EXE_PREFIX", "GIO_EXTRA_MODULES", "GIO_MODULE_DIR",
    "GDK_PIXBUF_MODULE_FILE", "GCONV_PATH", "LOCPATH", "NLSPATH", "GLIBC_TUNABLES", "MALLOC_TRACE",
    "LIBGL_DRIVERS_PATH", "LIBVA_DRIVERS_PATH", "VDPAU_DRIVER_PATH", "GBM_BACKENDS_PATH",
    "__EGL_VENDOR_LIBRARY_DIRS", "__EGL_VENDOR_LIBRARY_FILENAMES", "__EGL_EXTERNAL_PLATFORM_CONFIG_DIRS",
)  # fmt: skip

# Of the toolkit's many switches these help people to see and to type, and load nothing but what the toolkit brings.
_KEPT = (
    "QT_ACCESSIBILITY", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON", "QT_SCALE_FACTOR", "QT_SCALE_FACTOR_ROUNDING_POLICY",
    "QT_SCREEN_SCALE_FACTORS", "QT_AUTO_SCREEN_SCALE_FACTOR", "QT_ENABLE_HIGHDPI_SCALING", "QT_FONT_DPI",
    "QT_IM_MODULE", "QT_IM_MODULES", "QT_QUICK_BACKEND",
)  # fmt: skip

# These have done what they do before our first line runs: taking them away helps our children only.
_PRELOADED = (
    "LD_PRELOAD", "LD_AUDIT", "LD_LIBRARY_PATH", "DYLD_INSERT_LIBRARIES", "DYLD_LIBRARY_PATH", "DYLD_FRAMEWORK_PATH",
    "PYTHONPATH", "PYTHONHOME", "PYTHONPLATLIBDIR", "GCONV_PATH",
)  # fmt: skip


def is_demo(environ: Mapping[str, str]) -> bool:
    return environ.get(DEMO) == "1"


def strip_environment(environ: MutableMapping[str, str]) -> tuple[str, ...]:
    """Takes out of `environ` whatever steers the engine, loads code or writes down secrets; returns the names, sorted.
    Nothing in a demo."""
    if is_demo(environ):
        return ()
    found = sorted(name for name in environ if _dangerous(name))
    for name in found:
        del environ[name]
    return tuple(found)


def _dangerous(name: str) -> bool:
    return (name.startswith(_PREFIXES) or name in _NAMES) and name not in _KEPT


def preloaded(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Names of variables that may have put foreign code into this process before it could look; asked before
    `strip_environment`. Honest programs set some of them too (LD_LIBRARY_PATH): a hint for a person, no proof."""
    return tuple(name for name in _PRELOADED if environ.get(name))


def draw_by_processor(environ: MutableMapping[str, str], devices_dir: Path = Path("/dev")) -> bool:
    """Where Linux has no graphics device, Qt shall draw for itself instead of through an emulated graphics processor:
    half the time until a word is on the screen, and some 90 MB less. Whether it was so chosen."""
    if sys.platform != "linux" or any(found for name in _GRAPHICS for found in devices_dir.glob(name)):
        return False
    environ.setdefault("QT_QUICK_BACKEND", "software")
    return True
