"""The search parameters of the resource types, and how a value fits a resource.

FHIR R4 and R5, "Search": types, modifiers and prefixes. Where the releases name a parameter differently
(``source-uri`` in R4, ``source-scope-uri`` in R5) both names work in both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from web.fhir.outcome import refuse
from web.fhir.parameters import split_canonical
from web.fhir.valuesets.implicit_valuesets import ALL

Json = dict[str, Any]
Values = Callable[[Json], Iterable[str]]
KINDS = ("CodeSystem", "ValueSet", "ConceptMap")
_NAMED = (*KINDS, "NamingSystem")
#: What may follow a parameter's name after a colon, by its type; ``missing`` fits all but ``special``.
MODIFIERS = {
    "string": ("contains", "exact"),
    "uri": ("below", "above"),
    "token": ("not",),
    "date": (),
    "special": (),
}
_DATE = re.compile(r"(eq|ne|gt|lt|ge|le|sa|eb)?(\d{4}(?:-\d\d(?:-\d\d)?)?)(?:T.*)?", re.ASCII)
_COMMA = re.compile(r"(?<!\\),")


@dataclass(frozen=True, slots=True)
class SearchParameter:
    """A parameter, its FHIR type, the resource types that have it, and the values a resource has for it.

    ``special`` ones ask for what no element says (which codes there are); the search answers them itself.
    """

    name: str
    type: str
    kinds: tuple[str, ...]
    values: Values


def _element(name: str) -> Values:
    def values(resource: Json) -> Iterable[str]:
        return (str(resource[name]),) if resource.get(name) not in (None, "", []) else ()

    return values


def _ends(elements: tuple[str, ...]) -> Values:
    """Return what a map's value sets are called: their urls, and the system that one is all of."""

    def values(resource: Json) -> Iterator[str]:
        for name in elements:
            if resource.get(name):
                yield str(resource[name])
                system, mark, rest = str(resource[name]).partition(ALL)
                if mark and not rest:
                    yield system

    return values


def _groups(name: str) -> Values:
    """Return the systems of a map: those of its groups, and those its value sets are all of."""

    def values(resource: Json) -> Iterator[str]:
        for group in resource.get("group", ()):
            yield split_canonical(str(group.get(name, "")))[0]
        for url in _ends(_SCOPES[name])(resource):
            if ALL not in url:
                yield url

    return values


def _identifiers(part: str) -> Values:
    def values(resource: Json) -> Iterable[str]:
        return [str(each[part]) for each in resource.get("uniqueId", ())]

    return values


def _included(resource: Json) -> Iterator[str]:
    for include in resource.get("compose", {}).get("include", ()):
        if "system" in include:
            yield str(include["system"])


_SOURCE = ("sourceUri", "sourceCanonical", "sourceScopeUri", "sourceScopeCanonical")
_TARGET = ("targetUri", "targetCanonical", "targetScopeUri", "targetScopeCanonical")
_SCOPES = {"source": _SOURCE, "target": _TARGET}
_MAPS = ("ConceptMap",)


def _nothing(_: Json) -> Iterable[str]:
    return ()


