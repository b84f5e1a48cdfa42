"""The target release as a tree of stems and extension codes, and codes of other releases carried into it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Dictionary
from dataclasses import replace

from terminology.cluster import uri_id
from terminology.codes import code_key
from terminology.concept import Concept, Kind

EXCLUDED_CHAPTERS = frozenset({"V", "26"})
# The first character of a stem tells its chapter (ICD-11 Reference Guide, code structure).
_RESTS = ("Other and unspecified ", "Other or unspecified ")
_CHAPTER_OF = {first: f"{number:02d}" for number, first in enumerate("123456789ABCDEFGHJKLMNPQRS", 1)} | {
    "V": "V",
    "X": "X",
}


class Tabulation:
    """One ICD-11 release, indexed for the engine.

    ``earlier`` are the concepts of other releases by release id: a code a WHO table of that release names
    is found again by its URI, not by its code (codes may move, URIs do not).
    """

    def __init__(
        self, release: str, concepts: Sequence[Concept], earlier: Dictionary[str, Sequence[Concept]]
    ) -> None:
        self.release = release
        self.concepts = {c.code: c for c in _placed(concepts)}
        concepts = list(self.concepts.values())
        self.stems = [c for c in concepts if c.kind is Kind.STEM]
        self.extensions = [c for c in concepts if c.kind is Kind.EXTENSION]
        self.children: dict[str, list[str]] = defaultdict(list)
        for concept in concepts:
            if concept.parent is not None:
                self.children[concept.parent].append(concept.code)
        self._by_key = {code_key(c.code): c.code for c in (*self.stems, *self.extensions)}
        self._by_uri: dict[str, str] = {}
        for concept in concepts:
            for uri in (concept.foundation_uri, concept.uri):
                known = uri_id(uri) if uri else None
                if known:
                    self._by_uri[known] = concept.code
        self._earlier_uri: dict[tuple[str, str], str] = {
            (release_id, code_key(c.code)): c.uri
            for release_id, old in earlier.items()
            for c in old
            if c.uri and c.kind in (Kind.STEM, Kind.EXTENSION)
        }
        self._residuals = frozenset(
            c.code for c in concepts if c.uri and c.uri.endswith(("/other", "/unspecified"))
        )
        self._chapter: dict[str, str] = {}
        self._category: dict[str, str] = {}
        self._ancestors: dict[str, tuple[str, ...]] = {}

    def title(self, code: str) -> str:
        """The title WHO prints for a code, chapter or block."""
        return self.concepts[code].title

    def is_stem(self, code: str) -> bool:
        """Whether the release has this code as a stem."""
        concept = self.concepts.get(code)
        return concept is not None and concept.kind is Kind.STEM

    def is_extension(self, code: str) -> bool:
        """Whether the release has this code as an extension code."""
        concept = self.concepts.get(code)
        return concept is not None and concept.kind is Kind.EXTENSION

    def ancestors(self, code: str) -> Sequence[str]:
        """The ancestors of a code, nearest first, up to its chapter."""
        known = self._ancestors.get(code)
        if known is None:
            found: list[str] = []
            parent = self.concepts[code].parent
            while parent is not None and parent not in found:
                found.append(parent)
                parent = self.concepts[parent].parent
            known = self._ancestors[code] = tuple(found)
        return known

    def allows(self, stem: str, extension: str) -> bool:
        """Whether an extension code lies on an axis of a stem, as far as the stem's axes are loaded."""
        axes = self.concepts[stem].axes
        if not axes:
            return True
        roots = {uri_id(value) for axis in axes for value in axis.values}
        line = (self.concepts[code] for code in (extension, *self.ancestors(extension)))
        return any(uri and uri_id(uri) in roots for c in line for uri in (c.foundation_uri, c.uri))

    def chapter(self, code: str) -> str:
        """The number of a code's chapter."""
        known = self._chapter.get(code)
        if known is None:
            top = ([code, *self.ancestors(code)])[-1]
            if self.concepts[top].kind is not Kind.CHAPTER:
                top = _CHAPTER_OF.get(code[:1], top)
            known = self._chapter[code] = top
        return known

    def is_excluded(self, code: str) -> bool:
        """Whether a stem is of a chapter that diagnoses are not mapped to (functioning, traditional)."""
        return self.chapter(code) in EXCLUDED_CHAPTERS

    def category(self, code: str) -> str:
        """The four-character category of a code: ``5A11`` of ``5A11.0``."""
        known = self._category.get(code)
        if known is None:
            known = self._category[code] = code_key(code)[:4]
        return known

    def residual(self, code: str, letter: str) -> str | None:
        """The ``other specified`` (Y) or ``unspecified`` (Z) child of a stem, chapter or block."""
        for child in self.children.get(code, ()):
            if child.endswith(letter) and self.is_residual(child):
                return child
        return None

    def titled_rest(self, code: str) -> str | None:
        """The one child that is both residuals of a heading by its title: *Other and unspecified ...*."""
        children = (c for c in self.children.get(code, ()) if self.is_stem(c) and "," not in self.title(c))
        rests = [c for c in children if self.title(c).startswith(_RESTS)]
        return rests[0] if len(rests) == 1 else None

    def last_residual(self, chapter: str) -> str | None:
        """The last unspecified residual of a chapter that has none of its own."""
        found = [c.code for c in self.stems if c.code.endswith("Z") and self.chapter(c.code) == chapter]
        return found[-1] if found else None

    def is_residual(self, code: str) -> bool:
        """Whether WHO made the code as a residual: its URI ends in ``other`` or ``unspecified``."""
        return code in self._residuals

    def sibling_residual(self, code: str, letter: str) -> str | None:
        """The other residual beside a residual."""
        parent = self.concepts[code].parent
        return self.residual(parent, letter) if parent is not None else None

    def code_of_entity(self, entity: str) -> str | None:
        """The code, chapter or block of this release that is this WHO entity."""
        return self._by_uri.get(entity)

    def carry(self, uri: str | None, code: str, release: str | None = None) -> str | None:
        """Return this release's code for what another release's table calls ``code``, by its URI if known.

        An entity that became divided is carried to its unspecified residual only when it lost its own
        code; a residual that is gone is carried to its parent. ``None`` when nothing of it is left.
        """
        if uri is None and release is not None:
            uri = self._earlier_uri.get((release, code_key(code)))
        known = uri_id(uri) if uri else None
        if known is None:
            return self._by_key.get(code_key(code))
        found = self._by_uri.get(known)
        if found is None and "/" in known:
            found = self._by_uri.get(known.partition("/")[0])
        if found is not None and not (self.is_stem(found) or self.is_extension(found)):
            found = self.residual(found, "Z")
        return found


def _placed(concepts: Sequence[Concept]) -> Iterator[Concept]:
    """Concepts with the parent their code tells, where a code list comes without a hierarchy."""
    coded = {c.code for c in concepts}
    for concept in concepts:
        if concept.parent is not None or concept.kind is not Kind.STEM:
            yield concept
            continue
        shorter = (concept.code[:n].rstrip(".") for n in range(len(concept.code) - 1, 3, -1))
        yield replace(concept, parent=next((code for code in shorter if code in coded), None))
