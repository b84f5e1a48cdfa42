"""The manifest of a bundle: what is in it, where it came from, and whether this version can read it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from terminology.errors import BundleError

SCHEMA_VERSION = 2
MANIFEST = "manifest.json"
DATABASE = "terminology.db"
SEARCH = "search"
CROSSWALK = "crosswalk.parquet"
EDITS = "edits"
_HASH_LENGTH = 64


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """One file the bundle was read from. ``origin`` is ``data``, ``publisher`` or ``package``."""

    name: str
    sha256: str
    format: str
    origin: str
    records: int


@dataclass(frozen=True, slots=True)
class ReleaseRecord:
    """One release in the bundle, with its counts per kind of concept."""

    system: str
    release: str
    effective_from: str | None
    effective_to: str | None
    counts: Mapping[str, int]
    sources: tuple[str, ...]
    notices: tuple[str, ...]
    licence: str
    attribution: str
    publisher: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What ``bundle/manifest.json`` holds.

    ``content_hash`` depends on the content alone: the same inputs give the same hash. ``notices`` say
    what is missing or was completed from elsewhere; ``built_at`` is the time of the build (UTC); ``files``
    are the sha256 of every other file of the bundle by its path (:mod:`terminology.bundle.checksums`).
    """

    schema_version: int
    tool_version: str
    content_hash: str
    built_at: str
    releases: tuple[ReleaseRecord, ...]
    sources: tuple[SourceRecord, ...]
    counts: Mapping[str, int]
    notices: tuple[str, ...] = field(default=())
    files: Mapping[str, str] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        """Write ``manifest.json`` into a bundle that is being built."""
        text = json.dumps(asdict(self), indent=2, ensure_ascii=False)
        (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read the manifest of a bundle; raise :class:`BundleError` if this version cannot serve it."""
        path = folder / MANIFEST
        if not path.is_file():
            raise BundleError(f"{folder} holds no bundle (no {MANIFEST}); run 'teneleven build' to make one")
        try:
            raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            version = raw["schema_version"]
        except (ValueError, KeyError, TypeError, OSError, RecursionError) as fault:
            raise BundleError(f"{path} is damaged ({fault}); run 'teneleven build' again") from fault
        if version != SCHEMA_VERSION:
            raise BundleError(
                f"{folder} has bundle schema version {version}, this program reads {SCHEMA_VERSION}; "
                "run 'teneleven build' again with this version"
            )
        try:
            raw["releases"] = tuple(ReleaseRecord(**_tuples(r)) for r in raw["releases"])
            raw["sources"] = tuple(SourceRecord(**s) for s in raw["sources"])
            manifest = cls(**_tuples(raw))
            _check_types(manifest)
            return manifest
        except (KeyError, TypeError, AttributeError) as fault:
            raise BundleError(f"{path} is damaged ({fault}); run 'teneleven build' again") from fault


def _check_types(manifest: Manifest) -> None:
    """Raise :class:`TypeError` for a value that answers or comparisons would stumble over later."""
    texts = (manifest.content_hash, manifest.built_at, manifest.tool_version)
    if not all(isinstance(text, str) and text.isprintable() for text in texts):
        raise TypeError("content_hash, built_at and tool_version must be text")
    if len(manifest.content_hash) != _HASH_LENGTH or not manifest.content_hash.isalnum():
        raise TypeError("content_hash must be 64 hexadecimal digits")
    if not all(isinstance(one, dict) for one in (manifest.counts, manifest.files)):
        raise TypeError("counts and files must be objects")
    if not all(isinstance(each, str) for item in manifest.files.items() for each in item):
        raise TypeError("files must be a sha256 by path")


def _tuples(raw: dict[str, Any]) -> dict[str, Any]:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in raw.items()}
