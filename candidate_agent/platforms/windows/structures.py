"""The records that Windows functions take and give, as its headers lay them out. Data only; used by this folder."""

import ctypes
from ctypes import wintypes

LRESULT = ctypes.c_ssize_t
ULONG_PTR = ctypes.c_size_t
DWORD = wintypes.DWORD
UINT = wintypes.UINT

_callback = ctypes.CFUNCTYPE  # 64-bit Windows has one calling convention; a 32-bit one is not served

WindowProcedure = _callback(LRESULT, wintypes.HWND, UINT, wintypes.WPARAM, wintypes.LPARAM)
EnumWindowsProcedure = _callback(wintypes.BOOL, wintypes.HWND, wintypes.LPARAM)
EnumMonitorsProcedure = _callback(
    wintypes.BOOL, wintypes.HMONITOR, wintypes.HDC, ctypes.POINTER(wintypes.RECT), wintypes.LPARAM
)
HookProcedure = _callback(LRESULT, ctypes.c_int, wintypes.WPARAM, wintypes.LPARAM)
WinEventProcedure = _callback(
    None, wintypes.HANDLE, DWORD, wintypes.HWND, wintypes.LONG, wintypes.LONG, DWORD, DWORD
)  # fmt: skip


class Guid(ctypes.Structure):
    _fields_ = (("a", DWORD), ("b", wintypes.WORD), ("c", wintypes.WORD), ("d", ctypes.c_ubyte * 8))

    def __str__(self) -> str:
        tail = bytes(self.d).hex()
        return f"{self.a:08x}-{self.b:04x}-{self.c:04x}-{tail[:4]}-{tail[4:]}"


class WindowClass(ctypes.Structure):
    _fields_ = (
        ("size", UINT), ("style", UINT), ("procedure", WindowProcedure), ("class_extra", ctypes.c_int),
        ("window_extra", ctypes.c_int), ("instance", wintypes.HINSTANCE), ("icon", wintypes.HANDLE),
        ("cursor", wintypes.HANDLE), ("background", wintypes.HANDLE), ("menu_name", wintypes.LPCWSTR),
        ("class_name", wintypes.LPCWSTR), ("small_icon", wintypes.HANDLE),
    )  # fmt: skip


class MonitorInfo(ctypes.Structure):
    _fields_ = (
        ("size", DWORD), ("monitor", wintypes.RECT), ("work", wintypes.RECT), ("flags", DWORD),
        ("device", wintypes.WCHAR * 32),
    )  # fmt: skip


class Luid(ctypes.Structure):
    _fields_ = (("low", DWORD), ("high", wintypes.LONG))


class PathSource(ctypes.Structure):
    _fields_ = (("adapter", Luid), ("id", UINT), ("mode_index", UINT), ("status", UINT))


class Rational(ctypes.Structure):
    _fields_ = (("numerator", UINT), ("denominator", UINT))


class PathTarget(ctypes.Structure):
    _fields_ = (
        ("adapter", Luid), ("id", UINT), ("mode_index", UINT), ("technology", UINT), ("rotation", UINT),
        ("scaling", UINT), ("refresh", Rational), ("scan_order", UINT), ("available", wintypes.BOOL), ("status", UINT),
    )  # fmt: skip


class DisplayPath(ctypes.Structure):
    """DISPLAYCONFIG_PATH_INFO: one source of pictures on its way to one monitor."""

    _fields_ = (("source", PathSource), ("target", PathTarget), ("flags", UINT))


class SourceMode(ctypes.Structure):
    _fields_ = (("width", UINT), ("height", UINT), ("pixel_format", UINT), ("position", wintypes.POINT))


class _Mode(ctypes.Union):
    _fields_ = (("source", SourceMode), ("bytes", ctypes.c_ubyte * 48))


class DisplayMode(ctypes.Structure):
    """DISPLAYCONFIG_MODE_INFO. `kind` 1: of a source, whose place and size stand in `mode.source`."""

    _fields_ = (("kind", UINT), ("id", UINT), ("adapter", Luid), ("mode", _Mode))


class SourceName(ctypes.Structure):
    """DISPLAYCONFIG_SOURCE_DEVICE_NAME with its head."""

    _fields_ = (
        ("kind", UINT), ("size", UINT), ("adapter", Luid), ("id", UINT), ("device", wintypes.WCHAR * 32),
    )  # fmt: skip


