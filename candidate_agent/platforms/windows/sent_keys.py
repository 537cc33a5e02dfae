"""Keys that this program sends itself, marked so that its own key watch passes over them."""

import ctypes

from candidate_agent.platforms.windows import api
from candidate_agent.platforms.windows.structures import Input

OURS = 0x45584D31
VK_MENU = 0x12


def tap_alt() -> None:
    """Alt, down and up: input of our own, after which Windows lets this process take the front."""
    send((VK_MENU, False), (VK_MENU, True))


def send(*keys: tuple[int, bool], mark: int = OURS) -> None:
    """Pairs of virtual key code and whether it goes up."""
    inputs = (Input * len(keys))()
    for each, (key, is_up) in zip(inputs, keys, strict=True):
        each.kind = 1
        each.input.keyboard.key = key
        each.input.keyboard.flags = api.KEYEVENTF_KEYUP if is_up else 0
        each.input.keyboard.extra = mark
    api.send_input(len(keys), inputs, ctypes.sizeof(Input))
