"""ValueSet/$expand."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from web.fhir.asking import Asking, stated_versions_match
from web.fhir.operations.validate_operation import find_valueset
from web.fhir.outcome import refuse
from web.fhir.parameters import Inputs, canonical
from web.fhir.systems.bundle_system import BundleSystem
from web.fhir.systems.versions import VersionRules, order
from web.fhir.valuesets.compose import Composition, Entry
from web.fhir.valuesets.definition import SUPPLEMENT
from web.fhir.valuesets.expansion_entries import Wanted, contains, nested
from web.fhir.valuesets.expansion_parameters import expansion_parameters
from web.fhir.valuesets.expansion_properties import declared_properties
from web.fhir.valuesets.text_filter import TextFilter

Json = dict[str, Any]
_BASE = "http://hl7.org/fhir/StructureDefinition/"

#: More codes than this are only answered in pages (``count``).
MOST_CODES = 10_000
#: A supplied code system may not make the server list more than this without paging.
MOST_SUPPLIED = 1_000
MOST_PER_PAGE = 10_000
#: What of a value set goes with its expansion; its definition only on request.
_KEPT = (
    *("language", "extension", "url", "version", "name", "title", "status"),
    *("experimental", "date", "copyright"),
)


def expand(asking: Asking, inputs: Inputs) -> Json:
    """Return a value set with its expansion: all of it, a page of it, or those that fit ``filter``.

    Raises :class:`FhirError`: ``too-costly`` when it is large and no page is asked for.
    """
    valueset = find_valueset(asking, inputs)
    composition = Composition(
        asking.registry,
        VersionRules.of(inputs),
        versions_match=stated_versions_match(inputs, valueset),
        expanding=True,
    )
    wanted = Wanted.of(asking, inputs, valueset)
    text = inputs.text("filter")
    fitting = TextFilter(asking, text or "")
    count, offset = inputs.number("count"), inputs.number("offset") or 0
    if count is not None and count > MOST_PER_PAGE:
        reason = f"is {count}; a page has at most {MOST_PER_PAGE} codes"
        raise refuse(400, "INVALID_PARAMETER", parameter="count", reason=reason)
    span = _span(composition, valueset)
    if span is not None and not text:
        total, page = _page(valueset, span, offset, count, active_only=wanted.active_only)
    else:
        entries = fitting.within(*span) if span is not None else composition.entries(valueset)
        if wanted.versions_match:
            entries = _merged(entries)
        if wanted.active_only:
            entries = [e for e in entries if not e.concept.inactive]
        if text and span is None:
            entries = fitting.among(entries)
        total = len(entries)
        _check_cost(valueset, entries, total, count)
        page = entries[offset:] if count is None else entries[offset : offset + count]
    nest = (
        not wanted.exclude_nested
        and count is None
        and not offset
        and (not text or _filtered(valueset))
        and _may_nest(valueset)
    )
    found: Json = {"timestamp": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")}
    found = {"identifier": f"urn:uuid:{uuid.uuid4()}", **found, "total": total}
    if offset or (count is not None and 0 < count < total):
        found["offset"] = offset
    fragments = [s.url for s in composition.used.systems.values() if s.content == "fragment"]
    if fragments:
        found["extension"] = _unclosed(fragments)
    found["parameter"] = [
        *expansion_parameters(composition, valueset, inputs, wanted.accept_language),
        *({"name": "warning", "valueString": f"filter: {remark}"} for remark in fitting.remarks),
    ]
    declare = declared_properties(page, wanted.definition, wanted.properties, native=wanted.native_properties)
    for name, declared in (declare or {}).items():
        found[name] = [*found.get(name, ()), *declared]
    if page:
        rows = [contains(e, wanted) for e in page]
        found["contains"] = nested(page, rows) if nest and not composition.used.enumerated else rows
    return _result(valueset, found, inputs)


def _result(valueset: Json, expansion: Json, inputs: Inputs) -> Json:
    elements = ("id", *_KEPT, "publisher", "compose") if inputs.flag("includeDefinition") else _KEPT
    kept = {"status": "unknown", **{k: valueset[k] for k in elements if k in valueset}}
    stated = [e for e in kept.pop("extension", ()) if e.get("url") != SUPPLEMENT or _pinned(e)]
    if stated:
        kept["extension"] = stated
    return {**kept, "resourceType": "ValueSet", "expansion": expansion}


def _pinned(extension: Json) -> bool:
    """Whether an extension names a supplement in a version, and so says what the expansion rests on."""
    return "|" in str(extension.get("valueCanonical") or extension.get("valueUri"))


def _may_nest(valueset: Json) -> bool:
    """Whether a definition keeps whole hierarchies: no excludes, and not made of other value sets."""
    compose = valueset.get("compose", {})
    return not compose.get("exclude") and not any("valueSet" in i for i in compose.get("include", ()))


def _filtered(valueset: Json) -> bool:
    """Whether a definition chooses by filters: a text then looks for what fits among hierarchies."""
    return any("filter" in include for include in valueset.get("compose", {}).get("include", ()))


def _unclosed(fragments: Sequence[str]) -> list[Json]:
    """The extensions that say that an expansion may lack codes, since a code system is here in part."""
    reason = f"This extension is based on a fragment of the code system {', '.join(fragments)}"
    return [
        {"url": f"{_BASE}valueset-unclosed", "valueBoolean": True},
        {"url": f"{_BASE}valueset-unclosed-reason", "valueString": reason},
    ]


class Span(NamedTuple):
    """A whole release, or one subtree of it, as a span of ids."""

    system: BundleSystem
    ids: tuple[int, int]


def _span(composition: Composition, valueset: Json) -> Span | None:
    """Return the span that a value set is, if it is nothing else than one."""
    sole = composition.sole_span(valueset)
    if sole is None:
        return None
    include, system = sole
    if not isinstance(system, BundleSystem):
        return None
    filters = include.get("filter", ())
    if not filters:
        return Span(system, system.span(None))
    if filters[0].get("property") not in ("concept", "code") or not filters[0].get("value"):
        return None
    root = system.find(str(filters[0]["value"]))
    return None if root is None or root.token is None else Span(system, system.span(root))


def _page(
    valueset: Json, span: Span, offset: int, count: int | None, *, active_only: bool
) -> tuple[int, list[Entry]]:
    """Read one page of a span without reading the rest."""
    system, ids = span
    total = system.count(ids, active_only=active_only)
    if count is None and total > MOST_CODES:
        raise _too_costly(valueset, total)
    rows = system.page(ids, offset, total if count is None else count, active_only=active_only)
    return total, [Entry(system, concept) for concept in rows]


def _merged(entries: Sequence[Entry]) -> list[Entry]:
    """Keep each code once whatever versions of its system hold it, as the newest of them has it."""
    found: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        key = (entry.system.url, entry.concept.code)
        known = found.get(key)
        if known is None or order(entry.system.version) > order(known.system.version):
            found[key] = entry
    return list(found.values())


def _check_cost(valueset: Json, entries: Sequence[Entry], total: int, count: int | None) -> None:
    if count is not None:
        return
    supplied = bool(entries) and not isinstance(entries[0].system, BundleSystem)
    if total > (MOST_SUPPLIED if supplied else MOST_CODES):
        raise _too_costly(valueset, total)


def _too_costly(valueset: Json, total: int) -> Exception:
    name = canonical(valueset.get("url"), valueset.get("version"))
    return refuse(422, "VALUESET_TOO_COSTLY", valueset=name, count=f"{total}")
