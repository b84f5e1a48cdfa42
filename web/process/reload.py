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
import signal
import threading
import time
from pathlib import Path

from flask import Flask

from terminology.bundle.checksums import damaged_files
from terminology.bundle.manifest import Manifest
from terminology.errors import TenElevenError
from web.http import cross_origin
from web.opened import open_bundle, opened
from web.process import metrics
from web.process.bundle_state import bundle_state
from web.process.signs import PARENT_VARIABLE, VARIABLE

_SECONDS = 0.2
#: When after a swap what requests still held of the old bundle is looked for, in ticks.
_COLLECTED_AT = (5, 25, 150)
#: Objects made and not let go before Python looks for circles, and rounds before it looks at older ones.
_COLLECTED_EVERY = (10_000, 20, 20)
_SECONDS_TO_LEAVE = 10
#: What is called in a worker when it has taken up another bundle.
SWAPPED = "teneleven.swapped"
_LOG = logging.getLogger("teneleven.web")


def register(app: Flask, folder: Path, check_hours: float) -> None:
    """Watch for the sign to reload, when the server set one up."""
    named = os.environ.get(VARIABLE)
    if named and os.environ.get(PARENT_VARIABLE) == str(os.getppid()):
        arguments = (app, folder, Path(named), check_hours)
        threading.Thread(target=_watch, args=arguments, name="bundle-reload", daemon=True).start()


def _watch(app: Flask, folder: Path, sign: Path, hours: float) -> None:
    parent, seen, since = os.getppid(), _touched(sign), _COLLECTED_AT[-1]
    due = time.monotonic() + hours * 3600
    while True:
        time.sleep(_SECONDS)
        since += 1
        metrics.flush()
        if os.getppid() != parent:
            _leave()
        now = _touched(sign)
        if now != seen:
            seen, since = now, 0
            take_up(app, folder)
        elif since in _COLLECTED_AT:
            tidy()
        elif hours and time.monotonic() > due:
            due = time.monotonic() + hours * 3600
            check_again(app, folder)


def tidy() -> None:
    """Let go of what is in cycles, as an open bundle is with the answers kept of it, and spare the rest.

    To look through all that an open bundle holds takes a tenth of a second, in which nothing is answered: the
    collections that Python does by itself leave what is there now alone. They are rarer than Python would
    have them: an answer makes a hundred objects and no circle, and looking took an eighth of a first lookup.
    """
    gc.set_threshold(*_COLLECTED_EVERY)
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def take_up(app: Flask, folder: Path) -> None:
    """Open the bundle in place; one that cannot be served is reported and the old one served on."""
    state, old = bundle_state(app), opened(app).store.content_hash
    try:
        open_bundle(app, folder)
    except TenElevenError as error:
        state.turned_down(str(error))
        metrics.SWAPS.labels("refused").inc()
        _LOG.error("the new bundle is not taken up: %s", error)
    except Exception as error:  # whatever it is, the server goes on with what it has
        state.turned_down(f"{folder} cannot be opened ({type(error).__name__}); its log says more")
        metrics.SWAPS.labels("refused").inc()
        _LOG.error("the new bundle is not taken up: %s: %s", type(error).__name__, error)
    else:
        state.taken_up()
        metrics.SWAPS.labels("taken up").inc()
        metrics.DAMAGED.set(0)
        app.extensions.get(SWAPPED, lambda: None)()
        cross_origin.tell(app)
        tidy()
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
    metrics.DAMAGED.set(bool(damaged))
    if damaged:
        _LOG.error("the bundle in place is damaged: %s", "; ".join(damaged[:5]))


def _leave() -> None:
    """End a worker whose parent was killed: first as if asked to, then at once."""
    _LOG.error("the server this worker belongs to is gone; it ends")
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_SECONDS_TO_LEAVE)
    os._exit(1)


def _touched(sign: Path) -> int:
    try:
        return sign.stat().st_mtime_ns
    except FileNotFoundError:
        return 0
