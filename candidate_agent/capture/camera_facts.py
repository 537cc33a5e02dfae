"""Which camera the pictures come from, by what the system says of the device: another one than before, or a program.

A reader of the camera's source beside the lane that encodes it; no model is asked. Built by the pipeline.
"""

from typing import Protocol

from candidate_agent.capture.events import CameraSwitched, CameraVirtual
from candidate_agent.capture.sources import PictureSource
from candidate_agent.capture.workers import Emit
from candidate_agent.platforms.ports import Camera, Picture


class CameraPictures(PictureSource, Protocol):
    @property
    def device(self) -> Camera:
        """The camera that the newest picture came from."""


class CameraFacts:
    def __init__(self, source: CameraPictures, emit: Emit) -> None:
        self._source, self._emit = source, emit
        self._known: Camera | None = None

    def see(self, picture: Picture | None) -> None:
        """On the source's thread, with each picture."""
        device = self._source.device
        if picture is None or device == self._known:
            return
        before, self._known = self._known, device
        if before is not None:
            self._emit(CameraSwitched())
        if device.virtual:
            self._emit(CameraVirtual())
