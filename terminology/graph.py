"""The typed graph of all concepts and the edges between them (networkx).

Nodes are :class:`Node` keys. A concept's node carries it as ``concept``; an ICD-11 foundation entity that
is no concept of the linearization has a node with only a ``title``. Edges have their type in ``type``:
``is-a`` (child to parent, within a release), ``mapped-to`` (one per mapping row and member of its target,
with the row as ``mapping``) and ``predecessor-of`` (old code to new code, with the conversion row as
``predecessor``).

A release is a tree, which each concept's ``parent`` says already: its concepts enter the graph, with their
ancestors, when a row leads to them or they are asked for. Half a million edges that nobody walks would take
more memory than all the rest of a build.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

import networkx as nx

from terminology.cluster import groups_in
from terminology.codes import code_key
from terminology.concept import Concept
from terminology.edition import Edition, Library
from terminology.mapping import Mapping, MapTable, Predecessor, TargetKind
from terminology.systems import ICD10CM, ICD11
from terminology.who_uri import entity_path


class EdgeType(StrEnum):
    """The three types of edge."""

    IS_A = "is-a"
    MAPPED_TO = "mapped-to"
    PREDECESSOR_OF = "predecessor-of"


class Node(NamedTuple):
    """The key of a concept: ``key`` is the normalised code, or ``foundation/<entity>``."""

    system: str
    release: str
    key: str


@dataclass(frozen=True, slots=True)
class Dangling:
    """A mapping or conversion row one of whose ends (``source`` or ``target``) no loaded release has."""

    table: str
    release: str
    row: int
    end: str
    code: str


@dataclass(slots=True)
class GraphReport:
    """What was counted while the graph was built, and what dangles."""

    concepts: int = 0
    is_a: int = 0
    mapped_to: int = 0
    predecessor_of: int = 0
    rows_without_target: int = 0
    dangling: list[Dangling] = field(default_factory=list)


class TerminologyGraph:
    """The graph with the walks that building, checking and exploring it need.

    >>> from terminology.edition import Library
    >>> TerminologyGraph.of(Library()).report.concepts
    0
    """

    def __init__(self) -> None:
        self.graph: nx.MultiDiGraph[Node] = nx.MultiDiGraph()
        self.report = GraphReport()
        self._concepts: dict[tuple[str, str], dict[str, Concept]] = {}
        self._by_entity: dict[tuple[str, str], Node] = {}
        self._releases: dict[str, list[str]] = {}

    @classmethod
    def of(cls, library: Library) -> TerminologyGraph:
        """Build the graph of a whole library; rows that lead nowhere are listed in ``report.dangling``."""
        built = cls()
        for edition in library.editions:
            built.add_edition(edition)
        built.add_foundation_entities(library.mappings)
        for mapping in library.mappings:
            built.add_mapping(mapping)
        for predecessor in library.predecessors:
            built.add_predecessor(predecessor)
        return built

    def add_edition(self, edition: Edition) -> None:
        """Add the concepts of an edition, to be found by code or URI, and count their is-a edges."""
        system, release = edition.release.system, edition.release.id
        self._releases.setdefault(system, []).append(release)
        self._concepts[system, release] = held = {code_key(c.code): c for c in edition.concepts}
        self.report.concepts += len(edition.concepts)
        self.report.is_a += sum(concept.parent is not None for concept in edition.concepts)
        if system == ICD11.id:
            for key, concept in held.items():
                node = Node(system, release, key)
                for uri in (concept.uri, concept.foundation_uri):
                    if uri is not None:
                        self._by_entity.setdefault((release, entity_path(uri)), node)

    def add_foundation_entities(self, mappings: Iterable[Mapping]) -> None:
        """Give each foundation entity that WHO's foundation table lists, and no release has, a node."""
        for mapping in mappings:
            if mapping.table is MapTable.FOUNDATION_ELEVEN_TO_TEN and mapping.source_uri is not None:
                entity = entity_path(mapping.source_uri)
                if self.entity(mapping.release, entity) is None:
                    node = Node(ICD11.id, mapping.release, f"foundation/{entity}")
                    self.graph.add_node(node, title=mapping.source_title)
                    self._by_entity[mapping.release, entity] = node

    def add_mapping(self, mapping: Mapping) -> None:
        """Add an edge from the row's source to every member of its target."""
        source = self._end(mapping.source_system, mapping.release, mapping.source_code, mapping.source_uri)
        if source is None:
            self._dangles(mapping, "source", mapping.source_code or mapping.source_uri or "")
        if mapping.target_kind in (TargetKind.NO_MAPPING, TargetKind.BLANK):
            self.report.rows_without_target += 1
            return
        for member in target_members(mapping):
            uri = None if mapping.target_kind is TargetKind.CLUSTER else mapping.target_uri
            target = self._end(
                mapping.target_system, mapping.release, member, uri or mapping.target_foundation_uri
            )
            if target is None:
                self._dangles(mapping, "target", member or uri or mapping.target_foundation_uri or "")
            elif source is not None:
                self._join(source, target, type=EdgeType.MAPPED_TO, mapping=mapping)
                self.report.mapped_to += 1

    def add_predecessor(self, predecessor: Predecessor) -> None:
        """Add an edge from a previous code to the code that replaced it, in the newest release of each."""
        new = self._newest(predecessor.code)
        old = self._newest(predecessor.previous)
        for end, code, node in (("source", predecessor.previous, old), ("target", predecessor.code, new)):
            if node is None:
                self.report.dangling.append(Dangling("conversion", "", predecessor.row, end, code))
        if old is not None and new is not None:
            self._join(old, new, type=EdgeType.PREDECESSOR_OF, predecessor=predecessor)
            self.report.predecessor_of += 1

    def concept(self, node: Node) -> Concept:
        """Return the concept of a node; raise ``KeyError`` for a node that has none."""
        return self._concepts[node.system, node.release][node.key]

    def parent(self, node: Node) -> Node | None:
        """Return the parent of a concept's node, ``None`` for a chapter."""
        self._enter(node)
        return next((t for t, _ in self._edges(node, EdgeType.IS_A)), None)

    def mapped_to(self, node: Node) -> Iterator[tuple[Node, Mapping]]:
        """Yield every node that a mapping row gives as (part of) the target of this one, with the row."""
        return ((target, data["mapping"]) for target, data in self._edges(node, EdgeType.MAPPED_TO))

    def entity(self, release: str, entity: str) -> Node | None:
        """Return the node of a WHO entity (number, residual suffix included) in a release of ICD-11."""
        loaded = self._releases.get(ICD11.id)
        here = self._by_entity.get((release, entity))
        return here if here or not loaded else self._by_entity.get((max(loaded), entity))

    def _edges(self, node: Node, kind: EdgeType) -> Iterator[tuple[Node, dict[str, Any]]]:
        for _, target, data in self.graph.out_edges(node, data=True):
            if data["type"] is kind:
                yield target, data

    def _end(self, system: str, release: str, code: str | None, uri: str | None) -> Node | None:
        """Find one end of a mapping row: by code where it has one, else by URI."""
        loaded = self._releases.get(system)
        if code and loaded:
            node = Node(system, release if release in loaded else max(loaded), code_key(code))
            if self._holds(node):
                return node
        return None if uri is None else self.entity(release, entity_path(uri))

    def _newest(self, code: str) -> Node | None:
        key = code_key(code)
        for release in sorted(self._releases.get(ICD10CM.id, ()), reverse=True):
            node = Node(ICD10CM.id, release, key)
            if self._holds(node):
                return node
        return None

    def _holds(self, node: Node) -> bool:
        return node.key in self._concepts[node.system, node.release]

    def _join(self, one: Node, other: Node, **said: Any) -> None:
        """Add an edge between two nodes, each of which enters the graph if it is not there."""
        self._enter(one)
        self._enter(other)
        self.graph.add_edge(one, other, **said)

    def _enter(self, node: Node) -> None:
        """Put a concept and its ancestors into the graph, as far as they are not there.

        A parent that its release lacks, and a circle of parents, are left for
        :func:`~terminology.edition.place` to refuse.
        """
        below = None
        while True:
            entered = node in self.graph
            if not entered:
                self.graph.add_node(node, concept=self.concept(node))
            if below is not None:
                self.graph.add_edge(below, node, type=EdgeType.IS_A)
            parent = None if entered else self.concept(node).parent
            if parent is None:
                return
            below, node = node, Node(node.system, node.release, code_key(parent))
            if not self._holds(node):
                return

    def _dangles(self, mapping: Mapping, end: str, code: str) -> None:
        self.report.dangling.append(Dangling(mapping.table, mapping.release, mapping.row, end, code))


def target_members(mapping: Mapping) -> tuple[str | None, ...]:
    """Return the codes a row's target is made of: the members of a cluster, the code, or ``None``."""
    if mapping.target is None or mapping.target_kind is not TargetKind.CLUSTER:
        return (mapping.target,)
    return tuple(member for group in groups_in(mapping.target) for member in group)