PARAMETERS = (
    SearchParameter("_id", "token", _NAMED, _element("id")),
    SearchParameter("url", "uri", KINDS, _element("url")),
    SearchParameter("version", "token", KINDS, _element("version")),
    SearchParameter("name", "string", _NAMED, _element("name")),
    SearchParameter("title", "string", KINDS, _element("title")),
    SearchParameter("status", "token", _NAMED, _element("status")),
    SearchParameter("date", "date", _NAMED, _element("date")),
    SearchParameter("publisher", "string", _NAMED, _element("publisher")),
    SearchParameter("description", "string", KINDS, _element("description")),
    SearchParameter("system", "uri", ("CodeSystem",), _element("url")),
    SearchParameter("content-mode", "token", ("CodeSystem",), _element("content")),
    SearchParameter("supplements", "uri", ("CodeSystem",), _element("supplements")),
    SearchParameter("code", "special", ("CodeSystem", "ValueSet"), _nothing),
    SearchParameter("reference", "uri", ("ValueSet",), _included),
    *(
        SearchParameter(f"{end}{way}", "uri", _MAPS, _ends(_SCOPES[end]))
        for end in ("source", "target")
        for way in ("", "-uri", "-scope", "-scope-uri")
    ),
    *(
        SearchParameter(f"{end}-{way}", "uri", _MAPS, _groups(end))
        for end in ("source", "target")
        for way in ("system", "group-system")
    ),
    SearchParameter("kind", "token", ("NamingSystem",), _element("kind")),
    SearchParameter("value", "string", ("NamingSystem",), _identifiers("value")),
    SearchParameter("id-type", "token", ("NamingSystem",), _identifiers("type")),
    SearchParameter("source-code", "special", _MAPS, _nothing),
    SearchParameter("target-code", "special", _MAPS, _nothing),
)


def parameters_of(kind: str) -> dict[str, SearchParameter]:
    """Return the search parameters of a resource type by name."""
    return {p.name: p for p in PARAMETERS if kind in p.kinds}


def fits(resource: Json, parameter: SearchParameter, modifier: str, value: str) -> bool:
    """Whether a resource has one of the values, separated by commas, that a parameter asks for."""
    own = list(parameter.values(resource))
    if modifier == "missing":
        return bool(own) != (value.lower() == "true")
    wanted = split_values(value)
    if modifier == "not":
        return not any(w in own for w in wanted)
    test = _TESTS[parameter.type]
    return any(test(each, modifier, w) for w in wanted for each in own)


def split_values(text: str) -> list[str]:
    r"""Split at commas; ``\,`` is one within a value.

    >>> split_values(r"draft,active,a\,b")
    ['draft', 'active', 'a,b']
    """
    return [part.replace("\\,", ",") for part in _COMMA.split(text)]


def _fits_text(own: str, modifier: str, wanted: str) -> bool:
    """String search: from the beginning, anywhere (``contains``) or the whole (``exact``)."""
    if modifier == "exact":
        return own == wanted
    own, wanted = own.casefold(), wanted.casefold()
    return wanted in own if modifier == "contains" else own.startswith(wanted)


def _fits_token(own: str, _: str, wanted: str) -> bool:
    return own == wanted.rpartition("|")[2]


def _fits_uri(own: str, modifier: str, wanted: str) -> bool:
    if modifier == "below":
        return _is_below(own, wanted)
    if modifier == "above":
        return _is_below(wanted, own)
    return own == wanted


def _is_below(url: str, base: str) -> bool:
    """Whether a url is another or goes on from it after ``/``, ``?`` or ``:``."""
    if url == base or (base.endswith(("/", ":")) and url.startswith(base)):
        return True
    return url.startswith(base) and url[len(base)] in "/?:"


def _fits_date(own: str, _: str, wanted: str) -> bool:
    """Compare days as FHIR compares periods: ``2026`` is the whole year."""
    asked = _DATE.fullmatch(wanted)
    if asked is None:
        reason = f"must be a date such as 2026, 2026-10 or ge2026-10-01, not '{wanted}'"
        raise refuse(400, "INVALID_PARAMETER", parameter="date", reason=reason)
    prefix, day = asked.group(1) or "eq", own[:10]
    first, last = asked.group(2) + "-01-01"[len(asked.group(2)) - 4 :], asked.group(2) + "-99-99"
    within = first <= day <= last
    return {
        "eq": within,
        "ne": not within,
        "gt": day > last,
        "sa": day > last,
        "lt": day < first,
        "eb": day < first,
        "ge": day >= first,
        "le": day <= last,
    }[prefix]


_TESTS = {"string": _fits_text, "token": _fits_token, "uri": _fits_uri, "date": _fits_date}
