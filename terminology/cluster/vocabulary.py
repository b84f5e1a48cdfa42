"""The codes of one ICD-11 release, found by code or by URI."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field
from functools import cached_property

from terminology.cluster.model import Member
from terminology.codes import code_key
from terminology.concept import AXES_STATED, Concept, Kind
from terminology.who_uri import match_who_uri

#: No concept has more above it; what claims to is a circle.
_DEEPEST = 40
_CODED = (Kind.STEM, Kind.EXTENSION)


def uri_id(uri: str) -> str | None:
    """Return what identifies an ICD-11 entity across releases: the id of its URI, with a residual's suffix.

    >>> uri_id("http://id.who.int/icd/release/11/2024-01/mms/1435254666/unspecified")
    '1435254666/unspecified'
    """
    found = match_who_uri(uri)
    return found.path if found else None


@dataclass(frozen=True)
class ClusterVocabulary:
    """The codes of one ICD-11 release, as the grammar needs them."""

    release: str
    concepts: Dictionary[str, Concept]
    chapters: Dictionary[str, str] = field(default_factory=dict)
    everything: Dictionary[str, Concept] = field(default_factory=dict)
    axes_stated: frozenset[str] = frozenset()

    @classmethod
    def of(cls, release: str, concepts: Iterable[Concept]) -> ClusterVocabulary:
        """Gather the stems and extension codes of a release, each with its chapter's number."""
        everything = {c.code: c for c in concepts}
        coded = {code_key(c.code): c for c in everything.values() if c.kind in _CODED}
        chapters: dict[str, str] = {}
        for key, concept in coded.items():
            at, seen = concept, 0
            while at.parent is not None and at.parent in everything and seen < 40:
                at, seen = everything[at.parent], seen + 1
            chapters[key] = at.code
        stated = frozenset(key for key, concept in coded.items() if AXES_STATED in concept.properties)
        return cls(release, coded, chapters, everything, stated)

    def line(self, concept: Concept) -> frozenset[str]:
        """Return the ids of a concept and of all above it."""
        ids: set[str] = set()
        at: Concept | None = concept
        for _ in range(_DEEPEST):
            if at is None:
                break
            ids.update(known for uri in (at.foundation_uri, at.uri) if uri and (known := uri_id(uri)))
            at = self.everything.get(at.parent) if at.parent else None
        return frozenset(ids)

    def block_of(self, concept: Concept) -> str:
        """Return the title of the nearest block above a concept, its own code where there is none."""
        at = self.everything.get(concept.parent or "")
        for _ in range(_DEEPEST):
            if at is None or at.kind is Kind.BLOCK:
                break
            at = self.everything.get(at.parent or "")
        return concept.code if at is None else at.title

    @cached_property
    def children(self) -> Dictionary[str, list[Concept]]:
        """The concepts below each concept, by its code."""
        found: dict[str, list[Concept]] = defaultdict(list)
        for concept in self.everything.values():
            if concept.parent is not None:
                found[concept.parent].append(concept)
        return dict(found)

    @cached_property
    def axes_by_root(self) -> Dictionary[str, frozenset[str]]:
        """The names of the axes, of any stem, that each id is a root of."""
        found: dict[str, set[str]] = defaultdict(set)
        for concept in self.concepts.values():
            for axis in concept.axes:
                for root in axis.values:
                    found[uri_id(root) or root].add(axis.axis)
        return {root: frozenset(names) for root, names in found.items()}

    @cached_property
    def by_uri(self) -> Dictionary[str, Concept]:
        """Concepts by the id of their linearization or foundation URI."""
        found: dict[str, Concept] = {}
        for concept in self.concepts.values():
            for uri in (concept.foundation_uri, concept.uri):
                known = uri_id(uri) if uri else None
                if known:
                    found[known] = concept
        return found

    def find(self, member: Member) -> Concept | None:
        """Return the concept a member names, if this release has it."""
        if member.uri_id is not None:
            return self.by_uri.get(member.uri_id)
        return self.concepts.get(code_key(member.text))
