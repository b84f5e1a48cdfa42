"""Reads a bundle's database back into editions and what links them: what search is built from."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from terminology.bundle.manifest import DATABASE
from terminology.bundle.records import PATH_SEPARATOR
from terminology.claims.tables.fee_schedule import DRUG_PRODUCTS
from terminology.codes import code_key
from terminology.concept import Concept, IndexTerm, Kind, Note, NoteKind, Synonym
from terminology.edition import Edition
from terminology.errors import BundleError
from terminology.facility import Setting
from terminology.mapping import Mapping, MapTable, Predecessor, TargetKind
from terminology.release import Release, choose_release
from terminology.systems import SYSTEMS

_SEARCHED_TABLES = (
    MapTable.FOUNDATION_ELEVEN_TO_TEN,
    MapTable.FOUNDATION_TEN_TO_ELEVEN,
    MapTable.TEN_TO_ELEVEN_ONE,
)


_DRUG_TABLE = f"edit_{DRUG_PRODUCTS.name}"


@dataclass(frozen=True, slots=True)
class StoredEditions:
    """The default edition of each system of a bundle, as of today, and what links them.

    An edition also has the concepts that only other releases hold. ``volumes`` maps ICD-10-CM keys to their
    uses per care setting, ``releases`` the keys of each system to the loaded releases that hold them,
    ``drug_names`` keys of HCPCS codes to the names of the products billed under them.
    """

    editions: Sequence[Edition]
    mappings: Sequence[Mapping]
    index_terms: Sequence[IndexTerm]
    predecessors: Sequence[Predecessor]
    volumes: dict[str, dict[str, int]]
    releases: dict[str, dict[str, tuple[str, ...]]]
    drug_names: dict[str, tuple[str, ...]]


def read_stored_editions(bundle: Path) -> StoredEditions:
    """Read a bundle's database back into editions; raise :class:`BundleError` if it cannot be read."""
    path = bundle / DATABASE
    if not path.is_file():
        raise BundleError(f"{bundle} has no {DATABASE}; run 'teneleven build'")
    try:
        with closing(sqlite3.connect(f"file:{path.absolute()}?mode=ro", uri=True)) as database:
            return StoredEditions(
                editions=[_edition(database, release) for release in _default_releases(database)],
                releases=_releases(database),
                mappings=list(_mappings(database)),
                index_terms=list(_index_terms(database)),
                predecessors=[
                    Predecessor(*row)
                    for row in database.execute("SELECT code, previous, effective_year, row FROM predecessor")
                ],
                volumes=_volumes(database),
                drug_names=_drug_names(database),
            )
    except sqlite3.DatabaseError as fault:
        raise BundleError(f"{path} cannot be read ({fault}); run 'teneleven build' again") from fault


def _volumes(database: sqlite3.Connection) -> dict[str, dict[str, int]]:
    """The uses of each ICD-10-CM key per care setting, over all sources."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    rows = database.execute("SELECT key, setting, sum(count) FROM volume GROUP BY key, setting")
    for key, setting, count in rows:
        care_setting = Setting(setting).care_setting
        if care_setting is not None:
            found[key][care_setting] = found[key].get(care_setting, 0) + count
    return dict(found)


def _drug_names(database: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    """The names of the products billed under each HCPCS key, where the bundle has CMS's crosswalk."""
    if not database.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (_DRUG_TABLE,)).fetchone():
        return {}
    found: dict[str, list[str]] = defaultdict(list)
    for code, name in database.execute(f"SELECT DISTINCT code, name FROM {_DRUG_TABLE} ORDER BY 1, 2"):
        found[code_key(code)].append(name)
    return {key: tuple(names) for key, names in found.items()}


