"""How many programs run that help people to see, hear or type. Counted, never named. Called by the check `assistive`
through `app`.
"""

from collections.abc import Callable

from candidate_agent.monitor.programs import Patterns, normal_name
from candidate_agent.monitor.published import ASSISTIVE_INPUT
from candidate_agent.platforms.ports import Platform, Unsupported

OUTPUT = (
    "orca", "brltty", "espeakup", "kmag", "xzoom", "magnus", "kmousetool", "nvda_slave", "narrator", "magnify",
    "zoomtext*", "zt", "fusion", "supernova*", "jaws*", "voiceover", "voiceover utility", "livecaptions",
    "read&write*", "texthelp*", "claroread*", "kurzweil*", "irisvision*", "eyetracker*", "tobii.eyex*", "eviacam",
)  # fmt: skip
"""Screen readers, magnifiers, Braille, captions, reading aids, eye and head trackers. Names as `published` has them."""


def count(platform: Platform, allows: Callable[[tuple[str, ...]], bool]) -> tuple[int, int]:
    """How many run, and how many of them neither the exam nor an accommodation allows. One name counts once."""
    port = platform.processes
    processes = () if isinstance(port, Unsupported) else port.processes()
    helping = Patterns({name: name for name in (*ASSISTIVE_INPUT, *OUTPUT)})
    found: dict[str, bool] = {}
    for process in processes:
        for name in map(normal_name, process.names):
            known = helping.find(name)
            if known is not None:
                found[known] = found.get(known, False) or allows(process.names)
    return len(found), sum(not allowed for allowed in found.values())
