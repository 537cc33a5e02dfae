"""What stands behind each "yes" of this system in docs/platforms.md: where it ran, and what it cannot do."""

from candidate_agent.platforms.ports import NO_ASSESSMENT

WINE = "run under Wine 8 only, never on Windows itself"

LIMITS = {
    "displays": f"yes; {WINE}",
    "windows": f"yes; {WINE}; another program can come to the front for a moment before the front is taken back",
    "keys": f"yes; {WINE}; combinations are kept in, but Ctrl+Alt+Del and Windows+L belong to Windows, as do keys "
    "while a program that runs as administrator is in front",
    "clipboard": f"yes; {WINE}",
    "processes": f"yes; {WINE}; by looking four times a second",
    "screen": f"yes; {WINE}",
    "cameras": "yes; never tried on this system",
    "microphones": "yes; never tried on this system",
    "awake": f"yes; {WINE}; a company's rule that locks an idle session stays in force",
    "hotplug": "yes; run under Wine 8 only, which tells of no device; never on Windows itself",
    "capture_exclusion": "yes; never tried on this system: Wine takes no such order, which was told as a failure",
    "settings_pages": "yes; never tried on this system",
    "permissions": "yes; of camera and microphone, by the privacy settings; never tried on this system",
    "setting: restore at login": f"yes; {WINE}",
    "setting: screen saver": f"yes; {WINE}",
    "setting: notifications": f"yes; {WINE}, which shows none",
    "setting: recording by the game bar": f"yes; {WINE}, which has no game bar",
    "setting: clipboard history": f"yes; {WINE}, which keeps none",
    "setting: shortcuts of input aids": "yes; never tried on this system: Wine does not take them",
}
"""Concern or setting -> how far this system serves it."""

NO_SUCH_SETTING = {
    "setting: virtual terminal keys": "There are no such keys on Windows.",
    "setting: monitor power": "A part of keeping the computer awake here; no setting is changed.",
    "assessment": NO_ASSESSMENT.reason,
}
ANSWERS = LIMITS | NO_SUCH_SETTING
"""For `platforms.table`."""
