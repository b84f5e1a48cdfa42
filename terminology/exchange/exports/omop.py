"""The crosswalk as tables of the OMOP common data model (version 5.4), to load beside Athena's.

ICD-11 is not among Athena's vocabularies: its codes and expressions become local concepts, whose ids are
above two billion as OMOP leaves them to users. An id is made from the code, so that it is the same in every
export. None of them is a standard concept: nothing here says what a condition means in SNOMED CT.

OMOP gives a concept the domain of the standard concepts it maps to, which only Athena knows: with its
CONCEPT.csv a local concept has the domain of the ICD-10-CM codes that become it. Else its ICD-11 chapter
stands in, a convention of ours: what ICD-11 counts beside diseases is an observation.
"""

from __future__ import annotations

import csv
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from terminology.attribution import NOTICES
from terminology.bundle.crosswalk.crosswalks import crosswalks
from terminology.bundle.store import Store
from terminology.crosswalk import Relationship, Target
from terminology.errors import InvalidRequestError, ReleaseFormatError
from terminology.systems import ICD11

VOCABULARY, SOURCE = "TE_ICD11_MMS", "ICD10CM"
LOCAL = 2_000_000_000
"""Ids above this are users' own (OMOP CDM, conventions for local concepts)."""
_PLACES = 2**31 - 1 - LOCAL
_LONGEST_CODE, _LONGEST_NAME = 50, 255
_ALWAYS, _FOREVER = "19700101", "20991231"
CODE, CLUSTER = "ICD-11 code", "ICD-11 cluster"
CONDITION, OBSERVATION, METADATA = "Condition", "Observation", "Metadata"
_OBSERVED = "PQV"
"""First characters of the codes of ICD-11's chapters 23 (external causes), 24 (factors influencing health
status) and V (functioning); WHO, ICD-11 Reference Guide, code structure."""
#: Relationship ids of the crosswalk, and their reverse: whose name they are of stands in RELATIONSHIP.
RELATIONSHIPS = {
    Relationship.EQUIVALENT: ("TE same as", "TE same as"),
    Relationship.SOURCE_NARROWER: ("TE narrower than", "TE broader than"),
    Relationship.SOURCE_BROADER: ("TE broader than", "TE narrower than"),
    Relationship.RELATED: ("TE related to", "TE related to"),
}
_HAS_STEM = ("TE has stem", "TE stem of")
_HEADS: dict[str, tuple[str, ...]] = {
    "CONCEPT": (
        *("concept_id", "concept_name", "domain_id", "vocabulary_id", "concept_class_id"),
        *("standard_concept", "concept_code", "valid_start_date", "valid_end_date", "invalid_reason"),
    ),
    "CONCEPT_RELATIONSHIP": (
        *("concept_id_1", "concept_id_2", "relationship_id"),
        *("valid_start_date", "valid_end_date", "invalid_reason"),
    ),
    "SOURCE_TO_CONCEPT_MAP": (
        *("source_code", "source_concept_id", "source_vocabulary_id", "source_code_description"),
        *("target_concept_id", "target_vocabulary_id"),
        *("valid_start_date", "valid_end_date", "invalid_reason"),
    ),
    "VOCABULARY": (
        *("vocabulary_id", "vocabulary_name", "vocabulary_reference", "vocabulary_version"),
        "vocabulary_concept_id",
    ),
    "CONCEPT_CLASS": ("concept_class_id", "concept_class_name", "concept_class_concept_id"),
    "RELATIONSHIP": (
        *("relationship_id", "relationship_name", "is_hierarchical", "defines_ancestry"),
        *("reverse_relationship_id", "relationship_concept_id"),
    ),
}
Row = tuple[object, ...]


class AthenaConcept(NamedTuple):
    """What Athena has of a source code: its concept and its domain."""

    number: int
    domain: str


@dataclass(slots=True)
class _Concepts:
    """The local concepts, each with its id; ``domains`` are those Athena gives the codes that become them."""

    ids: dict[tuple[str, str], int] = field(default_factory=dict)
    names: dict[int, tuple[str, str, str, str]] = field(default_factory=dict)
    domains: defaultdict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def of(self, vocabulary: str, kind: str, code: str, name: str) -> int:
        """Return the id of a concept, made when it is first asked for."""
        known = self.ids.get((vocabulary, code))
        if known is not None:
            return known
        number = local_id(vocabulary, code)
        while number in self.names:
            number = LOCAL + 1 + (number - LOCAL) % _PLACES
        self.ids[vocabulary, code] = number
        self.names[number] = (name[:_LONGEST_NAME], vocabulary, kind, code)
        return number

    def rows(self) -> list[Row]:
        """Return the rows of CONCEPT, in the order the concepts were asked for."""
        return [
            (number, name, self._domain(number), vocabulary, kind, "", code, _ALWAYS, _FOREVER, "")
            for number, (name, vocabulary, kind, code) in self.names.items()
        ]

    def _domain(self, number: int) -> str:
        """The domain of most sources that become a concept, the first in the alphabet of equals."""
        _, vocabulary, _, code = self.names[number]
        if vocabulary != VOCABULARY:
            return METADATA
        told = self.domains.get(number)
        return min(told, key=lambda d: (-told[d], d)) if told else domain_by_chapter(code)


def local_id(vocabulary: str, code: str) -> int:
    """Return the id of a local concept: of its code, above two billion and within OMOP's integers.

    >>> local_id("TE_ICD11_MMS", "5A11") > LOCAL, local_id("TE_ICD11_MMS", "5A11") < 2**31
    (True, True)
    """
    digest = hashlib.sha256(f"{vocabulary}|{code}".encode()).digest()
    return LOCAL + 1 + int.from_bytes(digest[:8], "big") % _PLACES


