"""What a clause says that another stem of the same category says: intoxication beside a dependence."""

from __future__ import annotations

import pytest

from terminology.concept import Concept, Kind
from terminology.crosswalk.base.tabulation import Tabulation
from terminology.crosswalk.base.who_ancestor import Bases
from terminology.crosswalk.express.expression import Axes, Expression
from terminology.crosswalk.express.further import FurtherStems
from terminology.crosswalk.read.facets import read_title
from terminology.crosswalk.read.lexicon import phrase
from terminology.crosswalk.read.names import Name, Names

_STEMS = [
    ("06", "Mental, behavioural or neurodevelopmental disorders", Kind.CHAPTER, None),
    ("6C41", "Disorders due to use of cannabis", Kind.STEM, "06"),
    ("6C41.2", "Cannabis dependence", Kind.STEM, "6C41"),
    ("6C41.2Z", "Cannabis dependence, unspecified", Kind.STEM, "6C41.2"),
    ("6C41.3", "Cannabis intoxication", Kind.STEM, "6C41"),
    ("6C41.4", "Cannabis withdrawal", Kind.STEM, "6C41"),
    ("6C41.40", "Cannabis withdrawal, uncomplicated", Kind.STEM, "6C41.4"),
    ("6C41.4Z", "Cannabis withdrawal, unspecified", Kind.STEM, "6C41.4"),
    ("6C41.6", "Cannabis-induced psychotic disorder", Kind.STEM, "6C41"),
    ("6C41.Y", "Other specified disorders due to use of cannabis", Kind.STEM, "6C41"),
    ("6C41.Z", "Disorders due to use of cannabis, unspecified", Kind.STEM, "6C41"),
    ("8A03", "Ataxic disorders", Kind.STEM, "08"),
    ("8A03.1", "Hereditary ataxia", Kind.STEM, "8A03"),
    ("8A03.15", "Ataxia due to mitochondrial mutations", Kind.STEM, "8A03.1"),
    ("08", "Diseases of the nervous system", Kind.CHAPTER, None),
]


_RESIDUALS = {"Y": "/other", "Z": "/unspecified"}


def joined(stem: str, code: str, title: str) -> list[str]:
    concepts = [
        Concept("icd-11", c, t, kind, parent, uri=f"http://id.who.int/icd/mms/{c}{_RESIDUALS.get(c[-1], '')}")
        for c, t, kind, parent in _STEMS
    ]
    tabulation = Tabulation("2025-01", concepts, {})
    names = Names(Name(c, t, phrase(t)) for c, t, kind, _ in _STEMS if kind is Kind.STEM)
    made = Expression([[stem]])
    FurtherStems(tabulation, names, Bases(tabulation, (), ()), Axes(tabulation)).add_clauses(
        made, read_title(title, code)
    )
    return made.codes[1:]


@pytest.mark.parametrize(
    ("title", "beside"),
    [
        ("Cannabis dependence with intoxication, unspecified", ["6C41.3"]),
        ("Cannabis dependence with withdrawal", ["6C41.4Z"]),
        ("Cannabis dependence with withdrawal, uncomplicated", ["6C41.40"]),
        ("Cannabis dependence with psychotic disorder, unspecified", ["6C41.6"]),
        ("Cannabis dependence with other cannabis-induced disorder", ["6C41.Y"]),
        ("Cannabis dependence with unspecified cannabis-induced disorder", []),
    ],
)
def test_what_a_clause_adds_to_the_category_is_said_by_its_member(title: str, beside: list[str]) -> None:
    assert joined("6C41.2Z", "F12.2", title) == beside


def test_what_a_stem_stands_under_is_no_other_thing_beside_it() -> None:
    assert joined("8A03.15", "G60.2", "Neuropathy in association with hereditary ataxia") == []
