"""The findings and their rules, for people: the second part of docs/flags.md, see there how it is made.

The numbers are those of the rules themselves, so that page and program cannot differ.
"""

import sys

from candidate_agent.capture.analysis import likeness as compared
from candidate_agent.capture.analysis.rules import (
    audio,
    camera,
    cover,
    gaze,
    light,
    likeness,
    objects,
    presence,
    spans,
)
from exam_protocol.catalogue import FLAGS

GROUPS = ("identity", "presence", "gaze", "objects", "camera", "audio")


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
    "FACE_CHANGED": f"**opt-in**: the largest face is less like the first {compared.FACES} that were seen well than "
    f"{likeness.FACE_LIKE:g} (the network's own limit) in {likeness.HITS} looks within {_s(likeness.HITS_WITHIN_US)}, "
    f"one each {_s(compared.EVERY_US)}; looks at a face that is turned, small or half hidden do not count. In trials: "
    f"{likeness.FACE_TRIALS.words('other faces')} person",
    "VOICE_SECOND": f"**opt-in**: a stretch of 1.6 s of speech is less like the first {compared.VOICES} of the exam "
    f"than {likeness.VOICE_LIKE:g} (j) in {likeness.HITS} stretches within {_s(likeness.HITS_WITHIN_US)}. In trials: "
    f"{likeness.VOICE_TRIALS.words('other voices')} voice; two men on one telephone line were not told apart",
}

HEAD = f"""
## What is found in camera and sound

Made by `python -m candidate_agent.capture.analysis.rules.flag_table` from the rules. Models on the candidate's computer
look at up to two pictures a second and listen; rules turn what they tell over time into flags. Nothing leaves the
computer for it, nothing of it is kept but the flag, and a flag names the records around it. A policy can leave all of
it out. How often it errs, for whom and in which light: see [accuracy.md](accuracy.md).

Only time that was looked at counts: between two looks further apart than {_s(spans.LOOKED_US)} nothing is known, and in
a break nothing is looked at. Headphones are not looked for: no model here knows them, and what the sound device says
is only whether a plug is in (see below). Feelings, moods and intentions are not looked for either, nor who somebody
is; a test holds that no part of an observation, a rule or a flag can say so.

| flag | severity | raised when |
|---|---|---|
"""


TAIL = """
**Opt-in** findings compare a face or a voice with that of the start. They are weak, and off unless the policy names
them in `opt_in_findings` *and* the candidate says yes on a page of its own; a no costs nothing. Only then are their two
models read and any numbers computed. The numbers stay in the agent's memory until it ends (a system may swap memory
out); no observation, record, log or file has a place for them, and a test looks for them in what leaves. The comparison
is with whoever was there at the start, not with the identity picture: an exchange before the start is not found, a
restart of the program begins anew, and a first voice that is not the candidate's own makes theirs the other one.
Of 15 people who look at the camera 208 of 210 exchanges were found, of women in group photographs 20 of 28; nine
others, turned aside, under a hat or with a hand at the face, were not compared at all: an exchange with them is missed.
Beards, masks, colds, whispering and a moved microphone were not tried. Networks of this kind are known to err more for
some groups of people than for others; the trials here are too few to say for whom.

**HEADPHONES_SEEN** of the catalogue is not made. No class of the object model knows headphones. The sound device could
say on which port the sound goes out, but a plug is not a head: the headphone socket of most computers feeds speakers as
well, Bluetooth devices often name no form, many USB headsets name themselves a sound card, and on Windows and macOS
nothing here reads it. So it would be silent for most and wrong for some. What is said instead is a fact:
`AUDIO_ROUTE_CHANGED` when the sound goes to another output during the exam, and the room scan shows what lies there.
"""


def markdown() -> str:
    kinds = [kind for group in GROUPS for kind in FLAGS.values() if kind.group == group]
    rows = "".join(f"| `{kind.code}` | {kind.severity.value} | {RULES[kind.code]} |\n" for kind in kinds)
    return HEAD + rows + TAIL


if __name__ == "__main__":
    sys.stdout.write(markdown())
