"""Closure tables of FHIR's ``$closure``: a file each, shared by all processes of a server.

A client builds a table up code by code, so that it can ask its own database what lies below what. Tables are
bounded: in a folder that is full, the one that nobody used for longest gives way.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import NamedTuple

import orjson

from web.process.serving import SCRATCH_VARIABLE

MOST_CONCEPTS = 10_000
MOST_BYTES = 64 * 2**20
_SUFFIX, _LOCK = ".closure", "closures.lock"


class Member(NamedTuple):
    """A concept in a table.

    ``lineage`` is what the system itself calls it, then all codes above it.
    """

    system: str
    release: str
    code: str
    lineage: list[str]


class Relation(NamedTuple):
    """``code`` lies below ``above``, or says the same; stated first in version ``since`` of the table."""

    since: int
    system: str
    release: str
    code: str
    above: str
    same: bool


@dataclass(slots=True)
class ClosureTable:
    """A table as it is kept; ``content`` is the hash of the bundle that it was begun with."""

    name: str
    content: str
    version: int = 0
    members: list[Member] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)


class ClosureTables:
    """The tables of a folder; without one, of a new folder that goes with this object."""

    def __init__(self, folder: Path | None = None) -> None:
        self._named = folder
        self._passing: tempfile.TemporaryDirectory[str] | None = None

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Keep all others from changing a table."""
        with (self._folder / _LOCK).open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def read(self, name: str) -> ClosureTable | None:
        """Return a table, ``None`` if there is none of the name, or no longer."""
        path = self._path(name)
        try:
            kept = orjson.loads(path.read_bytes())
            os.utime(path)
        except (OSError, orjson.JSONDecodeError):
            return None
        members = [Member(*each) for each in kept["members"]]
        relations = [Relation(*each) for each in kept["relations"]]
        return ClosureTable(kept["name"], kept["content"], kept["version"], members, relations)

    def write(self, table: ClosureTable) -> None:
        """Keep a table; others give way for it if need be."""
        path = self._path(table.name)
        beside = path.with_suffix(f".{os.getpid()}")
        beside.write_bytes(orjson.dumps(asdict(table), default=tuple))
        beside.replace(path)
        self._make_room(path)

    @property
    def _folder(self) -> Path:
        if self._named is not None:
            self._named.mkdir(parents=True, exist_ok=True)
            return self._named
        if self._passing is None:
            self._passing = tempfile.TemporaryDirectory(prefix="teneleven-closures-")
        return Path(self._passing.name)

    def _make_room(self, kept: Path) -> None:
        others = [p for p in self._folder.glob(f"*{_SUFFIX}") if p != kept]
        states = sorted((p.stat().st_mtime_ns, p.stat().st_size, p) for p in others)
        size = kept.stat().st_size + sum(s for _, s, _ in states)
        for _, each, path in states:
            if size <= MOST_BYTES:
                return
            path.unlink(missing_ok=True)
            size -= each

    def _path(self, name: str) -> Path:
        return self._folder / (hashlib.sha256(name.encode()).hexdigest()[:32] + _SUFFIX)


def closure_tables(folder: str) -> ClosureTables:
    """Return the tables of the operator's folder, or of the running server's own if none is named."""
    chosen = folder or os.environ.get(SCRATCH_VARIABLE, "")
    return ClosureTables(Path(chosen) if chosen else None)
