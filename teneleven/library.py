"""An open bundle for Python programs: what the other faces answer, typed, read-only, for all threads."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from indexes.autocode import AutocodeResponse, autocode
from indexes.on_day import search_on
from indexes.response import SearchResponse
from indexes.search import SearchIndex, open_search_index
from terminology.attribution import NOTICES
from terminology.bundle.concepts.vocabulary import cluster_vocabulary
from terminology.bundle.concepts.who_codes import without_who_uri
from terminology.bundle.crosswalk.crosswalks import SourceCode, sources_of
from terminology.bundle.crosswalk.directions import directed_crosswalk
from terminology.bundle.life.code_list import MOST_CODES, ListedCode, listed_codes
from terminology.bundle.manifest import SEARCH
from terminology.bundle.records import ConceptRecord
from terminology.bundle.store import Store
from terminology.claims.check import check
from terminology.claims.claim import Claim
from terminology.claims.encoding.claim_json import claims_of
from terminology.claims.finding import CheckReport
from terminology.cluster import Cluster, ClusterReport, describe, parse, validate
from terminology.crosswalk import Crosswalk
from terminology.errors import DataNotAvailableError, InvalidRequestError
from terminology.exchange.exports.table import crosswalk_file
from terminology.exchange.mapping.series import map_column, texts_of
from terminology.release import Release
from terminology.systems import ICD10CM

Day = date | str | None
"""A day as programs write it: a date (of a point in time its day), text such as ``2026-10-01``, or today."""


def _day(on: Day) -> date | None:
    """Return a day that was asked for. Raises :class:`InvalidRequestError` for another text."""
    if isinstance(on, datetime):
        return on.date()
    if not isinstance(on, str):
        return on
    try:
        return date.fromisoformat(on)
    except ValueError:
        raise InvalidRequestError("on", f"a date like 2026-10-01 is expected, found '{on}'") from None


def _text(parameter: str, value: object) -> str:
    """Return a text that was asked for. Raises :class:`InvalidRequestError` for what is none."""
    if not isinstance(value, str):
        raise InvalidRequestError(parameter, f"a text is expected, found {type(value).__name__}")
    return value


class OpenBundle:
    """A bundle that ``teneleven build`` made, open for reading; see :func:`teneleven.open`.

    All methods may be called by several threads at once. Without ``on`` they answer for today, with it for
    that day: the date of service, for inpatient stays of discharge; ISO text will do. Errors are
    :class:`~terminology.errors.TenElevenError`.
    """

    def __init__(self, folder: Path) -> None:
        self._store = Store(folder)
        self._folder = folder
        self._search: SearchIndex | None = None
        self._opening = threading.Lock()

    def __enter__(self) -> OpenBundle:
        """Return the bundle itself; it is closed at the end of the block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the bundle."""
        self.close()

    def close(self) -> None:
        """Close the files of the bundle."""
        self._store.close()

    def systems(self) -> list[str]:
        """Return the ids of the loaded code systems."""
        return self._store.systems()

    def releases(self, system: str) -> list[Release]:
        """Return the loaded releases of a code system, oldest first."""
        return self._store.releases(system)

    def lookup(
        self, code: str, system: str = ICD10CM.id, on: Day = None, release: str | None = None
    ) -> ConceptRecord:
        """Return a code with title, place, notes, 7th characters and life.

        Raises :class:`~terminology.errors.UnknownCodeError`, and
        :class:`~terminology.errors.CodeNotValidError` for one not in use on the day.
        """
        return self._store.concept(system, _text("code", code), release, _day(on))

    def validate(
        self, codes: Iterable[str | None], system: str = ICD10CM.id, on: Day = None
    ) -> list[ListedCode]:
        """Return what each code is on the day, in order: status, title and what to use instead.

        ``codes`` are a list or a series; an empty cell of one (``None``, NaN) is no code.
        """
        day, listed = _day(on) or date.today(), [cell or "" for cell in texts_of(codes, "codes").to_pylist()]
        parts = (listed[start : start + MOST_CODES] for start in range(0, len(listed), MOST_CODES))
        return [each for part in parts for each in listed_codes(self._store, system, part, day)]

    def search(
        self,
        text: str,
        system: str | None = None,
        on: Day = None,
        limit: int = 20,
        release: str | None = None,
    ) -> SearchResponse:
        """Return the codes that words, a code or an expression mean, best first; at most 500.

        A ``release`` needs its ``system``, and is searched as it is.
        """
        typed = without_who_uri(self._store, _text("text", text))
        options = {"system": system, "limit": limit, "release": release}
        return search_on(self._store, self._index(), typed, _day(on), **options)

    def autocode(
        self, text: str, system: str = ICD10CM.id, on: Day = None, release: str | None = None
    ) -> AutocodeResponse:
        """Return the one code that words mean with a grade of the match, or none."""
        day = _day(on)

        def search_that_day(query: str, **options: Any) -> SearchResponse:
            return search_on(self._store, self._index(), query, day, release=release, **options)

        return autocode(search_that_day, _text("text", text), system)

    def map(
        self,
        code: str,
        system: str = ICD10CM.id,
        target: str | None = None,
        on: Day = None,
        release: str | None = None,
    ) -> Crosswalk:
        """Return what a code becomes; the first target is the recommended one.

        ICD-10-CM leads to ICD-11, ICD-10 to ICD-11 (WHO's tables), ICD-11 to ``target``: ``icd-10`` (WHO's)
        or ``icd-10-cm``, where ``code`` may be a cluster.
        """
        return directed_crosswalk(self._store, _text("code", code), system, target, release, _day(on))

    def map_column(self, column: Any, on: Day = None) -> pa.Table:
        """Return the recommended target of each ICD-10-CM code of a column as an Arrow table, in order.

        ``column`` is a series of pandas or polars, an Arrow array, or a list of texts.
        """
        return map_column(self._store, column, _day(on))

    def sources(self, cluster: str, limit: int = 500) -> list[SourceCode]:
        """Return the ICD-10-CM codes one of whose targets has the stem of an ICD-11 expression.

        Those with exactly the expression as their recommended target come first.
        """
        return sources_of(self._store, cluster, limit)

    def cluster(self, expression: str, release: str | None = None) -> ClusterReport:
        """Return whether an ICD-11 expression holds, what is wrong with it, and which axes it lacks."""
        return validate(expression, cluster_vocabulary(self._store, release))

    def describe(self, expression: str | Cluster, release: str | None = None) -> str:
        """Return the meaning of an ICD-11 expression in WHO's titles.

        Raises :class:`~terminology.errors.ClusterSyntaxError`.
        """
        vocabulary = cluster_vocabulary(self._store, release)
        read = expression if isinstance(expression, Cluster) else parse(expression, vocabulary)
        return describe(read, vocabulary)

    def check(self, claim: Claim | Mapping[str, Any], requested: Iterable[str] = ()) -> CheckReport:
        """Return what the edits find in a claim, what they applied, and what was not checked.

        ``claim`` is a :class:`~terminology.claims.claim.Claim`, or the JSON form of the API; ``requested``
        are edits that advise on request only.
        """
        if isinstance(claim, Claim):
            return check(claim, self._store, tuple(requested))
        claims = claims_of(dict(claim))
        if len(claims) != 1:
            raise InvalidRequestError("claim", f"{len(claims)} claims; check them one by one")
        return check(claims[0], self._store, tuple(requested))

    def crosswalk_table(self) -> pa.Table:
        """Return the whole crosswalk to ICD-11, a row for each target, with the attribution in its metadata.

        The columns are described in docs/warehouse.md.
        """
        table = pq.read_table(crosswalk_file(self._folder))
        return table.replace_schema_metadata({"attribution": " ".join(NOTICES)})

    def _index(self) -> SearchIndex:
        """The search index, opened when it is first needed."""
        with self._opening:
            if self._search is None:
                folder = self._folder / SEARCH
                if not folder.is_dir():
                    raise DataNotAvailableError(f"{self._folder} has no search index; run 'teneleven build'")
                self._search = open_search_index(folder)
            return self._search
