"""The rows of our concept maps as a resource, a page of source codes at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from terminology.bundle.store import Store
from web.fhir.fhir_release import R4, FhirRelease
from web.fhir.http.subset import marked
from web.fhir.maps.own_maps import Match, OwnMap, loaded, translate_own
from web.fhir.outcome import refuse
from web.fhir.parameters import Inputs
from web.fhir.registry import own_systems

Json = dict[str, Any]
MOST_ROWS = 1_000
#: What a comment on a target says of it, in this order.
_SAID = ("representation", "confidence", "facet-lost", "facet-added", "optional", "provenance")


def with_rows(store: Store, fhir: FhirRelease, resource: Json, inputs: Inputs) -> Json:
    """Return a map of the bundle with the rows of ``_count`` source codes from ``_offset`` on.

    A map without ``_count``, and any other resource, comes back as it is. Raises :class:`FhirError` for a
    page that is too long.
    """
    own = next((m for m in loaded(store) if m.url == resource.get("url")), None)
    count, offset = inputs.number("_count"), inputs.number("_offset") or 0
    if own is None or count is None:
        return resource
    if count > MOST_ROWS:
        reason = f"is {count}; a page of a map has at most {MOST_ROWS} source codes"
        raise refuse(400, "INVALID_PARAMETER", parameter="_count", reason=reason)
    system = own_systems(store)[own.source.uri][0]
    span = system.span(None)
    concepts = system.page(span, offset, count)
    total, end = system.count(span), offset + len(concepts)
    more = f"; the next page: _count={count}&_offset={end}" if end < total else ""
    rows = [row for c in concepts if (row := _row(store, own, fhir, (c.code, c.display)))]
    said = f"Source codes {offset + 1} to {end} of {total}, headings without a row among them{more}."
    page = {**resource, "description": said}
    return marked({**page, "group": [_group(own, fhir, str(system.version), rows)]} if rows else page)


def _group(own: OwnMap, fhir: FhirRelease, version: str, rows: list[Json]) -> Json:
    if fhir is R4:
        ends = {"source": own.source.uri, "sourceVersion": version, "target": own.target.uri}
    else:
        ends = {"source": f"{own.source.uri}|{version}", "target": own.target.uri}
    return {**ends, "element": rows}


def _row(store: Store, own: OwnMap, fhir: FhirRelease, source: tuple[str, str | None]) -> Json | None:
    """Return the row of a source code, ``None`` for one that the map does not speak of."""
    code, display = source
    matches = translate_own(store, own, code, None)
    if not matches:
        return None
    row: Json = {"code": code, **({"display": display} if display else {})}
    targets = list(_targets((m for m in matches if m.code), fhir))
    if targets:
        return {**row, "target": targets}
    if fhir is R4:
        return {**row, "target": [{"equivalence": "unmatched", "comment": _comment(matches[0])}]}
    return {**row, "noMap": True}


def _targets(matches: Iterable[Match], fhir: FhirRelease) -> Iterator[Json]:
    for match in matches:
        made: Json = {"code": match.code, fhir.relation_element: fhir.relations[match.relationship]}
        if match.display:
            made["display"] = match.display
        yield {**made, "comment": _comment(match)}


def _comment(match: Match) -> str:
    """Say how sure a row is and who says so; R4 wants a comment on every narrower target (cmd-1)."""
    said = [f"{name}: {value}" for wanted in _SAID for name, _, value in match.notes if name == wanted]
    return "; ".join(said) or f"stated by {match.origin}"
