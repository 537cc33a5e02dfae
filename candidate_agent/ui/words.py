"""The small vocabulary of `view_model` and `screens`: texts by key, formatted values, buttons, and `Live`. Pure.

A value is formatted by the page, in the candidate's language: {"as": KIND, "value": ...} with one of duration, length,
bytes, number, time, hour and day for KIND.
"""

from dataclasses import dataclass
from typing import Any

from candidate_agent.ui.removal import UNKNOWN, Removal

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CapturedTrack:
    """`name`: screen, webcam, audio."""

    name: str
    bytes_per_s: int


@dataclass(frozen=True, slots=True)
class CardSeen:
    """The identity document in the camera's preview. `hint`: good, too_far ...; "": nothing said yet. `corners`: shares
    of width and height, clockwise from top left; () where no card is seen. `size`: pixels of the picture."""

    hint: str
    corners: tuple[tuple[float, float], ...] = ()
    size: tuple[int, int] = (4, 3)
    ready: bool = False


@dataclass(frozen=True, slots=True)
class ZoneSeen:
    """What was read in the document's machine-readable zone. `outcome`: right, wrong, none, unsupported; `kind`:
    passport, card; `expires_ms`: 0 where it is not known."""

    outcome: str
    kind: str = ""
    name: str = ""
    expires_ms: int = 0


@dataclass(frozen=True, slots=True)
class RoomSeen:
    """A room scan under way. `part`: turn, desk, left, right; `still`: no turning is seen."""

    part: str
    by_hand: bool = False
    covered: tuple[int, ...] = ()
    here: int = 0
    still: bool = False
    left_s: int = 0


@dataclass(frozen=True, slots=True)
class Live:
    """What the session does not know because it changes all the time or is only ours. Defaults: nothing known yet."""

    previews: frozenset[str] = frozenset()  # pictures handed to `Windows.preview`: camera, id_card, room, screen
    microphone_dbfs: float | None = None
    voice_dbfs: float | None = None  # the loudest of the last three seconds
    light: str = ""  # of the camera's picture, in a word of `screens.devices`; "": there is no picture now
    rehearsal_s: int = 30  # how long a rehearsal records
    rehearsal_left_s: int = 0
    rehearsal_share: float = 0.0  # 0..1; 1: all is recorded, the rest is on its way
    rtt_ms: float | None = None
    up_bps: float | None = None
    captured: tuple[CapturedTrack, ...] = ()  # leaves the computer now
    capturing: str = ""  # id_card or room, while it is being taken
    capture_progress: float = 0.0  # 0..1
    card: CardSeen | None = None
    zone: ZoneSeen | None = None
    room: RoomSeen | None = None
    drained_records: int = 0  # acknowledged since the end
    drained_bytes: int = 0
    left_s: float | None = None  # until all is sent, as far as the speed so far tells
    receipt_path: str = ""
    own_data: str = ""  # "", saving, saved, failed
    own_data_path: str = ""
    removal: Removal = UNKNOWN  # how this program is removed
    practice: bool = False  # no exam: a practice room on this computer
    report_path: str = ""  # of a practice, once it is written


def text(key: str, **values: Any) -> Json:
    return {"key": key, "values": values}


def verbatim(sentence: str) -> Json:
    """From a person, a package or a check: shown exactly so, never as markup."""
    return {"text": sentence}


def duration(seconds: float) -> Json:
    return {"as": "duration", "value": int(seconds)}


def length(seconds: float) -> Json:
    """In words: 2 hours 30 minutes."""
    return {"as": "length", "value": int(seconds)}


def size(count: int) -> Json:
    return {"as": "bytes", "value": count}


def number(value: float) -> Json:
    return {"as": "number", "value": value}


def hour(at_ms: int) -> Json:
    """The time of day, where the candidate is."""
    return {"as": "hour", "value": at_ms}


def day(at_ms: int) -> Json:
    return {"as": "day", "value": at_ms}


def moment(at_ms: int) -> Json:
    return {"as": "time", "value": at_ms}


def action(identity: str, act: str, kind: str = "secondary", *, enabled: bool = True, **data: Any) -> Json:
    """A button: `identity` is its element id and its text key `action.<identity>`; `act` is the bridge's name."""
    return {
        "id": identity,
        "act": act,
        "data": data,
        "kind": kind,
        "enabled": enabled,
        "label": text(f"action.{identity}"),
    }
