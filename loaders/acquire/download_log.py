"""The record of what was downloaded: ``downloads.json`` and, for ``sha256sum -c``, ``SHA256SUMS``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from terminology.errors import ReleaseFormatError

LOG_NAME = "downloads.json"
SUMS_NAME = "SHA256SUMS"


@dataclass(frozen=True, slots=True)
class Download:
    """One downloaded file: where it came from (without credentials), what it was and when (UTC, ISO 8601)."""

    url: str
    sha256: str
    size: int
    etag: str | None
    last_modified: str | None
    fetched: str


def read_log(folder: Path) -> dict[str, Download]:
    """Return the downloads recorded in ``folder``, keyed by their place in it.

    No record is an empty one. Raises :class:`ReleaseFormatError` for a damaged one.
    """
    path = folder / LOG_NAME
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    try:
        return {place: Download(**entry) for place, entry in json.loads(text).items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise ReleaseFormatError(
            path,
            None,
            "the record that 'teneleven fetch' keeps of its downloads",
            f"{error}; delete the file",
        ) from error


def write_log(folder: Path, log: Mapping[str, Download]) -> None:
    """Write the record of downloads and their checksums into ``folder``, each file whole or not at all."""
    entries = {place: asdict(log[place]) for place in sorted(log)}
    _replace(folder / LOG_NAME, json.dumps(entries, indent=2) + "\n")
    _replace(folder / SUMS_NAME, "".join(f"{log[place].sha256}  {place}\n" for place in sorted(log)))


def _replace(path: Path, text: str) -> None:
    new = path.with_name(f"{path.name}.new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)
