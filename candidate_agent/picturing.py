"""Takes the pictures of identity document, room and paper, keeps them in memory until they are sent, and seals them.

Used by `hands`. `showing` and `housekeeping` look at what is going on: the step, the scan, what the preview says.
"""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from candidate_agent.base.errors import AgentError
from candidate_agent.base.tasks import Beside
from candidate_agent.capture import id_card, preview, room_scan, scan_plan
from candidate_agent.capture.card_watch import CardWatch
from candidate_agent.capture.zone import ZoneRead, read
from candidate_agent.noting import Noting
from candidate_agent.parts import Parts
from candidate_agent.session import events as ev
from exam_protocol.records import PictureEntry, Track


@dataclass(frozen=True, slots=True)
class Taken:
    """Pictures of a step; `verdict` and `covered` as in `events.StepCaptured`. `shown`: what the candidate looks at."""

    pictures: tuple[bytes, ...] = field(repr=False)
    verdict: str = ""
    covered: int = 0
    shown: bytes = field(default=b"", repr=False)
    zone: ZoneRead | None = field(default=None, repr=False)


@dataclass(slots=True)
class Picturing:
    parts: Parts
    post: Callable[[ev.Event], None]
    noting: Noting
    beside: Beside
    capturing: str = ""  # step that is being taken now
    capture_progress: float = 0.0
    scan: room_scan.Progress | None = None  # of the room, while it is shown
    zone: ZoneRead | None = None  # of the identity picture that is looked at; for the candidate's eyes
    card: CardWatch = field(default_factory=CardWatch)  # what the preview says of the identity document
    taken: dict[str, tuple[bytes, ...]] = field(default_factory=dict)  # pictures not yet sent, by step
    _go_on: threading.Event = field(default_factory=threading.Event)
    _stop: threading.Event = field(default_factory=threading.Event)

    def begin(self, step: str, manner: str) -> None:
        """There is one camera: a second click while it is taking pictures changes nothing."""
        if not self.capturing:
            self.capturing, self.capture_progress, self.scan = step, 0.0, None
            self._go_on.clear()
            self._stop.clear()
            self.beside.start(self._capture(step, manner))

    def direct(self, step: str, stop: bool) -> None:
        if self.capturing == step:
            (self._stop if stop else self._go_on).set()

    def stop(self) -> None:
        """A room scan's thread ends soon."""
        self._stop.set()

    async def _capture(self, step: str, manner: str) -> None:
        try:
            taken = await asyncio.to_thread(self._take, step, manner)
        except AgentError as error:
            self.post(ev.StepFailed(step, error.code, error.text))
            return
        except Exception as error:
            self.parts.log.line("step_failed", error=type(error).__name__)
            self.post(ev.StepFailed(step, "unexpected", "The picture could not be taken. Please try again."))
            return
        finally:
            self.capturing, self.scan, self.card = "", None, CardWatch()
        if taken is not None:
            self._keep(step, taken)

    def _keep(self, step: str, taken: Taken) -> None:
        self.taken[step] = taken.pictures
        self.parts.stage.preview(step, taken.shown)
        if step == "id_card":
            self.zone = taken.zone
        if taken.zone is not None:
            self.post(ev.ZoneLookedFor(taken.zone.outcome, taken.zone.detail))
        self.post(ev.StepCaptured(step, taken.verdict, taken.covered))

    def _take(self, step: str, manner: str) -> Taken | None:
        """None: it was stopped. On a thread of its own."""
        if step == "paper":
            return self._take_sheet()
        self.parts.booth.open()  # the camera may have been exchanged since the check
        return self._take_card() if step == "id_card" else self._take_room(manner)

    def _take_sheet(self) -> Taken:
        self.parts.booth.open_camera()
        sheet = id_card.take(self.parts.booth.require_camera()).jpeg
        return Taken((sheet,), shown=sheet)

    def _take_card(self) -> Taken:
        card = id_card.take(self.parts.booth.require_camera())
        return Taken((card.jpeg,), card.judgement.hint, shown=card.jpeg, zone=self._read_zone(card))

    def _read_zone(self, card: id_card.CardPicture) -> ZoneRead | None:
        if not self.parts.join.package.policy.read_mrz:
            return None
        return read(card.pixels, card.judgement, self.parts.letters())

    def _take_room(self, manner: str) -> Taken | None:
        camera, by_hand = self.parts.booth.require_camera(), manner == scan_plan.HAND
        made = room_scan.scan(
            camera, by_hand=by_hand, pressed=self._go_on, cancelled=self._stop, on_progress=self._scanned
        )
        return Taken(made.pictures, made.manner, made.covered, preview.sheet(made.pictures)) if made else None

    def _scanned(self, progress: room_scan.Progress) -> None:
        """On the scan's thread."""
        self.scan, self.capture_progress = progress, progress.share

    def send(self, step: str, attempt: int) -> None:
        pictures = self.taken.pop(step, ())
        if step == "id_card":
            self.zone = None
        self.parts.stage.preview(step, b"")
        for index, data in enumerate(pictures):
            entry = PictureEntry(step, attempt, index, len(pictures), "image/jpeg", data, self.parts.clock.wall_ms())
            self.noting.record(Track.IDENTITY, entry)
