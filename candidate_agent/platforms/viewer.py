"""Opens a file in the person's own viewer, as a double click would. Called by `hands` through `app`, after the
exam only.

What opens is no child of ours that ends with us: the desktop's own opener hands it over and returns.
"""

import os
import subprocess
import sys
import threading
from pathlib import Path


def opener(path: Path) -> list[str]:
    """Windows: through the shell that runs already, which is outside of the job that ends with us."""
    if sys.platform == "win32":
        return [os.path.join(os.environ.get("SYSTEMROOT", r"C:\Windows"), "explorer.exe"), str(path)]  # noqa: PTH118
    return ["/usr/bin/open", str(path)] if sys.platform == "darwin" else ["xdg-open", str(path)]


def open_file(path: Path) -> bool:
    """False where this system has nothing that opens files. Does not wait for what is opened."""
    try:
        opening = subprocess.Popen(  # noqa: S603 the desktop's own opener and a path of ours
            opener(path), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
    except OSError:
        return False
    threading.Thread(target=opening.wait, name="viewer", daemon=True).start()  # some openers stay as long as the viewer
    return True