def _default_releases(database: sqlite3.Connection) -> list[Release]:
    loaded = [
        Release(system, name, _date(start), _date(end))
        for system, name, start, end in database.execute(
            "SELECT system, release, effective_from, effective_to FROM release"
        )
    ]
    present = {release.system for release in loaded}
    return [choose_release(name, loaded, None, date.today()) for name in SYSTEMS if name in present]


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _releases(database: sqlite3.Connection) -> dict[str, dict[str, tuple[str, ...]]]:
    """The loaded releases that hold each key, by system; one tuple serves all keys with the same ones."""
    found: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    known: dict[str, tuple[str, ...]] = {}
    for system, key, names in database.execute(
        "SELECT DISTINCT r.system, c.key, c.releases FROM concept c JOIN release r ON r.id = c.release_id"
    ):
        found[system][key] = known.setdefault(names, tuple(names.split()))
    return dict(found)


#: The concepts of the default release, and those that only others hold, each from the newest that does.
_PICKED = """
    CREATE TEMP TABLE picked AS
    SELECT c.id FROM concept c JOIN release r ON r.id = c.release_id
    WHERE r.system = ?1 AND (
        r.release = ?2
        OR (' ' || c.releases || ' ' NOT LIKE '% ' || ?2 || ' %'
            AND ' ' || c.releases LIKE '% ' || r.release)
    )
    ORDER BY r.release <> ?2, c.id
"""


def _edition(database: sqlite3.Connection, release: Release) -> Edition:
    database.execute("DROP TABLE IF EXISTS temp.picked")
    database.execute(_PICKED, (release.system, release.id))
    notes: dict[int, list[Note]] = defaultdict(list)
    for number, kind, text in database.execute(
        "SELECT concept_id, kind, text FROM note WHERE concept_id IN temp.picked ORDER BY concept_id, seq"
    ):
        notes[number].append(Note(NoteKind(kind), text))
    synonyms: dict[int, list[Synonym]] = defaultdict(list)
    for number, text, source, language in database.execute(
        "SELECT concept_id, text, source, language FROM synonym "
        "WHERE concept_id IN temp.picked ORDER BY concept_id, seq"
    ):
        synonyms[number].append(Synonym(text, source, language))
    rows = database.execute(
        "SELECT c.id, c.code, c.title, c.kind, p.code, c.short_title, c.billable, c.uri, c.foundation_uri "
        "FROM temp.picked JOIN concept c ON c.id = picked.id LEFT JOIN concept p ON p.id = c.parent_id "
        "ORDER BY picked.rowid"
    )
    return Edition(
        release,
        [
            Concept(
                system=release.system,
                code=code,
                title=title,
                kind=Kind(kind),
                parent=parent,
                short_title=short,
                billable=None if billable is None else bool(billable),
                notes=tuple(notes.get(number, ())),
                synonyms=tuple(synonyms.get(number, ())),
                uri=uri,
                foundation_uri=foundation,
            )
            for number, code, title, kind, parent, short, billable, uri, foundation in rows
        ],
    )


def _mappings(database: sqlite3.Connection) -> Iterator[Mapping]:
    rows = database.execute(
        "SELECT map_table, release, row, source_system, source_kind, source_code, source_title, "
        "target_system, target_kind, target, target_title, source_uri, target_uri, target_foundation_uri, "
        "relation, depth_difference FROM mapping WHERE map_table IN (?, ?, ?) ORDER BY id",
        _SEARCHED_TABLES,
    )
    for table, release, row, system, kind, code, title, target_system, target_kind, *rest in rows:
        yield Mapping(
            MapTable(table),
            release,
            row,
            system,
            kind,
            code,
            title,
            target_system,
            TargetKind(target_kind),
            *rest,
        )


def _index_terms(database: sqlite3.Connection) -> Iterator[IndexTerm]:
    rows = database.execute(
        "SELECT book, edition, path, modifiers, column_heading, code, see, see_also "
        "FROM index_term ORDER BY id"
    )
    for book, edition, path, *rest in rows:
        yield IndexTerm(book, edition, tuple(path.split(PATH_SEPARATOR)), *rest)
