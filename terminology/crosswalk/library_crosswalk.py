"""What the engine reads of a whole library: every ICD-10-CM code of any release, to its newest ICD-11."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from terminology.codes import code_key
from terminology.concept import Concept
from terminology.crosswalk.corpus import Corpus
from terminology.edition import Edition, Library
from terminology.errors import InvalidRequestError
from terminology.systems import ICD10, ICD10CM, ICD11


@dataclass(frozen=True, slots=True)
class LibraryCorpus:
    """What of a library the engine reads, and the newest release that holds each source code, by key."""

    corpus: Corpus
    release_of: Mapping[str, str]


def library_corpus(library: Library, target: str | None = None) -> LibraryCorpus | None:
    """Choose what the engine reads: nothing where ICD-10-CM or ICD-11 is not loaded.

    The source is the newest ICD-10-CM release with the codes that only older ones hold; the target is the
    ICD-11 release named ``target``, the newest without it. Raises :class:`InvalidRequestError` for one that
    is not loaded.
    """
    cm, eleven, ten = (_newest_first(library, system.id) for system in (ICD10CM, ICD11, ICD10))
    if not cm or not eleven:
        return None
    chosen = next((edition for edition in eleven if target in (None, edition.release.id)), None)
    if chosen is None:
        loaded = ", ".join(edition.release.id for edition in eleven)
        raise InvalidRequestError("target-release", f"ICD-11 {target} is not loaded; loaded are {loaded}")
    source: list[Concept] = []
    release_of: dict[str, str] = {}
    for edition in cm:
        for concept in edition.concepts:
            key = code_key(concept.code)
            if key not in release_of:
                release_of[key] = edition.release.id
                source.append(concept)
    corpus = Corpus(
        source_release=cm[0].release.id,
        source=source,
        target_release=chosen.release.id,
        target=chosen.concepts,
        icd10=ten[0].concepts if ten else (),
        mappings=library.mappings,
        earlier_targets={edition.release.id: edition.concepts for edition in eleven if edition is not chosen},
    )
    return LibraryCorpus(corpus, release_of)


def _newest_first(library: Library, system: str) -> list[Edition]:
    return [edition for edition in reversed(library.in_order()) if edition.release.system == system]
