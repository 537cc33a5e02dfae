"""Packets of the real media path kept in a file, so that simulated candidates can send them again as they came."""

from pathlib import Path
from typing import Protocol

import msgspec

from candidate_agent.base.clock import SystemClock
from exam_protocol.records import Media, Track

VIDEO = (Track.SCREEN, Track.WEBCAM, Track.SCREEN_SMALL, Track.WEBCAM_SMALL)


class Sink(Protocol):
    def media(self, track: int, media: Media, *, key_frame: bool, taken_us: int) -> None: ...


class Packet(msgspec.Struct, frozen=True):
    """`taken_us` since the keeping began; `late_us`: what shaping, encoding and queueing took."""

    track: int
    media: Media
    key_frame: bool
    taken_us: int
    late_us: int


class Keeping:
    """A sink before a sink: from `begin` on, what passes is kept as well."""

    def __init__(self, sink: Sink) -> None:
        self._sink, self._clock = sink, SystemClock()
        self._began_us: int | None = None
        self._packets: list[Packet] = []

    def begin(self) -> None:
        self._packets, self._began_us = [], self._clock.monotonic_us()

    def media(self, track: int, media: Media, *, key_frame: bool, taken_us: int) -> None:
        if self._began_us is not None:
            late_us = self._clock.monotonic_us() - taken_us
            self._packets.append(Packet(track, media, key_frame, taken_us - self._began_us, late_us))
        self._sink.media(track, media, key_frame=key_frame, taken_us=taken_us)

    def write(self, path: Path) -> None:
        """Each picture track from its first key frame on, so that the whole can be played round and round."""
        self._began_us = None
        unfinished = path.with_suffix(".part")
        unfinished.write_bytes(msgspec.msgpack.encode(_from_key_frames(self._packets)))
        unfinished.rename(path)


def _from_key_frames(packets: list[Packet]) -> list[Packet]:
    kept, begun = [], set[int]()
    for packet in packets:
        if packet.key_frame or packet.track not in VIDEO:
            begun.add(packet.track)
        if packet.track in begun and packet.taken_us >= 0:
            kept.append(packet)
    return kept


def load(path: Path) -> list[Packet]:
    """In the order in which they were ready."""
    packets = msgspec.msgpack.decode(path.read_bytes(), type=list[Packet])
    return sorted(packets, key=lambda packet: packet.taken_us + packet.late_us)
