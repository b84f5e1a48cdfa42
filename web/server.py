"""Starts the WSGI server (granian) over a bundle."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

from terminology.bundle.manifest import Manifest
from terminology.errors import InvalidRequestError

BACKLOG = 2048
SECONDS_TO_START = 3.0
SECONDS_TO_FINISH = 30


def serve(bundle: Path, host: str, port: int, workers: int, target: str = "web.app:create_app") -> None:
    """Serve a bundle until interrupted.

    SIGHUP starts new workers over the bundle that is then in place and lets the old ones finish what they
    are answering. ``target`` names the application factory, ``module:function``. Raises
    :class:`BundleError` before anything is started when the bundle cannot be served.
    """
    Manifest.read(bundle)
    if not 0 < port < 65536:
        raise InvalidRequestError("port", f"{port} is no port; use 1 to 65535")
    os.environ["TENELEVEN_BUNDLE"] = str(bundle.absolute())
    with tempfile.TemporaryDirectory(prefix="teneleven-metrics-") as metrics:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = metrics
        Server(
            target,
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=1,
            http=HTTPModes.http1,
            backlog=BACKLOG,
            factory=True,
            respawn_failed_workers=True,
            respawn_interval=SECONDS_TO_START,
            workers_kill_timeout=SECONDS_TO_FINISH,
            log_level=LogLevels.warning,
        ).serve()
