"""What a reader is given: reading sheets and ICD-11's codes as plain tables, nothing of map or engine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from bench.double_coding.tables import write_table
from terminology.bundle.records import ConceptRecord
from terminology.bundle.store import Store
from terminology.systems import ICD10CM, ICD11

READ = ("expression", "accepted", "representation", "note")
"""The columns a reader fills in."""
COLUMNS = ("code", "title", "parents", "notes", "inherited_notes", *READ)
TABULATION = ("code", "title", "kind", "parent", "depth", "chapter", "above", "coding_notes")
_EXTENSIONS = "X"
_LONGEST_NOTE = 160
_MOST_NOTES = 8


def write_sheets(store: Store, release: str, codes: Sequence[str], folder: Path, sheets: int) -> list[Path]:
    """Write ICD-10-CM codes, in the order given, to sheets of about one length; return their paths.

    Notes of a whole chapter, which say where else to look and not what a code means, are left out. Raises
    :class:`UnknownCodeError` for a code the release does not hold.
    """
    length = -(-len(codes) // sheets)
    written = []
    for number in range(sheets):
        path = folder / f"sheet_{number + 1}.tsv"
        part = codes[number * length : (number + 1) * length]
        write_table(path, COLUMNS, (_sheet_row(store, release, code) for code in part))
        written.append(path)
    return written


def write_tabulation(store: Store, release: str, folder: Path) -> int:
    """Write ICD-11's chapters, blocks and stems to ``icd11.tsv``, chapter X to ``extensions.tsv``.

    Rows stand in the tabulation's order, so that what lies below a code follows it; ``above`` are the titles
    from the chapter down. Returns how many rows there are.
    """
    concepts = [store.concept(ICD11.id, code, release) for code, *_ in store.codes(ICD11.id, release)]
    for name, extensions in (("icd11.tsv", False), ("extensions.tsv", True)):
        rows = (_tabulation_row(c) for c in concepts if (c.chapter == _EXTENSIONS) is extensions)
        write_table(folder / name, TABULATION, rows)
    return len(concepts)


def _sheet_row(store: Store, release: str, code: str) -> tuple[str, ...]:
    concept = store.concept(ICD10CM.id, code, release)
    above = [s for s in concept.path if s.kind not in ("chapter", "block")]
    own = [text for _, texts in _own_notes(store, release, concept) for text in texts]
    near = [n for n in concept.inherited_notes if n.origin != concept.chapter]
    inherited = [f"{n.origin} {_words(n.kind)}: {n.text}" for n in near]
    parents = " > ".join(f"{s.code} {s.title}" for s in concept.path[:1] + tuple(above))
    return (concept.code, concept.title, parents, _short(own), _short(inherited), *("" for _ in READ))


def _own_notes(store: Store, release: str, concept: ConceptRecord) -> Iterable[tuple[str, list[str]]]:
    """The notes of a code; where its last character is its 7th, those of the code without it as well."""
    holders = [concept]
    if len(concept.key) == 7 and concept.seventh_characters:
        holders += [store.concept(ICD10CM.id, s.code, release) for s in concept.path[-1:]]
    for holder in holders:
        for kind, texts in holder.notes.items():
            yield kind, [f"{_words(kind)}: {text}" for text in texts]


def _tabulation_row(concept: ConceptRecord) -> tuple[str, ...]:
    above = " > ".join(summary.title for summary in concept.path)
    notes = " / ".join(text for texts in concept.notes.values() for text in texts)
    return (
        concept.code,
        concept.title,
        concept.kind,
        concept.parent or "",
        str(len(concept.path)),
        concept.chapter,
        above,
        notes,
    )


def _words(kind: str) -> str:
    return kind.replace("_", " ")


def _short(notes: Sequence[str]) -> str:
    """Notes in one cell: the first few, each cut at a length, and how many are left out."""
    texts = [n if len(n) <= _LONGEST_NOTE else n[: _LONGEST_NOTE - 1].rstrip() + "…" for n in notes]
    left = len(texts) - _MOST_NOTES
    return " ¦ ".join(texts[:_MOST_NOTES]) + (f" ¦ (+{left} more)" if left > 0 else "")
