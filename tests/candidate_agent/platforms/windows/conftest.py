"""Files named `test_on_*` need Windows, or Wine (`make wine-test`); the others are pure and run everywhere."""

import sys

collect_ignore_glob = [] if sys.platform == "win32" else ["test_on_*.py"]
