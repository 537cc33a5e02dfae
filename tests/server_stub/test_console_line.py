"""What a proctor's console is shown, what it may send, and that a slow one slows nobody."""

import asyncio
import os

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from exam_protocol import messages as m
from exam_protocol.records import Lane, Track
from tests.server_stub.client import Console, cookie, log_in, request, until
from tests.server_stub.conftest import Exam

LIVE = (Track.CONTROL, Track.FLAGS, Track.SCREEN, Track.AUDIO)


@pytest.fixture
def proctored(exam: Exam) -> Exam:
    exam.server.add_proctor("amal")
    exam.server.add_proctor("bo")
    return exam


async def test_a_console_is_welcomed_with_package_roster_and_sessions(proctored: Exam) -> None:
    agent = proctored.candidate()
    async with Console.connected(proctored.server, "amal") as console:
        welcome = await console.hear(m.ConsoleWelcome)
    assert (welcome.proctor, welcome.package) == ("amal", proctored.office.package)
    assert welcome.roster == proctored.office.rosters[-1]
    assert [session.session_id for session in welcome.sessions] == [agent.session_id.hex()]
    assert (welcome.sessions[0].candidate_name, welcome.sessions[0].connected) == ("Kim Doe", False)


async def test_a_session_changes_on_every_console_as_the_agent_says(proctored: Exam) -> None:
    agent = proctored.candidate()
    async with (
        Console.connected(proctored.server, "amal") as one,
        Console.connected(proctored.server, "bo") as two,
    ):
        await one.hear(m.ConsoleWelcome)
        await two.hear(m.ConsoleWelcome)
        agent.state("waiting")
        async with agent.line(proctored.server) as line:
            await line.send_all()
            for console in (one, two):
                await until(lambda c=console: c.messages[-1].session.state == "waiting", "waiting")
                assert console.messages[-1].session.connected
        await until(lambda: not one.messages[-1].session.connected, "link lost")
        assert one.messages[-1].session.wrap_key == agent.wrap.public_key


async def test_a_candidate_who_enrols_appears_on_the_console(proctored: Exam) -> None:
    async with Console.connected(proctored.server, "amal") as console:
        assert (await console.hear(m.ConsoleWelcome)).sessions == ()
        agent = await asyncio.to_thread(proctored.candidate)
        session = (await console.hear(m.SessionChanged)).session
    assert (session.session_id, session.state, session.connected) == (agent.session_id.hex(), "joined", False)


async def test_a_watcher_gets_what_was_stored_and_then_what_comes_each_once_and_in_order(proctored: Exam) -> None:
    agent = proctored.candidate()
    for number in range(200):
        agent.chat(f"before {number}")
    agent.picture(key_frame=True)
    await agent.bring(proctored.server)
    async with Console.connected(proctored.server, "amal") as console, agent.line(proctored.server) as line:
        await console.hear(m.ConsoleWelcome)
        await console.send(m.Watch(agent.session_id.hex(), LIVE))
        for number in range(50):
            agent.chat(f"after {number}")
            await line.send_all()
        await until(lambda: len(console.records) >= len(agent.lanes[0]), "all control records")
        assert console.records == agent.lanes[0]


async def test_pictures_start_live_at_a_key_frame_and_the_agent_is_asked_for_one(proctored: Exam) -> None:
    agent = proctored.candidate()
    async with (
        Console.connected(proctored.server, "amal") as console,
        agent.line(proctored.server) as control,
        agent.line(proctored.server, Lane.MEDIA) as media,
    ):
        await control.send_all()
        await console.send(m.Watch(agent.session_id.hex(), LIVE))
        assert (await control.hear(m.KeyFrameWanted)).track == Track.SCREEN
        assert (await control.hear(m.Watched)).proctors == ("amal",)
        agent.picture()
        agent.picture(track=Track.WEBCAM, key_frame=True)
        wanted = [agent.picture(key_frame=True), agent.picture(), agent.picture(track=Track.AUDIO)]
        await media.send_all()
        await until(lambda: len(console.of_track(Track.SCREEN, Track.AUDIO)) == 3, "three live records")
        assert console.of_track(Track.SCREEN, Track.WEBCAM, Track.AUDIO) == wanted
        await console.send(m.Unwatch(agent.session_id.hex()))
        assert (await control.hear(m.Watched, 2)).proctors == ()


