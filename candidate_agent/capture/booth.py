"""Camera and microphone before the exam: what check-in looks at and listens to. Shown to the candidate, kept nowhere.

Used by the checks, the preview, the identity picture and the room scan; the recording takes the camera over.
"""

import threading
from collections import deque
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from candidate_agent.base.clock import Clock, SystemClock
from candidate_agent.base.errors import DeviceError
from candidate_agent.capture import preview
from candidate_agent.capture.device_watch import WELL, DeviceState
from candidate_agent.capture.sources import CameraSource
from candidate_agent.platforms.ports import (
    Camera,
    CameraPort,
    Closer,
    Microphone,
    MicrophonePort,
    Picture,
    Sound,
    Unsupported,
)

RATE = 48_000
BLOCK = 2_880  # 60 ms
KEPT_BLOCKS = 50  # three seconds
LOST_AFTER_US = 4_000_000  # PortAudio's first block may take two seconds


class Booth:
    def __init__(
        self, cameras: CameraPort | Unsupported, microphones: MicrophonePort | Unsupported, clock: Clock | None = None
    ) -> None:
        self._cameras, self._microphones = cameras, microphones
        self._clock = clock or SystemClock()
        self._heard_us = 0  # when the last block came, or the microphone was opened
        self._lock = threading.Lock()
        self._opening = threading.RLock()  # one at a time opens or closes
        self._source = ""  # of the system, when the microphone was opened
        self._blocks: deque[npt.NDArray[np.int16]] = deque(maxlen=KEPT_BLOCKS)
        self._close_microphone: Closer | None = None
        self.camera: CameraSource | None = None
        self._chosen: Camera | None = None
        self.microphone: Microphone | None = None
        self.problems: tuple[str, ...] = ()

    def open(self) -> None:
        """Opens what is there; what is not is in `problems` by code and measured as a failed check.

        Called again before each check: a camera that works is kept, one that was connected or exchanged is opened.
        """
        with self._opening:
            found = (self._attempt(self._open_camera), self._attempt(self._open_microphone))
        self.problems = tuple(code for code in found if code)

    def open_camera(self) -> None:
        """The camera alone: after the exam nothing is listened to."""
        with self._opening:
            code = self._attempt(self._open_camera)
        self.problems = (code,) if code else ()

    def open_microphone(self) -> None:
        """The microphone alone: one that gives nothing may have come back, or another one may be there."""
        with self._opening:
            known = self.microphone
            if self._attempt(self._open_microphone):
                self.microphone = known  # the recording looks for itself

    def follow_camera(self) -> None:
        """Where the camera is gone, or there was none, another one is opened. The same one comes by itself."""
        if isinstance(self._cameras, Unsupported):
            return
        with self._opening:
            good = [camera for camera in self._cameras.cameras() if not camera.virtual]
            if good and (self.camera is None or self._chosen not in good):
                self._attempt(self._open_camera)

    def _attempt(self, opening: Callable[[], None]) -> str:
        try:
            opening()
        except DeviceError as error:
            return error.code
        return ""

    def _open_camera(self) -> None:
        if isinstance(self._cameras, Unsupported):
            return
        found = self._cameras.cameras()
        good = [camera for camera in found if not camera.virtual] or list(found)
        if self._chosen in good and self.picture() is not None:
            return
        self._leave_camera()
        if not good:
            raise DeviceError("camera_missing", "No camera was found.")
        self.camera, self._chosen = CameraSource(self._cameras, good[0]), good[0]
        self.camera.start()

    def _leave_camera(self) -> None:
        if self.camera is not None:
            self.camera.stop()
            self.camera = self._chosen = None

    def _open_microphone(self) -> None:
        if isinstance(self._microphones, Unsupported):
            return
        found = self._microphones.microphones()
        source = self._microphones.usual()
        if self.hears and self.microphone in found and source == self._source:
            return
        self.leave_microphone()
        self.microphone = None
        if not found:
            raise DeviceError("microphone_missing", "No microphone was found.")
        with self._lock:
            self._blocks.clear()  # what another microphone heard says nothing of this one
        self._heard_us = self._clock.monotonic_us()
        self._close_microphone = self._microphones.open(found[0], RATE, BLOCK, self._heard)
        self.microphone, self._source = found[0], source

    def _heard(self, sound: Sound) -> None:
        with self._lock:
            self._heard_us = self._clock.monotonic_us()
            self._blocks.append(sound.samples)

    def require_camera(self) -> CameraSource:
        """Raises DeviceError `camera_missing`."""
        if self.camera is None:
            raise DeviceError("camera_missing", "No camera is open. Please connect one and check it again.")
        return self.camera

    def picture(self) -> Picture | None:
        return self.camera.latest() if self.camera else None

    def camera_problem(self) -> str:
        """Code of why the camera that is there gives nothing, or ""."""
        trouble = self.camera.trouble if self.camera else None
        return trouble.code if trouble else ""

    def samples(self) -> npt.NDArray[np.int16]:
        """The last three seconds at most; empty where there is no microphone."""
        with self._lock:
            return np.concatenate(self._blocks) if self._blocks else np.zeros(0, np.int16)

    def level_dbfs(self) -> float:
        """Of the last third of a second."""
        return preview.level_dbfs(self.samples()[-RATE // 3 :])

    def loudest_dbfs(self) -> float:
        """The loudest third of a second of the last three: somebody who speaks also pauses."""
        third, samples = RATE // 3, self.samples()
        parts = (samples[at : at + third] for at in range(0, samples.size, third))
        return max(map(preview.level_dbfs, parts), default=preview.SILENCE_DBFS)

    @property
    def hears(self) -> bool:
        """Whether a microphone is open and gives something: one that was pulled out stays open and says nothing."""
        silent_us = self._clock.monotonic_us() - self._heard_us
        return self._close_microphone is not None and silent_us < LOST_AFTER_US

    def microphone_state(self) -> DeviceState:
        """Asks the system: may take a moment."""
        if isinstance(self._microphones, Unsupported):
            return WELL
        source = self._microphones.usual()
        if self.microphone is None or not self.hears:
            return DeviceState("microphone_missing", source)
        return DeviceState("muted" if self._microphones.muted(self.microphone) else "", source)

    def leave_microphone(self) -> None:
        """The recording opens it for itself."""
        with self._opening:
            if self._close_microphone is not None:
                self._close_microphone()
                self._close_microphone = None

    def close(self) -> None:
        with self._opening:
            self.leave_microphone()
            self._leave_camera()
