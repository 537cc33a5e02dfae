"""Genuine X pointer and key events, by xdotool: the scripted candidate's hands."""

from demo.processes import Processes

KEY_DELAY_MS = 25


class Pointer:
    """Hands on one display. Coordinates are screen pixels."""

    def __init__(self, processes: Processes, display: str) -> None:
        self._processes = processes
        self._display = display

    def move(self, x: int, y: int) -> None:
        self._do("mousemove", x, y)

    def click(self, x: int, y: int) -> None:
        self._do("mousemove", x, y, "click", 1)

    def wheel(self, x: int, y: int, *, down: bool) -> None:
        self._do("mousemove", x, y, "click", "--repeat", 3, "--delay", 30, 5 if down else 4)

    def type(self, text: str) -> None:
        self._do("type", "--delay", KEY_DELAY_MS, "--", text)

    def key(self, *names: str) -> None:
        self._do("key", "--delay", KEY_DELAY_MS, *names)

    def _do(self, *words: str | int) -> None:
        self._processes.run(["xdotool", *map(str, words)], {"DISPLAY": self._display}, timeout_s=30)
