"""The bundle in place now: a process for agents runs for weeks, and bundles are exchanged under it."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from terminology.errors import TenElevenError
from web.opened import Opened, identity_of, open_whole

_LOG = logging.getLogger("teneleven.mcp")


class CurrentBundle:
    """A bundle, opened anew when another lies in its place (``teneleven build`` exchanges it in one step).

    Raises :class:`BundleError` where there is none to begin with. One that cannot be opened later is told in
    the log once, and the one before is answered from.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen = identity_of(folder)
        self._opened = open_whole(folder)
        self._opening = threading.Lock()

    def now(self) -> Opened:
        """Return the bundle in place; an answer under way keeps the one it began with."""
        seen = identity_of(self._folder)
        if seen is not None and seen != self._seen:
            with self._opening:
                if seen != self._seen:
                    self._take_up()
                    self._seen = seen
        return self._opened

    def _take_up(self) -> None:
        try:
            self._opened = open_whole(self._folder)
        except TenElevenError as error:
            _LOG.error("the new bundle is not taken up: %s", error)
        else:
            _LOG.warning("took up bundle %s", self._opened.store.content_hash[:20])
