import socket
import threading
from collections.abc import Iterator

import pytest

from demo.line import HOST, Line


@pytest.fixture
def echo_port() -> Iterator[int]:
    with socket.create_server((HOST, 0)) as server:
        thread = threading.Thread(target=_echo, args=(server,))
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def _echo(server: socket.socket) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        with connection:
            try:
                while data := connection.recv(1000):
                    connection.sendall(data)
            except OSError:
                continue


@pytest.fixture
def line(echo_port: int) -> Iterator[tuple[Line, int]]:
    line = Line(echo_port)
    port = line.start()
    yield line, port
    line.stop()


def test_bytes_go_both_ways_and_are_counted(line: tuple[Line, int]) -> None:
    with socket.create_connection((HOST, line[1]), timeout=5) as connection:
        connection.sendall(b"hello")
        assert connection.recv(10) == b"hello"
    assert (line[0].bytes_up, line[0].bytes_down) == (5, 5)


def test_a_cut_line_resets_what_is_open_and_turns_new_ones_away_until_it_is_mended(line: tuple[Line, int]) -> None:
    with socket.create_connection((HOST, line[1]), timeout=5) as connection:
        connection.sendall(b"a")
        assert connection.recv(1) == b"a"
        line[0].cut()
        assert _ended(connection)
    with socket.create_connection((HOST, line[1]), timeout=5) as connection:
        assert _ended(connection)
    assert line[0].turned_away == 1
    line[0].mend()
    with socket.create_connection((HOST, line[1]), timeout=5) as connection:
        connection.sendall(b"b")
        assert connection.recv(1) == b"b"


def _ended(connection: socket.socket) -> bool:
    try:
        return connection.recv(1) == b""
    except ConnectionError:
        return True
