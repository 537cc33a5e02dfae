"""What the candidate sees, as a pure function of the session: one JSON object that the page draws. No text here, only
keys of `assets/locales/*.json` with parameters; sentences that come from people or checks travel as `{"text":
...}`.

`app` calls `view` after every step of the session machine and once a second. The parts of single screens:
`screens`.
"""

from typing import Any

from candidate_agent.session import adapting, breaks, parting, sitting
from candidate_agent.session.consent import REREADABLE, compared, is_reread
from candidate_agent.session.states import BEFORE_EXAM, EXAM_VISIBLE, OVER, Phase, Session, StepStatus
from candidate_agent.ui import languages, screens
from candidate_agent.ui.arranged import arranged
from candidate_agent.ui.screens.breaks import breaks_left
from candidate_agent.ui.screens.hints import hints
from candidate_agent.ui.screens.problem import PROBLEMS
from candidate_agent.ui.screens.programs import open_programs
from candidate_agent.ui.screens.reports import reports
from candidate_agent.ui.words import Json, Live, action, duration, hour, size, text, verbatim

RAIL = ("consent", "system", "you", "room", "waiting", "exam")
_OPEN = (StepStatus.NOT_YET, StepStatus.TAKEN, StepStatus.ASKED_AGAIN)
_SCREEN = {
    Phase.IDLE: "joining",
    Phase.JOINING: "joining",
    Phase.CONSENTING: "consent",
    Phase.REFUSED: "refused",
    Phase.CHECKING: "checks",
    Phase.LOCKING: "joining",
    Phase.RUNNING: "exam",
    Phase.OFFLINE: "exam",
    Phase.PAUSED: "paused",
    Phase.FAILING: "over",
    Phase.UNLOCKING: "over",
    Phase.DONE: "over",
    Phase.ENDED: "over",
}
_RAIL_AT = {"consent": 0, "checks": 1, "identity": 2, "room": 3, "waiting": 4}
_CHATTING = BEFORE_EXAM | {Phase.LOCKING, Phase.RUNNING, Phase.OFFLINE, Phase.PAUSED, Phase.PARTING}
_BEHIND = OVER | {Phase.PARTING}  # the exam is behind the candidate: no rail, no clock
_WORKING = frozenset({Phase.RUNNING, Phase.OFFLINE, Phase.PAUSED})
_STRIP = frozenset({"exam"})
_NOT_YET_IN = frozenset({Phase.IDLE, Phase.OUTSIDE, Phase.JOINING})


def view(session: Session, *, now_us: int, wall_ms: int, live: Live) -> dict[str, Any]:
    """JSON for the page. `now_us` is monotonic, `wall_ms` Unix time; `live` is what only the program knows."""
    screen = screen_of(session, wall_ms)
    package = session.package
    language = languages.best(session.language)
    return {
        "screen": screen,
        "phase": session.phase.value,
        "language": language,
        "direction": languages.direction(language),
        "languages": [{"id": code, "name": name} for code, name in languages.NAMES.items()],
        "exam": {"title": package.title if package else "", "institution": package.institution if package else ""},
        "candidate": session.candidate_name,
        "rail": _rail(session),
        "clock": _clock(session, now_us, wall_ms),
        "practice": live.practice,
        "banners": [*_practice(session, live), *_back(session), *_banners(session, screen, now_us, wall_ms)],
        "notices": _notices(session),
        "programs": open_programs(session) if session.phase in _WORKING else [],
        "chat": _chat(session),
        "link": _link(session, live),
        "captured": _captured(session, live),
        "strip": _strip(session) if screen in _STRIP else None,
        "breaks": breaks_left(session),
        "reports": reports(session, now_us, wall_ms),
        "cues": {"sound": session.cue_sound, "visual": session.cue_visual},
        "leave": session.leave_asked,
        "arranged": arranged(session),
        "text_size": session.accommodations.text_size,
        "texts": session.phase in REREADABLE and screen != "reread",
        "contact": verbatim(package.contact if package else ""),
        "note": text("step.final") if _is_sent_next(session, screen) else None,
        **_with_report(screens.DRAW[screen](session, live, now_us, wall_ms), live),
    }


