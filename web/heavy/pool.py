"""The bounded pool of long requests of one worker: some at once, some waiting, the rest to come back."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from time import monotonic
from typing import IO, cast

import orjson

from web.gateway.refusal import Refusal
from web.heavy.board import WorkBoard
from web.heavy.exchange import Answer, Environ, read_answer, write_request
from web.heavy.template import DONE, OTHER_BUNDLE
from web.process import metrics
from web.settings import Settings

_LOG = logging.getLogger("teneleven.heavy")
#: Set for the template and its forks: numerical libraries start no threads there, which a fork would lose.
_ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class RefusedWorkError(Exception):
    """A long request that is not answered, and why."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(refusal.detail)


class ClientGoneError(Exception):
    """The client has left; its request was ended."""


@dataclass(slots=True)
class _Work:
    """A request in the pool."""

    number: int
    started: asyncio.Future[None]
    ended: asyncio.Future[int] = field(init=False)

    def __post_init__(self) -> None:
        self.ended = self.started.get_loop().create_future()


class HeavyPool:
    """The pool of a worker; all methods are called in its event loop."""

    def __init__(self, settings: Settings, board: WorkBoard) -> None:
        self._settings, self._board = settings, board
        self._waiting: deque[_Work] = deque()
        self._running: dict[int, _Work] = {}
        self._last = 0
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._seconds = 1.0
        self._unread = b""

    def start(self) -> None:
        """Start the template process beside the worker; it is ready in a second or two."""
        here, there = socket.socketpair()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "web.heavy.template", str(there.fileno())],
            pass_fds=(there.fileno(),),
            stdin=subprocess.DEVNULL,
            env=_environment(self._settings),
            start_new_session=True,
        )
        there.close()
        here.setblocking(False)
        self._control = here
        asyncio.get_running_loop().add_reader(here, self._listen)

    def close(self) -> None:
        """End the template process, and with it all its forks."""
        if self._control is not None:
            with suppress(RuntimeError):
                asyncio.get_event_loop().remove_reader(self._control)
            self._control.close()
            self._control = None
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(5)

    def take_up(self, bundle: str) -> None:
        """Have the bundle in place opened, whose content hash the worker has just taken up."""
        if self._control is None:
            self._restart()
        else:
            self._send({"do": "open", "bundle": bundle})

    async def answer(
        self, environ: Environ, body: IO[bytes] | None, bundle: str, name: str, gone: Awaitable[None]
    ) -> Answer:
        """Answer a request, after those that wait already.

        ``bundle`` is the content hash to answer from, ``name`` the request's id, ``gone`` ends when the
        client leaves. Raises :class:`RefusedWorkError` or :class:`ClientGoneError`.
        """
        work = self._enter(name)
        left = asyncio.ensure_future(gone)
        try:
            await self._until(work.started, left)
            self._board.running(name)
            return await self._run(work, environ, body, bundle, left)
        finally:
            left.cancel()
            self._board.gone(name)
            self._leave(work)

    def _enter(self, name: str) -> _Work:
        """Put a request in line; the first of them starts at once."""
        if len(self._waiting) >= self._settings.heavy_queue and not self._has_room:
            metrics.POOL_ENDED.labels("refused").inc()
            seconds = max(1, round(self._seconds * (len(self._waiting) + 1) / self._settings.heavy_processes))
            raise RefusedWorkError(
                Refusal(
                    503,
                    f"{len(self._running)} long requests are being answered and {len(self._waiting)} wait; "
                    f"come back in {seconds} s",
                    retry_after=min(seconds, 600),
                )
            )
        self._last += 1
        work = _Work(self._last, asyncio.get_running_loop().create_future())
        self._waiting.append(work)
        self._board.waiting(name, work.number)
        self._next()
        return work

    @property
    def _has_room(self) -> bool:
        return len(self._running) < self._settings.heavy_processes

    def _next(self) -> None:
        while self._waiting and self._has_room:
            work = self._waiting.popleft()
            self._running[work.number] = work
            work.started.set_result(None)
        self._show()

    def _leave(self, work: _Work) -> None:
        self._running.pop(work.number, None)
        with suppress(ValueError):
            self._waiting.remove(work)
        self._next()

    def _show(self) -> None:
        metrics.POOL_RUNNING.set(len(self._running))
        metrics.POOL_WAITING.set(len(self._waiting))

    async def _run(
        self, work: _Work, environ: Environ, body: IO[bytes] | None, bundle: str, left: asyncio.Future[None]
    ) -> Answer:
        if self._control is None or self._process is None or self._process.poll() is not None:
            self._restart()
        begun = monotonic()
        with (
            await asyncio.to_thread(write_request, environ, body) as asked,
            cast("IO[bytes]", TemporaryFile()) as told,
        ):
            files = [asked.fileno(), told.fileno()]
            self._send({"do": "run", "number": work.number, "bundle": bundle}, files)
            try:
                code = await self._until(work.ended, left, self._settings.heavy_seconds)
            except BaseException:
                await self._cancel(work)
                raise
            self._seconds = 0.8 * self._seconds + 0.2 * (monotonic() - begun)
            if code == DONE:
                metrics.POOL_ENDED.labels("answered").inc()
                return await asyncio.to_thread(read_answer, told)
        metrics.POOL_ENDED.labels("failed").inc()
        raise RefusedWorkError(_failure(code, self._settings))

    async def _until(self, event: asyncio.Future, left: asyncio.Future[None], seconds: float | None = None):  # type: ignore[type-arg, no-untyped-def]
        """Wait for an event and return its result; raise when the client leaves or the time is over first."""
        await asyncio.wait((event, left), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if event.done():
            return event.result()
        if left.done():
            metrics.POOL_ENDED.labels("cancelled").inc()
            raise ClientGoneError
        metrics.POOL_ENDED.labels("timed out").inc()
        detail = f"a request may take {self._settings.heavy_seconds:g} s, and this one takes longer"
        raise RefusedWorkError(Refusal(503, f"{detail}; send it in parts, or use the command line"))

    async def _cancel(self, work: _Work) -> None:
        """End a fork, and give its place away only when it is gone."""
        if not work.ended.done() and self._control is not None:
            self._send({"do": "cancel", "number": work.number})
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(work.ended), 5)

    def _send(self, message: dict[str, object], files: list[int] | None = None) -> None:
        assert self._control is not None
        line = orjson.dumps(message) + b"\n"
        try:
            if files:
                socket.send_fds(self._control, [line], files)
            else:
                self._control.sendall(line)
        except OSError as fault:
            self._lost()
            raise RefusedWorkError(_failure(1, self._settings)) from fault

    def _listen(self) -> None:
        """Hear which forks have ended."""
        assert self._control is not None
        try:
            data = self._control.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._lost()
            return
        *lines, self._unread = (self._unread + data).split(b"\n")
        for line in lines:
            told = orjson.loads(line)
            work = self._running.get(told["number"])
            if work is not None and not work.ended.done():
                work.ended.set_result(told["code"])

    def _lost(self) -> None:
        """The template process died: what it was answering is lost, the next request starts another."""
        _LOG.error("the process for long requests ended; another is started when one comes")
        if self._control is not None:
            asyncio.get_running_loop().remove_reader(self._control)
            self._control.close()
            self._control = None
        for work in self._running.values():
            if not work.ended.done():
                work.ended.set_result(1)

    def _restart(self) -> None:
        if self._control is not None:
            self._lost()
        self._unread = b""
        self.start()


def _environment(settings: Settings) -> dict[str, str]:
    """Return the environment of the template; its forks count nothing themselves, the worker does."""
    found = {**os.environ, **settings.environment, **_ONE_THREAD}
    found.pop("PROMETHEUS_MULTIPROC_DIR", None)
    return found


def _failure(code: int, settings: Settings) -> Refusal:
    if code == OTHER_BUNDLE:
        return Refusal(503, "the server is between two bundles; come back in a few seconds", retry_after=5)
    return Refusal(
        503,
        f"the work on this request ended before its answer; it may take {settings.heavy_memory_mb} MB of "
        "memory. Send it in parts, or use the command line",
        retry_after=60,
    )
