"""What an application knows of its bundle besides its content: when it was taken up, what was refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from flask import Flask, current_app

_EXTENSION = "teneleven.bundle"


def now() -> str:
    """Return the time, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(slots=True)
class BundleState:
    """The history of an application's bundle; times are UTC in ISO form.

    ``swaps`` counts the bundles taken up after the first. ``refused`` says why the newest one offered was
    not taken up, ``damaged`` which files on disk are no longer those that were opened.
    """

    opened_at: str = field(default_factory=now)
    checked_at: str = field(default_factory=now)
    swaps: int = 0
    refused: str | None = None
    refused_at: str | None = None
    damaged: tuple[str, ...] = ()

    def taken_up(self) -> None:
        """Note that another bundle was opened, all of its files checked."""
        self.swaps += 1
        self.opened_at = self.checked_at = now()
        self.refused = self.refused_at = None
        self.damaged = ()

    def turned_down(self, reason: str) -> None:
        """Note that a bundle was not taken up and the one before is served on."""
        self.refused, self.refused_at = reason, now()

    def checked(self, damaged: tuple[str, ...]) -> None:
        """Note what a check of the files in place found."""
        self.checked_at, self.damaged = now(), damaged


def register(app: Flask) -> None:
    """Begin the history of an application whose bundle has just been opened."""
    app.extensions[_EXTENSION] = BundleState()


def bundle_state(app: Flask | None = None) -> BundleState:
    """Return the history of an application's bundle, the current one unless one is named."""
    state: BundleState = (app or current_app).extensions[_EXTENSION]
    return state
