"""Shows the sample states that it is told on standard input in the real window, and "way-out" over the exam. One line
out for each that is there. Started by `test_on_the_bus.py`.
"""

import sys

from candidate_agent.ui.bridge import Bridge
from candidate_agent.ui.view_model import view
from candidate_agent.ui.windows import Windows
from tests.candidate_agent.ui.stage import run_script, until
from tests.candidate_agent.ui.states import NOW_US, STATES, WALL_MS


def main() -> None:
    windows = Windows(Bridge(lambda event: None))
    windows.run(lambda: _obey(windows))


def _obey(windows: Windows) -> None:
    for line in sys.stdin:
        name = line.strip()
        if name == "way-out":
            windows.enter_exam()
            windows._ask(lambda: windows._way_out.open() if windows._way_out else None)
        else:
            _show(windows, name)
        print(name, flush=True)
    windows.close()


def _show(windows: Windows, name: str) -> None:
    state = STATES[name]
    drawn = view(state.session, now_us=NOW_US, wall_ms=WALL_MS, live=state.live)
    windows.publish(drawn)
    shown = "document.querySelector('#screen')?.dataset.screen"
    until(lambda: run_script(windows, shown) == drawn["screen"], name, 30.0)


if __name__ == "__main__":
    main()
