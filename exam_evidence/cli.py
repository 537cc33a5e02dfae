"""`exam-evidence`: verify, open and report on an exported bundle. Needs no server. Parses arguments, prints, exits.

Exit status: 0 whole, 1 something is wrong, 2 usage, 3 no bundle or no room to write, 11 the key does not fit.
"""

import argparse
import getpass
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from exam_evidence import words
from exam_evidence.bundle import BundleReader
from exam_evidence.findings import EvidenceError
from exam_evidence.ledger import read_ledger, session_id_of
from exam_evidence.opening import Reader, make_opener, read_key
from exam_evidence.verify import verify
from exam_protocol import codec
from exam_protocol.errors import ProtocolError
from exam_protocol.plain import plain


def main(argv: Sequence[str] | None = None) -> int:
    args = _parser().parse_args(argv)
    try:
        status: int = args.run(args)
    except (EvidenceError, ProtocolError) as error:
        print(f"exam-evidence: {plain(str(error))}", file=sys.stderr)
        return error.exit_status if isinstance(error, EvidenceError) else 3
    return status


def _verify(args: argparse.Namespace) -> int:
    with BundleReader(args.bundle) as reader:
        verdict = verify(reader, args.root, _opens(reader, _reader(args)) if args.key else None)
    _print(verdict, words.verdict(verdict), as_json=args.json)
    return 0 if verdict.whole else 1


def _open(args: argparse.Namespace) -> int:
    from exam_evidence.export import export  # the movie library is loaded only where movies are made

    with BundleReader(args.bundle) as reader:
        opened = export(reader, _reader(args), args.out, None if args.no_side_by_side else _progress)
    _print(opened, words.opened(opened, args.out), as_json=args.json)
    return 1 if opened.findings else 0


def _progress(share: float) -> None:
    """One line that is written over, where a person looks on."""
    if sys.stderr.isatty():
        print(f"\rside-by-side.mp4 {share:4.0%}", end="\n" if share == 1 else "", file=sys.stderr, flush=True)


def _report(args: argparse.Namespace) -> int:
    from exam_evidence.facts import gather
    from exam_evidence.report import render

    with BundleReader(args.bundle) as reader:
        who = _reader(args)
        verdict = verify(reader, args.root, _opens(reader, who))
        page = render(gather(reader, who, verdict))
    try:
        args.out.write_text(page, encoding="utf-8")
    except OSError as error:
        raise EvidenceError("out_unwritable", f"{args.out} cannot be written: {error.strerror}.") from error
    print(f"Report written to {args.out}.")
    return 0 if verdict.whole else 1


def _opens(reader: BundleReader, who: Reader) -> Callable[[bytes], bool]:
    return make_opener(read_ledger(reader, session_id_of(reader, reader.manifest())), who).fits


def _print(value: object, text: str, *, as_json: bool) -> None:
    print(msgspec.json.format(codec.encode(value), indent=2).decode() if as_json else text)


def _reader(args: argparse.Namespace) -> Reader:
    return read_key(args.key, _passphrase(args.passphrase_file))


def _fingerprint(text: str) -> str:
    """As people may have copied it: any case, with or without hyphens."""
    digits = text.strip().lower().replace("-", "").replace(" ", "")
    return "-".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def _passphrase(path: Path | None) -> str:
    if path is None:
        if not sys.stdin.isatty():
            raise EvidenceError("passphrase_missing", "There is nobody to ask; use --passphrase-file.", 2)
        return getpass.getpass("Passphrase: ")
    try:
        return path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise EvidenceError("passphrase_missing", f"{path} cannot be read.", 2) from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="exam-evidence", description="Verify and open the evidence of one session.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    check = _command(commands, "verify", _verify, "is the record whole, signed and complete?", key_needed=False)
    check.add_argument(
        "--root", required=True, type=_fingerprint, metavar="FINGERPRINT", help="of the institution's root key"
    )
    check.add_argument("--json", action="store_true")
    show = _command(commands, "open", _open, "write movies, pictures and entries into a folder")
    show.add_argument("--out", required=True, type=Path, metavar="DIR")
    show.add_argument(
        "--no-side-by-side", action="store_true", help="leave out the one film of everything: it takes minutes"
    )
    show.add_argument("--json", action="store_true")
    report = _command(commands, "report", _report, "write a first integrity report as one HTML page")
    report.add_argument(
        "--root", required=True, type=_fingerprint, metavar="FINGERPRINT", help="of the institution's root key"
    )
    report.add_argument("--out", required=True, type=Path, metavar="FILE")
    return parser


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, run: Callable[..., int], text: str,
    *, key_needed: bool = True,
) -> argparse.ArgumentParser:  # fmt: skip
    parser = commands.add_parser(name, help=text, description=text)
    parser.add_argument("bundle", type=Path, metavar="BUNDLE")
    extra = "" if key_needed else "; names a damaged record exactly where checkpoints cannot"
    parser.add_argument("--key", required=key_needed, type=Path, metavar="KEYFILE", help="proctor's or archive" + extra)
    parser.add_argument("--passphrase-file", type=Path, metavar="FILE", help="otherwise it is asked for")
    parser.set_defaults(run=run)
    return parser


if __name__ == "__main__":
    sys.exit(main())
