"""The typed graph and the integrity it checks."""

from __future__ import annotations

import networkx as nx
import pytest

from terminology.concept import Concept, Kind
from terminology.edition import Edition, place
from terminology.errors import IntegrityError
from terminology.graph import EdgeType, Node, TerminologyGraph
from terminology.release import Release
from tests.small_library import small_library


@pytest.fixture
def graph() -> TerminologyGraph:
    return TerminologyGraph.of(small_library())


def edition(*concepts: tuple[str, Kind, str | None]) -> Edition:
    made = [Concept("icd-10-cm", code, code, kind, parent) for code, kind, parent in concepts]
    return Edition(Release("icd-10-cm", "2027", None, None), made)


def test_each_concept_has_one_parent_edge(graph: TerminologyGraph) -> None:
    assert graph.parent(Node("icd-10-cm", "2027", "E119")) == Node("icd-10-cm", "2027", "E11")
    assert graph.parent(Node("icd-10-cm", "2027", "4")) is None


def test_a_concept_that_a_row_leads_to_stands_in_the_graph_under_its_ancestors(
    graph: TerminologyGraph,
) -> None:
    mapped, chapter = Node("icd-10", "2019", "E11"), Node("icd-10", "2019", "IV")
    assert nx.has_path(graph.graph, mapped, chapter)
    assert {data["type"] for *_, data in graph.graph.in_edges(chapter, data=True)} == {EdgeType.IS_A}


def test_parents_that_are_missing_or_go_in_circles_are_left_to_the_check_of_the_edition() -> None:
    graph = TerminologyGraph()
    graph.add_edition(
        edition(("E11", Kind.CATEGORY, "E11.9"), ("E11.9", Kind.CODE, "E11"), ("X", Kind.CODE, "Y"))
    )
    assert graph.parent(Node("icd-10-cm", "2027", "E119")) == Node("icd-10-cm", "2027", "E11")
    assert graph.parent(Node("icd-10-cm", "2027", "X")) is None


def test_a_cluster_is_mapped_to_each_of_its_members(graph: TerminologyGraph) -> None:
    targets = {node.key for node, _ in graph.mapped_to(Node("icd-10", "2019", "E11"))}
    assert targets == {"5A11", "XK9K"}


def test_rows_that_lead_nowhere_are_listed(graph: TerminologyGraph) -> None:
    listed = {(d.row, d.end, d.code) for d in graph.report.dangling}
    assert listed == {(5, "target", "9Z99"), (4, "source", "E11.8"), (4, "source", "E11.6")}
    assert graph.report.rows_without_target == 1


def test_a_predecessor_points_at_the_code_that_replaced_it(graph: TerminologyGraph) -> None:
    assert graph.report.predecessor_of == 1
    old, new = Node("icd-10-cm", "2026", "E118"), Node("icd-10-cm", "2027", "E11A")
    assert graph.graph.has_edge(old, new)


def test_a_missing_parent_is_an_integrity_error() -> None:
    with pytest.raises(IntegrityError, match=r"E11\.9"):
        place(edition(("4", Kind.CHAPTER, None), ("E11.9", Kind.CODE, "E11")))


def test_a_code_without_a_chapter_is_an_integrity_error() -> None:
    with pytest.raises(IntegrityError, match="no chapter"):
        place(edition(("E11", Kind.CATEGORY, None)))


def test_a_cycle_is_an_integrity_error() -> None:
    with pytest.raises(IntegrityError, match="own ancestors"):
        place(
            edition(
                ("4", Kind.CHAPTER, None), ("E11", Kind.CATEGORY, "E11.9"), ("E11.9", Kind.CATEGORY, "E11")
            )
        )


def test_the_same_code_in_two_spellings_is_an_integrity_error() -> None:
    with pytest.raises(IntegrityError, match="twice"):
        place(edition(("4", Kind.CHAPTER, None), ("E11.9", Kind.CODE, "4"), ("E119", Kind.CODE, "4")))


def test_concepts_are_numbered_depth_first() -> None:
    placed = place(
        edition(
            ("1", Kind.CHAPTER, None),
            ("2", Kind.CHAPTER, None),
            ("B00", Kind.CATEGORY, "2"),
            ("A00", Kind.CATEGORY, "1"),
            ("A00.0", Kind.CODE, "A00"),
        )
    )
    assert [p.concept.code for p in placed] == ["1", "A00", "A00.0", "2", "B00"]
    assert [p.last for p in placed] == [2, 2, 2, 4, 4]
    assert [p.depth for p in placed] == [0, 1, 2, 0, 1]
