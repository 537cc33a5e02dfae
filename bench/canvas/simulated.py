"""A simulated candidate: no devices and no encoders; real packets, encoded beforehand, come at the times at which they
came, and go through the real Recorder, Spool and Uplink. A child of bench/canvas/measure.py.
"""

import asyncio
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bench.canvas.candidate import Candidate, take_part
from bench.canvas.packets import Packet, load
from candidate_agent.base.clock import SystemClock


class Player:
    """Plays the packets round and round on a thread; again from their key frames when one is asked for."""

    def __init__(self, packets: list[Packet], candidate: Candidate, lag_s: float) -> None:
        self._packets, self._candidate, self._lag_s = packets, candidate, lag_s
        self._clock = SystemClock()
        self._stopping, self._again = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="player")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def ask_key(self, _: int) -> None:
        self._again.set()

    def _run(self) -> None:
        time.sleep(self._lag_s)  # so that not all candidates take their pictures at once
        length_us = max(packet.taken_us for packet in self._packets) + 200_000
        began_us = self._clock.monotonic_us()
        while not self._stopping.is_set():
            self._again.clear()
            self._round(began_us)
            began_us = self._clock.monotonic_us() if self._again.is_set() else began_us + length_us

    def _round(self, began_us: int) -> None:
        for packet in self._packets:
            wait_us = began_us + packet.taken_us + packet.late_us - self._clock.monotonic_us()
            if self._stopping.wait(max(0, wait_us) / 1e6) or self._again.is_set():
                return
            taken_us = began_us + packet.taken_us
            self._candidate.media(packet.track, packet.media, key_frame=packet.key_frame, taken_us=taken_us)


@contextmanager
def playing(candidate: Candidate, *, packets_path: Path, lag_s: float) -> Iterator[Callable[[str], None]]:
    player = Player(load(packets_path), candidate, lag_s)
    candidate.ask_key = player.ask_key
    player.start()
    try:
        yield lambda word: None
    finally:
        player.stop()


if __name__ == "__main__":
    path, lag = Path(sys.argv[1]), float(sys.argv[2])
    asyncio.run(take_part(sys.argv[3:], "simulated (benchmark)", partial(playing, packets_path=path, lag_s=lag)))
