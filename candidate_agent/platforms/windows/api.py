"""The Windows functions that this folder calls, declared once with their types, and their constants beside them.

Each is looked up when it is first called, so that every file here can be imported (and its pure parts tested) on any
system; a call elsewhere, or of a function that this Windows lacks, raises PlatformError `unsupported`.
"""

import ctypes
import sys
from ctypes import wintypes
from typing import Any

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.windows import structures as s

_P = ctypes.POINTER
_BOOL, _DWORD, _UINT, _INT = wintypes.BOOL, wintypes.DWORD, wintypes.UINT, ctypes.c_int
_HWND, _HANDLE, _TEXT, _VOID = wintypes.HWND, wintypes.HANDLE, wintypes.LPCWSTR, ctypes.c_void_p


def library(name: str) -> Any:
    if sys.platform != "win32":
        raise PlatformError("unsupported", "This can only be done on Windows.")
    return ctypes.WinDLL(name, use_last_error=True)


def last_error() -> int:
    """Of the latest call on this thread that went through this file."""
    if sys.platform != "win32":
        return 0
    return ctypes.get_last_error()


class Function:
    def __init__(self, library_name: str, name: str, result: Any, *arguments: Any) -> None:
        self._place = library_name, name
        self._types = result, arguments
        self._found: Any = None

    def __call__(self, *values: Any) -> Any:
        if self._found is None:
            self._found = self._find()
        return self._found(*values)

    def _find(self) -> Any:
        library_name, name = self._place
        try:
            found = getattr(library(library_name), name)
        except (AttributeError, OSError) as error:
            raise PlatformError("unsupported", f"This version of Windows does not have {name}.") from error
        found.restype, found.argtypes = self._types
        return found


# --- windows and messages ---------------------------------------------------------------------------------------------

register_class = Function("user32", "RegisterClassExW", wintypes.ATOM, _P(s.WindowClass))
unregister_class = Function("user32", "UnregisterClassW", _BOOL, _TEXT, wintypes.HINSTANCE)
create_window = Function(
    "user32", "CreateWindowExW", _HWND, _DWORD, _TEXT, _TEXT, _DWORD, _INT, _INT, _INT, _INT, _HWND, _HANDLE, _HANDLE,
    _VOID,
)  # fmt: skip
destroy_window = Function("user32", "DestroyWindow", _BOOL, _HWND)
default_procedure = Function(
    "user32", "DefWindowProcW", s.LRESULT, _HWND, _UINT, wintypes.WPARAM, wintypes.LPARAM
)  # fmt: skip
get_message = Function("user32", "GetMessageW", _INT, _P(wintypes.MSG), _HWND, _UINT, _UINT)
dispatch_message = Function("user32", "DispatchMessageW", s.LRESULT, _P(wintypes.MSG))
post_message = Function("user32", "PostMessageW", _BOOL, _HWND, _UINT, wintypes.WPARAM, wintypes.LPARAM)
post_quit = Function("user32", "PostQuitMessage", None, _INT)
set_timer = Function("user32", "SetTimer", ctypes.c_size_t, _HWND, ctypes.c_size_t, _UINT, _VOID)
module_handle = Function("kernel32", "GetModuleHandleW", wintypes.HMODULE, _TEXT)

WM_CLOSE, WM_TIMER, WM_DISPLAYCHANGE, WM_DEVICECHANGE, WM_CLIPBOARDUPDATE = 0x10, 0x113, 0x7E, 0x219, 0x31D

enum_windows = Function("user32", "EnumWindows", _BOOL, s.EnumWindowsProcedure, wintypes.LPARAM)
is_window_visible = Function("user32", "IsWindowVisible", _BOOL, _HWND)
is_window = Function("user32", "IsWindow", _BOOL, _HWND)
is_iconic = Function("user32", "IsIconic", _BOOL, _HWND)
is_hung = Function("user32", "IsHungAppWindow", _BOOL, _HWND)
window_rectangle = Function("user32", "GetWindowRect", _BOOL, _HWND, _P(wintypes.RECT))
window_long = Function("user32", "GetWindowLongW", wintypes.LONG, _HWND, _INT)
window_process = Function("user32", "GetWindowThreadProcessId", _DWORD, _HWND, _P(_DWORD))
window_of_kin = Function("user32", "GetWindow", _HWND, _HWND, _UINT)
find_window_in = Function("user32", "FindWindowExW", _HWND, _HWND, _HWND, _TEXT, _TEXT)
foreground_window = Function("user32", "GetForegroundWindow", _HWND)
ancestor = Function("user32", "GetAncestor", _HWND, _HWND, _UINT)
set_foreground = Function("user32", "SetForegroundWindow", _BOOL, _HWND)
show_window_later = Function("user32", "ShowWindowAsync", _BOOL, _HWND, _INT)
set_window_place = Function("user32", "SetWindowPos", _BOOL, _HWND, _HWND, _INT, _INT, _INT, _INT, _UINT)
attach_input = Function("user32", "AttachThreadInput", _BOOL, _DWORD, _DWORD, _BOOL)
current_thread = Function("kernel32", "GetCurrentThreadId", _DWORD)
window_affinity = Function("user32", "GetWindowDisplayAffinity", _BOOL, _HWND, _P(_DWORD))
set_window_affinity = Function("user32", "SetWindowDisplayAffinity", _BOOL, _HWND, _DWORD)
dwm_attribute = Function("dwmapi", "DwmGetWindowAttribute", wintypes.LONG, _HWND, _DWORD, _VOID, _DWORD)
set_event_hook = Function(
    "user32", "SetWinEventHook", _HANDLE, _DWORD, _DWORD, wintypes.HMODULE, s.WinEventProcedure, _DWORD, _DWORD, _DWORD
)
unhook_event = Function("user32", "UnhookWinEvent", _BOOL, _HANDLE)

