"""`exam-office`: what an institution does before an exam.

Parses arguments, calls `make` and `publish`, prints what came of it.
"""

import argparse
import getpass
import json
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from exam_office import keyfile, make
from exam_office.errors import USAGE, OfficeError
from exam_office.files import read
from exam_office.office import Office
from exam_office.publish import publish
from exam_protocol.plain import plain
from exam_protocol.policy import ExamAccess

Result = dict[str, str]


def main(argv: Sequence[str] | None = None) -> int:
    args = _parser().parse_args(argv)
    try:
        result: Result = args.run(args)
    except OfficeError as error:
        print(f"exam-office: {plain(str(error))}", file=sys.stderr)
        return error.exit_status
    _show(result, as_json=args.json)
    return 0


def _show(result: Result, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(result, ensure_ascii=False))
        return
    for name, value in result.items():
        print(f"{name + ':':12}{plain(str(value))}")


def _init(args: argparse.Namespace) -> Result:
    return make.init(args.directory, args.institution, _passphrase(args, confirm=True))


def _package(args: argparse.Namespace) -> Result:
    return make.package(
        Office(args.directory), _passphrase(args), args.config,
        server_url=args.server, server_key=args.server_key, out=args.out, now=datetime.now(UTC),
    )  # fmt: skip


def _roster(args: argparse.Namespace) -> Result:
    code = args.access_code or _text(args.access_code_file) if args.access_code or args.access_code_file else ""
    seb = [_text(path) if path else "" for path in (args.seb_config_key_file, args.seb_exam_key_file)]
    access = ExamAccess(args.address, code, tuple(args.origin or [make.origin_of(args.address)]), *seb)
    cards = [keyfile.card(path) for path in args.card]
    return make.roster(Office(args.directory), _passphrase(args), args.exam, cards, access, now_ms=_now_ms())


def _launch_code(args: argparse.Namespace) -> Result:
    seat = make.Seat(
        args.candidate,
        args.name,
        args.minutes,
        args.extra_time,
        tuple(args.mute or ()),
        tuple(args.allow or ()),
        args.text_size,
        args.extra_breaks,
    )
    return make.launch_code(Office(args.directory), _passphrase(args), args.exam, seat, now_ms=_now_ms())


def _publish(args: argparse.Namespace) -> Result:
    return publish(Office(args.directory), args.server, args.exam, now_ms=_now_ms())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="exam-office", description="Keys and signed documents of an institution.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    init = _command(commands, "init", _init, "make the institution's keys")
    init.add_argument("--institution", required=True, metavar="NAME")

    package = _command(commands, "package", _package, "sign an exam package")
    package.add_argument("--config", required=True, type=Path, help="an exam, see exam_office/example.toml")
    package.add_argument("--server", required=True, metavar="URL")
    package.add_argument("--server-key", required=True, metavar="HEX", help="the server's key, as it prints it")
    package.add_argument("--out", required=True, type=Path)

    roster = _command(commands, "roster", _roster, "sign who may see and admit")
    roster.add_argument("--exam", required=True, metavar="ID")
    roster.add_argument("--card", required=True, type=Path, nargs="+", action="extend", help="proctors' public cards")
    roster.add_argument("--address", required=True, metavar="URL", help="the exam page")
    code = roster.add_mutually_exclusive_group(required=True)
    code.add_argument("--access-code", metavar="CODE")
    code.add_argument("--access-code-file", type=Path, metavar="FILE", help="keeps the code out of the process list")
    roster.add_argument(
        "--origin", action="append", metavar="URL",
        help="what the exam page may reach beside its own address: https://host[:port]; https://*.name for all below",
    )  # fmt: skip
    for name, said in (("config", "Config Key"), ("exam", "Browser Exam Key")):
        roster.add_argument(
            f"--seb-{name}-key-file", type=Path, metavar="FILE",
            help=f"the {said} (64 hexadecimal digits), where the platform expects Safe Exam Browser",
        )  # fmt: skip

    ticket = _command(commands, "launch-code", _launch_code, "let one candidate start")
    ticket.add_argument("--exam", required=True, metavar="ID")
    ticket.add_argument("--candidate", required=True, metavar="ID")
    ticket.add_argument("--name", required=True)
    ticket.add_argument("--minutes", type=int, default=10, help="how long the code can be used (10)")
    ticket.add_argument("--extra-time", type=int, default=0, metavar="S", help="seconds")
    ticket.add_argument("--extra-breaks", type=int, default=0, metavar="N", help="beside those of the policy")
    ticket.add_argument("--mute", action="append", metavar="FLAG", help="a flag not to raise for this candidate")
    ticket.add_argument("--allow", action="append", metavar="PROGRAM", help="an assistive program")
    ticket.add_argument(
        "--text-size", type=int, choices=(100, 125, 150, 200), default=100, help="of the program's own pages, percent"
    )

    send = _command(commands, "publish", _publish, "bring the signed documents to the server", keys=False)
    send.add_argument("--server", required=True, metavar="URL")
    send.add_argument("--exam", default="", metavar="ID", help="only this exam")
    return parser


def _command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, run: object, text: str,
             *, keys: bool = True) -> argparse.ArgumentParser:  # fmt: skip
    parser = commands.add_parser(name, help=text, description=text)
    parser.add_argument("directory", type=Path, metavar="DIR", help="the office's folder")
    if keys:
        parser.add_argument("--passphrase-file", type=Path, metavar="FILE", help="otherwise it is asked for")
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    parser.set_defaults(run=run)
    return parser


def _passphrase(args: argparse.Namespace, *, confirm: bool = False) -> str:
    if args.passphrase_file:
        return _text(args.passphrase_file)
    if not sys.stdin.isatty():
        raise OfficeError(
            "passphrase_missing", "There is nobody to ask for the passphrase; use --passphrase-file.", USAGE
        )
    passphrase = getpass.getpass("Passphrase: ")
    if confirm and getpass.getpass("Once more: ") != passphrase:
        raise OfficeError("passphrase_differs", "The two passphrases differ.", USAGE)
    return passphrase


def _text(path: Path) -> str:
    return read(path).decode(errors="replace").rstrip("\r\n")


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


if __name__ == "__main__":
    sys.exit(main())
