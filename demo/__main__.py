"""`python -m demo`: one whole proctored sitting. With a display a person plays both sides; without one, scripts do."""

import argparse
import os
import sys
from pathlib import Path

OUTPUT_DIR = Path(__file__).parents[1] / "demo-output"


def main() -> int:
    args = _parser().parse_args()
    if args.scripted or not _has_person():
        from demo import scripted

        passed = scripted.run(args.output, keep=args.keep, say=_say)
        _say(f"demo: {'passed' if passed else 'FAILED'}; see {args.output}/report.html")
        return 0 if passed else 1
    from demo import interactive

    return interactive.run(args.output, keep=args.keep, say=_say)


def _has_person() -> bool:
    return bool(os.environ.get("DISPLAY")) and not os.environ.get("CI") and sys.stdin.isatty()


def _say(line: str) -> None:
    print(line, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="demo", description=__doc__)
    parser.add_argument("--scripted", action="store_true", help="play both sides by scripts, on a virtual computer")
    parser.add_argument("--keep", action="store_true", help="leave keys, server and agent data for a look afterwards")
    parser.add_argument("--output", type=Path, default=OUTPUT_DIR, help="folder for pictures, evidence and summary")
    return parser


if __name__ == "__main__":
    sys.exit(main())