GW_OWNER, GA_ROOT, GWL_EXSTYLE, WS_EX_TOPMOST = 4, 2, -20, 0x8
SW_MINIMIZE, SW_RESTORE = 6, 9
HWND_TOPMOST, SWP_NOSIZE, SWP_NOMOVE, SWP_SHOWWINDOW, SWP_ASYNCWINDOWPOS = -1, 0x1, 0x2, 0x40, 0x4000
DWMWA_CLOAKED = 14
WDA_NONE, WDA_MONITOR, WDA_EXCLUDEFROMCAPTURE = 0, 0x1, 0x11

# --- displays ---------------------------------------------------------------------------------------------------------

enum_monitors = Function(
    "user32", "EnumDisplayMonitors", _BOOL, wintypes.HDC, _P(wintypes.RECT), s.EnumMonitorsProcedure, wintypes.LPARAM
)
monitor_info = Function("user32", "GetMonitorInfoW", _BOOL, wintypes.HMONITOR, _P(s.MonitorInfo))
monitor_of_window = Function("user32", "MonitorFromWindow", wintypes.HMONITOR, _HWND, _DWORD)
display_buffer_sizes = Function("user32", "GetDisplayConfigBufferSizes", wintypes.LONG, _UINT, _P(_UINT), _P(_UINT))
query_displays = Function(
    "user32", "QueryDisplayConfig", wintypes.LONG, _UINT, _P(_UINT), _P(s.DisplayPath), _P(_UINT), _P(s.DisplayMode),
    _VOID,
)  # fmt: skip
display_device_info = Function("user32", "DisplayConfigGetDeviceInfo", wintypes.LONG, _VOID)

MONITOR_DEFAULTTONEAREST, MONITORINFOF_PRIMARY, QDC_ONLY_ACTIVE_PATHS = 2, 1, 2

# --- keys -------------------------------------------------------------------------------------------------------------

set_hook = Function("user32", "SetWindowsHookExW", _HANDLE, _INT, s.HookProcedure, wintypes.HMODULE, _DWORD)
unhook = Function("user32", "UnhookWindowsHookEx", _BOOL, _HANDLE)
call_next_hook = Function(
    "user32", "CallNextHookEx", s.LRESULT, _HANDLE, _INT, wintypes.WPARAM, wintypes.LPARAM
)  # fmt: skip
key_state = Function("user32", "GetAsyncKeyState", ctypes.c_short, _INT)
send_input = Function("user32", "SendInput", _UINT, _UINT, _P(s.Input), _INT)

WH_KEYBOARD_LL, KEYEVENTF_KEYUP = 13, 0x2

# --- clipboard --------------------------------------------------------------------------------------------------------

open_clipboard = Function("user32", "OpenClipboard", _BOOL, _HWND)
close_clipboard = Function("user32", "CloseClipboard", _BOOL)
empty_clipboard = Function("user32", "EmptyClipboard", _BOOL)
clipboard_owner = Function("user32", "GetClipboardOwner", _HWND)
clipboard_data = Function("user32", "GetClipboardData", _HANDLE, _UINT)
set_clipboard_data = Function("user32", "SetClipboardData", _HANDLE, _UINT, _HANDLE)
next_clipboard_format = Function("user32", "EnumClipboardFormats", _UINT, _UINT)
count_clipboard_formats = Function("user32", "CountClipboardFormats", _INT)
register_clipboard_format = Function("user32", "RegisterClipboardFormatW", _UINT, _TEXT)
add_clipboard_listener = Function("user32", "AddClipboardFormatListener", _BOOL, _HWND)
remove_clipboard_listener = Function("user32", "RemoveClipboardFormatListener", _BOOL, _HWND)
global_alloc = Function("kernel32", "GlobalAlloc", _HANDLE, _UINT, ctypes.c_size_t)
global_free = Function("kernel32", "GlobalFree", _HANDLE, _HANDLE)
global_lock = Function("kernel32", "GlobalLock", _VOID, _HANDLE)
global_unlock = Function("kernel32", "GlobalUnlock", _BOOL, _HANDLE)
global_size = Function("kernel32", "GlobalSize", ctypes.c_size_t, _HANDLE)

