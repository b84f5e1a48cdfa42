"""Titles of ICD-11 and of ICF in other languages, put onto editions by the URI of each concept.

WHO translates a release months or years after it appears. Until then the titles of another release stand in
where the English title has not changed; each names the release it comes from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from loaders.icd11.linearization import MMS, Linearization
from loaders.icd11.tabulation import translation_source
from terminology.concept import Concept, Synonym
from terminology.who_uri import entity_path


@dataclass(frozen=True, slots=True)
class Translated:
    """One translated title and the English title it translates."""

    english: str
    term: Synonym


@dataclass(slots=True)
class Translations:
    """The translated titles of all releases read, by language, release and path of the concept's URI."""

    of: Linearization = MMS
    titles: dict[str, dict[str, dict[str, Translated]]] = field(default_factory=dict)

    def add(self, release: str, language: str, concepts: Sequence[Concept]) -> str:
        """Take up the titles of one tabulation; return how many of them are translated, in a sentence."""
        found = {
            entity_path(concept.uri): Translated(concept.title, term)
            for concept in concepts
            if concept.uri is not None
            for term in concept.synonyms
            if term.language == language
        }
        self.titles.setdefault(language, {})[release] = found
        name = f"{self.of.system.title} {release}"
        return f"{name} in {language}: {len(found):,} of {len(concepts):,} titles are translated"

    def onto(self, release: str, concepts: Sequence[Concept]) -> tuple[list[Concept], list[str]]:
        """Return the concepts with the titles of every language, and a sentence for each that stands in."""
        result, notices = list(concepts), []
        for language, by_release in sorted(self.titles.items()):
            nearest = release if release in by_release else _nearest(release, by_release)
            titles = by_release[nearest]
            result = [_with_title(concept, language, titles) for concept in result]
            if nearest != release:
                named = sum(any(term.language == language for term in c.synonyms) for c in result)
                notices.append(
                    f"titles in {language} are those of {translation_source(nearest, language, self.of)} "
                    f"where the English title is unchanged: {named:,} of {len(result):,}"
                )
        return result, notices


def _nearest(release: str, by_release: dict[str, dict[str, Translated]]) -> str:
    """Return the newest release before ``release``, else the oldest after it."""
    before = [other for other in by_release if other < release]
    return max(before) if before else min(by_release)


def _with_title(concept: Concept, language: str, titles: dict[str, Translated]) -> Concept:
    kept = tuple(term for term in concept.synonyms if term.language != language)
    found = None if concept.uri is None else titles.get(entity_path(concept.uri))
    if found is None or found.english != concept.title:
        return concept if len(kept) == len(concept.synonyms) else replace(concept, synonyms=kept)
    return replace(concept, synonyms=(*kept, found.term))
