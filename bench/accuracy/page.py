"""docs/accuracy.md from the rows of a run, and what was not tested. Called by `python -m bench.accuracy`."""

import platform

from bench.accuracy.rows import Row

HEAD = """# How accurate the findings are

Made by `make accuracy`, which runs the detectors and rules of the program, as they are, over pictures and sound that
others published in packages (fetched by pinned hash, never committed) and over composed scenes: people cut out of
photographs, set into rooms, their skin relit over the Monk scale, light from dark to bright. Last run on {machine},
Python {python}.

**Read this first.** Every finding points at a moment for a person to look at; none pauses, ends or scores anything.
The figures say how the detectors fare on these pictures. They do not say how they fare on your candidates: eight
photographs of six people are a small and partial sample, and relit skin is not other people's faces. “Very dark” has
no bar: the check before the exam asks for more light there.

"""

TAIL = """## What was not tested

- **Real candidates at real cameras.** No recording of anybody sitting an exam was used. Movement, posture and light
  are composed.
- **People.** Eight photographs of adults, most of them looking into the camera; no child, no veil, no beard longer
  than stubble, no wheelchair, no visible difference of the face. Skin tones are relit, the faces beneath stay the same.
- **Glasses** are drawn rims without reflections. **Turned faces** are rendered from the landmark model's own points,
  so they say how the rules take a turn, and little about how well the model measures one.
- **Covers**: a face that is wholly hidden is found as absent. FACE_COVERED was planted as a drawn mask over mouth and
  chin; the landmark model hardly doubts such a face, so that this finding is to be expected rarely.
- **Objects**: one photograph of one phone in a hand, at one angle, in several rooms. Books and laptops were not
  planted: no picture of somebody with one could be had under a licence that fits. Headphones are not looked for.
- **Speech**: one labelled talk of two people over 30 s, and one woman's voice prompts. No child's voice, no
  whispering, no other languages, no singing; the music is five pieces, a minute of each.
- **Another face and another voice** (opt-in): nobody was filmed while somebody else took their seat. The faces are a
  few photographs each, so time, tiredness, beards and masks are missing; the voices read prompts in studios, so a room,
  a moved microphone, whispering and loud talk are missing. The limit for voices was chosen on these voices.
- Two faces on a poster or a screen behind the candidate count as faces.
"""


def markdown(rows: list[Row]) -> str:
    text = HEAD.format(machine=f"{platform.system()} {platform.machine()}", python=platform.python_version())
    for title in dict.fromkeys(row.table for row in rows):
        text += _table(title, [row for row in rows if row.table == title])
    return text + TAIL


def _table(title: str, rows: list[Row]) -> str:
    head = f"## {title[0].upper()}{title[1:]}\n\n| group | found | of | share | bar |\n|---|---|---|---|---|\n"
    return (
        head
        + "".join(f"| {row.group} | {row.found} | {row.of} | {_share(row)} | {_bar(row)} |\n" for row in rows)
        + "\n"
    )


def _share(row: Row) -> str:
    return f"{row.found}" if row.of == 1 else f"{100 * row.share:.1f} %"


def _bar(row: Row) -> str:
    if row.bar is None:
        return ""
    limit = f"{row.bar:g}" if row.of == 1 else f"{100 * row.bar:g} %"
    return f"{'at most' if row.at_most else 'at least'} {limit}: {'met' if row.holds else '**missed**'}"
