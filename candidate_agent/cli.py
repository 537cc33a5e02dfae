"""The command line: start, practice, restore, send, export, capabilities, check. Prints one sentence and the code
of what went wrong, and exits so.
"""

import argparse
import functools
import importlib
import os
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from candidate_agent.base.errors import AgentError, PackageError, RestoreError, UnexpectedError, UsageError
from candidate_agent.base.logs import Log
from candidate_agent.config import SCHEME, Config, Launch, default_home, parse_link
from candidate_agent.platforms import large_memory
from candidate_agent.platforms.private_memory import keep_off_disk
from candidate_agent.ui import languages
from candidate_agent.ui.environment import DEMO, draw_by_processor, preloaded, strip_environment
from exam_protocol.plain import plain
from exam_protocol.version import BUILD

if TYPE_CHECKING:
    from candidate_agent import practice
    from candidate_agent.app import App


def run(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
    except AgentError as error:
        _tell(options, error)
        return error.exit_status
    except Exception as error:  # whatever it is: a sentence for the person, the trace for us
        Log(sys.stderr).line("unexpected", error=type(error).__name__, where=_where(error))
        unexpected = UnexpectedError("unexpected", "The exam program failed in a way it does not know.")
        _tell(options, unexpected)
        return unexpected.exit_status
    return status


def _where(error: Exception) -> str:
    """The innermost call first."""
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))


def _tell(options: argparse.Namespace, error: AgentError) -> None:
    """On standard error; and in a box where a candidate who clicked on a link would otherwise see nothing at all."""
    print(f"candidate-agent: {plain(error.text)} [{plain(error.code)}]", file=sys.stderr, flush=True)
    if not getattr(options, "box", False) or sys.stderr.isatty():
        return
    from candidate_agent.platforms import select

    if select.desktop_answers():
        from candidate_agent.ui import problem_box

        problem_box.show(error, getattr(options, "language", ""))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="candidate-agent", description="Takes you through a proctored exam.")
    parser.add_argument("--version", action="version", version=BUILD)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, what: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=what, description=f"{what[0].upper()}{what[1:]}.")

    start = add("start", "start an exam from its link or package file")
    start.add_argument("exam", help=f"{SCHEME}://… link, or a package file")
    start.add_argument("--root", default="", help="the institution's fingerprint, with a package file")
    start.add_argument("--code", default="", help="your launch code, with a package file")
    start.set_defaults(run=_start)
    practice = add("practice", "try everything, without an exam; nothing leaves this computer")
    practice.add_argument("--short", action="store_true", help="one minute of exam, and no pictures of the room")
    practice.set_defaults(run=_practice)
    for command in (start, practice):
        _sitting_options(command)
    restore = add("restore", "put back whatever an exam left changed on this computer")
    restore.set_defaults(run=_restore)
    send = add("send", "send what earlier exams left on this computer, without a window")
    send.add_argument("--language", default="en", help="of the receipt")
    send.add_argument("--give-up", type=float, default=60.0, metavar="SECONDS", help="how long to wait for the server")
    send.set_defaults(run=_send)
    export = add("export", "a copy of what this computer has of your exams, as a ZIP file")
    export.add_argument("out", type=Path, metavar="OUT", help="the file to write; it must not be there yet")
    export.add_argument("--session", default="", metavar="ID", help="one session only, as its receipt names it")
    export.add_argument("--language", default="en", help="of the file that says what is in it")
    export.set_defaults(run=_export)
    capabilities = add("capabilities", "what this system can enforce")
    capabilities.set_defaults(run=_capabilities)
    check = add("check", "measure whether this computer is ready for an exam")
    check.add_argument("--server", default="", metavar="URL", help="ask this exam server, too")
    check.add_argument("--json", action="store_true", help="print the figures as JSON and nothing else")
    check.set_defaults(run=_check)
    for command in (start, practice, restore, send, export, capabilities, check):
        command.add_argument(
            "--home", type=Path, default=None, help="where to keep things (default: your state folder)"
        )
    return parser


def _sitting_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--language", default="", help=f"{', '.join(languages.NAMES)}; default: as last time, else your system's"
    )
    command.add_argument("--demo", action="store_true", help="demonstration and tests only: may run as administrator")
    command.add_argument(
        "--no-window", dest="box", action="store_false", help="for scripts: problems go to standard error only"
    )


