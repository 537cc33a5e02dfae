"""The findings and their rules, for people: the second part of docs/flags.md, see there how it is made.

The numbers are those of the rules themselves, so that page and program cannot differ.
"""

import sys

from candidate_agent.capture.analysis.rules import audio, camera, cover, gaze, light, objects, presence, spans
from exam_protocol.catalogue import FLAGS

GROUPS = ("identity", "presence", "gaze", "objects", "camera", "audio")

NOT_BUILT = {
    "FACE_CHANGED": "no rule makes it in this build, also where a policy names it: nothing here compares faces",
    "VOICE_SECOND": "no rule makes it in this build, also where a policy names it: nothing here tells voices apart",
}


def _s(us: int) -> str:
    return f"{us / 1e6:g} s"


RULES = {
    "ID_UNREADABLE": "by check-in, not by a model that runs in the exam",
    "FACE_ABSENT": f"no face scores {presence.FACE_DOUBTFUL:g} or more (j) for {_s(presence.ABSENT_US)}; ends with one "
    f"of {presence.FACE_SURE:g} (j) in two looks; low and said where the picture is dark; not counted while the camera "
    "is covered",
    "FACE_MULTIPLE": f"two faces or more for {_s(presence.MULTIPLE_US)} within {_s(presence.MULTIPLE_WITHIN_US)}; "
    f"a face lower than {presence.FACE_HEIGHT:.0%} of the picture (j) is not counted; a picture on the wall may be one",
    "SEAT_LEFT": f"no face and no person for {_s(presence.LEFT_US)} outside a break, told in the place of a longer "
    "FACE_ABSENT",
    "FACE_COVERED": f"the landmark model sees less than {cover.SEEN_ON:g} of a whole face (j), or colour and light of "
    f"the face's lower half differ from how they were to the upper by more than {cover.OTHER_ON:g} unit (j), for "
    f"{_s(cover.COVERED_US)}; ends above {cover.SEEN_OFF:g} and below {cover.OTHER_OFF:g} (j). A unit is a ratio of "
    f"{cover.UNITS[0]:g} in red or blue or of {cover.UNITS[2]:g} in light, in natural logarithms (j). A cover that was "
    "there from the start, one of the colour of the face (a hand), and one in too dark or too bright a picture are not "
    "found",
    "GAZE_AWAY_PATTERN": f"{gaze.EPISODES} times within {_s(gaze.PATTERN_US)} (j) {_s(gaze.EPISODE_US)} or longer in "
    f"one direction: {gaze.AWAY_DEG['left']:g} degrees to a side or up, {gaze.AWAY_DEG['down']:g} down (j), from how "
    f"this person sat in the first {_s(gaze.CALIBRATION_US)}; back below {gaze.BACK_SHARE:.0%} of that",
    "PHONE_VISIBLE": f"a phone scores {objects.PHONE_SCORE:g} (j) in {objects.NEEDED} of {objects.PICTURES} pictures",
    "BOOK_VISIBLE": f"a book scores {objects.BOOK_SCORE:g} (j) in {objects.NEEDED} of {objects.PICTURES} pictures",
    "CAMERA_VIRTUAL": "the camera is a program, by what Linux says of the device; no model is asked. Windows and "
    "macOS tell this program no names, so nothing is known there",
    "CAMERA_SWITCHED": "another camera is recorded than before, by what Linux says of the device; elsewhere "
    "only where its number differs",
    "CAMERA_LOST": "the camera gives no picture; it is tried again every second",
    "CAMERA_COVERED": f"the picture is darker than {light.COVERED_MEAN:g} and spreads less than "
    f"{light.COVERED_SPREAD:g} of 255 (j) for {_s(camera.COVERED_US)}; ends above {light.OPEN_MEAN:g} or "
    f"{light.OPEN_SPREAD:g} (j)",
    "CAMERA_DARK": f"the picture is darker than {light.DARK_MEAN:g} of 255, but not covered, for {_s(camera.DARK_US)} "
    f"(j); ends above {light.LIT_MEAN:g}",
    "CAMERA_FROZEN": f"the same picture to the last byte for {_s(camera.FROZEN_US)}",
    "MICROPHONE_SWITCHED": "another microphone is recorded than before, by what the system says",
    "MICROPHONE_MUTED": "the microphone gives exact silence",
    "MICROPHONE_SILENT": "the microphone gives nothing; it is tried again every second",
    "VOICE_NEAR": f"speech for {_s(audio.SPEECH_US)} within {_s(audio.SPEECH_WITHIN_US)}; no words are kept, none are "
    f"known; again only after it fell to {_s(audio.SPEECH_OFF_US)}",
    "NOISE_HIGH": f"louder than {audio.NOISE_DBFS:g} dBFS without speech for {_s(audio.NOISE_US)} within "
    f"{_s(audio.NOISE_WITHIN_US)} (j)",
    **NOT_BUILT,
}

HEAD = f"""
## What is found in camera and sound

Made by `python -m candidate_agent.capture.analysis.rules.flag_table` from the rules. Models on the candidate's computer
look at up to two pictures a second and listen; rules turn what they tell over time into flags. Nothing leaves the
computer for it, nothing of it is kept but the flag, and a flag names the records around it. A policy can leave all of
it out. How often it errs, for whom and in which light: see [accuracy.md](accuracy.md).

Only time that was looked at counts: between two looks further apart than {_s(spans.LOOKED_US)} nothing is known, and in
a break nothing is looked at. Headphones are not looked for: no model here knows them. Feelings, moods and intentions
are not looked for either, nor who somebody is; a test holds that no part of an observation, a rule or a flag can say
so.

| flag | severity | raised when |
|---|---|---|
"""


def markdown() -> str:
    kinds = [kind for group in GROUPS for kind in FLAGS.values() if kind.group == group]
    return HEAD + "".join(f"| `{kind.code}` | {kind.severity.value} | {RULES[kind.code]} |\n" for kind in kinds)


if __name__ == "__main__":
    sys.stdout.write(markdown())
