"""Puts the lives of codes together, for a build: from releases, dates of single codes and dated tables.

Who counts, in this order: a table that dates billable codes one by one (CMS's Medicare Code Editor master,
for ICD-10-CM), the add and termination dates of a publisher's own file (HCPCS Level II), the date at which
NCHS's conversion table says a code began, and the releases that hold the code.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

from terminology.bundle.life.period import Period
from terminology.claims.tables.mce import MCE_DIAGNOSIS
from terminology.codes import code_key, dotted
from terminology.concept import Concept
from terminology.edition import Edition, Library
from terminology.mapping import Predecessor
from terminology.release import Release
from terminology.release_words import release_words
from terminology.systems import ICD10CM, code_system

_DAY = timedelta(days=1)
_CONVERSION = "NCHS conversion table"

Dates = tuple[date, date | None]
"""First and last day; the last is ``None`` while it is open."""


@dataclass(frozen=True, slots=True)
class DatedCodes:
    """The periods in which codes of a system were billable, by key, from a table that dates each code."""

    source: str
    periods: Mapping[str, Sequence[Dates]]


NO_DATED_CODES = DatedCodes("", {})


@dataclass(frozen=True, slots=True)
class Life:
    """All periods of one code, oldest first."""

    system: str
    key: str
    code: str
    periods: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class _Span:
    """The days a release answers for: until the next one loaded starts; ``end`` is ``None`` for the last.

    ``before`` is the first day after the release before it, ``after`` the last day before the next.
    """

    release: Release
    start: date
    end: date | None
    before: date | None
    after: date | None


def lives(library: Library) -> Iterator[Life]:
    """Yield the life of every code of a library, by system and key."""
    for system, editions in groupby(library.in_order(), key=lambda edition: edition.release.system):
        of_system = list(editions)
        if system == ICD10CM.id:
            yield from _Lives(of_system, dated_codes(library), _begun(library.predecessors)).all()
        else:
            yield from _Lives(of_system, NO_DATED_CODES, {}).all()


def merged(periods: Sequence[Dates]) -> tuple[Dates, ...]:
    """Join periods that follow each other without a gap.

    >>> merged([(date(2015, 10, 1), date(2024, 9, 30)), (date(2024, 10, 1), None)])
    ((datetime.date(2015, 10, 1), None),)
    """
    joined: list[Dates] = []
    for start, end in sorted(periods, key=lambda p: p[0]):
        if joined and (joined[-1][1] is None or start <= joined[-1][1] + _DAY):
            last = joined[-1]
            joined[-1] = (last[0], None if end is None or last[1] is None else max(end, last[1]))
        else:
            joined.append((start, end))
    return tuple(joined)


class _Lives:
    """The lives of one system's codes."""

    def __init__(self, editions: list[Edition], dated: DatedCodes, begun: Mapping[str, date]) -> None:
        self.system = editions[0].release.system
        self.title = code_system(self.system).title
        self.spans = list(_spans([edition.release for edition in editions]))
        self.dated = {key: merged(periods) for key, periods in dated.periods.items()}
        self.dated_by, self.begun = dated.source, begun
        self.keys = sorted(self.dated)
        self.held: dict[str, dict[int, Concept]] = defaultdict(dict)
        for number, edition in enumerate(editions):
            for concept in edition.concepts:
                self.held[code_key(concept.code)][number] = concept

    def all(self) -> Iterator[Life]:
        for key in sorted({*self.held, *self.dated}):
            held = self.held.get(key, {})
            observed = self._observed(held)
            if key in self.dated:
                periods = self._by_table(key, observed)
            else:
                periods = _by_file(observed, list(held.values()))
                periods = self._by_conversion(key, periods)
            code = held[max(held)].code if held else dotted(self.system, key)
            yield Life(self.system, key, code, tuple(periods))

    def _observed(self, held: Mapping[int, Concept]) -> list[Period]:
        """Return a period for each run of releases that hold the code alike."""
        found = []
        for (title, billable, _), run in groupby(
            enumerate(sorted(held)), key=lambda i: (held[i[1]].title, held[i[1]].billable, i[1] - i[0])
        ):
            numbers = [number for _, number in run]
            first, last = self.spans[numbers[0]], self.spans[numbers[-1]]
            # a code that the releases on both sides of a change hold existed between them
            earliest = first.start if numbers[0] - 1 in held else first.before
            end = last.after if numbers[-1] + 1 in held else last.end
            source = self._releases(first.release, last.release)
            found.append(Period(first.start, end, title, billable, source, earliest, last.after))
        return found

    def _by_table(self, key: str, observed: list[Period]) -> list[Period]:
        """Take the dates of the table while the code was billable, those of the releases while it was not."""
        dates = self.dated[key]
        found = [
            replace(part, billable=True, source=f"{self.dated_by}{_titled(part)}")
            for start, end in dates
            for part in _titled_parts(start, end, observed)
        ]
        for period in observed:
            if period.billable is False:
                found += (self._since_split(key, dates, part) for part in _outside(period, dates))
        return sorted(found, key=lambda period: period.start)

    def _since_split(self, key: str, dates: Sequence[Dates], heading: Period) -> Period:
        """A heading that was billable began on the day after, if codes below it did."""
        ended = [end for _, end in dates if end is not None and end < heading.start]
        if heading.start_known or not ended:
            return heading
        since = max(ended) + _DAY
        place = bisect_left(self.keys, key)
        for below in self.keys[place + 1 :]:
            if not below.startswith(key):
                break
            if any(start == since for start, _ in self.dated[below]):
                return replace(
                    heading, start=since, earliest=since, source=f"{self.dated_by}; {heading.source}"
                )
        return heading

    def _by_conversion(self, key: str, periods: list[Period]) -> list[Period]:
        """Begin a life on the day that the conversion table gives, where no release says it."""
        day = self.begun.get(key)
        if not periods or day is None or periods[0].start_known:
            return periods
        first = periods[0]
        if (first.end is not None and first.end < day) or (
            first.earliest is not None and day < first.earliest
        ):
            return periods
        said = f"{_CONVERSION}; {first.source}"
        return [replace(first, start=day, earliest=day, source=said), *periods[1:]]

    def _releases(self, first: Release, last: Release) -> str:
        return f"{self.title} {release_words(first.id)}" + (f" to {last.id}" if first is not last else "")


