"""Rules about what the microphone hears: speech, and how loud it is besides. Pure; asked by `findings`.

No words are kept, and none are known: speech is a span of time here. Speech is no noise, so a second with both counts
as speech alone; because a span is told when it ends, seconds are judged for noise a little later.
"""

from collections import deque
from collections.abc import Callable
from typing import Any

from candidate_agent.base.findings import Finding, since
from candidate_agent.capture.analysis.observations import SoundLevel, SpeechSpan
from candidate_agent.capture.analysis.rules.spans import Within, whole_s

SPEECH_US, SPEECH_WITHIN_US, SPEECH_OFF_US = 5_000_000, 30_000_000, 2_000_000
NOISE_DBFS, QUIET_DBFS = -30.0, -35.0  # the first is that of the check before the exam
NOISE_US, NOISE_WITHIN_US, NOISE_OFF_US = 20_000_000, 30_000_000, 5_000_000  # (j)
QUIET_US = 4_000_000  # (j) a loud room that has been quiet for so long is not loud any more
SETTLED_US = 4_000_000  # (j) a second is judged for noise when so much time has passed: speech is told in pieces
LEVEL_US = 1_000_000
MAX_SPANS = 64


class AudioRules:
    def __init__(self) -> None:
        self._speech = Within(SPEECH_US, SPEECH_WITHIN_US, SPEECH_OFF_US)
        self._noise = Within(NOISE_US, NOISE_WITHIN_US, NOISE_OFF_US)
        self._spans: deque[SpeechSpan] = deque(maxlen=MAX_SPANS)
        self._waiting: deque[SoundLevel] = deque(maxlen=MAX_SPANS)
        self._loud = False
        self.judges: dict[type, Callable[[Any], list[Finding]]] = {
            SpeechSpan: self._hear_speech, SoundLevel: self._hear_level,
        }  # fmt: skip

    def forget(self) -> None:
        self._spans.clear()
        self._waiting.clear()
        self._loud = False
        for counted in (self._speech, self._noise):
            counted.forget()

    def standing(self, now_us: int) -> frozenset[str]:
        return frozenset({"NOISE_HIGH"} if self._noise.stands(now_us, SETTLED_US + QUIET_US) else ())

    def _hear_speech(self, heard: SpeechSpan) -> list[Finding]:
        self._spans.append(heard)
        spoken_us = self._speech.add(heard.from_us, heard.to_us)
        if spoken_us is None:
            return []
        spoken_s = whole_s(spoken_us)
        reason = f"Speech for {spoken_s} s within {whole_s(SPEECH_WITHIN_US)} s."
        return [since("VOICE_NEAR", reason, self._speech.since_us, heard.to_us, seconds=spoken_s)]

    def _hear_level(self, heard: SoundLevel) -> list[Finding]:
        self._waiting.append(heard)
        found = []
        while self._waiting and heard.at_us - self._waiting[0].at_us >= SETTLED_US:
            found += self._judge_level(self._waiting.popleft())
        return found

    def _judge_level(self, level: SoundLevel) -> list[Finding]:
        self._loud = level.dbfs > (QUIET_DBFS if self._loud else NOISE_DBFS)
        from_us = level.at_us - LEVEL_US
        spoken = any(span.from_us < level.at_us and span.to_us > from_us for span in self._spans)
        if not self._loud or spoken:
            self._noise.see(False, level.at_us)
            return []
        loud_us = self._noise.add(from_us, level.at_us)
        if loud_us is None:
            return []
        loud_s = whole_s(loud_us)
        reason = f"Louder than {NOISE_DBFS:g} dBFS without speech for {loud_s} s within {whole_s(NOISE_WITHIN_US)} s."
        numbers = {"seconds": loud_s, "dbfs": round(level.dbfs, 1)}
        return [since("NOISE_HIGH", reason, self._noise.since_us, level.at_us, **numbers)]
