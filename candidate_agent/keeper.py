"""The second process: gives the computer back when the agent's pipe ends without a "done".

Started by `platforms.keeper_process`. It imports the standard library, `platforms` and three modules of `lockdown`, so
that it still works when the agent does not. Run by hand: `python -m candidate_agent.keeper UNDO_LOG`.
"""

import json
import signal
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from candidate_agent.base.errors import AgentError
from candidate_agent.lockdown.restore import RestoreReport, restore
from candidate_agent.platforms import select
from candidate_agent.platforms.keeper_process import unpacked
from candidate_agent.platforms.ports import ClipboardContent, ClipboardPort, Unsupported
from candidate_agent.platforms.private_memory import keep_off_disk

EXIT_LEFT = 17  # as RestoreError: something could not be put back


@dataclass(slots=True)
class Heard:
    """What came through the pipe before it ended."""

    done: bool = False
    clipboard: ClipboardContent = ()


def listen(lines: Iterable[bytes]) -> Heard:
    """Reads to the end of the pipe or to "done". A torn line is what a dying agent leaves: it is passed over."""
    heard = Heard()
    for line in lines:
        try:
            said = json.loads(line)
            if not isinstance(said, dict):
                continue
            if "clipboard" in said:
                heard.clipboard = unpacked(said["clipboard"])
        except (ValueError, TypeError):
            continue
        if said.get("done"):
            heard.done = True
            break
    return heard


def main(arguments: list[str] | None = None) -> int:
    given = sys.argv[1:] if arguments is None else arguments
    if len(given) != 1:
        print("usage: python -m candidate_agent.keeper UNDO_LOG", file=sys.stderr)
        return 2
    keep_off_disk()
    _stay()
    settings, clipboard = select.settings(), select.clipboard()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    heard = listen(sys.stdin.buffer)
    if heard.done:
        return 0
    report = restore(Path(given[0]), settings)
    return _say(report, _put_back(clipboard, heard.clipboard))


def _stay() -> None:
    """Lives as long as the agent's pipe: a signal to the whole desktop session must not take it first."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)


def _put_back(clipboard: ClipboardPort | Unsupported, content: ClipboardContent) -> str:
    """What is left of the clipboard, in words; "" where it is as it was."""
    if not content or isinstance(clipboard, Unsupported):
        return ""
    try:
        clipboard.put_back(content)
    except AgentError as error:
        return error.text
    return ""


def _say(report: RestoreReport, clipboard: str) -> int:
    for name, outcome in report.measures.items():
        print(f"{name}: {outcome}", file=sys.stderr)
    if clipboard:
        print(clipboard, file=sys.stderr)
    return 0 if report.restored and not clipboard else EXIT_LEFT


if __name__ == "__main__":
    sys.exit(main())
