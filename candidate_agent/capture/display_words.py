"""What a flag says of a display that came, went or changed, as a person reads it. Pure; called by `ears`."""

from candidate_agent.capture.events import DisplayChanged
from candidate_agent.platforms.ports import Display

GOES_ON = "The recording goes on."


def said(event: DisplayChanged) -> str:
    name = f"Display {event.number + 1}"
    if event.before is None:
        return f"{name} was connected and is recorded."
    if event.now is None:
        return f"{name} was disconnected. {GOES_ON}"
    return f"{name} {_difference(event.before, event.now)}. {GOES_ON}"


def _difference(before: Display, now: Display) -> str:
    old, new = _size(before), _size(now)
    if before.name != now.name:
        return f"is another one now ({new})"
    if old == new:
        return "changed its place"
    turned = (before.width, before.height) == (now.height, now.width)
    return f"was turned from {old} to {new}" if turned else f"changed its size from {old} to {new}"


def _size(display: Display) -> str:
    return f"{display.width}x{display.height}"
