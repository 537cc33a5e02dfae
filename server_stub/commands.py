"""Proctors' commands on their way to an agent: signature, role, counter and expiry are checked, then it is stored and
relayed. What it says stays sealed; the agent checks everything again."""

import asyncio
import sqlite3
from contextlib import suppress

from exam_protocol import codec
from exam_protocol.errors import ProtocolError
from exam_protocol.messages import COMMAND_LIFETIME_MS, Command, CommandMessage, CommandRelayed
from exam_protocol.policy import Roster, on_duty
from exam_protocol.signing import DOMAIN_COMMAND, SignedDocument
from server_stub.bus import ToAgent, agent_topic
from server_stub.clock import Clock
from server_stub.live import Sessions
from server_stub.ports import Bus
from server_stub.registry import Registry

_ALL = frozenset({
    "chat", "admit", "refuse", "ask_again", "intervention", "pause", "resume", "end", "flag_decision", "raise_flag",
})  # fmt: skip
ROLE_MAY = {"proctor": _ALL, "lead": _ALL}
CLOCK_SLACK_MS = 5_000  # how far a proctor's clock may be ahead
MAX_COUNTER = 1 << 53


class Commands:
    def __init__(self, registry: Registry, sessions: Sessions, bus: Bus, clock: Clock) -> None:
        self._registry, self._sessions, self._bus, self._clock = registry, sessions, bus, clock
        self._under_way: set[bytes] = set()  # signatures: stored, and about to be published

    async def send(self, document: SignedDocument, *, proctor: str, exam_id: str) -> CommandRelayed:
        """What became of it; a refusal carries a stable code."""
        command_id = ""
        self._under_way.add(document.signature)
        try:
            command: Command = codec.decode(document.payload, Command)
            command_id = command.command_id[:100]
            self._check(command, document, proctor, exam_id)
            if not await asyncio.to_thread(self._registry.put_command, command, document):
                raise ProtocolError("counter_repeated", "This command was sent before.")
            if not self._publish(command, document):
                return CommandRelayed(command_id, "held")
            await self.delivered(command.session_id)
        except ProtocolError as error:
            return CommandRelayed(command_id, "refused", error.code)
        except sqlite3.Error:
            return CommandRelayed(command_id, "refused", "server_storage")
        finally:
            self._under_way.discard(document.signature)
        return CommandRelayed(command_id, "relayed")

    def _check(self, command: Command, document: SignedDocument, proctor: str, exam_id: str) -> None:
        now_ms = self._clock.wall_ms()
        roster = self._registry.roster(exam_id)
        entry = None if roster is None else next((e for e in on_duty(roster[1], now_ms) if e.id == proctor), None)
        if entry is None or command.proctor != proctor:
            raise ProtocolError("not_on_duty", "The roster does not name this proctor now.")
        document.open(DOMAIN_COMMAND, entry.sign_key)
        if command.kind not in ROLE_MAY.get(entry.role, frozenset()):
            raise ProtocolError("role_may_not", "This role may not send this command.")
        if not 0 <= command.counter < MAX_COUNTER:
            raise ProtocolError("damaged", "A counter is out of range.")
        if command.expires_ms <= now_ms:
            raise ProtocolError("command_expired", "This command is too old.")
        if command.expires_ms > now_ms + COMMAND_LIFETIME_MS + CLOCK_SLACK_MS:
            raise ProtocolError("command_too_long", "A command lives for 30 seconds at most.")
        session = self._sessions.info(command.session_id)
        if session is None or session.exam_id != exam_id:
            raise ProtocolError("session_unknown", "There is no such session in this exam.")
        if session.state == "ended":
            raise ProtocolError("session_ended", "This session has ended.")

    def _publish(self, command: Command, document: SignedDocument) -> bool:
        """False: no agent is connected; the next connection gets it, until it expires."""
        return self._bus.publish(agent_topic(command.session_id), ToAgent(CommandMessage(document))) > 0

    def held(self, session_id: bytes) -> list[CommandMessage]:
        """For an agent that comes back."""
        documents = self._registry.held_commands(session_id, self._clock.wall_ms())
        return [CommandMessage(document) for document in documents if document.signature not in self._under_way]

    async def delivered(self, session_id: bytes) -> None:
        """What was held was handed over."""
        with suppress(sqlite3.Error):  # at worst it is handed over twice, and the agent refuses a repeated counter
            await asyncio.to_thread(self._registry.mark_relayed, session_id)


def entry_on_duty(roster: Roster, proctor: str, now_ms: int) -> bool:
    return any(entry.id == proctor and entry.role in ROLE_MAY for entry in on_duty(roster, now_ms))
