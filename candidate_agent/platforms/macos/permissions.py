"""What the candidate has allowed this program to do, and the page of System Settings where it can be allowed.

For checks and for the backend's own words. Asking shows nothing; `request` shows the system's question, once.
"""

from collections.abc import Callable
from dataclasses import dataclass

from candidate_agent.platforms import ports

SETTINGS = "x-apple.systempreferences:com.apple.preference.security?Privacy_"
_AUTHORIZED, _NOT_ASKED = 3, 0  # AVAuthorizationStatus


@dataclass(frozen=True, slots=True)
class Permission:
    """`granted` None: the candidate was not asked yet. `page`: what opens the right page of System Settings."""

    name: str
    granted: bool | None
    page: str


_PAGES = {
    "camera": "Camera",
    "microphone": "Microphone",
    "screen recording": "ScreenCapture",
    "accessibility": "Accessibility",
    "input monitoring": "ListenEvent",
}


class MacPermissions:
    """The same, in the words of the port."""

    def permissions(self) -> tuple[ports.Permission, ...]:
        return tuple(ports.Permission(_PORT_NAMES.get(one.name, one.name), one.granted) for one in permissions())


_PORT_NAMES = {"screen recording": "screen", "input monitoring": "input"}


def permission(name: str, granted: bool | None) -> Permission:
    return Permission(name, granted, SETTINGS + _PAGES[name])


def of_status(status: int) -> bool | None:
    """Of an AVAuthorizationStatus. Denied and restricted (by the institution's own management) are both a no."""
    return None if status == _NOT_ASKED else status == _AUTHORIZED


def permissions() -> tuple[Permission, ...]:
    return tuple(permission(name, ask()) for name, ask in _QUESTIONS.items())


def lacking(found: tuple[Permission, ...]) -> tuple[Permission, ...]:
    return tuple(one for one in found if not one.granted)


def _camera() -> bool | None:
    import AVFoundation

    return of_status(AVFoundation.AVCaptureDevice.authorizationStatusForMediaType_(AVFoundation.AVMediaTypeVideo))


def _microphone() -> bool | None:
    import AVFoundation

    return of_status(AVFoundation.AVCaptureDevice.authorizationStatusForMediaType_(AVFoundation.AVMediaTypeAudio))


def may_record_screen() -> bool:
    import Quartz

    return bool(Quartz.CGPreflightScreenCaptureAccess())


def _accessibility() -> bool | None:
    import HIServices

    return bool(HIServices.AXIsProcessTrusted())


def _input() -> bool | None:
    import Quartz

    return bool(Quartz.CGPreflightListenEventAccess())


_QUESTIONS: dict[str, Callable[[], bool | None]] = {
    "camera": _camera,
    "microphone": _microphone,
    "screen recording": may_record_screen,
    "accessibility": _accessibility,
    "input monitoring": _input,
}


def request(name: str) -> None:
    """Shows the system's own question where there is one. Camera and microphone ask when they are opened."""
    import HIServices
    import Quartz

    if name == "screen recording":
        Quartz.CGRequestScreenCaptureAccess()
    elif name == "input monitoring":
        Quartz.CGRequestListenEventAccess()
    elif name == "accessibility":
        HIServices.AXIsProcessTrustedWithOptions({HIServices.kAXTrustedCheckOptionPrompt: True})