def screen_of(session: Session, wall_ms: int) -> str:
    if session.problem and session.phase in (Phase.IDLE, Phase.JOINING):
        return "problem"
    if session.phase is Phase.OUTSIDE:
        return "closed" if session.package and wall_ms > session.package.closes_ms else "early"
    return "reread" if is_reread(session) else _place_of(session)


def _place_of(session: Session) -> str:
    """Where on the way the session is, whatever is read meanwhile."""
    if session.phase in (Phase.IDENTIFYING, Phase.WAITING):
        return _step_screen(session)
    if session.phase is Phase.PARTING:
        return "paper" if parting.paper_is_open(session) else "survey"
    return "break" if breaks.on_break(session) else _SCREEN[session.phase]


def _step_screen(session: Session) -> str:
    """Whatever is asked for again comes first, then what was not done yet, then waiting."""
    if session.id_card.status in _OPEN:
        return "identity"
    return "room" if session.room.status in _OPEN else "waiting"


def _is_sent_next(session: Session, screen: str) -> bool:
    """The candidate looks at a picture: what is sent cannot be taken back, and is said before."""
    step = {"identity": session.id_card, "room": session.room}.get(screen)
    return step is not None and step.status is StepStatus.TAKEN


def _rail(session: Session) -> list[dict[str, str]]:
    if session.phase in _BEHIND or breaks.on_break(session):
        return []
    here = 5 if session.phase not in BEFORE_EXAM else _RAIL_AT[_place_of(session)]
    here = -1 if session.phase in _NOT_YET_IN else here
    skipped = _skipped(session)
    return [
        {"id": name, "state": _rail_state(session, name, number, here)}
        for number, name in enumerate(RAIL)
        if name not in skipped
    ]


def _skipped(session: Session) -> set[str]:
    policy = session.package.policy if session.package else None
    steps = {"you": policy is None or policy.id_card, "room": policy is None or policy.room_scan}
    return {name for name, asked in steps.items() if not asked}


def _rail_state(session: Session, name: str, number: int, here: int) -> str:
    step = {"you": session.id_card, "room": session.room}.get(name)
    if number == here:
        return "now"
    if step and step.status == StepStatus.ASKED_AGAIN:
        return "look"
    if step and step.status == StepStatus.SENT:
        return "sent"
    return "done" if number < here else "todo"


