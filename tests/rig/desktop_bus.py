"""A message bus of its own for tests, real; and, on it, doubles of a desktop's services that keep the computer awake.

`python -m tests.rig.desktop_bus SERVICE...` is the double: it says what it is asked for, and when who asked is gone,
one word a line. It is no desktop: that a real one then stays awake is not shown by it.
"""

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.rig.xserver import wait_for

LOGIND = "org.freedesktop.login1"


@contextlib.contextmanager
def message_bus(config_dir: Path) -> Iterator[str]:
    """The address of a real dbus-daemon. Services that it starts keep their settings in that folder."""
    environment = {**os.environ, "XDG_CONFIG_HOME": str(config_dir), "HOME": str(config_dir)}
    command = ["dbus-daemon", "--session", "--nofork", "--print-address=1", "--nopidfile"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


class Services:
    """The double, running, and what it has said."""

    def __init__(self, address: str, *names: str) -> None:
        self.said: list[str] = []
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.rig.desktop_bus", *names],
            env={**os.environ, "DBUS_SESSION_BUS_ADDRESS": address}, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        wait_for(lambda: "ready" in self.said, "the services")

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self.said.append(line.strip())

    def __enter__(self) -> "Services":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()
        assert self._process.stdout
        self._process.stdout.close()


def main(names: list[str]) -> None:
    from jeepney import MatchRule, MessageType, message_bus, new_error, new_method_return
    from jeepney.io.blocking import open_dbus_connection

    connection = open_dbus_connection(enable_fds=True)
    for name in names:
        connection.send_and_get_reply(message_bus.RequestName(name, 4))
    gone = MatchRule(type="signal", interface="org.freedesktop.DBus", member="NameOwnerChanged")
    connection.send_and_get_reply(message_bus.AddMatch(gone))
    say("ready")
    asked: dict[str, str] = {}  # who asked -> of which service
    while True:
        message = connection.receive()
        header = message.header
        fields = {key.name: value for key, value in header.fields.items()}
        if header.message_type is MessageType.method_call:
            if fields.get("member") != "Inhibit":
                connection.send(new_error(message, "org.freedesktop.DBus.Error.UnknownMethod"))
                continue
            asked[fields["sender"]] = fields["destination"]
            say(f"asked {fields['destination']}")
            connection.send(granted(message, fields["destination"], new_method_return))
        elif fields.get("member") == "NameOwnerChanged" and message.body[0] in asked and not message.body[2]:
            say(f"gone {asked.pop(message.body[0])}")


def granted(message: Any, service: str, new_method_return: Any) -> Any:
    """The login manager gives an open file and sees its end; the others give a number."""
    if service != LOGIND:
        return new_method_return(message, "u", (7,))
    what = message.body[0]
    read_end, write_end = os.pipe()

    def await_end() -> None:
        os.read(read_end, 1)
        say(f"closed {what}")

    threading.Thread(target=await_end, daemon=True).start()
    answer = new_method_return(message, "h", (write_end,))
    threading.Timer(1.0, os.close, (write_end,)).start()  # it went out with the answer long before
    return answer


def say(word: str) -> None:
    print(word, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