def _config(options: argparse.Namespace) -> Config:
    demo = bool(getattr(options, "demo", False))
    return Config(options.home or default_home(), demo, _language(getattr(options, "language", "")))


def _language(asked: str) -> str:
    """One that is not known keeps nobody from an exam: it is said, and the choice is made as without it."""
    if asked and not languages.known(asked):
        spoken = ", ".join(f"{code} ({name})" for code, name in languages.NAMES.items())
        print(f"candidate-agent: there are no texts in “{asked}”; there are: {spoken}.", file=sys.stderr)
    return languages.known(asked)


def _launch(options: argparse.Namespace) -> Launch:
    if options.exam.startswith(f"{SCHEME}:") or "://" in options.exam:  # an address is no file, whatever it begins with
        return parse_link(options.exam)
    return package_launch(Path(options.exam), options.root, options.code)


def package_launch(path: Path, root: str, code: str) -> Launch:
    """Raises UsageError `usage`, PackageError `package_missing`."""
    if not (root and code):
        raise UsageError("usage", "A package file needs --root FINGERPRINT and --code LAUNCH-CODE.")
    if not path.is_file():
        raise PackageError("package_missing", f"There is no exam package at {path}.")
    return Launch(root=root, code=code, package_path=path)


def _start(options: argparse.Namespace) -> int:
    config = _config(options)
    preloads = _clean_environment(config)
    return _open(config, _launch(options), preloads)


def _practice(options: argparse.Namespace) -> int:
    config = _config(options)
    preloads = _clean_environment(config)
    from candidate_agent import practice
    from candidate_agent.ui.texts import Texts

    def sit(at: Config, launch: Launch, notebook: "practice.Notebook") -> int:
        return _open(at, launch, preloads, notebook)

    def tell(report_path: str) -> None:
        print(Texts(config.language).say("practice.report", path=report_path), flush=True)

    meanwhile = functools.partial(importlib.import_module, "candidate_agent.app")  # takes as long as the room
    return practice.run(config, sit, tell, short=options.short, meanwhile=meanwhile)


def _open(config: Config, launch: Launch, preloads: tuple[str, ...], witness: "practice.Notebook | None" = None) -> int:
    """The window first; `app`, which takes as long to load, behind it."""
    from candidate_agent.opening import Opening

    def load(*opened: Any) -> "App":
        from candidate_agent.app import App

        return App(*opened, preloads=preloads, witness=witness)

    return Opening(config, launch, Log(sys.stderr), load).run()


def _clean_environment(config: Config) -> tuple[str, ...]:
    """The browser engine is imported only after its environment is clean. Names of what may have been preloaded."""
    keep_off_disk()
    large_memory.give_back_large()
    if config.demo:
        os.environ[DEMO] = "1"
        os.environ.setdefault("QTWEBENGINE_CHROMIUM_FLAGS", "--no-sandbox")
        print(
            "candidate-agent: DEMONSTRATION. May run as administrator, without the browser's sandbox.", file=sys.stderr
        )
    else:
        os.environ.pop(DEMO, None)
    preloads = () if config.demo else preloaded(os.environ)
    strip_environment(os.environ)
    draw_by_processor(os.environ)
    return preloads


def _restore(options: argparse.Namespace) -> int:
    from candidate_agent.lockdown.restore import restore
    from candidate_agent.platforms import select

    config = _config(options)
    report = restore(config.undo_log_path, select.settings(config.restore_arguments))
    for name, outcome in report.measures.items():
        print(f"{name}: {outcome}")
    if not report.restored:
        raise RestoreError("restore_incomplete", "Not everything could be put back; see above.")
    print("This computer is as it was before the exam." if report.measures else "There was nothing to put back.")
    return 0


def _check(options: argparse.Namespace) -> int:
    from candidate_agent import checking

    return checking.check(_config(options), options.server, as_json=options.json)


def _send(options: argparse.Namespace) -> int:
    """The computer is given back first, so that the receipt can say so."""
    from candidate_agent import earlier

    keep_off_disk()
    return earlier.send(_config(options), options.give_up, sys.stdout)


def _export(options: argparse.Namespace) -> int:
    from candidate_agent import earlier

    return earlier.export(_config(options), options.out, options.session, sys.stdout)


def _capabilities(options: argparse.Namespace) -> int:
    from candidate_agent.platforms import select

    for concern, answer in select.load().capabilities().items():
        print(f"{concern}: {answer}")
    return 0
