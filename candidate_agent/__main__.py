"""`python -m candidate_agent` and the `candidate-agent` command."""

import sys

from candidate_agent.cli import run


def main() -> None:
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
