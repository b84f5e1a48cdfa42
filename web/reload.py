"""Takes up a new bundle while serving, without losing a request.

``teneleven serve`` turns SIGHUP into a touch of the file that ``TENELEVEN_RELOAD`` names; a thread of each
worker looks at it and opens the bundle that is then in place. Workers are never restarted for it: a
restart closes connections that clients may be about to use.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from pathlib import Path

from flask import Flask

from terminology.errors import TenElevenError
from web.opened import open_bundle

VARIABLE = "TENELEVEN_RELOAD"
_SECONDS = 0.2
_LOG = logging.getLogger("teneleven.web")


def register(app: Flask, folder: Path) -> None:
    """Watch for the sign to reload, when the server set one up."""
    named = os.environ.get(VARIABLE)
    if named:
        arguments = (app, folder, Path(named))
        threading.Thread(target=_watch, args=arguments, name="bundle-reload", daemon=True).start()


def _watch(app: Flask, folder: Path, sign: Path) -> None:
    seen = _touched(sign)
    while True:
        time.sleep(_SECONDS)
        now = _touched(sign)
        if now != seen:
            seen = now
            _take_up(app, folder)


def _take_up(app: Flask, folder: Path) -> None:
    """Open the bundle in place; one that cannot be served is reported and the old one served on."""
    try:
        open_bundle(app, folder)
    except TenElevenError as error:
        _LOG.error("the new bundle is not taken up: %s", error)


def _touched(sign: Path) -> int:
    try:
        return sign.stat().st_mtime_ns
    except FileNotFoundError:
        return 0