def _clock(session: Session, now_us: int, wall_ms: int) -> dict[str, Any] | None:
    """Time left in the exam once it was shown, else the time until it opens."""
    package = session.package
    if package is None or session.phase in _BEHIND or (wall_ms > package.closes_ms and not session.began_us):
        return None
    if session.began_us:
        left_s = max(0, sitting.total_s(session) - sitting.used_us(session, now_us) // 1_000_000)
        return text("clock.left", time=duration(left_s))
    if wall_ms < package.opens_ms:
        return text("clock.opens_in", time=duration((package.opens_ms - wall_ms) // 1000))
    return text("clock.open")


def _practice(session: Session, live: Live) -> list[dict[str, Any]]:
    """Said on every page but over the exam, where the bar says it in a word."""
    if not live.practice or session.phase in EXAM_VISIBLE:
        return []
    body = text("practice.report", path=live.report_path) if live.report_path else text("practice.banner")
    return [{"id": "practice", "tone": "calm", "body": body}]


def _back(session: Session) -> list[dict[str, Any]]:
    """Who closed the window, or whose program ended, reads on the first page that nothing is lost."""
    if session.phase not in BEFORE_EXAM or session.back_in is not session.phase:
        return []
    return [{"id": "back", "tone": "calm", "body": text("back.banner")}]


def _with_report(drawn: dict[str, Any], live: Live) -> dict[str, Any]:
    """After a practice its report can be opened from the last page."""
    if not live.report_path:
        return drawn
    return {**drawn, "actions": [action("open-report", "open_report"), *drawn["actions"]]}


def _banners(session: Session, screen: str, now_us: int, wall_ms: int) -> list[dict[str, Any]]:
    """What is not as it should be, most important first; never a reason to stop working."""
    banners: list[dict[str, Any]] = []
    if session.problem and (session.phase in BEFORE_EXAM | {Phase.PARTING} or breaks.on_break(session)):
        do = text(f"problem.{session.problem[0]}.do") if session.problem[0] in PROBLEMS else None
        more = do if breaks.on_break(session) or session.phase is Phase.WAITING else None
        banners.append({"id": "problem", "tone": "look", "body": _problem_line(session.problem), "more": more})
    if session.phase == Phase.OFFLINE:
        waiting = _waiting(session, now_us, wall_ms)
        banners.append({"id": "offline", "tone": "look", "body": text("offline.exam"), "more": waiting})
    elif not session.link_up and session.phase in BEFORE_EXAM and (session.link_since_us or screen != "consent"):
        banners.append({"id": "offline", "tone": "look", "body": text("offline.before")})
    elif not session.link_up and session.phase in (Phase.PAUSED, Phase.PARTING):
        banners.append({"id": "offline", "tone": "look", "body": text("offline.after")})
    return [*banners, *hints(session)]


def _waiting(session: Session, now_us: int, wall_ms: int) -> dict[str, Any] | None:
    """What waits to be sent, and since when."""
    since_ms = wall_ms - (now_us - session.link_since_us) // 1000 if session.link_since_us else wall_ms
    waits = session.backlog
    if not waits.records:
        return None
    return text("offline.waiting", count=waits.records, size=size(waits.bytes), since=hour(since_ms))


def _problem_line(problem: tuple[str, str]) -> dict[str, Any]:
    code, sentence = problem
    return text(f"problem.{code}.what") if code in PROBLEMS else verbatim(sentence)


def _notices(session: Session) -> list[dict[str, Any]]:
    """Interventions that still stand: all until they are acknowledged, the newest last."""
    if session.phase in OVER or session.phase == Phase.UNLOCKING:
        return []
    return [
        {
            "id": notice.command_id,
            "code": notice.code,
            "level": notice.level if notice.level in ("warning", "final") else "reminder",
            "body": verbatim(notice.text),
        }
        for notice in session.notices
        if not notice.acknowledged
    ]


def _chat(session: Session) -> dict[str, Any]:
    lines = [
        {
            "id": line.message_id,
            "mine": line.sender == "candidate",
            "sender": line.sender,
            "body": line.text,
            "at_ms": line.at_ms,
        }
        for line in session.chat
    ]
    return {"shown": session.phase in _CHATTING, "lines": lines, "unread": session.unread}


def _link(session: Session, live: Live) -> dict[str, Any]:
    slow = live.rtt_ms is not None and live.rtt_ms > 400
    state = "lost" if not session.link_up else "slow" if slow else "good"
    return {"state": state, "rtt_ms": live.rtt_ms, "up_bps": live.up_bps, "waiting": session.backlog.records}


def _captured(session: Session, live: Live) -> dict[str, Any]:
    return {
        "on": session.recording,
        "tracks": [{"id": track.name, "bytes_per_s": track.bytes_per_s} for track in live.captured],
        "pictures": sorted(live.previews & {"camera", "screen"}),
        "watchers": list(session.watchers),
        "findings": session.recording and session.package is not None and session.package.policy.findings,
        "compared": session.recording and bool(compared(session)),
        "profile": _profile(session),
    }


def _profile(session: Session) -> Json | None:
    """How fine the recording is now, in words; only while it is not as fine as the checks allowed."""
    now = adapting.profile_now(session)
    if not session.recording or now == adapting.most(session):
        return None
    return text("captured.profile.store" if now == "store" else "captured.profile.less")


def _strip(session: Session) -> dict[str, Any]:
    return {"hand": session.hand_raised, "offline": session.phase == Phase.OFFLINE}
