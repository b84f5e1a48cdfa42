"""A side is claimed where WHO's rows or titles show that the stem takes one, and optional elsewhere."""

from __future__ import annotations

import pytest

from terminology.concept import Concept, Kind
from terminology.crosswalk.base.tabulation import Tabulation
from terminology.crosswalk.express.laterality import Laterality
from terminology.crosswalk.read.lexicon import phrase
from terminology.crosswalk.read.names import Name, Names
from terminology.mapping import Mapping, MapTable, TargetKind

_CODES = [
    ("16", "Diseases of the genitourinary system", Kind.CHAPTER, None),
    ("GB90", "Certain specified disorders of kidney", Kind.STEM, "16"),
    ("LB30", "Structural developmental anomalies of kidneys", Kind.STEM, "16"),
    ("LB30.0", "Renal agenesis, unilateral", Kind.STEM, "LB30"),
    ("DD51", "Inguinal hernia", Kind.STEM, "16"),
    ("AA00", "Abscess of external ear", Kind.STEM, "16"),
    ("ME82", "Pain in joint", Kind.STEM, "16"),
    ("X", "Extension Codes", Kind.CHAPTER, None),
    ("XA6KU8", "Kidney", Kind.EXTENSION, "X"),
    ("XA1234", "Renal calyx", Kind.EXTENSION, "XA6KU8"),
    ("XA8RL1", "Joint of toe", Kind.EXTENSION, "X"),
]


@pytest.fixture(scope="module")
def laterality() -> Laterality:
    concepts = [Concept("icd-11", code, title, kind, parent) for code, title, kind, parent in _CODES]
    names = Names(Name(c.code, c.title, phrase(c.title)) for c in concepts if c.kind is Kind.STEM)
    row = Mapping(
        MapTable.TEN_TO_ELEVEN_ONE,
        "2025-01",
        1,
        "icd-10",
        "category",
        "K40.0",
        "Bilateral inguinal hernia",
        "icd-11",
        TargetKind.CLUSTER,
        "DD51&XK9J",
        None,
    )
    return Laterality(Tabulation("2025-01", concepts, {}), names, [row])


@pytest.mark.parametrize(
    ("group", "shown"),
    [
        (["DD51", "XK9K"], True),
        (["LB30", "XK9K"], True),
        (["GB90", "XK9K"], True),
        (["ME82", "XA1234", "XK9K"], True),
        (["ME82", "XA8RL1", "XK9K"], False),
        (["AA00", "XK8G"], False),
    ],
    ids=["row", "title in category", "paired site in title", "part of paired site", "no pair", "nothing"],
)
def test_a_side_is_shown_by_rows_titles_and_paired_sites(
    laterality: Laterality, group: list[str], shown: bool
) -> None:
    assert laterality.bears_side(group) is shown
