"""`python -m candidate_agent` and the `candidate-agent` command."""

import os
import sys

ONE_THREAD = ("OPENBLAS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""Read by numpy when it is imported. Its threads wait for each other in busy loops: on a busy computer a comparison of
faces took 18 times the processor time that it takes on one."""


def main() -> None:
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")
    from candidate_agent.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
