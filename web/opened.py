"""What a running application holds open, and how a view gets at it."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask, current_app

from indexes.search import SearchIndex, open_search_index
from terminology.bundle.checksums import check_files
from terminology.bundle.kept import kept_with_bundle
from terminology.bundle.manifest import MANIFEST, SEARCH
from terminology.bundle.store import Store
from terminology.errors import BundleError, DataNotAvailableError
from terminology.version import VERSION
from web.closure_tables import ClosureTables
from web.stored_resources import NONE, StoredResources

_EXTENSION = "teneleven"
#: Where an application keeps what it answers from beside the bundle, by the fields of :class:`Opened`.
BESIDE = "teneleven.beside"
#: Bytes of answers kept of codes asked for one by one: as many codes as a hospital uses in a year.
HOT_CODES = 48 * 2**20
_DIGEST_BITS, _TAG_CHARACTERS = 32, str.maketrans("01", "W/")
#: How often a bundle that is exchanged while it is being opened is begun again.
_TRIES = 5
_LOG = logging.getLogger("teneleven.web")


@dataclass(frozen=True, slots=True)
class Opened:
    """The open bundle of one application.

    ``version`` is that of the program.
    """

    store: Store
    version: str
    search: SearchIndex | None = None
    resources: StoredResources = NONE
    closures: ClosureTables = field(default_factory=ClosureTables)

    @property
    def etag(self) -> str:
        """The entity tag of every answer about today: of content, program, and what is in force today.

        It is weak: it names the answer, in whatever encoding it is sent. It changes on the days on which a
        code or a release begins or ends, and on no others.
        """
        return self.etag_on(date.today())

    def etag_on(self, day: date) -> str:
        """Return the entity tag of an answer about a day: of content, program, and what was in force then."""
        return _etag(self.store, self.version, self.store.unchanged_since(day), self.resources.fingerprint)

    @property
    def kept(self) -> dict[Any, Any]:
        """The answers kept of this bundle (:mod:`terminology.bundle.kept`)."""
        return self.store.kept

    @property
    def searchable(self) -> SearchIndex:
        """The search index; raises :class:`DataNotAvailableError` when the bundle has none."""
        if self.search is None:
            raise DataNotAvailableError("this bundle has no search index; run 'teneleven build' again")
        return self.search


def open_bundle(app: Flask, folder: Path) -> None:
    """Open a bundle and let the application answer from it; what it held before is let go.

    Every file is compared with the manifest first. Requests under way keep what they began with. Raises
    :class:`BundleError`, and changes nothing then.
    """
    app.extensions[_EXTENSION] = replace(open_whole(folder), **app.extensions.get(BESIDE, {}))


def opened(app: Flask | None = None) -> Opened:
    """Return what an application holds open, the current one unless one is named."""
    found: Opened = (app or current_app).extensions[_EXTENSION]
    return found


@kept_with_bundle(maxsize=64)
def _etag(store: Store, version: str, since: date, resources: str) -> str:
    """Return a tag that begins as the content hash does, by which an answer tells what bundle it is from.

    A digest of all that the answer depends on follows, in the characters that a weak tag begins with: whoever
    strips ``W/"`` and ``"`` off a tag, as clients do, is left with the hash.
    """
    told = f"{store.content_hash} {version} {since} {resources}".encode()
    digest = int.from_bytes(hashlib.sha256(told).digest()[: _DIGEST_BITS // 8])
    return f'W/"{store.content_hash[:20]}{f"{digest:0{_DIGEST_BITS}b}".translate(_TAG_CHARACTERS)}"'


def open_whole(folder: Path) -> Opened:
    """Open a bundle whose files are all of one build, though others may be exchanged with it meanwhile.

    Raises :class:`BundleError` when it is damaged, of another version, or has a part that cannot be opened.
    """
    for _ in range(_TRIES):
        before = identity_of(folder)
        store = Store(folder)
        try:
            if store.manifest.files:
                check_files(folder, store.manifest)
            else:
                _LOG.warning("%s has no checksums and is served unverified; build it again", folder)
            search = open_search_index(folder / SEARCH) if (folder / SEARCH).is_dir() else None
        except BundleError:
            store.close()
            if identity_of(folder) == before:
                raise
            continue
        if identity_of(folder) == before:
            return Opened(store, VERSION, search)
        store.close()
    raise BundleError(f"{folder} is exchanged faster than it can be opened")


def identity_of(folder: Path) -> tuple[int, int, int] | None:
    """Return what tells one bundle in a place from the next, its folder and manifest; ``None`` for none."""
    try:
        held, manifest = folder.stat(), (folder / MANIFEST).stat()
    except OSError:
        return None
    return held.st_ino, manifest.st_ino, manifest.st_mtime_ns