def _spans(releases: list[Release]) -> Iterator[_Span]:
    """Return what each release answers for, oldest first."""
    starts = [release.effective_from or date.min for release in releases]
    before: date | None = None
    for number, release in enumerate(releases):
        after = starts[number + 1] - _DAY if number + 1 < len(releases) else None
        end = None if after is None else min(release.effective_to or after, after)
        yield _Span(release, starts[number], end, before, after)
        before = None if end is None else end + _DAY


def _titled_parts(start: date, end: date | None, observed: list[Period]) -> Iterator[Period]:
    """Split a dated period where the releases change the title; before the oldest release its title holds."""
    alike = [period for period in observed if period.billable is not False] or observed
    titles: list[Period] = []
    for period in alike:
        if (end is None or period.start <= end) and (not titles or titles[-1].title != period.title):
            titles.append(period)
    titles = [t for n, t in enumerate(titles) if n + 1 == len(titles) or titles[n + 1].start > start]
    if not titles:
        title, source = (alike[0].title, alike[0].source) if alike else (None, "")
        yield Period(start, end, title, None, source, start, end)
        return
    for number, known in enumerate(titles):
        first = start if number == 0 else known.start
        last = titles[number + 1].start - _DAY if number + 1 < len(titles) else end
        yield Period(first, last, known.title, None, known.source, first, last)


def _titled(part: Period) -> str:
    return f"; title of {part.source}" if part.source else "; no loaded release has its title"


def _outside(period: Period, dates: Sequence[Dates]) -> Iterator[Period]:
    """Return what is left of a period beside dated ones."""
    for start, end in dates:
        if end is not None and end < period.start:
            continue
        if period.end is not None and start > period.end:
            break
        if period.start < start:
            yield replace(period, end=start - _DAY, latest=start - _DAY)
        if end is None or (period.end is not None and end >= period.end):
            return
        period = replace(period, start=end + _DAY, earliest=end + _DAY)
    yield period


def _by_file(observed: list[Period], concepts: list[Concept]) -> list[Period]:
    """Take the add and termination dates that the publisher's own file gives; the newest file counts."""
    added = next((c.valid_from for c in reversed(concepts) if c.valid_from), None)
    ended = concepts[-1].valid_to
    first, *rest = observed
    begins_then = added is not None and (
        added < first.start or (not first.start_known and first.covers(added))
    )
    if added is not None and begins_then:
        first = replace(first, start=added, earliest=added)
    if ended is None:
        return [first, *rest]
    kept = [p for p in (first, *rest) if p.start <= ended] or [replace(first, start=ended, earliest=None)]
    return [*kept[:-1], replace(kept[-1], end=ended, latest=ended)]


def dated_codes(library: Library) -> DatedCodes:
    """Return the periods of ICD-10-CM's billable codes from the newest Medicare Code Editor master loaded."""
    masters = [loaded for loaded in library.edit_tables if loaded.table is MCE_DIAGNOSIS]
    if not masters:
        return NO_DATED_CODES
    newest = max(masters, key=lambda loaded: loaded.release.release)
    periods: dict[str, list[Dates]] = defaultdict(list)
    for row in newest.rows:
        periods[row.key].append((row.valid_from, row.valid_to))
    return DatedCodes(f"Medicare Code Editor {newest.release.release}", periods)


def _begun(rows: Sequence[Predecessor]) -> Mapping[str, date]:
    """The day codes took effect: 1 October of the year unless the conversion table says otherwise."""
    found: dict[str, date] = {}
    for row in rows:
        note = row.effective_note
        day = date.fromisoformat(note) if note else date(row.effective_year, 10, 1)
        found[code_key(row.code)] = max(day, found.get(code_key(row.code), day))
    return found
