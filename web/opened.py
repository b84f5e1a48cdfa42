"""What a running application holds open, and how a view gets at it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app

from indexes.search import SearchIndex
from terminology.bundle.store import Store
from terminology.errors import DataNotAvailableError


@dataclass(frozen=True, slots=True)
class Opened:
    """The open bundle of one application.

    ``etag`` is the entity tag of every answer made from it: its content hash, shortened and quoted.
    """

    store: Store
    etag: str
    search: SearchIndex | None = None

    @property
    def searchable(self) -> SearchIndex:
        """The search index; raises :class:`DataNotAvailableError` when the bundle has none."""
        if self.search is None:
            raise DataNotAvailableError("this bundle has no search index; run 'teneleven build' again")
        return self.search


def opened() -> Opened:
    """Return what the current application holds open."""
    found: Opened = current_app.extensions["teneleven"]
    return found
