"""`proctor-server`: make a server's folder, add proctors, run, export. A failure is a sentence and an exit status."""

import argparse
import asyncio
import getpass
import logging
import os
import re
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec
import uvicorn

from exam_protocol.codec import MAX_RECORD_BYTES
from exam_protocol.plain import plain
from exam_protocol.signing import SigningKey
from server_stub.app import Server, build
from server_stub.settings import Settings

KEY_FILE = "server.key"
CONFIG_FILE = "server.json"
ADDRESS_FILE = "address"
FINGERPRINT = re.compile(r"[0-9a-f]{4}(-[0-9a-f]{4}){7}")
USER_TIMEOUT_MS = 60_000  # a line whose other end takes nothing for this long is gone
MIN_PASSWORD_CHARACTERS = 8


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """server.json, for people to edit."""

    root: str
    origins: tuple[str, ...] = ()
    watch_limit: int = 8


class Failure(Exception):
    """Ends the program with a sentence and status 2."""


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    mask = os.umask(0o077)
    try:
        return int(options.do(options) or 0)
    except Failure as failure:
        print(f"proctor-server: {plain(str(failure))}", file=sys.stderr)
        return 2
    finally:
        os.umask(mask)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="proctor-server", description="The reference proctoring server.")
    commands = parser.add_subparsers(required=True)
    make = _command(commands, "init", init, "make a server's folder and key; prints the public key")
    make.add_argument("--root", required=True, help="fingerprint of the institution's root key")
    add = _command(commands, "add-proctor", add_proctor, "let a proctor log in, or set a new password")
    add.add_argument("id", help="as the roster names them")
    add.add_argument("--name", default="")
    add.add_argument("--password-file", type=Path, help="first line; asked for if not given")
    serve = _command(commands, "run", run, "serve until SIGTERM")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=0, help="0: any free one")
    serve.add_argument("--origin", action="append", default=[], help="of the console's pages, if not this host")
    serve.add_argument("--certificate", type=Path, help="PEM; with --private-key serves https")
    serve.add_argument("--private-key", type=Path)
    out = _command(commands, "export", export, "write one session's evidence bundle")
    out.add_argument("session", help="32 hexadecimal digits")
    out.add_argument("--out", type=Path, required=True)
    return parser


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, do: object, help: str
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=help, description=help)
    command.add_argument("directory", type=Path)
    command.set_defaults(do=do)
    return command


# --- the commands -------------------------------------------------------------------------------------------------


def init(options: argparse.Namespace) -> None:
    if not FINGERPRINT.fullmatch(options.root):
        raise Failure("--root is a fingerprint: eight groups of four hexadecimal digits.")
    directory: Path = options.directory
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    if (directory / KEY_FILE).exists():
        raise Failure(f"{directory} has a server key already.")
    key = SigningKey.generate()
    _write_new(directory / KEY_FILE, key.seed.hex().encode() + b"\n")
    (directory / CONFIG_FILE).write_bytes(msgspec.json.format(msgspec.json.encode(Config(options.root))) + b"\n")
    print(key.public_key.hex())


def add_proctor(options: argparse.Namespace) -> None:
    if options.password_file is None:
        password = getpass.getpass("Password: ")
    else:
        password = options.password_file.read_text().partition("\n")[0]
    if len(password) < MIN_PASSWORD_CHARACTERS:
        raise Failure(f"A password has at least {MIN_PASSWORD_CHARACTERS} characters.")
    with _opened(options.directory) as server:
        server.logins.add(options.id, options.name or options.id, password)


def export(options: argparse.Namespace) -> None:
    with _opened(options.directory) as server:
        try:
            stream = server.exporter.stream(bytes.fromhex(options.session))
            first = next(stream)
        except (KeyError, ValueError) as error:
            raise Failure("There is no such session here.") from error
        with options.out.open("wb") as file:
            file.write(first)
            file.writelines(stream)


def run(options: argparse.Namespace) -> None:
    if (options.certificate is None) is not (options.private_key is None):
        raise Failure("--certificate and --private-key belong together.")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    server = _load(options.directory, tuple(options.origin))
    with closing(_listen(options.host, options.port)) as listener:
        scheme = "http" if options.certificate is None else "https"
        host = f"[{options.host}]" if ":" in options.host else options.host
        address = f"{scheme}://{host}:{listener.getsockname()[1]}"
        config = serving(server, certificate=options.certificate, private_key=options.private_key)
        serve = Announcing(config, address, options.directory / ADDRESS_FILE).serve(sockets=[listener])
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(serve)


# --- serving ------------------------------------------------------------------------------------------------------


def serving(server: Server, *, certificate: Path | None = None, private_key: Path | None = None) -> uvicorn.Config:
    """Frames up to one record; no compression (sizes of sealed records tell little, and CPU is dear); no keepalive of
    its own: a slow line that still moves is alive."""
    return uvicorn.Config(
        build(server), ws="websockets-sansio", http="h11", log_config=None, access_log=False, server_header=False,
        proxy_headers=False, ws_max_size=MAX_RECORD_BYTES + 8, ws_per_message_deflate=False,
        ws_ping_interval=None, ws_ping_timeout=None, timeout_graceful_shutdown=5, lifespan="on",
        ssl_certfile=certificate, ssl_keyfile=None if private_key is None else str(private_key),
    )  # fmt: skip


class Announcing(uvicorn.Server):
    """Says where it listens once it does, and ends with status 0 on SIGTERM."""

    def __init__(self, config: uvicorn.Config, address: str, address_path: Path) -> None:
        super().__init__(config)
        self._address, self._address_path = address, address_path

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.should_exit:
            self._address_path.write_text(self._address + "\n")
            print(f"proctor-server listening on {self._address}", flush=True)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop, where there is one."""
    try:
        import uvloop
    except ImportError:
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, USER_TIMEOUT_MS)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise Failure(f"cannot listen on {host}:{port}: {error.strerror}.") from error
    return listener


# --- the folder ---------------------------------------------------------------------------------------------------


def _load(directory: Path, origins: tuple[str, ...] = ()) -> Server:
    try:
        key = SigningKey.from_seed(bytes.fromhex((directory / KEY_FILE).read_text()))
        config = msgspec.json.decode((directory / CONFIG_FILE).read_bytes(), type=Config)
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        raise Failure(f"{directory} is no server's folder; make one with `proctor-server init`.") from error
    settings = Settings(directory, config.root, origins or config.origins, config.watch_limit)
    return Server(settings, key)


@contextmanager
def _opened(directory: Path) -> Iterator[Server]:
    server = _load(directory)
    server.store.open()
    try:
        yield server
    finally:
        server.store.close()


def _write_new(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        os.write(handle, data)
        os.fsync(handle)
    finally:
        os.close(handle)
