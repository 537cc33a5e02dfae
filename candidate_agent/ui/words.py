"""The small vocabulary of `view_model` and `screens`: texts by key, formatted values, buttons, and `Live`. Pure.

A value is formatted by the page, in the candidate's language: {"as": "duration" | "bytes" | "number" | "time",
"value": ...}.
"""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CapturedTrack:
    """`name`: screen, webcam, audio."""

    name: str
    bytes_per_s: int


@dataclass(frozen=True, slots=True)
class Live:
    """What the session does not know because it changes all the time or is only ours. Defaults: nothing known yet."""

    previews: frozenset[str] = frozenset()  # pictures handed to `Windows.preview`: camera, id_card, room, screen
    microphone_dbfs: float | None = None
    rtt_ms: float | None = None
    up_bps: float | None = None
    captured: tuple[CapturedTrack, ...] = ()  # leaves the computer now
    capturing: str = ""  # id_card or room, while it is being taken
    capture_progress: float = 0.0  # 0..1
    drained_records: int = 0  # sent since the end
    receipt_path: str = ""
    practice: bool = False  # no exam: a practice room on this computer
    report_path: str = ""  # of a practice, once it is written


def text(key: str, **values: Any) -> Json:
    return {"key": key, "values": values}


def verbatim(sentence: str) -> Json:
    """From a person, a package or a check: shown exactly so, never as markup."""
    return {"text": sentence}


def duration(seconds: float) -> Json:
    return {"as": "duration", "value": int(seconds)}


def size(count: int) -> Json:
    return {"as": "bytes", "value": count}


def number(value: float) -> Json:
    return {"as": "number", "value": value}


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
