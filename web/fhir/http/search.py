"""Search: a Bundle of the resources that fit, a page of it, and links that say what was understood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from web.fhir.asking import Asking
from web.fhir.http.code_search import has_code
from web.fhir.http.reading import listed, whole_id
from web.fhir.http.search_parameters import MODIFIERS, SearchParameter, fits, parameters_of
from web.fhir.http.subset import asked_summary, subset
from web.fhir.outcome import Issue, issue, outcome, refuse
from web.fhir.parameters import Inputs

Json = dict[str, Any]
_SHAPING = ("_count", "_offset", "_sort", "_summary", "_elements", "_total", "_format", "_pretty")
_USUAL_PAGE, LARGEST_PAGE = 100, 500


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was understood of a search: criteria, the pairs ``self`` repeats, and remarks on the rest."""

    criteria: Sequence[tuple[SearchParameter, str, str]]
    pairs: Sequence[tuple[str, str]]
    remarks: Sequence[Issue]


def is_strict(prefer: str | None) -> bool:
    """Whether a ``Prefer`` header asks to refuse what is not understood (FHIR, "Handling errors")."""
    wishes = (prefer or "").replace(";", ",").split(",")
    return any(wish.strip().lower() == "handling=strict" for wish in wishes)


def search(asking: Asking, kind: str, inputs: Inputs, base: str, *, strict: bool = False) -> Json:
    """Return a searchset Bundle; ``base`` is the address of the mount that was asked.

    A parameter there is not is left out of ``self`` and named in an OperationOutcome among the entries;
    ``strict`` raises :class:`FhirError` for it instead.
    """
    resources = listed(asking.store, asking.fhir, kind, asking.registry.stored)
    asked = _with_whole_ids(asking, _understood(kind, inputs, strict=strict), resources)
    found = [r for r in resources if _passes(asking, r, asked)]
    found = _sorted(found, kind, inputs)
    count, offset = _page(inputs)
    page = found[offset : offset + count]
    bundle: Json = {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(found),
        "link": _links(f"{base}/{kind}", asked.pairs, (count, offset, len(found))),
    }
    entries: list[Json] = [
        {"fullUrl": f"{base}/{kind}/{r['id']}", "resource": subset(r, inputs), "search": {"mode": "match"}}
        for r in page
    ]
    if asked.remarks:
        entries.append({"resource": outcome(asked.remarks), "search": {"mode": "outcome"}})
    if entries:
        bundle["entry"] = entries
    return bundle


def _understood(kind: str, inputs: Inputs, *, strict: bool) -> _Asked:
    known = parameters_of(kind)
    criteria, pairs, remarks = [], [], []
    for name in inputs.names:
        plain, _, modifier = name.partition(":")
        values = [str(v).strip() for v in inputs.all(name) if str(v).strip()]
        if plain in known and values:
            _check_modifier(known[plain], modifier)
            criteria += [(known[plain], modifier, v) for v in values]
        elif name not in _SHAPING and values:
            told = {"parameter": name, "type": kind, "known": ", ".join((*known, *_SHAPING))}
            if strict:
                raise refuse(400, "SEARCH_PARAMETER_UNKNOWN", **told)
            remarks.append(issue("SEARCH_PARAMETER_UNKNOWN", severity="warning", **told))
            continue
        pairs += [(name, v) for v in values]
    return _Asked(criteria, pairs, remarks)


def _with_whole_ids(asking: Asking, asked: _Asked, resources: Sequence[Json]) -> _Asked:
    """Read ``_id`` as a read of the resource does: by a system's bare id too."""

    def whole(names: str) -> str:
        return ",".join(whole_id(asking.store, resources, name) for name in names.split(","))

    criteria = [(p, m, whole(value) if p.name == "_id" else value) for p, m, value in asked.criteria]
    return replace(asked, criteria=criteria)


def _check_modifier(parameter: SearchParameter, modifier: str) -> None:
    """Raise for a modifier that is not offered: FHIR has servers refuse it, strict or not."""
    offered = (*MODIFIERS[parameter.type], *(() if parameter.type == "special" else ("missing",)))
    if modifier and modifier not in offered:
        reason = f"cannot have the modifier ':{modifier}'; it can have {', '.join(offered) or 'none'}"
        raise refuse(400, "INVALID_PARAMETER", parameter=parameter.name, reason=reason)


def _passes(asking: Asking, resource: Json, asked: _Asked) -> bool:
    return all(
        has_code(asking, resource, parameter.name, value)
        if parameter.type == "special"
        else fits(*_canonical(resource, parameter, modifier, value))
        for parameter, modifier, value in asked.criteria
    )


def _canonical(
    resource: Json, parameter: SearchParameter, modifier: str, value: str
) -> tuple[Json, SearchParameter, str, str]:
    """Read ``url=URL|VERSION`` as the url of that version; of any other it is not the url."""
    if parameter.name == "url" and not modifier and value.endswith(f"|{resource.get('version')}"):
        value = value.removesuffix(f"|{resource.get('version')}")
    return resource, parameter, modifier, value


def _sorted(found: list[Json], kind: str, inputs: Inputs) -> list[Json]:
    """Sort by ``_sort``: names of parameters, the first counting most; ``-`` before one turns it round."""
    known = {name: p for name, p in parameters_of(kind).items() if p.type != "special"}
    keys = [k.strip() for text in inputs.all("_sort") for k in str(text).split(",") if k.strip()]
    for key in reversed(keys):
        parameter = known.get(key.removeprefix("-"))
        if parameter is None:
            reason = f"cannot be '{key}'; it can be {', '.join(known)}, each with '-' before it"
            raise refuse(400, "INVALID_PARAMETER", parameter="_sort", reason=reason)
        values = parameter.values
        found = sorted(found, key=lambda r: "".join(values(r)).casefold(), reverse=key.startswith("-"))
    return found


def _page(inputs: Inputs) -> tuple[int, int]:
    count = inputs.number("_count")
    if asked_summary(inputs) == "count":
        count = 0
    return min(_USUAL_PAGE if count is None else count, LARGEST_PAGE), inputs.number("_offset") or 0


def _links(address: str, pairs: Sequence[tuple[str, str]], page: tuple[int, int, int]) -> list[Json]:
    """Return ``self`` and, where there are others, the pages beside this one."""
    count, offset, total = page
    links = [{"relation": "self", "url": _address(address, pairs)}]
    if not count:
        return links
    kept = [(name, value) for name, value in pairs if name not in ("_count", "_offset")]
    beside = {"first": 0 if total > count or offset else None}
    beside["previous"] = max(0, offset - count) if offset else None
    beside["next"] = offset + count if offset + count < total else None
    for relation, start in beside.items():
        if start is not None:
            turned = [*kept, ("_count", str(count)), *([("_offset", str(start))] if start else [])]
            links.append({"relation": relation, "url": _address(address, turned)})
    return links


def _address(address: str, pairs: Sequence[tuple[str, str]]) -> str:
    query = "&".join(f"{quote(n, safe=':')}={quote(v, safe='/:?,$')}" for n, v in pairs)
    return f"{address}?{query}" if query else address
