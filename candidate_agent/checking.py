"""`candidate-agent check`: the system checks alone, on this computer, without an exam. Called by `cli`.

What cannot be measured here says so, with the reason. Nothing of it is kept or sent; camera and microphone are on for
the seconds that it takes.
"""

import asyncio
import contextlib
import json
import shutil
import sys
import textwrap
from collections.abc import Callable
from functools import partial
from pathlib import Path

from candidate_agent.base.clock import SystemClock
from candidate_agent.base.errors import UsageError
from candidate_agent.base.files import private_dir, storing
from candidate_agent.capture import trial
from candidate_agent.capture.booth import Booth
from candidate_agent.checks import disk, runner
from candidate_agent.checks.base import Context, FoundProgram, Line, off_loop
from candidate_agent.config import Config
from candidate_agent.monitor import assistive
from candidate_agent.monitor.programs import SIGNED_SYSTEMS, ProgramList, Terms
from candidate_agent.monitor.running import RunningPrograms
from candidate_agent.platforms import select
from candidate_agent.platforms.ports import Platform
from candidate_agent.uplink.reach import Reached, reach
from candidate_agent.uplink.transport import Address, parse_address
from exam_protocol.catalogue import CHECKS
from exam_protocol.plain import plain
from exam_protocol.policy import Policy
from exam_protocol.records import CheckRow

STOPS_STATUS = 20
"""Exit status where a check failed that would keep this computer from an exam; docs/errors.md names it."""
INTERRUPTED_STATUS = 130  # as shells have it
OPEN_S, CLOSE_S = 2.5, 0.5  # for camera and microphone; the checks say what is missing
VERDICTS = {
    "pass": "fine", "warn": "could be better", "fail": "needs a remedy", "person": "a person decides",
    "unmeasured": "not measured",
}  # fmt: skip
NAME_WIDTH, VALUE_WIDTH, LEAST_WIDTH = 26, 30, 60


def check(config: Config, server_url: str, *, as_json: bool) -> int:
    """Raises ServerError `insecure_address`, StorageError, PlatformError `unsupported`."""
    address = parse_address(server_url) if server_url else None
    with storing():
        home_dir = private_dir(config.home_dir)
    platform = select.load()
    if not as_json:
        print("Measuring. This takes about 15 seconds; please say a sentence aloud.", file=sys.stderr, flush=True)
    try:
        rows = asyncio.run(_measure(platform, home_dir, address))
    except KeyboardInterrupt:
        return INTERRUPTED_STATUS
    print(_json(rows) if as_json else table(rows, shutil.get_terminal_size().columns))
    return STOPS_STATUS if stops(rows) else 0


def stops(rows: tuple[CheckRow, ...]) -> tuple[CheckRow, ...]:
    return tuple(row for row in rows if row.outcome == "fail" and CHECKS[row.code].blocks)


# --- measuring --------------------------------------------------------------------------------------------------------


async def _measure(platform: Platform, home_dir: Path, address: Address | None) -> tuple[CheckRow, ...]:
    booth = Booth(platform.cameras, platform.microphones)
    await _at_most(OPEN_S, booth.open)
    try:
        return await runner.run(context(platform, booth, home_dir, address))
    finally:
        await _at_most(CLOSE_S, booth.close)


async def _at_most(seconds: float, act: Callable[[], None]) -> None:
    """A device that hangs holds nobody up: its thread is left to itself."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await off_loop(act)


def context(platform: Platform, booth: Booth, home_dir: Path, address: Address | None) -> Context:
    """An ordinary exam's rules, and nothing of a server that nobody named."""
    policy, clock = Policy(), SystemClock()
    programs = ProgramList(
        Terms(categories=frozenset[str](policy.blocked_categories)), signed=platform.name in SIGNED_SYSTEMS
    )
    running = RunningPrograms(platform, programs)

    ask = partial(reach, address, clock) if address is not None else _nobody

    async def line() -> Line:
        return await off_loop(ask)

    return Context(
        platform=platform,
        policy=policy,
        spool_dir=home_dir,
        planned_spool_bytes=policy.duration_s * disk.PLANNED_BYTES_PER_S,
        picture=booth.picture,
        camera_problem=booth.camera_problem,
        sound=lambda: booth.samples() if booth.microphone else None,
        line=line,
        programs=lambda: tuple(FoundProgram(program.name) for program in running.now()),
        assistive=partial(assistive.count, platform, programs.allows),
        download=lambda: ask().file,
        encoder=partial(trial.speed, policy.profile),
        wall_ms=clock.wall_ms,
        has_server=address is not None,
    )


def _nobody() -> Reached:
    raise UsageError("not_connected", "There is no exam server to ask.")


# --- telling ----------------------------------------------------------------------------------------------------------


def _json(rows: tuple[CheckRow, ...]) -> str:
    fields = ("code", "outcome", "value", "unit", "threshold", "remedy")
    told = [{name: getattr(row, name) for name in fields} for row in rows]
    return json.dumps({"checks": told}, indent=2, ensure_ascii=True)


def table(rows: tuple[CheckRow, ...], width: int) -> str:
    """One line for each check, and below those that are not fine what is wanted and what to do."""
    width = max(width, LEAST_WIDTH)
    lines = [line for row in rows for line in _lines(row, width)]
    stopping = stops(rows)
    looks = sum(row.outcome != "pass" for row in rows)
    end = (
        f"{len(stopping)} of these would keep this computer from an exam."
        if stopping
        else f"Nothing keeps this computer from an exam; {looks} of {len(rows)} lines say something more."
        if looks
        else "This computer is ready."
    )
    return "\n".join([*map(plain, lines), "", end])


def _lines(row: CheckRow, width: int) -> list[str]:
    kind = CHECKS[row.code]
    head = f"{kind.title:<{NAME_WIDTH}} {measured(row):<{VALUE_WIDTH}} {VERDICTS[row.outcome]}"
    if row.outcome == "pass":
        return [head]
    said = [f"wanted: {row.threshold}"] if row.threshold else []
    return [head, *(part for text in (*said, row.remedy) for part in _indented(text, width))]


def measured(row: CheckRow) -> str:
    value = "" if row.value is None else row.value if isinstance(row.value, str) else f"{row.value:g}"
    unit = row.unit.removesuffix("s") if row.value == 1 and len(row.unit) > 1 else row.unit
    return f"{value} {unit}".strip() if value else "-"


def _indented(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, initial_indent="    ", subsequent_indent="    ")