class KeyboardHookEvent(ctypes.Structure):
    """KBDLLHOOKSTRUCT."""

    _fields_ = (("key", DWORD), ("scan", DWORD), ("flags", DWORD), ("time", DWORD), ("extra", ULONG_PTR))


class KeyboardInput(ctypes.Structure):
    _fields_ = (
        ("key", wintypes.WORD), ("scan", wintypes.WORD), ("flags", DWORD), ("time", DWORD), ("extra", ULONG_PTR),
    )  # fmt: skip


class _AnyInput(ctypes.Union):
    _fields_ = (("keyboard", KeyboardInput), ("bytes", ctypes.c_ubyte * 32))


class Input(ctypes.Structure):
    """INPUT. `kind` 1: a key."""

    _fields_ = (("kind", DWORD), ("input", _AnyInput))


class FlagsRecord(ctypes.Structure):
    """STICKYKEYS and TOGGLEKEYS."""

    _fields_ = (("size", UINT), ("flags", DWORD))


class FilterKeys(ctypes.Structure):
    _fields_ = (
        ("size", UINT), ("flags", DWORD), ("wait_ms", DWORD), ("delay_ms", DWORD), ("repeat_ms", DWORD),
        ("bounce_ms", DWORD),
    )  # fmt: skip


class MouseKeys(ctypes.Structure):
    _fields_ = (
        ("size", UINT), ("flags", DWORD), ("speed", DWORD), ("speed_ms", DWORD), ("ctrl_speed", DWORD),
        ("reserved", DWORD * 2),
    )  # fmt: skip


class DeviceInterface(ctypes.Structure):
    """DEV_BROADCAST_DEVICEINTERFACE_W without its name, which nobody here reads."""

    _fields_ = (
        ("size", DWORD), ("kind", DWORD), ("reserved", DWORD), ("interface", Guid), ("name", wintypes.WCHAR * 1),
    )  # fmt: skip


class ProcessEntry(ctypes.Structure):
    """PROCESSENTRY32W."""

    _fields_ = (
        ("size", DWORD), ("usage", DWORD), ("pid", DWORD), ("heap", ULONG_PTR), ("module", DWORD),
        ("threads", DWORD), ("parent", DWORD), ("priority", wintypes.LONG), ("flags", DWORD),
        ("executable", wintypes.WCHAR * 260),
    )  # fmt: skip


class JobLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

    _fields_ = (
        ("process_time", ctypes.c_int64), ("job_time", ctypes.c_int64), ("flags", DWORD),
        ("minimum_working_set", ctypes.c_size_t), ("maximum_working_set", ctypes.c_size_t), ("processes", DWORD),
        ("affinity", ULONG_PTR), ("priority", DWORD), ("scheduling", DWORD), ("io", ctypes.c_uint64 * 6),
        ("process_memory", ctypes.c_size_t), ("job_memory", ctypes.c_size_t), ("peak_process", ctypes.c_size_t),
        ("peak_job", ctypes.c_size_t),
    )  # fmt: skip


class TrustFile(ctypes.Structure):
    """WINTRUST_FILE_INFO."""

    _fields_ = (
        ("size", DWORD), ("path", wintypes.LPCWSTR), ("handle", wintypes.HANDLE), ("subject", ctypes.POINTER(Guid)),
    )  # fmt: skip


class TrustData(ctypes.Structure):
    """WINTRUST_DATA."""

    _fields_ = (
        ("size", DWORD), ("policy_data", ctypes.c_void_p), ("sip_data", ctypes.c_void_p), ("ui", DWORD),
        ("revocation", DWORD), ("choice", DWORD), ("file", ctypes.POINTER(TrustFile)), ("action", DWORD),
        ("state", wintypes.HANDLE), ("url", wintypes.LPCWSTR), ("flags", DWORD), ("context", DWORD),
        ("signatures", ctypes.c_void_p),
    )  # fmt: skip


class ProviderCertificate(ctypes.Structure):
    """The head of CRYPT_PROVIDER_CERT: as far as the certificate."""

    _fields_ = (("size", DWORD), ("certificate", ctypes.c_void_p))
