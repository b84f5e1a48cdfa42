"""The opened search index: search and typeahead. Read-only, safe to share by threads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from time import perf_counter

import orjson

from indexes.disk.body_parts import read_body_parts
from indexes.disk.broad import BroadIndex
from indexes.disk.known_terms import KnownTerms
from indexes.disk.shard import Shard
from indexes.query.codes import filled_up, mistyped, unit_of_code
from indexes.query.core import core_readings
from indexes.query.parsed import ParsedQuery, checked, parse
from indexes.query.unfinished import unfinished
from indexes.query.wider import drug_reading, lacks_side, wider_readings
from indexes.ranking.completion import completed
from indexes.ranking.filters import NOTHING_NAMED, Filter, InUse, Narrowed, facets
from indexes.ranking.found import Found, find, noted, ranked
from indexes.ranking.led import is_whole, led_back, put_before, with_led
from indexes.ranking.presentation import offered, present
from indexes.ranking.unused import unused_by_first
from indexes.response import SearchResponse, Suggestion, SuggestPage
from indexes.text.lexicon import Lexicon, read_lexicon
from indexes.weights import WEIGHTS
from terminology.errors import BundleError, InvalidRequestError, TenElevenError, UnknownReleaseError
from terminology.systems import HCPCS, ICD10CM, ICD11, code_system

FORMAT = 5
MOST_RESULTS = 500
MOST_SUGGESTED = 100
_FEW = 3
_BARELY = 0.5
_PARSED_KEPT = 1024


class SearchIndex:
    """The search part of a bundle; see :func:`open_search_index`."""

    def __init__(self, folder: Path) -> None:
        meta_path = folder / "search.json"
        if not meta_path.is_file():
            raise BundleError(f"{folder} holds no search index; run 'teneleven build' again")
        meta = orjson.loads(meta_path.read_bytes())
        if meta["format"] != FORMAT:
            found = meta["format"]
            raise BundleError(
                f"{folder} has search format {found}, not {FORMAT}; run 'teneleven build' again"
            )
        self.shards = [Shard(s["system"], s["release"], folder / s["folder"]) for s in meta["shards"]]
        self.lexicon: Lexicon = read_lexicon(folder)
        self._terms = KnownTerms(folder)
        self._parts = read_body_parts(folder)
        self._broad = BroadIndex(folder / "whoosh")
        self._parse = lru_cache(maxsize=_PARSED_KEPT)(self._read)

    def search(
        self,
        query: str,
        system: str | None = None,
        release: str | None = None,
        chapter: str | None = None,
        kind: str | None = None,
        billable: bool | None = None,
        setting: str | None = None,
        limit: int = 20,
        offset: int = 0,
        explain: bool = False,
        in_use: Mapping[str, InUse] = NOTHING_NAMED,
    ) -> SearchResponse:
        """Return the page ``offset`` .. ``offset + limit`` of the concepts that answer a query, best first.

        ``query`` is a code, an expression, a term or the beginning of one. ``chapter`` is a chapter's code,
        ``kind`` a :class:`~terminology.concept.Kind`, ``setting`` a care setting by whose volumes equals are
        ordered. ``release`` needs a system; without it each system answers as ``in_use`` says by its id, else
        as its release of the day of the build. At most 500 results per system are listed. Raises
        :class:`InvalidRequestError`, :class:`UnknownSystemError` or :class:`UnknownReleaseError`.
        """
        start = perf_counter()
        text = checked(query)
        _check_page(limit, offset)
        shards = self._shards(system)
        named = None if release is None else _release(shards, system, release)
        wanted = Narrowed(Filter(chapter, kind, billable, setting, named), in_use)
        parsed = self._parse(text)
        shards = _meant(shards, parsed, system)
        found = [find(shard, parsed, wanted.of(shard), MOST_RESULTS) for shard in shards]
        if any(one.exact for one in found):
            found = [one for one in found if one.exact]
        elif not parsed.codes and sum(len(f.units) for f in found) < _FEW:
            in_notes = self._broad.search(parsed.readings[0].slots)
            found += [noted(one, in_notes.get(one.shard.system, ()), wanted.of(one.shard)) for one in found]
        rows = ranked(found)
        unused = unused_by_first(found, rows, parsed)
        if not parsed.codes:
            again = self._by_its_core(parsed, found, rows, unused)
            if again is not None:
                # supplies and drugs are asked for in few words; charts speak of diseases
                found = [
                    one
                    if one.shard.system == HCPCS.id
                    else find(one.shard, again, wanted.of(one.shard), MOST_RESULTS, one.scored)
                    for one in found[: len(shards)]
                ]
                parsed, rows = again, ranked(found)
                unused = unused_by_first(found, rows, parsed)
        asked = [shard.system for shard in shards]
        if asked == [ICD11.id] and not parsed.codes:
            rows = self._with_led(found, rows, parsed, wanted)
        elif asked == [ICD10CM.id] and unused and not parsed.codes:
            rows = self._with_led_back(found, rows, parsed, wanted)
            unused = unused_by_first(found, rows, parsed)
        results = tuple(
            present(
                found[n].shard,
                unit,
                score,
                found[n].hit(unit, score),
                parsed,
                wanted.of(found[n].shard).release or found[n].shard.release,
                explain,
            )
            for score, n, unit in rows[offset : offset + limit]
        )
        return SearchResponse(
            query=text,
            total=len(rows),
            took_ms=(perf_counter() - start) * 1000,
            results=results,
            facets=facets((f.shard, f.units, wanted.of(f.shard)) for f in found),
            did_you_mean=_did_you_mean(parsed, shards),
            unused_words=(*unused, *parsed.chart.left_out),
            denied=parsed.chart.denied,
            left_out=(*parsed.chart.left_out, *(w for w in parsed.chart.said_aside if w in unused)),
        )

    def forget(self) -> None:
        """Let go of the queries that were read so far: they are read anew."""
        self._parse.cache_clear()

    def suggest(
        self,
        q: str,
        system: str | None = None,
        limit: int = 10,
        offset: int = 0,
        in_use: Mapping[str, InUse] = NOTHING_NAMED,
    ) -> SuggestPage:
        """Return a page of the concepts that a half-typed query may become, none for an empty query.

        At most :data:`MOST_SUGGESTED` are listed, and counted in ``total``.
        """
        if not q.strip():
            return SuggestPage(0, ())
        text = checked(q)
        _check_page(limit, offset)
        shards = self._shards(system)
        parsed = self._parse(text)
        shards = _meant(shards, parsed, system)
        wanted = Narrowed(Filter(), in_use)
        if parsed.codes and (filled := filled_up(shards, parsed.codes)):
            parsed = self._parse(" ".join(filled))
        found = [find(s, parsed, wanted.of(s), MOST_SUGGESTED) for s in shards] if parsed.codes else []
        if not any(f.special for f in found):
            readings = unfinished(text, parsed, self.lexicon)
            found = [completed(s, wanted.of(s).mask(s), text, readings, MOST_SUGGESTED) for s in shards]
        rows = ranked(found)[:MOST_SUGGESTED]
        page = rows[offset : offset + limit]
        return SuggestPage(len(rows), tuple(_suggestion(found[n], unit, score) for score, n, unit in page))

    def _with_led(
        self, found: list[Found], rows: list[tuple[float, int, int]], parsed: ParsedQuery, wanted: Narrowed
    ) -> list[tuple[float, int, int]]:
        """Add to an ICD-11 answer what the best ICD-10-CM codes lead to."""
        clinical = next((shard for shard in self.shards if shard.system == ICD10CM.id), None)
        if clinical is None or not found or (rows and found[rows[0][1]].answers(rows[0][2])):
            return rows
        best = find(clinical, parsed, Filter(), MOST_RESULTS)
        return with_led(found, rows, wanted.of(found[0].shard).mask(found[0].shard), best)

    def _with_led_back(
        self, found: list[Found], rows: list[tuple[float, int, int]], parsed: ParsedQuery, wanted: Narrowed
    ) -> list[tuple[float, int, int]]:
        """Put before an ICD-10-CM answer in part the codes that lead to what ICD-11 answers whole."""
        eleven = next((shard for shard in self.shards if shard.system == ICD11.id), None)
        if eleven is None or not found or (rows and is_whole(found[rows[0][1]], rows[0])):
            return rows
        shard = found[0].shard
        more = led_back(shard, wanted.of(shard).mask(shard), find(eleven, parsed, Filter(), MOST_RESULTS))
        if more is None:
            return rows
        found.append(more)
        return put_before(rows, len(found) - 1, more)

    def _by_its_core(
        self,
        parsed: ParsedQuery,
        found: Sequence[Found],
        rows: Sequence[tuple[float, int, int]],
        unused: Sequence[str],
    ) -> ParsedQuery | None:
        """Return the query with a reading by the term within it, if its best answer explains only a part.

        Where it explains all but the side, the readings by the whole of a body part may have the side.
        """
        if not rows:
            return None
        score, number, unit = rows[0]
        hit = found[number].hit(unit, score)
        if hit.reading < 0:
            return None
        best = parsed.readings[hit.reading]
        if hit.similarity > WEIGHTS.explained:
            wider = wider_readings(best, self._parts, self.lexicon) if lacks_side(best, unused) else ()
            return replace(parsed, readings=(*parsed.readings, *wider)) if wider else None
        if not unused:  # all words are met, though it may be by a term that says much else
            barely = hit.similarity < _BARELY
            wider = wider_readings(best, self._parts, self.lexicon) if barely else ()
            return replace(parsed, readings=(*parsed.readings, *wider)) if wider else None
        drugs = self.lexicon.drugs
        of_drug = (drug_reading(r, self._terms, drugs, self.lexicon) for r in parsed.readings)
        cores = next(filter(None, of_drug), ()) or (
            *core_readings(best, self._terms, drugs),
            *wider_readings(best, self._parts, self.lexicon),
        )
        return replace(parsed, readings=(*parsed.readings, *cores)) if cores else None

    def _read(self, text: str) -> ParsedQuery:
        return parse(text, self.lexicon)

    def _shards(self, system: str | None) -> list[Shard]:
        if system is None:
            return self.shards
        name = code_system(system).id
        return [shard for shard in self.shards if shard.system == name]


def _suggestion(found: Found, unit: int, score: float) -> Suggestion:
    code, title = offered(found.shard.card(unit), found.hit(unit, score))
    return Suggestion(found.shard.system, code, title)


def _meant(shards: list[Shard], parsed: ParsedQuery, system: str | None) -> list[Shard]:
    """Return the shards a code can be of: of the system its prefix names; ``ICD10:`` alone is ICD-10-CM."""
    if parsed.written is None:
        return shards
    fitting = [shard for shard in shards if parsed.written.fits(shard.system)]
    if parsed.written.system is None:
        return fitting
    clinical = [shard for shard in fitting if shard.system == ICD10CM.id]
    return clinical if clinical and system is None else fitting


def _release(shards: Sequence[Shard], system: str | None, wanted: str) -> str:
    """Return the release that is meant: the one of that name, or the newest of that year."""
    if system is None:
        raise InvalidRequestError("release", "needs a system")
    known = [name for shard in shards for name in shard.releases]
    named = [name for name in known if name == wanted] or [n for n in known if n.startswith(f"{wanted}-")]
    if not named:
        raise UnknownReleaseError(code_system(system).id, wanted, known)
    return named[-1]


def open_search_index(folder: Path) -> SearchIndex:
    """Open the search index in ``folder`` (``bundle/search``).

    Raises :class:`BundleError` when it is missing, damaged or of another format.
    """
    try:
        return SearchIndex(folder)
    except TenElevenError:
        raise
    except Exception as fault:  # a damaged file can be wrong in any way
        raise BundleError(f"{folder} is damaged ({fault}); run 'teneleven build' again") from fault


def _check_page(limit: int, offset: int) -> None:
    if not 1 <= limit <= MOST_RESULTS:
        raise InvalidRequestError("limit", f"is {limit}; it must lie between 1 and {MOST_RESULTS}")
    if offset < 0:
        raise InvalidRequestError("offset", f"is {offset}; it must not be negative")


def _did_you_mean(parsed: ParsedQuery, shards: Sequence[Shard]) -> tuple[str, ...]:
    """Return codes near those that do not exist, or the query with its misspelt words put right."""
    near: list[str] = []
    for key in parsed.codes:
        if len(key) > 2 and all(unit_of_code(shard, key) is None for shard in shards):
            near += mistyped(shards, key)
    if near:
        return tuple(dict.fromkeys(near))
    return (parsed.corrected,) if parsed.corrected and not parsed.codes else ()
