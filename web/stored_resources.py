"""FHIR resources from a folder of the operator's: read at the start, answered beside the bundle."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from terminology.errors import InvalidRequestError

Json = dict[str, Any]
KINDS = ("CodeSystem", "ValueSet", "ConceptMap")
_PARAMETER = "resources"
_MOST_BYTES = 256 * 2**20
_MOST_RESOURCES = 10_000
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}", re.ASCII)
_NO_ID = re.compile(r"[^A-Za-z0-9.-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class StoredResources:
    """The resources of a folder, each with an ``id``; ``fingerprint`` changes when any of them does.

    ``kept`` holds what is made of a resource once, by the object's identity.
    """

    resources: tuple[Json, ...] = ()
    fingerprint: str = ""
    kept: dict[int, Any] = field(default_factory=dict, compare=False)

    def of(self, kind: str) -> tuple[Json, ...]:
        """Return the resources of a type."""
        return tuple(r for r in self.resources if r["resourceType"] == kind)


NONE = StoredResources()


def read_resources(folder: str) -> StoredResources:
    """Read every ``.json`` file below a folder: CodeSystems, ValueSets, ConceptMaps, or Bundles of them.

    An empty name is no folder. Raises :class:`InvalidRequestError` that names the file for what is no such
    resource, has no url, or has the url and version, or the id, of another.
    """
    if not folder:
        return NONE
    if not Path(folder).is_dir():
        raise InvalidRequestError(_PARAMETER, f"{folder} is no folder")
    digest = hashlib.sha256()
    found: list[Json] = []
    seen: dict[tuple[str, ...], str] = {}
    size = 0
    for path in sorted(p for p in Path(folder).rglob("*.json") if p.is_file()):
        name = str(path.relative_to(folder))
        size += path.stat().st_size
        if size > _MOST_BYTES:
            raise InvalidRequestError(_PARAMETER, f"{folder} holds more than {_MOST_BYTES >> 20} MB")
        data = path.read_bytes()
        digest.update(data)
        for resource in _resources(data, name):
            for key in _keys(resource):
                if key in seen:
                    what = f"{name}: {' '.join(key)} stands in {seen[key]} already"
                    raise InvalidRequestError(_PARAMETER, what)
                seen[key] = name
            found.append(resource)
    if len(found) > _MOST_RESOURCES:
        raise InvalidRequestError(_PARAMETER, f"{folder} holds more than {_MOST_RESOURCES:,} resources")
    return StoredResources(tuple(found), digest.hexdigest()[:20])


def _resources(data: bytes, name: str) -> Iterator[Json]:
    try:
        document = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as fault:
        raise InvalidRequestError(_PARAMETER, f"{name}, line {fault.lineno}: no JSON ({fault.msg})") from None
    several = isinstance(document, dict) and document.get("resourceType") == "Bundle"
    entries = document.get("entry", ()) if several else ({"resource": document},)
    if not isinstance(entries, list | tuple):
        raise InvalidRequestError(_PARAMETER, f"{name}: Bundle.entry is no list")
    for entry in entries:
        resource = entry.get("resource") if isinstance(entry, dict) else None
        kind = resource.get("resourceType") if isinstance(resource, dict) else None
        if not isinstance(resource, dict) or kind not in KINDS:
            raise InvalidRequestError(_PARAMETER, f"{name}: expected {', '.join(KINDS)}, found {kind!r}")
        if not isinstance(resource.get("url"), str) or not resource["url"]:
            raise InvalidRequestError(_PARAMETER, f"{name}: a {kind} without url cannot be asked for")
        yield {**resource, "id": _id(resource, name)}


def _id(resource: Json, name: str) -> str:
    """Return the id of a resource, made of its file's name where it has none."""
    stated = resource.get("id")
    if stated is None:
        return _NO_ID.sub("-", Path(name).stem).strip("-")[:64] or "resource"
    if not isinstance(stated, str) or not _ID.fullmatch(stated):
        raise InvalidRequestError(_PARAMETER, f"{name}: {stated!r} is no id")
    return stated


def _keys(resource: Json) -> tuple[tuple[str, ...], ...]:
    """Return what no two resources may share: type with id, and type with url and version."""
    kind = resource["resourceType"]
    return (kind, "id", resource["id"]), (kind, resource["url"], str(resource.get("version", "")))
