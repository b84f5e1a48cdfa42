"""What a running application holds open, and how a view gets at it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from flask import Flask, current_app

from indexes.search import SearchIndex, open_search_index
from terminology.bundle.manifest import SEARCH
from terminology.bundle.release_diff import diff_releases
from terminology.bundle.store import Store
from terminology.bundle.vocabulary import cluster_vocabulary
from terminology.errors import DataNotAvailableError

_EXTENSION = "teneleven"
#: Answers kept of codes asked for one by one: at about 1.5 kB an answer this is 25 MB, and as many codes as
#: a hospital uses in a year.
HOT_CODES = 16_384
_CACHES: list[Any] = [diff_releases, cluster_vocabulary]

P = ParamSpec("P")
R = TypeVar("R")


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


def open_bundle(app: Flask, folder: Path) -> None:
    """Open a bundle and let the application answer from it; what it held before is let go.

    Requests under way keep what they began with. Raises :class:`BundleError`, and changes nothing then.
    """
    store = Store(folder)
    search = open_search_index(folder / SEARCH) if (folder / SEARCH).is_dir() else None
    app.extensions[_EXTENSION] = Opened(store, f'"{store.content_hash[:20]}"', search)
    for cache in _CACHES:
        cache.cache_clear()


def opened(app: Flask | None = None) -> Opened:
    """Return what an application holds open, the current one unless one is named."""
    found: Opened = (app or current_app).extensions[_EXTENSION]
    return found


def bundle_cache(maxsize: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Remember a function's latest answers, until another bundle is opened."""

    def remembering(function: Callable[P, R]) -> Callable[P, R]:
        cached = lru_cache(maxsize=maxsize)(function)
        _CACHES.append(cached)
        return cached  # type: ignore[return-value]

    return remembering
