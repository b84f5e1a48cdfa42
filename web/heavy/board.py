"""What stands on the board of long requests: which wait, which run, since when. All workers share it.

A file per request in the server's private folder, gone with the request; it holds no content, and its name is
a digest of the request's id.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from time import time
from typing import Any

import orjson

_SUFFIX = ".work"


class WorkBoard:
    """The board in a folder, as one worker writes on it."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._worker = folder, os.getpid()
        self._numbers: dict[str, int] = {}

    def waiting(self, name: str, number: int) -> None:
        """Note that a request waits, the ``number``-th of this worker."""
        self._numbers[name] = number
        self._write(name, "waiting")

    def running(self, name: str) -> None:
        """Note that a request is being answered."""
        self._write(name, "running")

    def gone(self, name: str) -> None:
        """Take a request off the board."""
        self._numbers.pop(name, None)
        self._path(name).unlink(missing_ok=True)

    def state(self, name: str) -> dict[str, Any] | None:
        """Return a request's state, for how many seconds, and how many wait before it; or ``None``."""
        entry = _read(self._path(name))
        if entry is None:
            return None
        others = (_read(path) for path in self._folder.glob(f"*{_SUFFIX}"))
        before = sum(1 for other in others if other is not None and _is_before(other, entry))
        return {
            "state": entry["state"],
            "seconds": round(max(0.0, time() - entry["since"]), 1),
            "before": before if entry["state"] == "waiting" else 0,
        }

    def _write(self, name: str, state: str) -> None:
        entry = {"worker": self._worker, "number": self._numbers[name], "state": state, "since": time()}
        path = self._path(name)
        with suppress(OSError):
            beside = path.with_suffix(f".{self._worker}")
            beside.write_bytes(orjson.dumps(entry))
            beside.replace(path)

    def _path(self, name: str) -> Path:
        return self._folder / (hashlib.sha256(name.encode()).hexdigest()[:32] + _SUFFIX)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        entry: dict[str, Any] = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    return entry


def _is_before(other: dict[str, Any], entry: dict[str, Any]) -> bool:
    same = other["worker"] == entry["worker"] and other["state"] == "waiting"
    return bool(same and other["number"] < entry["number"])
