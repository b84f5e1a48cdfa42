"""Starts the WSGI server (granian) over a bundle."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

from terminology.bundle.manifest import Manifest
from terminology.errors import InvalidRequestError
from web import reload
from web.app import BUNDLE_VARIABLE

BACKLOG = 2048
SECONDS_TO_FINISH = 30


class BundleServer(MPServer):
    """A granian server on which SIGHUP means a new bundle instead of new workers."""

    sign: Path

    def signal_handler_reload(self, *args: Any, **kwargs: Any) -> None:
        """Tell the workers to take up the bundle that is in place now."""
        self.sign.touch()


def serve(bundle: Path, host: str, port: int, workers: int, target: str = "web.app:create_app") -> None:
    """Serve a bundle until interrupted; SIGHUP takes up the bundle that is then in its place.

    ``target`` names the application factory, ``module:function``. Raises :class:`BundleError` before
    anything is started when the bundle cannot be served.
    """
    Manifest.read(bundle)
    if not 0 < port < 65536:
        raise InvalidRequestError("port", f"{port} is no port; use 1 to 65535")
    with tempfile.TemporaryDirectory(prefix="teneleven-") as scratch:
        os.environ[BUNDLE_VARIABLE] = str(bundle.absolute())
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = scratch
        sign = Path(scratch) / "reload"
        os.environ[reload.VARIABLE] = str(sign)
        server = BundleServer(
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
            workers_kill_timeout=SECONDS_TO_FINISH,
            log_level=LogLevels.warning,
        )
        server.sign = sign
        server.serve()
