"""The codes of one ICD-11 release, found by code or by URI."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field
from functools import cached_property

from terminology.cluster.model import Member
from terminology.codes import code_key
from terminology.concept import Concept, Kind
from terminology.who_uri import match_who_uri

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
        return cls(release, coded, chapters, everything)

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
