"""Starts the server (granian) over a bundle: one parent that serves nothing, and its workers.

Nothing here imports the application: the parent settles the environment that the workers import it under.
"""

from __future__ import annotations

import logging
import os
import socket
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from terminology.bundle.checksums import check_files
from terminology.bundle.manifest import Manifest
from terminology.errors import InvalidRequestError, TenElevenError
from web.gateway.admission import read_keys
from web.opened import open_whole
from web.process.logs import granian_config
from web.process.serving import SCRATCH_VARIABLE, TARGET, TARGET_VARIABLE
from web.process.signs import PARENT_VARIABLE
from web.process.signs import VARIABLE as SIGN_VARIABLE
from web.settings import Settings

BACKLOG = 2048
SECONDS_TO_FINISH = 30
_HEADER_MILLISECONDS = 30_000
_RESTART_WINDOW = 600
_LONGEST_PAUSE = 5.0
_LOG = logging.getLogger("teneleven.server")


class WorkersFailedError(TenElevenError):
    """Workers died more often than may be."""


class BundleServer(MPServer):
    """A granian server on which SIGHUP means a new bundle, and dead workers are replaced within bounds."""

    sign: Path
    max_restarts: int
    gave_up: bool = False

    def signal_handler_reload(self, *args: Any, **kwargs: Any) -> None:
        """Tell the workers to take up the bundle that is in place now."""
        self.sign.touch()

    def _serve_loop(self, spawn_target: Any, target_loader: Any) -> None:
        """Replace workers that died, each time after a longer pause, until they die too often."""
        deaths: deque[float] = deque()
        while not self.interrupt_signal:
            self.main_loop_interrupt.wait()
            self.main_loop_interrupt.clear()
            dead, self.interrupt_children = list(self.interrupt_children), []
            if self.interrupt_signal or not dead:
                continue
            now = time.monotonic()
            deaths.extend(now for _ in dead)
            while deaths and deaths[0] < now - _RESTART_WINDOW:
                deaths.popleft()
            if len(deaths) > self.max_restarts:
                self.gave_up = True
                break
            _LOG.error("%d of %d workers died and are replaced", len(dead), self.workers)
            self._forget(dead)
            self.main_loop_interrupt.wait(min(_LONGEST_PAUSE, 0.1 * 2 ** len(deaths)))
            if not self.interrupt_signal:
                self._respawn_workers(dead, spawn_target, target_loader)

    def _forget(self, workers: list[int]) -> None:
        """Remove the figures that only count while a worker lives."""
        for each in workers:
            for path in self.sign.parent.glob(f"gauge_live*_{self.wrks[each].inner.pid}.db"):
                path.unlink(missing_ok=True)


def serve(settings: Settings, target: str = TARGET, begun: Callable[[], None] | None = None) -> None:
    """Serve a bundle until interrupted; SIGHUP takes up the bundle that is then in its place.

    ``target`` names the application factory, ``module:function``; ``begun`` is called once the bundle is
    known to be whole and the address is held. Raises :class:`BundleError` before anything is started when
    the bundle cannot be served, :class:`InvalidRequestError` for an address that cannot be used, and
    :class:`WorkersFailedError` when workers die again and again.
    """
    check_files(settings.bundle, Manifest.read(settings.bundle))
    open_whole(settings.bundle).store.close()
    read_keys(settings)
    settings = replace(settings, bundle=settings.bundle.absolute())
    with _held_address(settings) as address, tempfile.TemporaryDirectory(prefix="teneleven-") as scratch:
        sign = Path(scratch) / "reload"
        os.environ.update(settings.environment)
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = os.environ[SCRATCH_VARIABLE] = scratch
        os.environ[SIGN_VARIABLE], os.environ[PARENT_VARIABLE] = str(sign), str(os.getpid())
        os.environ[TARGET_VARIABLE] = target
        server = BundleServer(
            "web.gateway.app:create_gateway",
            address=address,
            port=settings.port,
            interface=Interfaces.RSGI,
            workers=settings.workers,
            http=HTTPModes.http1,
            http1_settings=HTTP1Settings(header_read_timeout=_HEADER_MILLISECONDS),
            websockets=False,
            backlog=BACKLOG,
            factory=True,
            respawn_failed_workers=True,
            workers_kill_timeout=SECONDS_TO_FINISH,
            log_level=LogLevels.warning,
            log_dictconfig=granian_config(settings),
        )
        server.sign, server.max_restarts = sign, settings.max_restarts
        if begun is not None:
            server.on_startup(begun)
        server.serve()
        if server.gave_up:
            raise WorkersFailedError(
                f"more than {settings.max_restarts} workers died in {_RESTART_WINDOW // 60} minutes; "
                "their log above says why"
            )


@contextmanager
def _held_address(settings: Settings) -> Iterator[str]:
    """Yield the numeric address to listen at, held so that no second server gets it.

    Workers share the port (SO_REUSEPORT), by which two servers could as well. A socket that does not share
    shows whether anybody has the address; one that does, and never listens, keeps it from the next server.
    """
    address, family = _resolved(settings)
    with socket.socket(family, socket.SOCK_STREAM) as asked:
        asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _bind(asked, address, settings.port)
    with socket.socket(family, socket.SOCK_STREAM) as held:
        if hasattr(socket, "SO_REUSEPORT"):
            held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            _bind(held, address, settings.port)
        yield address


def _resolved(settings: Settings) -> tuple[str, socket.AddressFamily]:
    try:
        found = socket.getaddrinfo(settings.host or None, settings.port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as fault:
        reason = getattr(fault, "strerror", None) or "not a name"
        raise InvalidRequestError(
            "host", f"'{settings.host}' is no address of this machine ({reason})"
        ) from None
    family, _, _, _, address = found[0]
    return str(address[0]), family


def _bind(asked: socket.socket, address: str, port: int) -> None:
    try:
        asked.bind((address, port))
    except OSError as fault:
        raise InvalidRequestError(
            "port", f"{port} at {address} cannot be had: {(fault.strerror or str(fault)).lower()}"
        ) from None
