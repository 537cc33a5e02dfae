"""Identity picture and room scan: take, look, send; and the other ways. Pure."""

from candidate_agent.session.checkin import DESK_ONLY, GOOD, TRIES
from candidate_agent.session.states import Session, Step, StepStatus
from candidate_agent.ui.screens.problem import PROBLEMS
from candidate_agent.ui.words import CardSeen, Json, Live, RoomSeen, ZoneSeen, action, day, text, verbatim

HINTS = ("no_card", "too_far", "tilted", "blurred", "glare", "dark", "good", "no_picture", "stands_still")
CAMERA_HINTS = ("no_picture", "stands_still")
MANNERS = ("turned", "timed", "desk_only")
SEGMENTS = 8  # directions of the ring


def identity(session: Session, live: Live, now_us: int, wall_ms: int) -> Json:
    drawn = _step("id_card", session, session.id_card, live)
    if drawn["stage"] == "ready":
        drawn |= _seen(live.card)
        if live.card and live.card.ready:
            drawn["actions"][0]["kind"] = "primary ready"
    if drawn["stage"] == "look":
        drawn["verdict"] = _verdict(session.id_card)
        drawn["zone"] = _zone(live.zone) if live.zone else None
    drawn["person"] = text("id_card.person") if _unreadable(session.id_card) else None
    return drawn


def _seen(card: CardSeen | None) -> Json:
    """The hint in words, and the outline in thousandths of the picture."""
    if card is None or card.hint not in HINTS:
        return {"hint": None, "outline": None}
    points = [[round(x * 1000), round(y * 1000)] for x, y in card.corners]
    return {
        "hint": {"id": card.hint, "tone": "fine" if card.hint == GOOD else "look", "body": text(f"hint.{card.hint}")},
        "outline": {"points": points, "size": list(card.size)} if points else None,
    }


def _verdict(step: Step) -> Json | None:
    if step.verdict not in HINTS:
        return None
    return {"tone": "fine" if step.verdict == GOOD else "look", "body": text(f"id_card.verdict.{step.verdict}")}


def _zone(zone: ZoneSeen) -> Json:
    """What this computer read in the document: name, kind, until when. Never the number."""
    facts = []
    if zone.name:
        facts = [
            {"id": "name", "label": text("zone.name"), "value": verbatim(zone.name)},
            {"id": "kind", "label": text("zone.kind"), "value": text(f"zone.kind.{zone.kind}")},
        ]
        until = text("zone.until.on", date=day(zone.expires_ms)) if zone.expires_ms else text("zone.until.unknown")
        facts.append({"id": "until", "label": text("zone.until"), "value": until})
    return {
        "title": text("zone.title"),
        "facts": facts,
        "said": text(f"zone.{zone.outcome}"),
        "note": text("zone.note"),
    }


def _unreadable(step: Step) -> bool:
    return step.misses >= TRIES and step.verdict != GOOD


def room(session: Session, live: Live, now_us: int, wall_ms: int) -> Json:
    drawn = _step("room", session, session.room, live)
    if drawn["stage"] == "taking":
        drawn |= _scanning(live.room)
    if drawn["stage"] == "ready":
        drawn["ways"] = _ways(session)
        if live.card and live.card.hint in CAMERA_HINTS:
            drawn["hint"] = _seen(live.card)["hint"]
    if drawn["stage"] == "look":
        drawn["verdict"] = _manner(session.room)
    return drawn


def _scanning(room: RoomSeen | None) -> Json:
    """What to do now, the ring of directions, and the ways to go on or to stop."""
    stop = action("stop-room", "capture_stop", "quiet", step="room")
    if room is None:
        return {"hint": None, "ring": None, "tips": [], "actions": [stop]}
    part = f"hand.{room.part}" if room.by_hand else room.part
    said = text("room.part.still") if room.still else text(f"room.part.{part}")
    forward = action(
        "next-room-picture" if room.by_hand or room.part != "turn" else "next-room", "capture_next", step="room"
    )
    return {
        "tips": [],
        "title": text("room.title.hand" if room.by_hand else "room.title.taking"),
        "hint": {"id": room.part, "tone": "look" if room.still else "still", "body": said},
        "ring": None if room.by_hand else {"covered": list(room.covered), "here": room.here, "of": SEGMENTS},
        "left": text("room.left", count=room.left_s) if not room.by_hand else None,
        "actions": [stop, forward | {"kind": "primary" if room.by_hand else "secondary"}],
    }


def _ways(session: Session) -> list[Json]:
    """What somebody can do who cannot turn the camera, or does not want to show the room."""
    alternative = session.package.alternative if session.package else ""
    return [
        {
            "id": "desk",
            "title": text("room.way.desk"),
            "body": text("room.way.desk.what"),
            "more": None,
            "action": action("desk-room", "capture", step="room", manner=DESK_ONLY),
        },
        {
            "id": "decline",
            "title": text("room.way.decline"),
            "body": text("room.way.decline.what"),
            "more": {"label": text("room.way.alternative"), "body": verbatim(alternative)} if alternative else None,
            "action": action("decline-room", "decline_step", step="room"),
        },
    ]


def _manner(step: Step) -> Json | None:
    if step.verdict not in MANNERS:
        return None
    whole = step.verdict == DESK_ONLY or step.covered >= SEGMENTS - 1
    said = text(f"room.verdict.{step.verdict}", count=step.covered, of=SEGMENTS)
    return {"tone": "fine" if whole else "look", "body": said}


def _step(name: str, session: Session, step: Step, live: Live) -> Json:
    """Take, look, then send or take again. A step that was asked for again says why, first of all."""
    taking = live.capturing == name
    taken = step.status == StepStatus.TAKEN and not taking
    stage = "taking" if taking else "look" if taken else "ready"
    capture = action(
        f"capture-{name}", "capture", "primary", enabled=not taking and "camera" in live.previews, step=name
    )
    look = [
        action(f"retake-{name}", "retake", step=name, **_same_manner(step)),
        action(f"confirm-{name}", "confirm_step", "primary", step=name),
    ]
    return {
        "title": text(f"{name}.title.{stage}"),
        "lead": text(f"{name}.lead.{stage}"),
        "step": name,
        "stage": stage,
        "picture": name if taken else "camera",
        "has_picture": (name if taken else "camera") in live.previews,
        "progress": round(live.capture_progress, 3) if taking else None,
        "again": verbatim(step.reason) if step.reason and step.status != StepStatus.APPROVED else None,
        "trouble": _trouble(session),
        "tips": [text(f"{name}.tip.{number}") for number in (1, 2, 3)] if not taken else [],
        "why": text(f"{name}.why"),
        "actions": look if taken else [capture],
    }


def _same_manner(step: Step) -> Json:
    return {"manner": DESK_ONLY} if step.verdict == DESK_ONLY else {}


def _trouble(session: Session) -> Json | None:
    """What to do, under the banner that says what happened."""
    code = session.problem[0] if session.problem else ""
    return text(f"problem.{code}.do") if code in PROBLEMS and code.startswith("camera_") else None