GMEM_MOVEABLE = 2

# --- settings, power, devices -----------------------------------------------------------------------------------------

system_parameters = Function("user32", "SystemParametersInfoW", _BOOL, _UINT, _UINT, _VOID, _UINT)
set_execution_state = Function("kernel32", "SetThreadExecutionState", _DWORD, _DWORD)
register_device_notification = Function(
    "user32", "RegisterDeviceNotificationW", _HANDLE, _HANDLE, _P(s.DeviceInterface), _DWORD
)
unregister_device_notification = Function("user32", "UnregisterDeviceNotification", _BOOL, _HANDLE)
wave_out_message = Function("winmm", "waveOutMessage", _UINT, _HANDLE, _UINT, _VOID, s.ULONG_PTR)

ES_CONTINUOUS, ES_SYSTEM_REQUIRED, ES_DISPLAY_REQUIRED = 0x80000000, 0x1, 0x2

# --- processes and the system -----------------------------------------------------------------------------------------

enum_processes = Function("psapi", "EnumProcesses", _BOOL, _P(_DWORD), _DWORD, _P(_DWORD))
process_snapshot = Function("kernel32", "CreateToolhelp32Snapshot", _HANDLE, _DWORD, _DWORD)
first_process = Function("kernel32", "Process32FirstW", _BOOL, _HANDLE, _P(s.ProcessEntry))
next_process = Function("kernel32", "Process32NextW", _BOOL, _HANDLE, _P(s.ProcessEntry))
open_process = Function("kernel32", "OpenProcess", _HANDLE, _DWORD, _BOOL, _DWORD)
close_handle = Function("kernel32", "CloseHandle", _BOOL, _HANDLE)
process_image = Function(
    "kernel32", "QueryFullProcessImageNameW", _BOOL, _HANDLE, _DWORD, wintypes.LPWSTR, _P(_DWORD)
)  # fmt: skip
_FILETIME = _P(wintypes.FILETIME)
process_times = Function(
    "kernel32", "GetProcessTimes", _BOOL, _HANDLE, _FILETIME, _FILETIME, _FILETIME, _FILETIME
)  # fmt: skip
current_process = Function("kernel32", "GetCurrentProcess", _HANDLE)
version_info_size = Function("version", "GetFileVersionInfoSizeW", _DWORD, _TEXT, _P(_DWORD))
version_info = Function("version", "GetFileVersionInfoW", _BOOL, _TEXT, _DWORD, _DWORD, _VOID)
version_value = Function("version", "VerQueryValueW", _BOOL, _VOID, _TEXT, _P(_VOID), _P(_UINT))
verify_trust = Function("wintrust", "WinVerifyTrust", wintypes.LONG, _HWND, _P(s.Guid), _P(s.TrustData))
trust_state = Function("wintrust", "WTHelperProvDataFromStateData", _VOID, _HANDLE)
trust_signer = Function("wintrust", "WTHelperGetProvSignerFromChain", _VOID, _VOID, _DWORD, _BOOL, _DWORD)
trust_certificate = Function(
    "wintrust", "WTHelperGetProvCertFromChain", _P(s.ProviderCertificate), _VOID, _DWORD
)  # fmt: skip
certificate_name = Function(
    "crypt32", "CertGetNameStringW", _DWORD, _VOID, _DWORD, _DWORD, _VOID, wintypes.LPWSTR, _DWORD
)
system_metric = Function("user32", "GetSystemMetrics", _INT, _INT)
is_debugged = Function("kernel32", "IsDebuggerPresent", _BOOL)
is_debugged_by_other = Function("kernel32", "CheckRemoteDebuggerPresent", _BOOL, _HANDLE, _P(_BOOL))
is_administrator = Function("shell32", "IsUserAnAdmin", _BOOL)
wine_version = Function("ntdll", "wine_get_version", ctypes.c_char_p)
create_job = Function("kernel32", "CreateJobObjectW", _HANDLE, _VOID, _TEXT)
set_job_limits = Function("kernel32", "SetInformationJobObject", _BOOL, _HANDLE, _INT, _VOID, _DWORD)
assign_to_job = Function("kernel32", "AssignProcessToJobObject", _BOOL, _HANDLE, _HANDLE)

PROCESS_QUERY_LIMITED_INFORMATION, TH32CS_SNAPPROCESS = 0x1000, 0x2
INVALID_HANDLE = ctypes.c_void_p(-1).value
SM_REMOTESESSION, SM_REMOTECONTROL = 0x1000, 0x2001
