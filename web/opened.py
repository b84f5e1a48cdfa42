"""What a running application holds open, and how a view gets at it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app

from terminology.bundle.store import Store


@dataclass(frozen=True, slots=True)
class Opened:
    """The open bundle of one application.

    ``etag`` is the entity tag of every answer made from it: its content hash, shortened and quoted.
    """

    store: Store
    etag: str


def opened() -> Opened:
    """Return what the current application holds open."""
    found: Opened = current_app.extensions["teneleven"]
    return found
