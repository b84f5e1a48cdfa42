"""Takes up a new bundle while serving, without losing a request, and looks after the one in place.

``teneleven serve`` turns SIGHUP into a touch of the file that ``TENELEVEN_RELOAD`` names; a thread of each
worker looks at it and opens the bundle that is then in place. Workers are never restarted for it: a
restart closes connections that clients may be about to use. Whatever fails, the old bundle is served on,
the fault is logged and told by ``/readyz``, and the next SIGHUP is heard.
"""

from __future__ import annotations

import gc
import logging
import os
import threading
import time
from pathlib import Path

from flask import Flask

from terminology.bundle.checksums import damaged_files
from terminology.bundle.manifest import Manifest
from terminology.errors import TenElevenError
from web.bundle_state import bundle_state
from web.opened import open_bundle, opened

VARIABLE = "TENELEVEN_RELOAD"
CHECK_VARIABLE = "TENELEVEN_CHECK_HOURS"
_SECONDS = 0.2
#: When after a swap what requests still held of the old bundle is looked for, in ticks.
_COLLECTED_AT = (5, 25, 150)
_LOG = logging.getLogger("teneleven.web")


def register(app: Flask, folder: Path) -> None:
    """Watch for the sign to reload, when the server set one up."""
    named = os.environ.get(VARIABLE)
    if named:
        arguments = (app, folder, Path(named))
        threading.Thread(target=_watch, args=arguments, name="bundle-reload", daemon=True).start()


def _watch(app: Flask, folder: Path, sign: Path) -> None:
    seen, since = _touched(sign), 0
    hours = float(os.environ.get(CHECK_VARIABLE, "24"))
    due = time.monotonic() + hours * 3600
    while True:
        time.sleep(_SECONDS)
        since += 1
        now = _touched(sign)
        if now != seen:
            seen, since = now, 0
            take_up(app, folder)
        elif since in _COLLECTED_AT:
            gc.collect()  # an open bundle is in cycles with the answers kept of it
        elif hours and time.monotonic() > due:
            due = time.monotonic() + hours * 3600
            check_again(app, folder)


def take_up(app: Flask, folder: Path) -> None:
    """Open the bundle in place; one that cannot be served is reported and the old one served on."""
    state, old = bundle_state(app), opened(app).store.content_hash
    try:
        open_bundle(app, folder)
    except TenElevenError as error:
        state.turned_down(str(error))
        _LOG.error("the new bundle is not taken up: %s", error)
    except Exception as error:  # whatever it is, the server goes on with what it has
        state.turned_down(f"{folder} cannot be opened ({type(error).__name__}); its log says more")
        _LOG.error("the new bundle is not taken up: %s: %s", type(error).__name__, error)
    else:
        state.taken_up()
        _LOG.warning("took up bundle %s in place of %s", opened(app).store.content_hash[:20], old[:20])


def check_again(app: Flask, folder: Path) -> None:
    """Read all files of the bundle in place once more; what changed on disk is told by ``/readyz``.

    Another bundle that lies in place already is left to the SIGHUP that follows.
    """
    store = opened(app).store
    try:
        if not store.manifest.files or Manifest.read(folder).content_hash != store.content_hash:
            return
        damaged = tuple(str(fault) for fault in damaged_files(folder, store.manifest.files))
    except Exception as error:
        damaged = (f"the bundle in place cannot be read ({error})",)
    bundle_state(app).checked(damaged)
    if damaged:
        _LOG.error("the bundle in place is damaged: %s", "; ".join(damaged[:5]))


def _touched(sign: Path) -> int:
    try:
        return sign.stat().st_mtime_ns
    except FileNotFoundError:
        return 0
