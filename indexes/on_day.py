"""Search on a day: each system answers from its release of that day, without codes not in use then."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from indexes.ranking.filters import InUse
from indexes.response import SearchResponse, SearchResult, Suggestion, SuggestPage
from indexes.search import SearchIndex
from terminology.bundle.concepts.concept_reader import LoadedRelease
from terminology.bundle.concepts.designations import titles_in
from terminology.bundle.concepts.on_day import release_notices
from terminology.bundle.life.icd9_codes import became_icd10, codes_in_use
from terminology.bundle.life.not_loaded import remark_not_loaded
from terminology.bundle.life.periods import flags_in_release, flags_on, life, not_in_use_on, period_on
from terminology.bundle.store import Store
from terminology.codes import code_key, key_in
from terminology.concept import Kind, Synonym
from terminology.errors import InvalidRequestError
from terminology.systems import ICD10CM

Results = tuple[SearchResult, ...]


def search_on(
    store: Store, index: SearchIndex, query: str, on: date | None = None, **options: Any
) -> SearchResponse:
    """Search as :meth:`SearchIndex.search` on a day (today); a ``release`` is searched as it is."""
    if options.get("release") is not None:
        if on is not None:
            store.release(options.get("system") or "", options["release"], on)
        return _search_release(store, index, query, options)
    day = on or date.today()
    found = index.search(query, in_use=_in_use(store, day), **options)
    results = tuple(_as_of(store, result, day) for result in found.results)
    found = replace(found, results=results, notices=_notices(store, results, on, options.get("system")))
    remark = "" if any(result.matched_on == "code" for result in results) else remark_not_loaded(store, query)
    if not remark:
        untitled = _without_release(store, query, day) if not results else ""
        if untitled:
            return replace(found, did_you_mean=(), not_loaded=untitled)
        return found
    became = became_icd10(store, query)
    instead = () if became is None else codes_in_use(store, became)
    return replace(found, did_you_mean=instead, not_loaded=remark)


def _notices(store: Store, results: Results, on: date | None, system: str | None) -> tuple[str, ...]:
    """What the releases that answer cannot say of the day: of the system asked, else of those found."""
    systems = [system] if system in store.systems() else dict.fromkeys(each.system for each in results)
    day = on or date.today()
    return tuple(
        notice for name in systems for notice in release_notices(store, store.release(name, on=day), on, day)
    )


def _without_release(store: Store, query: str, day: date) -> str:
    """Say it of a code that only a dated table knows: it is good on the day, and the index cannot have it."""
    if ICD10CM.id not in store.systems():
        return ""
    period = period_on(life(store, ICD10CM.id, query), day)
    if period is None or period.title is not None:
        return ""
    return store.resolution(ICD10CM.id, key_in(ICD10CM.id, query), day).message


def suggest_on(
    store: Store,
    index: SearchIndex,
    query: str,
    on: date | None = None,
    system: str | None = None,
    release: str | None = None,
    **options: Any,
) -> SuggestPage:
    """Complete as :meth:`SearchIndex.suggest` on a day, today without one, or from a ``release`` as it is."""
    if release is None:
        in_use = _in_use(store, on or date.today())
        return index.suggest(query, system=system, in_use=in_use, **options)
    if system is None:
        raise InvalidRequestError("release", "needs a system")
    in_use = _in_release(store, store.release(system, release, on))
    page = index.suggest(query, system=system, in_use=in_use, **options)
    named = (_titled_in(store, each, release) for each in page.results)
    return replace(page, results=tuple(named))


def in_language(store: Store, found: Results, language: str | None) -> Results:
    """Return results with titles in a language; what has none there, or ``None``, keeps the English one."""
    if language is None:
        return found
    places: dict[tuple[str, str], list[str]] = {}
    for result in found:
        places.setdefault((result.system, result.release), []).append(result.code)
    titles = {
        (*place, code): title
        for place, codes in places.items()
        for code, title in titles_in(store, *place, language, codes).items()
    }
    return tuple(_titled(each, titles.get((each.system, each.release, each.code))) for each in found)


def _titled(result: SearchResult, title: Synonym | None) -> SearchResult:
    if title is None:
        return result
    marked = result.highlight if result.matched_on != "title" else html.escape(title.text)
    return replace(result, title=title.text, title_en=result.title, language=title.language, highlight=marked)


def _in_use(store: Store, day: date) -> Mapping[str, InUse]:
    """What of each system answers; where no release is in force, every code that was in use by its life."""
    found = {}
    for system in store.systems():
        release = store.release(system, on=day).release
        gone = not_in_use_on(store, system, store.unchanged_since(day))
        flags = flags_on(store, system, store.unchanged_since(day))
        found[system] = InUse(release.id if release.in_force(day) else None, gone, flags)
    return found


def _in_release(store: Store, loaded: LoadedRelease) -> Mapping[str, InUse]:
    """What of a system answers where one of its releases is named."""
    flags = flags_in_release(store, loaded.release.system, loaded.number)
    return {loaded.release.system: InUse(loaded.release.id, flags=flags)}


def _titled_in(store: Store, suggested: Suggestion, release: str) -> Suggestion:
    """A suggestion with the title that a release prints."""
    return replace(suggested, title=store.concept(suggested.system, suggested.code, release).title)


def _with_variants_on(store: Store, result: SearchResult, day: date) -> SearchResult:
    """A result without variants (7th characters) that are not in use; without any it is the code itself."""
    gone = not_in_use_on(store, result.system, store.unchanged_since(day)) if result.variants else frozenset()
    left = tuple(each for each in result.variants if code_key(each.code) not in gone)
    if len(left) == len(result.variants):
        return result
    if code_key(result.code) not in gone:
        return replace(result, variants=left)
    if left:
        return replace(
            result, code=left[0].code, title=left[0].title, billable=left[0].billable, variants=left
        )
    return replace(result, code=result.base or result.code, kind=Kind.CATEGORY.value, base=None, variants=())


def _search_release(store: Store, index: SearchIndex, query: str, options: dict[str, Any]) -> SearchResponse:
    """Search a named release as it is: with its own titles and flags, not those of the newest."""
    system, release = options.get("system"), options["release"]
    in_use = {} if system is None else _in_release(store, store.release(system, release))
    found = index.search(query, in_use=in_use, **options)
    return replace(found, results=tuple(_printed(store, result) for result in found.results))


def _printed(store: Store, result: SearchResult) -> SearchResult:
    """A result with the title and the flag that its release prints."""
    if not store.has(result.system, result.code, result.release):
        return result
    concept = store.concept(result.system, result.code, result.release)
    retitled = concept.title != result.title and result.matched_on == "title"
    return replace(
        result,
        title=concept.title,
        kind=concept.kind,
        billable=concept.billable,
        highlight=html.escape(concept.title) if retitled else result.highlight,
    )


def _as_of(store: Store, result: SearchResult, day: date) -> SearchResult:
    """A result with the title, flag and release of the day: the index prints those of the newest release."""
    result = _with_variants_on(store, result, day)
    period = period_on(life(store, result.system, result.code), day)
    release = store.nearest_release(result.system, result.code, day)
    if period is None or period.title is None:
        return replace(result, release=release or result.release)
    retitled = period.title != result.title and result.matched_on == "title"
    return replace(
        result,
        release=release or result.release,
        title=period.title,
        kind=result.kind if period.billable is None else _kind(result.kind, period.billable),
        billable=result.billable if period.billable is None else period.billable,
        highlight=html.escape(period.title) if retitled else result.highlight,
    )


def _kind(kind: str, billable: bool) -> str:
    """The kind of a code or category by its flag; of all else its own."""
    if kind not in (Kind.CODE.value, Kind.CATEGORY.value):
        return kind
    return (Kind.CODE if billable else Kind.CATEGORY).value