def domain_by_chapter(code: str) -> str:
    """Return the domain that a code's ICD-11 chapter stands for where Athena says nothing.

    >>> domain_by_chapter("5A11"), domain_by_chapter("QA00"), domain_by_chapter("NC32.5&XK9K/PA60")
    ('Condition', 'Observation', 'Condition')
    """
    return OBSERVATION if code[:1] in _OBSERVED else CONDITION


def concept_code(expression: str) -> str:
    """Return the code of a concept: the expression, or where it is too long its start and a hash.

    >>> concept_code("5A11"), len(concept_code("5A11&" * 20))
    ('5A11', 50)
    """
    if len(expression) <= _LONGEST_CODE:
        return expression
    return f"{expression[:39]}#{hashlib.sha256(expression.encode()).hexdigest()[:10]}"


def write_omop(store: Store, folder: Path, athena: Path | None = None) -> int:
    """Write the tables into a folder and return the number of rows of SOURCE_TO_CONCEPT_MAP.

    ``athena`` is a file CONCEPT.csv of Athena's: with it the source codes have Athena's ids, and the
    crosswalk stands in CONCEPT_RELATIONSHIP too. Files have tabs and no quotes, as Athena's have. Raises
    :class:`DataNotAvailableError` for a bundle without crosswalk.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InvalidRequestError("output", f"{folder} is there already; name a new or an empty folder")
    sources = {} if athena is None else athena_concepts(athena)
    concepts = _Concepts()
    release = store.release(ICD11.id).release.id
    relations, maps = _crosswalk_rows(store, concepts, sources)
    tables: dict[str, list[Row]] = {
        "SOURCE_TO_CONCEPT_MAP": maps,
        "CONCEPT_RELATIONSHIP": relations,
        "VOCABULARY": [_vocabulary(concepts, release)],
        "CONCEPT_CLASS": [
            (name, name, concepts.of("Concept Class", "Concept Class", name, name))
            for name in (CODE, CLUSTER)
        ],
        "RELATIONSHIP": list(_relationships(concepts)),
        "CONCEPT": concepts.rows(),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        _write(folder / f"{name}.csv", _HEADS[name], rows)
    (folder / "ATTRIBUTION.txt").write_text("\n".join((*NOTICES, "")), "utf-8")
    return len(maps)


def _crosswalk_rows(
    store: Store, concepts: _Concepts, sources: Mapping[str, AthenaConcept]
) -> tuple[list[Row], list[Row]]:
    relations: dict[Row, None] = {}
    maps: list[Row] = []
    for answer in crosswalks(store):
        target = answer.recommended
        if target is None:
            continue
        number = _target(concepts, target, relations)
        known = sources.get(answer.source_code)
        source = known.number if known else 0
        title = answer.source_title[:_LONGEST_NAME]
        maps.append((answer.source_code, source, SOURCE, title, number, VOCABULARY, _ALWAYS, _FOREVER, ""))
        if known:
            concepts.domains[number][known.domain] += 1
            relations.update(_both_ways(source, number, RELATIONSHIPS[target.relationship]))
    return list(relations), maps


def _target(concepts: _Concepts, target: Target, relations: dict[Row, None]) -> int:
    """Return the concept of a target's expression; a cluster is related to its stems."""
    titles = " / ".join(title for title in target.titles if title)
    cluster = len(target.members) > 1
    number = concepts.of(VOCABULARY, CLUSTER if cluster else CODE, concept_code(target.expression), titles)
    if cluster:
        named = dict(zip(target.members, target.titles, strict=False))
        for group in target.groups:
            stem = concepts.of(VOCABULARY, CODE, group.stem, named.get(group.stem) or group.stem)
            relations.update(_both_ways(number, stem, _HAS_STEM))
    return number


def _both_ways(one: int, other: int, names: tuple[str, str]) -> dict[Row, None]:
    there, back = names
    return {
        (one, other, there, _ALWAYS, _FOREVER, ""): None,
        (other, one, back, _ALWAYS, _FOREVER, ""): None,
    }


def _vocabulary(concepts: _Concepts, release: str) -> Row:
    name = "ICD-11 MMS, codes and expressions that TenEleven maps to"
    number = concepts.of("Vocabulary", "Vocabulary", VOCABULARY, name)
    return VOCABULARY, name, "https://icd.who.int/", release, number


def _relationships(concepts: _Concepts) -> Iterator[Row]:
    pairs = {pair for names in (*RELATIONSHIPS.values(), _HAS_STEM) for pair in (names, names[::-1])}
    for name, reverse in sorted(pairs):
        told = f"{name.removeprefix('TE ')} (TenEleven's crosswalk)"
        number = concepts.of("Relationship", "Relationship", name, told)
        yield name, told, 0, 0, reverse, number


def athena_concepts(path: Path) -> dict[str, AthenaConcept]:
    """Return Athena's concepts of ICD-10-CM codes from its CONCEPT.csv; raise ReleaseFormatError."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        head = next(rows, [])
        needed = ("concept_id", "domain_id", "vocabulary_id", "concept_code")
        if not set(needed) <= set(head):
            raise ReleaseFormatError(path, 1, "the columns of Athena's CONCEPT.csv", ", ".join(head)[:80])
        at = {name: head.index(name) for name in needed}
        return {
            row[at["concept_code"]]: AthenaConcept(int(row[at["concept_id"]]), row[at["domain_id"]])
            for row in rows
            if len(row) == len(head) and row[at["vocabulary_id"]] == SOURCE
        }


def _write(path: Path, head: Sequence[str], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("\t".join(head) + "\n")
        for row in rows:
            file.write("\t".join(" ".join(str(cell).split()) for cell in row) + "\n")
