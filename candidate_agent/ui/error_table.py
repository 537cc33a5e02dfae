"""Every error in one table, from the codes and the candidate's own texts:
`python -m candidate_agent.ui.error_table > docs/errors.md`.
"""

import json
import sys
from importlib import resources

from candidate_agent.base.errors import KINDS

HEAD = """# What can stop an exam, and what to do

Made by `python -m candidate_agent.ui.error_table`; a test says when it is out of date, and another that every place
that raises an error uses a code of this table.

- **Before the window** (package, link, computer): one sentence and `[code]` on standard error, and the exit status.
  Where standard error is not a terminal and a desktop answers, a plain box shows the same with what to do, so that
  somebody who clicked on a link is not left with nothing. `candidate-agent start --no-window` is for scripts: no box.
- **Outside the exam's time** the window opens: too early it counts down and check-in begins by itself; too late it
  names the contact, and closing it ends with the status of `outside_window`.
- **In the window, while joining** (server, launch code, disk): the page shows all columns, and "Try again" where the
  cause may pass. Closing the window ends with the code's exit status.
- **During check-in** camera, microphone, disk and session type are rows of the check, each with its remedy; "check
  again" measures anew, a camera connected meanwhile included. Closing the window there ends with 0: the session is
  kept and goes on at the next start. A second agent and a server that will not have us stand in a line on top.
- **During the exam** nothing stops because of a lost line or a full disk: it is said and recorded as a gap. What ends
  the exam gives the computer back first; the last page names the cause. An exam that ended in order ends with 0.
- **`candidate-agent check`** ends with 0, or with 20 where a check failed that would keep this computer from an exam
  (a bad display, camera, microphone, disk, system or server). What could not be measured is not a fail.

What a session recorded is deleted only after the server's receipt; no error of this table deletes anything. A fault
of the program itself is `unexpected`: one sentence for the candidate, one line in the log with the place.
"""


def markdown() -> str:
    path = resources.files("candidate_agent.ui") / "assets" / "locales" / "en.json"
    texts: dict[str, str] = json.loads(path.read_text("utf-8"))
    lines = ["| status | code | what the candidate reads | what it means | what to do |", "|---|---|---|---|---|"]
    for kind in KINDS:
        for code in kind.codes:
            cells = [texts[f"problem.{code}.{part}"] for part in ("what", "means", "do")]
            lines.append(f"| {kind.exit_status} | `{code}` | {' | '.join(cells)} |")
    return "\n".join([HEAD, *lines, ""])


if __name__ == "__main__":
    sys.stdout.write(markdown())
