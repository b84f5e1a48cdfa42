"""The crosswalk read backwards, and codes carried between releases."""

from __future__ import annotations

from dataclasses import replace

from terminology.crosswalk.base.tabulation import Tabulation
from terminology.crosswalk.engine import build_crosswalk
from terminology.crosswalk.model import Relationship
from terminology.crosswalk.reverse import reverse_crosswalk
from terminology.mapping import Mapping, MapTable, TargetKind
from tests.terminology.crosswalk.small_corpus import small_corpus


def test_a_stem_names_all_codes_that_come_from_it_attested_ones_first() -> None:
    back = Mapping(
        MapTable.ELEVEN_TO_TEN_ONE,
        "2024-01",
        2,
        "icd-11",
        "category",
        "5A11",
        "Type 2 diabetes mellitus",
        "icd-10",
        TargetKind.CODE,
        "E11.9",
        None,
    )
    origins = reverse_crosswalk(build_crosswalk(small_corpus()), [back])["5A11"]
    assert origins[0].source_code == "E11.9"
    assert origins[0].attested
    assert {"E11", "E11.42"} <= {o.source_code for o in origins}


def test_relationship_is_turned_round() -> None:
    origins = reverse_crosswalk(build_crosswalk(small_corpus()))
    by_code = {o.source_code: o for o in origins["NC92.2"] if o.rank == 1}
    assert by_code["S82.201A"].relationship is Relationship.SOURCE_BROADER


def test_code_of_another_release_is_carried_by_its_uri() -> None:
    corpus = small_corpus()
    old = [replace(c, code="5A99") if c.code == "5A11" else c for c in corpus.target]
    tabulation = Tabulation("2025-01", corpus.target, {"2023-01": old})
    assert tabulation.carry(None, "5A99", "2023-01") == "5A11"


def test_residual_that_is_gone_is_carried_to_its_category() -> None:
    corpus = small_corpus()
    target = [c for c in corpus.target if c.code != "8A80.Y"]
    tabulation = Tabulation("2025-01", target, {"2024-01": corpus.target})
    assert tabulation.carry(None, "8A80.Y", "2024-01") == "8A80"


def test_code_list_without_hierarchy_is_placed_by_its_codes() -> None:
    flat = [replace(c, parent=None) for c in small_corpus().target]
    tabulation = Tabulation("2025-01", flat, {})
    assert tabulation.residual("8A80", "Z") == "8A80.Z"
    assert tabulation.chapter("8A80.Z") == "08"
