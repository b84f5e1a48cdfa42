"""A release in the bundle as a code system that can be asked; ICD-11 expressions are codes of theirs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from datetime import date
from functools import cached_property
from typing import Any

from terminology.bundle.concepts.concept_reader import LoadedRelease
from terminology.bundle.concepts.concept_rows import (
    ConceptRow,
    count_rows,
    ids_begun_after,
    page_of_rows,
    row_with_id,
    row_with_key,
    rows_below,
    rows_between,
    rows_with_words,
)
from terminology.bundle.concepts.vocabulary import cluster_vocabulary
from terminology.bundle.life.code_status import CodeStatus
from terminology.bundle.life.resolution import resolve
from terminology.bundle.store import Store
from terminology.cluster import is_cluster
from terminology.codes import code_key
from terminology.concept import Kind
from terminology.errors import BundleError, UnknownCodeError
from terminology.systems import ICD11, code_system
from web.fhir.outcome import Issue
from web.fhir.systems.concept_properties import designations, record_properties, row_properties
from web.fhir.systems.expression import expression_concept, expression_fault, single_code
from web.fhir.systems.property_table import DECLARED
from web.fhir.systems.supplements import Supplements
from web.fhir.systems.system import AskedSystem, Concept, Filter
from web.heavy.moving import long_work

Json = dict[str, Any]
_ABSTRACT = (Kind.CHAPTER.value, Kind.BLOCK.value)
KEPT_PARENTS = 65_536
#: To read so many concepts one by one, and to test each, takes a tenth of a second or more.
LONG_READ = 5_000
_QUICK = ("kind", "billable", "chapter", "notSelectable", "inactive")


class BundleSystem(AskedSystem):
    """One loaded release. A concept's token is its row of the concept table."""

    language = "en"
    case_sensitive = False

    def __init__(
        self, store: Store, loaded: LoadedRelease, day: date | None = None, *, is_today: bool = False
    ) -> None:
        """Ask a release; ``day`` is the one it was chosen for, ``None`` for a release that was named.

        ``is_today``: it was chosen for today, of which ``day`` is the last day that changed anything.
        """
        self._is_today = is_today
        system = code_system(loaded.release.system)
        self.store, self.loaded, self.system = store, loaded, system
        self.url, self.version = system.uri, loaded.release.id
        self.name, self.title = system.id.replace("-", "_").upper(), system.title
        self._day, self._from = day, day or loaded.release.effective_from
        self._parents: dict[int, str] = {}
        self._titles: dict[str, str] = {}
        self._expressions = system.id == ICD11.id
        self._added = Supplements()

    def find(self, code: str) -> Concept | None:
        """Find a code with its dot, in any case; for ICD-11 also WHO URIs and expressions.

        A code that the release has and that began after the day is not found: :meth:`hint` says so.
        """
        code = code.strip()
        key = code_key(code)
        row = row_with_key(self.store, self.loaded.number, key)
        if row is not None and row[0] in self._to_come:
            return None
        if row is not None:
            return self._concept(row) if row[1].casefold() == code.casefold() else None
        if not self._expressions:
            return None
        if is_cluster(code):
            return expression_concept(code, cluster_vocabulary(self.store, self.version))
        return self._by_uri(code)

    def find_written(self, code: str) -> Concept | None:
        """Find a code without its dot too, with a prefix, or with what people leave beside it."""
        found = self.find(code)
        if found is not None or is_cluster(code):
            return found
        try:
            return self.find(self.store.concept(self.system.id, code, self.version).code)
        except UnknownCodeError:
            return None

    def supplemented(self, resources: Sequence[Json]) -> BundleSystem:
        """Return this release with what supplements add to its concepts."""
        found = copy(self)
        found._added = Supplements(resources, code_key)
        found.supplements = found._added.names
        return found

    def detail(self, concept: Concept) -> Concept:
        """Read notes, synonyms and properties; then what supplements add."""
        if concept.token is None:
            return self._added.added_to(concept)
        record = self.store.concept(self.system.id, concept.token[1], self.version)
        whole = concept._replace(
            parents=() if record.parent is None else (record.parent,),
            designations=designations(record),
            properties=(*row_properties(concept.token, concept), *record_properties(self.store, record)),
        )
        return self._added.added_to(whole)

    def walk(self) -> Iterator[Concept]:
        """Yield the release depth-first."""
        return self._between(self.loaded.first_id, self.loaded.last_id)

    def below(self, ancestor: Concept) -> Iterable[Concept]:
        """Read the span of ids that a subtree is."""
        if ancestor.token is None:
            return (ancestor,)
        return self._between(ancestor.token[0], ancestor.token[6])

    def _between(self, first: int, last: int) -> Iterator[Concept]:
        if last - first >= LONG_READ:
            long_work()
        return self._concepts(rows_between(self.store, first, last))

    def span(self, ancestor: Concept | None) -> tuple[int, int]:
        """Return the first and last id of a subtree, or of the whole release."""
        if ancestor is None:
            return self.loaded.first_id, self.loaded.last_id
        return int(ancestor.token[0]), int(ancestor.token[6])

    def count(self, span: tuple[int, int], *, active_only: bool = False) -> int:
        """Return how many concepts a span of ids has."""
        if not active_only and not self._to_come:
            return span[1] - span[0] + 1
        return count_rows(self.store, span, self._since if active_only else None, self._to_come)

    def page(
        self, span: tuple[int, int], offset: int, count: int, *, active_only: bool = False
    ) -> list[Concept]:
        """Return a page of a span of ids, depth-first."""
        if not active_only and not self._to_come:
            last = min(span[1], span[0] + offset + count - 1)
            return list(self._concepts(rows_between(self.store, span[0] + offset, last)))
        since = self._since if active_only else None
        return list(self._concepts(page_of_rows(self.store, span, (count, offset), since, self._to_come)))

    def worded(self, span: tuple[int, int], words: Sequence[str]) -> list[Concept]:
        """Return the concepts of a span whose code and title hold all words (lower case)."""
        return list(self._concepts(rows_with_words(self.store, span, words)))

    def children(self, concept: Concept) -> Sequence[Concept]:
        """Return the concepts directly below one."""
        if concept.token is None or not concept.token[9]:
            return ()
        return list(self._concepts(rows_below(self.store, concept.token[0])))

    @cached_property
    def _to_come(self) -> frozenset[int]:
        """The ids of the release's concepts that began only after the day it was chosen for."""
        if self._day is None:
            return frozenset()
        return ids_begun_after(self.store, self.system.id, self.loaded.number, self._day)

    def is_a(self, concept: Concept, ancestor: Concept) -> bool:
        """Compare spans; an expression lies below its first stem and what that lies below."""
        if (concept.normal or concept.code) == (ancestor.normal or ancestor.code):
            return True
        if concept.token is None:
            place = self._place(concept)
            return place is not None and self.is_a(place, ancestor)
        if ancestor.token is None:
            single = single_code(ancestor)
            place = None if single is None else self.find(single)
            return place is not None and self.is_a(concept, place)
        return bool(ancestor.token[0] <= concept.token[0] <= ancestor.token[6])

    def identity(self, concept: Concept) -> str:
        """Return the one code that says what an expression says, if there is one."""
        return single_code(concept) or super().identity(concept)

    def display_of(self, code: str) -> str | None:
        """Return the display of a code; headings that were parents before are known."""
        return self._titles.get(code) or super().display_of(code)

    def declared(self) -> Mapping[str, tuple[str | None, str]]:
        """Return the properties that any release has, and those that supplements declare."""
        return {**DECLARED, **self._added.declared} if self._added.declared else DECLARED

    def values(self, concept: Concept, prop: str) -> list[str]:
        """Read what a row holds from it; the rest from the whole concept."""
        if prop in _QUICK and concept.token is not None:
            return [p.text for p in row_properties(concept.token, concept) if p.code == prop]
        return super().values(concept, prop)

    def why_not(self, code: str, expression: str | None) -> Issue | None:
        """Say where an ICD-11 expression breaks."""
        if not self._expressions or not is_cluster(code):
            return None
        return expression_fault(code, cluster_vocabulary(self.store, self.version), expression)

    def hint(self, code: str) -> str | None:
        """Offer the code with its dot, say what became of it by the day, or what may be meant."""
        if self._expressions and is_cluster(code):
            return None
        if self._day is not None:
            day = date.today() if self._is_today else self._day
            state = resolve(self.store, self.system.id, code, day)
            if state.status not in (CodeStatus.EXISTING, CodeStatus.UNKNOWN):
                return state.message
        try:
            record = self.store.concept(self.system.id, code, self.version)
        except UnknownCodeError as error:
            if error.elsewhere:
                return f"the code is in version {', '.join(error.elsewhere)}"
            if error.suggestions:
                return f"did you mean {', '.join(error.suggestions)}?"
            return None
        return f"the code is written {record.code}"

    def select(self, filters: Sequence[Filter]) -> Iterable[Concept]:
        """As any system; a lone is-a is its span."""
        if len(filters) == 1 and filters[0].op == "is-a" and filters[0].value:
            self.test(filters[0])
            root = self.find(filters[0].value)
            return () if root is None else self.below(root)
        return super().select(filters)

    @property
    def _since(self) -> str:
        return self._from.isoformat() if self._from else ""

    def _concepts(self, rows: Iterable[ConceptRow]) -> Iterator[Concept]:
        known = {}
        for row in rows:
            if row.id in self._to_come:
                continue
            known[row.id] = row.code
            yield self._concept(row, known.get(row.parent_id or 0))

    def _concept(self, row: ConceptRow, parent: str | None = None) -> Concept:
        if parent is None and row[5] is not None:
            parent = self._code_of(row[5])
        return Concept(
            row[1],
            row[2],
            () if parent is None else (parent,),
            abstract=row[3] in _ABSTRACT,
            inactive=row[7] is not None and self._from is not None and row[7] < self._from.isoformat(),
            token=row,
        )

    def _code_of(self, number: int) -> str:
        known = self._parents.get(number)
        if known is None:
            parent = row_with_id(self.store, number)
            if parent is None:
                raise BundleError(f"concept {number} is missing; run 'teneleven build' again")
            known = parent.code
            if len(self._parents) < KEPT_PARENTS:
                self._parents[number] = known
                self._titles[known] = parent.title
        return known

    def _by_uri(self, text: str) -> Concept | None:
        if not text.startswith(("http://", "https://")):
            return None
        try:
            record = self.store.concept(self.system.id, text, self.version)
        except UnknownCodeError:
            return None
        row = row_with_id(self.store, record.id)
        return None if row is None else self._concept(row)._replace(code=text, normal=row[1])

    def _place(self, expression: Concept) -> Concept | None:
        """Return where an expression stands in the hierarchy: at the one code for it, or its first stem."""
        single = single_code(expression) or (expression.parents[0] if expression.parents else None)
        return None if single is None else self.find(single)
