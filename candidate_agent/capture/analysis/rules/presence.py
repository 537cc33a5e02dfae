"""Rules about who is in the picture: nobody, or more than one. Pure; asked by `findings`.

A face between FACE_DOUBTFUL and FACE_SURE neither begins an absence nor ends it at once, nor does one sure look.
Who somebody is, is not asked.
"""

from collections.abc import Callable
from typing import Any

from candidate_agent.base.findings import Finding, since
from candidate_agent.capture.analysis.observations import FacesSeen, ObjectsSeen
from candidate_agent.capture.analysis.rules.light import Light
from candidate_agent.capture.analysis.rules.spans import LOOKED_US, Lasting, Within, whole_s
from exam_protocol.catalogue import Severity

ABSENT_US = 15_000_000
LEFT_US = 30_000_000
MULTIPLE_US, MULTIPLE_WITHIN_US, MULTIPLE_OFF_US = 3_000_000, 10_000_000, 1_000_000
FACE_SURE = 0.8  # (j) of the face model
FACE_DOUBTFUL = 0.6  # (j) below it the model tells of no face at all
FACE_HEIGHT = 0.05  # (j) of the picture: a smaller one is not counted as another person
PERSON_SCORE = 0.3  # (j) low: somebody who may be there has not left


class PresenceRules:
    def __init__(self, light: Light) -> None:
        self._light = light
        self._absent, self._left = Lasting(ABSENT_US), Lasting(LEFT_US)
        self._several = Within(MULTIPLE_US, MULTIPLE_WITHIN_US, MULTIPLE_OFF_US)
        self._faceless: tuple[int, bool | None] | None = None  # the newest look for faces
        self._was_sure = False  # whether the look before saw a sure face
        self.judges: dict[type, Callable[[Any], list[Finding]]] = {
            FacesSeen: self._see_faces, ObjectsSeen: self._see_objects,
        }  # fmt: skip

    def forget(self) -> None:
        self._faceless, self._was_sure = None, False
        for counted in (self._absent, self._left, self._several):
            counted.forget()

    def _see_faces(self, seen: FacesSeen) -> list[Finding]:
        """A covered camera sees nobody, and that says nothing about who sits there."""
        if self._light.covered(seen.at_us):
            self.forget()
            return []
        faceless = self._without_face(seen)
        self._faceless = (seen.at_us, faceless)
        if faceless is False:
            self._left.forget()
        return self._see_absence(faceless, seen.at_us) + self._see_several(seen)

    def _without_face(self, seen: FacesSeen) -> bool | None:
        best = max((face.score for face in seen.faces), default=0.0)
        was_sure, self._was_sure = self._was_sure, best >= FACE_SURE
        if best < FACE_DOUBTFUL:
            return True
        return False if was_sure and self._was_sure else None

    def _see_absence(self, faceless: bool | None, at_us: int) -> list[Finding]:
        since_us = self._absent.see(faceless, at_us)
        if since_us is None:
            return []
        gone_s = whole_s(at_us - since_us)
        if self._light.dark(at_us):
            reason, weight = f"No face for {gone_s} s; the picture is dark.", Severity.LOW.value
        else:
            reason, weight = f"No face for {gone_s} s.", ""
        return [Finding("FACE_ABSENT", reason, since_us, at_us, severity=weight, numbers=(("seconds", gone_s),))]

    def _see_several(self, seen: FacesSeen) -> list[Finding]:
        count = sum(face.score >= FACE_SURE and face.height >= FACE_HEIGHT for face in seen.faces)
        together_us = self._several.see(count > 1, seen.at_us)
        if together_us is None:
            return []
        reason = f"{count} faces for {whole_s(together_us)} s within {whole_s(MULTIPLE_WITHIN_US)} s."
        numbers = {"faces": count, "seconds": whole_s(together_us)}
        return [since("FACE_MULTIPLE", reason, self._several.since_us, seen.at_us, **numbers)]

    def _see_objects(self, seen: ObjectsSeen) -> list[Finding]:
        """Told in the place of a longer FACE_ABSENT: neither a face nor a person."""
        if self._faceless is None or seen.at_us - self._faceless[0] > LOOKED_US:
            return []
        person = any(one.label == "person" and one.score >= PERSON_SCORE for one in seen.objects)
        since_us = self._left.see(False if person else self._faceless[1], seen.at_us)
        if since_us is None:
            return []
        gone_s = whole_s(seen.at_us - since_us)
        reason = f"No face and no person for {gone_s} s."
        return [since("SEAT_LEFT", reason, since_us, seen.at_us, seconds=gone_s)]
