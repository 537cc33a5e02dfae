"""All checks at once, in time, whatever one of them does."""

import asyncio
import dataclasses
import threading
import time

import pytest

from candidate_agent.base.errors import ServerError
from candidate_agent.checks import base, runner
from candidate_agent.checks.base import Context
from exam_protocol.catalogue import ASKED, CHECKS
from exam_protocol.records import CheckRow

from .conftest import Computer, Line


def test_every_row_of_the_catalogue_has_a_check_but_those_that_a_click_begins() -> None:
    assert runner.CHECKS.keys() == CHECKS.keys() - ASKED


def test_all_deadlines_together_stay_under_twenty_seconds() -> None:
    def ends_s(code: str) -> float:
        plan = runner.CHECKS[code]
        return plan.deadline_s + max(runner.LINE_S if plan.after_line else 0.0, *map(ends_s, plan.after), 0.0)

    assert max(map(ends_s, runner.CHECKS)) <= 20


async def test_on_a_good_computer_everything_passes_and_each_row_is_told_once(context: Context) -> None:
    told: list[CheckRow] = []
    rows = await runner.run(context, emit=told.append)
    assert [row.code for row in rows] == [code for code in CHECKS if code not in ASKED]
    assert {row.code: row.outcome for row in rows if row.outcome != "pass"} == {"framing": "person"}  # nobody is there
    assert sorted(told, key=lambda row: row.code) == sorted(rows, key=lambda row: row.code)
    assert all(row.unit == ("" if isinstance(row.value, str) else CHECKS[row.code].unit) for row in rows)


async def test_one_check_can_be_asked_for_alone(context: Context) -> None:
    assert [row.code for row in await runner.run(context, "disk")] == ["disk"]


async def test_the_line_is_measured_once_and_the_disk_only_afterwards(context: Context, computer: Computer) -> None:
    order: list[str] = []

    async def line() -> Line:
        order.append("line begins")
        await asyncio.sleep(0.05)
        order.append("line ends")
        return Line()

    def write_speed(_: object) -> float:
        order.append("disk")
        return 100e6

    computer.disk_write_bytes_per_s = write_speed  # type: ignore[method-assign,assignment]
    await runner.run(dataclasses.replace(context, line=line))
    assert order == ["line begins", "line ends", "disk"]


async def test_a_check_that_hangs_is_unmeasured_and_holds_up_nobody(
    context: Context, computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    hang = threading.Event()

    def displays() -> tuple[()]:
        hang.wait()
        return ()

    computer.displays = displays  # type: ignore[method-assign]
    monkeypatch.setitem(runner.CHECKS, "displays", dataclasses.replace(runner.CHECKS["displays"], deadline_s=0.1))
    began = time.monotonic()
    rows = {row.code: row for row in await runner.run(context)}
    hang.set()
    assert (rows["displays"].outcome, rows["displays"].remedy) == ("unmeasured", base.ADVICE["too_long"])
    assert rows["memory"].outcome == "pass"
    assert time.monotonic() - began < 8


async def test_a_check_that_breaks_is_unmeasured(context: Context, computer: Computer) -> None:
    def facts() -> None:
        raise PermissionError("/proc")

    computer.facts = facts  # type: ignore[method-assign,assignment]
    (row,) = await runner.run(context, "memory")
    assert row.outcome == "unmeasured" and "PermissionError" in row.remedy


async def test_without_a_server_one_check_fails_and_the_others_say_why_they_could_not_measure(
    context: Context,
) -> None:
    async def line() -> Line:
        raise ServerError("server_unreachable", "The exam server cannot be reached.")

    rows = {row.code: row for row in await runner.run(dataclasses.replace(context, line=line))}
    assert (rows["server"].outcome, rows["server"].value) == ("fail", "not reached")
    assert {rows[code].outcome for code in ("network_up", "network_down", "delay", "clock", "client")} == {"unmeasured"}
    assert rows["clock"].advice == "problem.server_unreachable.what"
    assert rows["disk"].outcome == "pass"


async def test_where_there_is_no_server_to_ask_nobody_waits_for_one(context: Context) -> None:
    async def line() -> Line:
        raise AssertionError("nobody asks")

    rows = {row.code: row for row in await runner.run(dataclasses.replace(context, line=line, has_server=False))}
    asks = [code for code, plan in runner.CHECKS.items() if plan.asks_server]
    assert {rows[code].advice for code in asks} == {"any.no_server"}
    assert {rows[code].outcome for code in asks} == {"unmeasured"}


async def test_the_encoders_run_when_nothing_looks_at_the_camera_any_more(context: Context) -> None:
    told: list[str] = []
    await runner.run(context, emit=lambda row: told.append(row.code))
    assert told.index("camera") < told.index("framing") < told.index("encoder")