async def test_a_console_that_never_reads_slows_neither_uploads_nor_other_consoles(proctored: Exam) -> None:
    agent = proctored.candidate()
    async with (
        Console.connected(proctored.server, "bo", reads=False) as deaf,
        Console.connected(proctored.server, "amal") as console,
        agent.line(proctored.server) as control,
        agent.line(proctored.server, Lane.MEDIA) as media,
    ):
        await control.send_all()
        for each in (deaf, console):
            await each.send(m.Watch(agent.session_id.hex(), LIVE))
        await control.hear(m.KeyFrameWanted)
        await until(lambda: control.heard(m.Watched)[-1].proctors == ("amal", "bo"), "both watch")
        for number in range(600):  # 60 MB: more than the deaf console's queue and every buffer of the line
            agent.picture(os.urandom(100_000), key_frame=number % 20 == 0)
        await media.send_all()
        assert media.position == 600
        await until(lambda: console.of_track(Track.SCREEN)[-1:] == agent.lanes[1][-1:], "the newest picture")
        late = asyncio.create_task(deaf.read())
        dropped = await deaf.hear(m.ConsoleDropped)
        assert (dropped.session_id, dropped.track) == (agent.session_id.hex(), Track.SCREEN)
        await until(lambda: deaf.of_track(Track.SCREEN)[-1:] == agent.lanes[1][-1:], "the newest picture")
        assert deaf.of_track(Track.LEDGER) == agent.lanes[0]
        late.cancel()


async def test_a_command_reaches_the_agent_as_it_was_signed(proctored: Exam) -> None:
    agent = proctored.candidate()
    async with Console.connected(proctored.server, "amal") as console, agent.line(proctored.server) as line:
        await line.send_all()
        document = proctored.office.command("amal", agent.session_id, 1)
        await console.send(m.SendCommand(document))
        assert (await line.hear(m.CommandMessage)).document == document
        assert await console.hear(m.CommandRelayed) == m.CommandRelayed("amal-1", "relayed")


async def test_a_command_waits_for_an_agent_that_is_away_and_is_given_once(proctored: Exam) -> None:
    agent = proctored.candidate()
    async with Console.connected(proctored.server, "amal") as console:
        document = proctored.office.command("amal", agent.session_id, 1)
        await console.send(m.SendCommand(document))
        assert (await console.hear(m.CommandRelayed)).outcome == "held"
        async with agent.line(proctored.server) as line:
            assert (await line.hear(m.CommandMessage)).document == document
            await line.send(m.Ping(1))
            await line.hear(m.Pong)
        async with agent.line(proctored.server) as line:
            await line.send(m.Ping(1))
            await line.hear(m.Pong)
            assert not line.heard(m.CommandMessage)


async def test_commands_that_may_not_be_are_refused_with_a_code(proctored: Exam) -> None:
    office, agent = proctored.office, proctored.candidate()
    good = office.command("amal", agent.session_id, 5)
    forged = m.SignedDocument(good.payload.replace(b"chat", b"cham"), good.key, good.signature)
    tries = [
        (good, ""),
        (good, "counter_repeated"),
        (office.command("amal", agent.session_id, 4), "counter_repeated"),
        (forged, "bad_signature"),
        (office.command("bo", agent.session_id, 9), "not_on_duty"),
        (office.command("amal", os.urandom(16), 6), "session_unknown"),
        (office.command("amal", agent.session_id, 7, lifetime_ms=-1), "command_expired"),
        (office.command("amal", agent.session_id, 8, lifetime_ms=90_000), "command_too_long"),
        (office.command("amal", agent.session_id, 9, "become_lead"), "role_may_not"),
    ]
    async with Console.connected(proctored.server, "amal") as console, agent.line(proctored.server) as line:
        for count, (document, code) in enumerate(tries, 1):
            await console.send(m.SendCommand(document))
            assert (await console.hear(m.CommandRelayed, count)).code == code
        assert len(line.heard(m.CommandMessage)) == 1


