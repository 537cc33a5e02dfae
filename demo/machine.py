"""The candidate's computer of the scripted demo: a virtual screen with a window manager, a microphone and a camera.

The screen is Xorg with the dummy driver, whose displays can really be plugged; where that cannot start, Xvfb.
"""

import time
from pathlib import Path

import mss
import mss.tools

from demo.failure import need
from tests.rig import snapshot
from tests.rig.camera import CameraRig, person, with_card
from tests.rig.microphone import MicrophoneRig
from tests.rig.snapshot import Snapshot
from tests.rig.xserver import XServer

PAINT_S = 0.5  # a page says that it has a text before software rendering has painted it


class Machine:
    """`start`, then use; `stop` ends whatever was started, also after a start that failed half way."""

    def __init__(self, work_dir: Path) -> None:
        self._autostart_dir = work_dir / "desktop" / "autostart"
        self.screen = XServer(hot_plug=True)
        self.can_plug = True
        self.camera = CameraRig(work_dir)
        self.microphone = MicrophoneRig(work_dir)

    def start(self, candidate_name: str) -> None:
        try:
            self.screen.start()
        except RuntimeError:
            self.can_plug = False
            self.screen = XServer(width=1920, height=1080)
            self.screen.start()
        self.microphone.start()
        self.camera.build(with_card(candidate_name.upper(), "S 482 117"))

    def hold_card(self, candidate_name: str, card_number: str) -> None:
        """From now on the camera sees the candidate with this card."""
        self.camera.show(with_card(candidate_name.upper(), card_number))

    def put_card_away(self) -> None:
        self.camera.show(person)

    def stop(self) -> None:
        self.microphone.stop()
        self.screen.stop()

    @property
    def display(self) -> str:
        return self.screen.display

    def environment(self) -> dict[str, str]:
        """What a program needs to live on this computer, and to leave the desktop it was started from alone."""
        own = {
            "DISPLAY": self.display,
            "XDG_SESSION_TYPE": "x11",
            "WAYLAND_DISPLAY": "",
            "XDG_CONFIG_HOME": str(self._autostart_dir.parent),
        }
        return {**own, **self.microphone.environment(), **self.camera.environment()}

    def snapshot(self) -> Snapshot:
        """Keyboard map, grabs, clipboard, windows, power and autostart, looked at from outside."""
        return snapshot.take(self.display, self._autostart_dir)

    def picture(self, path: Path) -> None:
        """The first display as a PNG, once what was just put on the page has reached the screen."""
        time.sleep(PAINT_S)
        with mss.mss(display=self.display) as screen:
            shot = screen.grab(screen.monitors[1] if len(screen.monitors) > 1 else screen.monitors[0])
            mss.tools.to_png(shot.rgb, shot.size, output=str(path))

    def plug_display(self) -> None:
        need(self.can_plug, "this virtual screen has no second connector: Xorg with the dummy driver did not start")
        self.screen.plug_display()

    def unplug_display(self) -> None:
        self.screen.unplug_display()

    def displays(self) -> int:
        """Active displays, as the X server counts them."""
        return int(self.screen.run("xrandr", "--listactivemonitors").split()[1])
