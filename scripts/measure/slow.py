"""A slower network and a slower processor, both made here: a proxy that shapes what passes, a signal that stops a browser now and then.

The browser's own throttling does not reach a worker, so neither uses it.
"""

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

CHUNK = 1400             # bytes of one packet
SLICE_S = 0.012          # how long a slowed process runs or rests at a time


@dataclass(frozen=True, slots=True)
class Network:
    """What a line carries: bits a second, and the time to the server and back."""

    name: str
    bits: float
    round_trip_s: float


class Line:
    """All connections share one line."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.free_at = 0.0
        self.lock = threading.Lock()

    def wait(self, size: int) -> None:
        """Return when `size` more bytes have passed."""
        with self.lock:
            now = time.monotonic()
            self.free_at = max(self.free_at, now) + size * 8 / self.network.bits
            rest = self.free_at - now
        time.sleep(max(rest, 0))


@contextmanager
def shaped(port: int, network: Network) -> Iterator[int]:
    """Put a slow line before a local server; yield the port of its far end."""
    line = Line(network)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, args=(listener, port, line), daemon=True).start()
        yield listener.getsockname()[1]


def accept(listener: socket.socket, port: int, line: Line) -> None:
    """Carry each connection until the listener closes."""
    while True:
        try:
            near, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=carry, args=(near, port, line), daemon=True).start()


def carry(near: socket.socket, port: int, line: Line) -> None:
    """Carry one connection: opening it costs a round trip, each request another."""
    time.sleep(line.network.round_trip_s)
    try:
        far = socket.create_connection(("127.0.0.1", port))
    except OSError:
        near.close()
        return
    threading.Thread(target=pass_on, args=(far, near, line, 0.0), daemon=True).start()
    pass_on(near, far, None, line.network.round_trip_s)


def pass_on(source: socket.socket, target: socket.socket, line: Line | None, delay_s: float) -> None:
    """Pass bytes on: requests after the round trip, answers as the line carries them."""
    try:
        while data := source.recv(CHUNK):
            time.sleep(delay_s)
            if line is not None:
                line.wait(len(data))
            target.sendall(data)
    except OSError:
        pass
    finally:
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def family(pid: int) -> list[int]:
    """Return a process and all that it started."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError):
                continue
            parents.setdefault(parent, []).append(int(entry.name))
    found = [pid]
    for one in found:
        found += parents.get(one, [])
    return found


@contextmanager
def slowed(pid: int, times: int) -> Iterator[None]:
    """Let a process and all that it starts run one slice in `times`."""
    if times == 1:
        yield
        return
    over = threading.Event()
    thread = threading.Thread(target=stop_and_go, args=(pid, times, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        for one in family(pid):
            send(one, signal.SIGCONT)


def stop_and_go(pid: int, times: int, over: threading.Event) -> None:
    """Stop and continue until it is over."""
    while not over.is_set():
        processes = family(pid)
        for one in processes:
            send(one, signal.SIGSTOP)
        time.sleep(SLICE_S * (times - 1) / times)
        for one in processes:
            send(one, signal.SIGCONT)
        time.sleep(SLICE_S / times)


def send(pid: int, what: signal.Signals) -> None:
    """Send a signal to a process that may have ended."""
    with suppress(ProcessLookupError):
        os.kill(pid, what)
