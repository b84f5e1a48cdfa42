"""The opened search index: search and typeahead. Read-only, safe to share by threads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from time import perf_counter

import numpy as np
import orjson
from numpy.typing import NDArray

from indexes.broad import BroadIndex
from indexes.code_query import code_parts, mistyped, units_for_code
from indexes.presentation import Hit, present
from indexes.query import Lexicon, ParsedQuery, checked, parse
from indexes.ranking import preference, score_units
from indexes.response import SearchResponse, Suggestion
from indexes.shard import KINDS, SETTINGS, Floats, Ints, Shard
from indexes.weights import WEIGHTS
from terminology.concept import Kind
from terminology.errors import BundleError, InvalidRequestError, UnknownReleaseError
from terminology.systems import code_system

FORMAT = 1
MOST_RESULTS = 500
_FEW = 3


@dataclass(frozen=True, slots=True)
class _Filter:
    chapter: str | None
    kind: str | None
    billable: bool | None
    setting: str | None


@dataclass(frozen=True, slots=True)
class _Found:
    """The units of one release that answer a query, best first, before paging."""

    shard: Shard
    units: Ints
    score: Floats
    hits: dict[int, Hit]


class SearchIndex:
    """The search part of a bundle; see :func:`open_search_index`."""

    def __init__(self, folder: Path) -> None:
        meta_path = folder / "search.json"
        if not meta_path.is_file():
            raise BundleError(f"{folder} holds no search index; run 'teneleven build' again")
        meta = orjson.loads(meta_path.read_bytes())
        if meta["format"] != FORMAT:
            raise BundleError(
                f"{folder} is of search format {meta['format']}, not {FORMAT}; run 'teneleven build' again"
            )
        self.shards = [Shard(s["system"], s["release"], folder / s["folder"]) for s in meta["shards"]]
        self._lexicon = _read_lexicon(folder)
        self._broad = BroadIndex(folder / "whoosh")
        self._parse = lru_cache(maxsize=2048)(self._read)

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
    ) -> SearchResponse:
        """Return the page ``offset`` .. ``offset + limit`` of the concepts that answer a query, best first.

        ``query`` is a code, an expression, a term or the beginning of one. ``chapter`` is a chapter's code, ``kind`` a
        :class:`~terminology.concept.Kind`, ``setting`` a care setting by whose volumes equals are ordered. Raises
        :class:`InvalidRequestError`, :class:`UnknownSystemError` or :class:`UnknownReleaseError`; only the
        default release of each system is indexed.
        """
        start = perf_counter()
        text = checked(query)
        _check_page(limit, offset)
        wanted = _Filter(chapter, _checked_kind(kind), billable, _checked_setting(setting))
        shards = self._shards(system, release)
        parsed = self._parse(text, False)
        keys = code_parts(text)
        found = [self._search_shard(shard, parsed, keys, wanted) for shard in shards]
        found = [f for f in found if f is not None]
        if sum(len(f.units) for f in found) < _FEW:
            found = self._broadened(parsed, shards, wanted, found)
        rows = sorted(
            (
                (-round(float(s), 5), n, int(u))
                for n, f in enumerate(found)
                for u, s in zip(f.units, f.score, strict=True)
            ),
        )
        page = [(found[n], unit, -score) for score, n, unit in rows[offset : offset + limit]]
        results = tuple(
            present(f.shard, unit, score, f.hits[unit], parsed, explain) for f, unit, score in page
        )
        meant = self._did_you_mean(parsed, keys, shards, exact=bool(rows) and -rows[0][0] >= 1.0)
        facets = _facets(found)
        return SearchResponse(text, len(rows), (perf_counter() - start) * 1000, results, facets, meant)

    def suggest(self, q: str, system: str | None = None, limit: int = 10) -> tuple[Suggestion, ...]:
        """Return what a half-typed query may become: at most ``limit`` concepts. An empty query has none."""
        if not q.strip():
            return ()
        text = checked(q)
        shards = self._shards(system, None)
        keys = code_parts(text)
        parsed = self._parse(text, True)
        nothing = _Filter(None, None, None, None)
        found = [
            f for s in shards if (f := self._search_shard(s, parsed, keys, nothing, most=limit)) is not None
        ]
        rows = sorted(
            (-round(float(s), 5), n, int(u))
            for n, f in enumerate(found)
            for u, s in zip(f.units, f.score, strict=True)
        )
        picked = []
        for _, n, unit in rows[:limit]:
            card = found[n].shard.card(unit)
            picked.append(Suggestion(found[n].shard.system, card.code, card.title))
        return tuple(picked)

    def _read(self, text: str, typing: bool) -> ParsedQuery:
        return parse(text, self._lexicon, typing=typing)

    def _shards(self, system: str | None, release: str | None) -> list[Shard]:
        if system is None:
            if release is not None:
                raise InvalidRequestError("release", "needs a system")
            return self.shards
        name = code_system(system).id
        of_system = [s for s in self.shards if s.system == name]
        chosen = [
            s
            for s in of_system
            if release is None or s.release == release or s.release.startswith(f"{release}-")
        ]
        if not chosen and release is not None:
            raise UnknownReleaseError(name, f"{release} (for search)", [s.release for s in of_system])
        return chosen

    def _search_shard(
        self,
        shard: Shard,
        parsed: ParsedQuery,
        keys: Sequence[str],
        wanted: _Filter,
        most: int = MOST_RESULTS,
    ) -> _Found | None:
        score = np.zeros(len(shard), np.float32)
        hits: dict[int, Hit] = {}
        scored = []
        for number, reading in enumerate(parsed.readings):
            one = score_units(shard, reading.slots)
            if one is not None:
                scored.append((number, reading, one))
                score[one.units] = np.maximum(score[one.units], one.score * np.float32(reading.trust))
        if wanted.setting is not None:
            column = shard.volume[:, SETTINGS.index(wanted.setting)]
            top = float(column.max()) if len(column) else 0.0
            if top > 0:
                score[score > 0] += WEIGHTS.setting * column[score > 0] / top
        units = self._kept(shard, score, wanted, most)
        scores = score[units]
        for number, _, one in scored:
            at = np.searchsorted(one.units, units)
            for unit, place in zip(units.tolist(), at.tolist(), strict=True):
                if place < len(one.units) and one.units[place] == unit:
                    value = float(one.score[place]) * parsed.readings[number].trust
                    if unit not in hits or value > hits[unit].score + 1e-6:
                        hits[unit] = Hit(
                            value,
                            number,
                            int(one.phrase[place]),
                            float(one.similarity[place]),
                            float(one.coverage[place]),
                        )
        return self._with_codes(shard, keys, wanted, most, units, scores, hits)

    def _with_codes(
        self,
        shard: Shard,
        keys: Sequence[str],
        wanted: _Filter,
        most: int,
        units: Ints,
        scores: Floats,
        hits: dict[int, Hit],
    ) -> _Found | None:
        by_code: dict[int, float] = {}
        for key in keys:
            for unit, value in units_for_code(shard, key, most):
                if value > by_code.get(unit, 0.0):
                    by_code[unit] = value + (0.5 if value == 1.0 and len(key) > 2 else 0.0)
                    hits[unit] = Hit(value, -1, -1, value, value, key)
        if by_code:
            allowed = _mask(shard, wanted)
            picked = {unit: value for unit, value in by_code.items() if allowed is None or allowed[unit]}
            kept = {int(u): float(s) for u, s in zip(units, scores, strict=True)}
            if any(value > 1.0 for value in picked.values()):
                kept = {}
            kept |= {u: max(v, kept.get(u, 0.0)) for u, v in picked.items()}
            units, scores = np.array(list(kept), np.int32), np.array(list(kept.values()), np.float32)
        return _Found(shard, units, scores, hits) if len(units) else None

    def _kept(self, shard: Shard, score: Floats, wanted: _Filter, most: int) -> Ints:
        allowed = _mask(shard, wanted)
        if allowed is not None:
            score = np.where(allowed, score, 0.0)
        top = float(score.max()) if len(score) else 0.0
        if top <= WEIGHTS.least:
            return np.zeros(0, np.int32)
        units = np.flatnonzero(score >= max(WEIGHTS.tail * top, WEIGHTS.least)).astype(np.int32)
        if len(units) > most:
            best = np.argpartition(-score[units], most)[:most]
            units = np.sort(units[best])
        return units

    def _broadened(
        self, parsed: ParsedQuery, shards: Sequence[Shard], wanted: _Filter, found: list[_Found]
    ) -> list[_Found]:
        """Add what only the notes hold, when terms answer with next to nothing."""
        have = {f.shard.system: set(f.units.tolist()) for f in found}
        for shard in shards:
            allowed = _mask(shard, wanted)
            more = [
                (unit, value)
                for unit, value in self._broad.search(shard.system, parsed.readings[0].slots, MOST_RESULTS)
                if unit not in have.get(shard.system, ()) and (allowed is None or allowed[unit])
            ]
            if more:
                hits = {unit: Hit(value, 0, -1, 0.0, value, "note") for unit, value in more}
                units = np.array([u for u, _ in more], np.int32)
                found.append(_Found(shard, units, np.array([v for _, v in more], np.float32), hits))
        return found

    def _did_you_mean(
        self, parsed: ParsedQuery, keys: Sequence[str], shards: Sequence[Shard], *, exact: bool
    ) -> tuple[str, ...]:
        if keys and not exact:
            offered: list[str] = []
            for key in keys:
                if len(key) > 2 and not any(s.find_key(key) is not None for s in shards):
                    offered += [shard.card(unit).code for shard, unit in mistyped(shards, key)]
            if offered:
                return tuple(dict.fromkeys(offered))
        return (parsed.corrected,) if parsed.corrected and not keys else ()


def open_search_index(folder: Path) -> SearchIndex:
    """Open the search index in ``folder`` (``bundle/search``); raise :class:`BundleError` if it cannot be used."""
    return SearchIndex(folder)


def _read_lexicon(folder: Path) -> Lexicon:
    counts: dict[str, int] = {}
    surfaces: dict[str, str] = {}
    for line in (folder / "lexicon.tsv").read_text(encoding="utf-8").split("\n"):
        if line:
            token, count, surface = line.split("\t")
            counts[token] = int(count)
            if surface:
                surfaces[token] = surface
    return Lexicon(counts, surfaces)


def _check_page(limit: int, offset: int) -> None:
    if not 1 <= limit <= MOST_RESULTS:
        raise InvalidRequestError("limit", f"is {limit}; it must lie between 1 and {MOST_RESULTS}")
    if offset < 0:
        raise InvalidRequestError("offset", f"is {offset}; it must not be negative")


def _checked_kind(kind: str | None) -> str | None:
    if kind is not None and kind not in KINDS:
        raise InvalidRequestError("kind", f"'{kind}' is none of {', '.join(KINDS)}")
    return kind


def _checked_setting(setting: str | None) -> str | None:
    if setting is not None and setting not in SETTINGS:
        raise InvalidRequestError("setting", f"'{setting}' is none of {', '.join(SETTINGS)}")
    return setting


def _mask(shard: Shard, wanted: _Filter) -> NDArray[np.bool_] | None:
    masks: list[NDArray[np.bool_]] = []
    if wanted.chapter is not None:
        number = shard.chapters.index(wanted.chapter) if wanted.chapter in shard.chapters else -2
        masks.append(shard.chapter == number)
    if wanted.kind is not None:
        masks.append(shard.kind == KINDS.index(Kind(wanted.kind)))
    if wanted.billable is not None:
        masks.append(shard.billable == int(wanted.billable))
    if not masks:
        return None
    result = masks[0]
    for mask in masks[1:]:
        result = result & mask
    return result


def _facets(found: Iterable[_Found]) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {
        "system": Counter(),
        "chapter": Counter(),
        "kind": Counter(),
        "billable": Counter(),
    }
    for one in found:
        shard, units = one.shard, one.units
        counts["system"][shard.system] += len(units)
        for number, count in _tally(shard.chapter[units]):
            counts["chapter"][f"{shard.system}/{shard.chapters[number]}"] += count
        for number, count in _tally(shard.kind[units]):
            counts["kind"][KINDS[number].value] += count
        for number, count in _tally(shard.billable[units]):
            if number >= 0:
                counts["billable"]["true" if number else "false"] += count
    return {name: dict(sorted(c.items(), key=lambda i: (-i[1], i[0]))) for name, c in counts.items() if c}


def _tally(values: NDArray[np.integer]) -> list[tuple[int, int]]:
    numbers, counts = np.unique(values, return_counts=True)
    return list(zip(numbers.tolist(), counts.tolist(), strict=True))


__all__ = ["SearchIndex", "open_search_index", "preference"]
