"""The Whoosh index of a bundle: every word of every concept by field, for what terms alone do not answer.

Terms rank most queries (:mod:`indexes.ranking.score`). A query that they answer with next to nothing is
put to Whoosh, over titles, terms and all notes, instructions and exclusions included.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterable, Sequence
from pathlib import Path
from threading import Lock

from whoosh import fields, formats, index, scoring
from whoosh.query.compound import And, Or
from whoosh.query.terms import Term

from indexes.disk import pickles  # noqa: F401  from here on Whoosh reads data only
from indexes.disk.reproducible import index_writer
from indexes.disk.units import Unit
from indexes.query.slot import Slot
from indexes.text.analysis import ClinicalTokenizer, tokens
from indexes.text.phrases import forms

_FIELD_WEIGHTS = {"title": 3.0, "terms": 2.0, "notes": 1.0}
_MOST_WORDS = 4
_BEST_SCORE = 0.4
_MOST_HITS = 100
_BUILD_MEMORY_MB = 512


class WordSet(fields.FieldType):
    """A Whoosh field of distinct tokens, analysed beforehand: no frequencies, lengths or positions."""

    def __init__(self) -> None:
        self.format = formats.Existence()
        self.analyzer = ClinicalTokenizer()  # type: ignore[assignment]
        self.scorable = self.stored = self.unique = self.spelling = False
        self.indexed = True
        self.column_type = self.vector = None

    def index(
        self, value: Iterable[str], **_: object
    ) -> Generator[tuple[bytes, int, float, bytes], None, None]:
        """Yield the postings of a document's tokens."""
        return ((token.encode(), 1, 1.0, b"") for token in value)


def schema() -> fields.Schema:
    """Return the Whoosh schema: one document per unit, tokens of :func:`indexes.text.analysis.tokens`."""
    return fields.Schema(
        unit=fields.STORED,
        system=fields.ID(stored=True),
        code=fields.ID,
        title=WordSet(),
        terms=WordSet(),
        notes=WordSet(),
    )


class BroadWriter:
    """The Whoosh index being written into a new folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._writer = index_writer(folder, schema(), _BUILD_MEMORY_MB)

    def add(self, units: Iterable[Unit]) -> None:
        """Add the units of one release; a unit is found again by its number."""
        for number, unit in enumerate(units):
            document = unit.document
            title = frozenset(forms(document.title)[0])
            terms = {token for phrase in unit.phrases for token in phrase.tokens} - title
            notes = {token for note in (*document.notes, *document.instructions) for token in tokens(note)}
            self._writer.add_document(
                unit=number,
                system=document.system,
                code=document.key,
                title=sorted(title),
                terms=sorted(terms),
                notes=sorted(notes),
            )

    def close(self) -> None:
        """Write everything out."""
        self._writer.commit()


class BroadIndex:
    """The Whoosh index, opened for reading."""

    def __init__(self, folder: Path) -> None:
        self._index = index.open_dir(str(folder), readonly=True, schema=schema())
        self._searcher = self._index.searcher(weighting=scoring.TF_IDF())
        self._lock = Lock()

    def search(self, slots: Sequence[Slot]) -> dict[str, list[tuple[int, float]]]:
        """Return by system (unit, score below 0.5) of the units that hold a query's rarest words."""
        found: dict[str, list[tuple[int, float]]] = defaultdict(list)
        with self._lock:
            words = sorted((n, t) for t in {slot.tokens[0][0] for slot in slots} if (n := self._count(t)))
            if not words:
                return found
            each = [
                Or([Term(field, token, boost) for field, boost in _FIELD_WEIGHTS.items()])
                for _, token in words[:_MOST_WORDS]
            ]
            hits = self._searcher.search(And(each), limit=_MOST_HITS).top_n
            top = hits[0][0] if hits else 1.0
            for value, number in hits:
                stored = self._searcher.reader().stored_fields(number)
                found[stored["system"]].append((stored["unit"], _BEST_SCORE * value / top))
        return found

    def _count(self, token: str) -> int:
        reader = self._searcher.reader()
        return sum(reader.doc_frequency(field, token) for field in _FIELD_WEIGHTS)