async def test_a_new_roster_reaches_agents_and_consoles_and_ends_who_left(proctored: Exam) -> None:
    agent = proctored.candidate()
    async with (
        Console.connected(proctored.server, "amal") as leaves,
        Console.connected(proctored.server, "bo") as stays,
        agent.line(proctored.server) as line,
    ):
        await stays.hear(m.ConsoleWelcome)
        roster = proctored.office.make_roster("bo", "chris")
        assert request(proctored.server.url, "PUT", "/api/office/roster", roster).status == 204
        assert (await line.hear(m.RosterMessage, 2)).document == roster
        assert (await stays.hear(m.RosterMessage)).document == roster
        assert (await leaves.hear(m.Refused)).code == "not_on_duty"
        await until(lambda: leaves.is_gone, "the end of the console")


async def test_one_person_watches_eight_candidates_at_most(proctored: Exam) -> None:
    codes = [f"MANY-{number}" for number in range(9)]
    proctored.server.publish(proctored.office, *codes)
    agents = [proctored.candidate(code) for code in codes]
    async with Console.connected(proctored.server, "amal") as console:
        for agent in agents:
            await console.send(m.Watch(agent.session_id.hex(), LIVE))
        assert (await console.hear(m.Refused)).code == "too_many_watched"
        await console.send(m.Unwatch(agents[0].session_id.hex()))
        await console.send(m.Watch(agents[8].session_id.hex(), LIVE))
        await console.send(m.Ping(1))
        await console.hear(m.Pong)
        assert len(console.heard(m.Refused)) == 1


@pytest.mark.parametrize("garbage", ["", "{", "[]", '{"type":"watch"}', '{"type":"ack","position":1}', b"\0\1"])
async def test_garbage_from_a_console_is_told_and_changes_nothing(proctored: Exam, garbage: str | bytes) -> None:
    async with Console.connected(proctored.server, "amal") as console:
        await console.socket.send(garbage)
        assert (await console.hear(m.Refused)).code == "damaged"
        await console.send(m.Ping(3))
        assert (await console.hear(m.Pong)).id == 3


async def test_a_page_from_elsewhere_gets_no_console(proctored: Exam) -> None:
    with pytest.raises(InvalidStatus):
        async with Console.connected(proctored.server, "amal", origin="https://elsewhere.test"):
            pass


async def test_logging_out_ends_the_console(proctored: Exam) -> None:
    async with Console.connected(proctored.server, "amal") as console:
        await console.hear(m.ConsoleWelcome)
        header = console.socket.request.headers["Cookie"]  # type: ignore[union-attr]
        await asyncio.to_thread(request, proctored.server.url, "POST", "/api/logout", None, {"Cookie": header})
        assert (await console.hear(m.Refused)).code == "logged_out"
        with pytest.raises(ConnectionClosed):
            await until(lambda: console.is_gone, "the end")
            await console.send(m.Ping(1))


async def test_a_login_sets_a_strict_cookie_and_a_wrong_one_is_slowed_down(proctored: Exam) -> None:
    answer = log_in(proctored.server, "amal")
    given = answer.headers["set-cookie"]
    for part in ("__Host-session=", "Secure", "HttpOnly", "SameSite=strict", "Path=/"):
        assert part in given
    codes = [log_in(proctored.server, "amal", "wrong").code for _ in range(6)]
    assert codes == ["login_wrong"] * 5 + ["rate_limited"]
    assert log_in(proctored.server, "nobody", "wrong").code == "login_wrong"


async def test_a_cross_site_login_is_refused(proctored: Exam) -> None:
    answer = request(
        proctored.server.url,
        "POST",
        "/api/login",
        {"id": "amal", "password": "x"},
        {"Origin": "https://elsewhere.test"},
    )
    assert answer.code == "origin_foreign"
    assert cookie(proctored.server, "amal").startswith("__Host-session=")
