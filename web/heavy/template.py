"""The process that long requests are forked from: it has the bundle open, one thread, and answers nothing.

It is told what to do over a socket, a line a message (JSON): ``run`` (with the files of request and
answer), ``cancel``, ``open`` (take up the bundle in place). It tells the exit code of each fork. When the
socket closes, its worker is gone: it ends its forks and itself.
"""

from __future__ import annotations

import logging
import os
import resource
import selectors
import signal
import socket
import sys
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson
from flask import Flask

from terminology.errors import TenElevenError
from terminology.impact.report import impact_report
from web.heavy.exchange import answered, read_request, write_answer
from web.opened import opened
from web.process.reload import take_up, tidy
from web.settings import Settings

#: Exit codes of a fork: answered; the bundle it should answer from is not the one that is open.
DONE, OTHER_BUNDLE = 0, 76
_NICE = 10
_LOG = logging.getLogger("teneleven.heavy")


class Template:
    """The template process: its application, and its forks by the number of their request."""

    def __init__(self, app: Flask, settings: Settings, control: socket.socket) -> None:
        self._app, self._settings, self._control = app, settings, control
        self._forks: dict[int, int] = {}
        self._files: deque[int] = deque()
        self._unread = b""

    def serve(self) -> None:
        """Do what is asked until the worker is gone."""
        read, write = os.pipe()
        os.set_blocking(write, False)
        signal.set_wakeup_fd(write, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        with selectors.DefaultSelector() as ready:
            ready.register(self._control, selectors.EVENT_READ)
            ready.register(read, selectors.EVENT_READ)
            while True:
                chosen = [key.fileobj for key, _ in ready.select()]
                if read in chosen:
                    os.read(read, 4096)
                    self._bury()
                if self._control in chosen and not self._listen():
                    break
        for fork in self._forks.values():
            os.kill(fork, signal.SIGKILL)

    def _listen(self) -> bool:
        """Read what the worker says; return whether it is still there."""
        try:
            data, files, _, _ = socket.recv_fds(self._control, 65536, 64)
        except OSError:
            return False
        self._files.extend(files)
        *lines, self._unread = (self._unread + data).split(b"\n")
        for line in lines:
            self._do(orjson.loads(line))
        return bool(data)

    def _do(self, message: dict[str, Any]) -> None:
        match message["do"]:
            case "run":
                files = self._files.popleft(), self._files.popleft()
                self._run(message["number"], message["bundle"], files)
            case "cancel" if message["number"] in self._forks:
                os.kill(self._forks[message["number"]], signal.SIGKILL)
            case "open" if opened(self._app).store.content_hash != message["bundle"]:
                self._open()

    def _open(self) -> None:
        take_up(self._app, self._settings.bundle)
        warm(self._app)

    def _run(self, number: int, bundle: str, files: tuple[int, int]) -> None:
        if opened(self._app).store.content_hash != bundle:
            self._open()
        if opened(self._app).store.content_hash != bundle:
            self._tell(number, OTHER_BUNDLE)
        else:
            fork = os.fork()
            if not fork:
                self._answer(*files)
            self._forks[number] = fork
        for file in files:
            os.close(file)

    def _answer(self, request: int, answer: int) -> None:
        """Answer one request in a fork, which ends with it."""
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            self._control.close()
            _bounded(self._settings)
            with open(request, "rb") as asked, open(answer, "wb") as told:
                write_answer(answered(self._app.wsgi_app, read_request(asked)), told)
            code = DONE
        except BaseException:
            _LOG.exception("a long request failed")
        finally:
            with suppress(Exception):
                sys.stderr.flush()
            os._exit(code)

    def _bury(self) -> None:
        """Tell the worker of the forks that have ended."""
        for number, fork in list(self._forks.items()):
            ended, status = os.waitpid(fork, os.WNOHANG)
            if ended:
                del self._forks[number]
                self._tell(number, os.waitstatus_to_exitcode(status))

    def _tell(self, number: int, code: int) -> None:
        with suppress(OSError):
            self._control.sendall(orjson.dumps({"number": number, "code": code}) + b"\n")


def _bounded(settings: Settings) -> None:
    """Let a fork take so much memory and time and no more, and let others go first."""
    os.nice(_NICE)
    held = _private_bytes()
    if held is not None:
        most = held + settings.heavy_memory_mb * 2**20
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    seconds = int(settings.heavy_seconds) * 4 + 1  # of processor time, by all of its threads
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def warm(app: Flask) -> None:
    """Have what a report reads of all codes kept here, where forks share it: else each would read it anew."""
    try:
        impact_report(opened(app).store, {})
    except TenElevenError as error:  # such as a bundle without a crosswalk
        _LOG.info("no reports are made of this bundle: %s", error)
    tidy()


def _private_bytes() -> int | None:
    """Return the memory that RLIMIT_DATA counts; ``None`` where the system does not say."""
    with suppress(OSError, StopIteration, ValueError):
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        return int(next(line for line in lines if line.startswith("VmData:")).split()[1]) * 1024
    return None


def main() -> None:
    """Open the bundle and serve the worker at the other end of the socket named by its number."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # a worker ends this by closing the socket
    control = socket.socket(fileno=int(sys.argv[1]))
    settings = Settings.gathered({})
    from web.process.logs import write_logs  # noqa: PLC0415
    from web.process.serving import create_wsgi_app  # noqa: PLC0415  after the environment is settled

    write_logs(settings)
    logging.getLogger("teneleven.web").setLevel(logging.ERROR)  # its worker has given the same warnings
    try:
        app = create_wsgi_app(settings)
    except TenElevenError as error:
        _LOG.error("long requests are not answered until a bundle is taken up: %s", error)
        sys.exit(1)
    warm(app)
    Template(app, settings, control).serve()


if __name__ == "__main__":
    main()
