"""docs/accuracy.md from the rows of a run, and what was not tested. Called by `python -m bench.accuracy`."""

import platform

from bench.accuracy.rows import Row

HEAD = """# How accurate the findings are

Made by `make accuracy`, which runs the detectors and rules of the program, as they are, over pictures and sound that
others published in packages (fetched by pinned hash, never committed) and over composed scenes: people cut out of
photographs, set into rooms, their skin relit over the Monk scale, light from dark to bright. Last run on {machine},
Python {python}, in {minutes} minutes.

**Read this first.** Every finding points at a moment for a person to look at; none pauses, ends or scores anything.
The figures say how the detectors fare on these pictures. They do not say how they fare on your candidates: 26
photographs of 24 people are a small and partial sample, and relit skin is not other people's faces. “Very dark” has
no bar: the check before the exam asks for more light there.

"""

TAIL = """## What was not tested

- **Real candidates at real cameras.** No recording of anybody sitting an exam was used. Movement, posture and light
  are composed. “Honest time” is three minutes each of twenty people who read, look at the keys, lean, look aside and
  drink, as a script tells them.
- **People.** 26 photographs of 24 adults, three of them with darker skin, two with a beard, one old, four with glasses,
  four with a cap or hat, two with a hand at the face; most look near the camera. No child, no veil, no wheelchair, no
  visible difference of the face. Skin tones are relit, by the rule of how light is reflected, where skin could be told
  from hair and coloured light (24 of the 26); the faces beneath stay the same.
- **Glasses (drawn)** are rims without reflections, around the eyes where the face model sees them in the photograph,
  over real glasses too. **Turned faces** are rendered from the
  landmark model's own points, further than the photograph shows them, so they say how the rules take a turn, and little
  about how well the model measures one.
- **Covers**: a face that is wholly hidden is found as absent. Masks and scarves are drawn, and come after eight
  seconds without one; one that was there from the start, a hand, and one in a very dark or overexposed picture are
  not found.
- **Objects**: one photograph of one phone in a hand, at one angle; one book in two hands and one laptop, cut out and
  laid before others. No rule tells of a laptop: the object model's sight of one is told here alone. Headphones are not
  looked for.
- **Precision** is over the plays of planted events, which hold few honest minutes: how often a flag is wrong in an exam
  is what the honest hour says.
- **Speech**: one labelled talk of two people over 30 s, and one woman's voice prompts. No child's voice, no
  whispering, no other languages, no singing; the music is five pieces, a minute of each.
- **Another face and another voice** (opt-in): nobody was filmed while somebody else took their seat. The faces are a
  few photographs each, so time, tiredness, beards and masks are missing; the voices read prompts in studios, so a room,
  a moved microphone, whispering and loud talk are missing. The limit for voices was chosen on these voices.
- Two faces on a poster or a screen behind the candidate count as faces.
"""


def markdown(rows: list[Row], seconds: float) -> str:
    machine = f"{platform.system()} {platform.machine()}"
    text = HEAD.format(machine=machine, python=platform.python_version(), minutes=round(seconds / 60))
    for title in dict.fromkeys(row.table for row in rows):
        text += _table(title, [row for row in rows if row.table == title])
    return text + TAIL


def _table(title: str, rows: list[Row]) -> str:
    head = "| group | people | found | of | share | bar |\n|---|---|---|---|---|---|\n"
    return f"## {title[0].upper()}{title[1:]}\n\n" + head + "".join(map(_line, rows)) + "\n"


def _line(row: Row) -> str:
    who = f"{row.people}" if row.people else ""
    return f"| {row.group} | {who} | {row.found:g} | {row.of} | {_share(row)} | {_bar(row)} |\n"


def _share(row: Row) -> str:
    return f"{row.found:g}" if row.of == 1 else f"{100 * row.share:.1f} %"


def _bar(row: Row) -> str:
    if row.bar is None:
        return ""
    limit = f"{row.bar:g}" if row.of == 1 else f"{100 * row.bar:g} %"
    return f"{'at most' if row.at_most else 'at least'} {limit}: {'met' if row.holds else '**missed**'}"
