"""What a build tells whoever watches it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Receives the events of a build in the order they happen; must not raise."""

    def stage(self, title: str) -> None:
        """A stage of the build begins: reading, checking, writing ..."""

    def file_begun(self, label: str, format_name: str) -> None:
        """A release file is being read."""

    def file_read(self, label: str, records: int) -> None:
        """A release file has been read to its end and held this many records."""

    def transferred(self, name: str, received: int, total: int | None) -> None:
        """A download has received so many bytes of so many (``None``: not known)."""

    def advanced(self, what: str, done: int, total: int) -> None:
        """A long stage has done so much of so much."""

    def notice(self, text: str) -> None:
        """Something the user must know: passed over, completed from elsewhere, missing."""


class Silent:
    """A progress that nobody watches."""

    def stage(self, title: str) -> None:
        """Ignore."""

    def file_begun(self, label: str, format_name: str) -> None:
        """Ignore."""

    def file_read(self, label: str, records: int) -> None:
        """Ignore."""

    def transferred(self, name: str, received: int, total: int | None) -> None:
        """Ignore."""

    def advanced(self, what: str, done: int, total: int) -> None:
        """Ignore."""

    def notice(self, text: str) -> None:
        """Ignore."""
